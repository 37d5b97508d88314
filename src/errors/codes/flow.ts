import type { Codes } from './entry.ts';

/** Reasons why a run stopped. */
export const flowCodes = {
  'HYG-2001': {
    title: 'Another run holds the entity',
    meaning: 'Another run works on this entity right now. Nothing was changed.',
    why: 'Two schedules overlap, someone works by hand while the schedule runs. Or a run on another machine died, and its lease has not expired yet.',
    tryThis: ['Let the other run finish. `hygge go --wait` starts after it.', 'If the other run has certainly ended: `--take-over`.'],
  },
  'HYG-2002': {
    title: 'The destination contains data that hygge did not write',
    meaning: 'Nothing is settled for this entity, yet the destination is not empty. hygge never mixes or replaces such data silently.',
    why: 'The folder was filled by hand or by another program, or the state folder was lost or left behind on another machine.',
    tryThis: [
      'If hygge filled the destination, restore the state folder, or continue from the destination with `hygge reset … --adopt`.',
      'If another program filled the destination, set `if_exists: append` or `replace`, or settle in another folder.',
    ],
  },
  'HYG-2003': {
    title: 'State and destination disagree',
    meaning: 'The state and the destination have different last commits. A restore, a deletion or another program changed one of the two.',
    tryThis: ['Load everything again: `hygge reset …`, then `hygge go`.', 'Or continue from the destination: `hygge reset … --adopt`.'],
  },
  'HYG-2004': {
    title: 'Settled data is missing',
    meaning:
      'Settled files are gone or changed, or the table with the settled rows is gone. A run that adds only new rows would succeed with a wrong result.',
    why: 'A person cleaned up the destination, or a lifecycle rule deleted old files.',
    tryThis: ['Put the files back, or load everything again with `hygge reset …`.', 'Accept the remaining data: `hygge reset … --adopt`.'],
  },
  'HYG-2005': {
    title: 'Staged parts are lost',
    meaning: 'A commit was decided, but parts of it are neither staged nor published. Nothing of the commit was published.',
    tryThis: [
      'Restore the staging area from a backup, if you have one.',
      'Discard that commit: `hygge reset … --discard`, then `hygge go`.',
    ],
  },
  'HYG-2006': {
    title: 'Overtaken by a later run',
    meaning: 'A later run took over the entity while this run did not respond. This run ends, and nothing of it is visible.',
    why: 'A machine slept, hung or lost its network for longer than its lease, or someone used `--take-over`.',
    tryThis: ['Do nothing. The later run continues, and `hygge status` shows it.'],
  },
  'HYG-2007': {
    title: 'Source, destination or watermark changed',
    meaning: 'The settled rows were read from another source, column or type. An incremental run would mix rows of both.',
    tryThis: [
      'If the change is intended, load everything again: `hygge reset …`, then `hygge go`.',
      'To keep the settled rows and continue: `hygge reset … --adopt`.',
      'If the change is a mistake, undo the change.',
    ],
  },
  'HYG-2008': {
    title: 'Rows read and rows staged differ',
    meaning: 'Every row that is read must be written, else the run fails.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-2009': {
    title: 'Nulls read and nulls staged differ',
    meaning: 'Each column must have as many nulls written as read, else the run fails.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-2010': {
    title: 'The watermark column contains nulls',
    meaning: 'An incremental run never finds rows without a watermark again.',
    tryThis: ['Choose a column that is always filled.', 'Or set `watermark.nulls` to `include` or `exclude`.'],
  },
  'HYG-2011': {
    title: 'No such watermark column',
    meaning: 'The source does not have the column that `watermark.column` names.',
    why: 'The column was renamed in the source, is misspelt, or is left out by `columns` or `exclude`.',
    tryThis: ['Correct `watermark.column`. Names have the spelling of the source.'],
  },
  'HYG-2012': {
    title: 'The schema changed',
    meaning:
      'The columns or types of the source, or those after polish, differ from the settled ones. In this case, `schema` or `schema_evolution` stops the run.',
    tryThis: [
      'Show the change with `hygge schema diff flow.entity`. Accept it with `hygge schema accept flow.entity`.',
      'Or set what a run does with such changes: `schema_evolution`.',
      'Or change the source back.',
    ],
  },
  'HYG-2065': {
    title: 'Probably the wrong source',
    meaning:
      'The source has fewer than half of its settled columns. Or a file has values in hardly any settled column, but in new columns. In a few cases, the source itself has changed. Usually, the file is an error page saved as CSV, lacks its header, or has another delimiter. Or the path is wrong.',
    tryThis: [
      'Check the file or table that the message names. It may be an error page, lack its header, or have another delimiter.',
      'If the change is intended: `hygge schema accept flow.entity`, then run again.',
      'If columns come and go: `schema_evolution: { remove_columns: ignore }`.',
    ],
  },
  'HYG-2066': {
    title: 'The store refused a decided commit',
    meaning:
      'A run had decided a commit, and the store refused it permanently. The store refused twice for the same reason, such as a withdrawn right, another mount or a constraint. Nothing of the commit is visible. The commit was given up, so the next run begins again from the settled rows.',
    why: 'A run checks that it may publish before it decides a commit. The right was withdrawn after this check, or only the commit itself shows the reason.',
    tryThis: ['Remove the reason that the message names.', 'Then `hygge go`.'],
  },
  'HYG-2069': {
    title: 'A commit is published only in part',
    meaning:
      'A decided commit had published its first file when the store began to refuse the other files permanently. Readers of `current.json` see nothing of this commit. Readers that list the folder may see the published part. Each run tries to publish the rest.',
    tryThis: [
      'Remove the reason that the message names, then run `hygge go`, which finishes the commit.',
      'Or remove the published part: `hygge reset … --discard`, then `hygge go`.',
    ],
  },
  'HYG-2097': {
    title: 'A decided commit waits for another system',
    meaning:
      'A run has decided its commit, but another system has to do its part before the rows are published. Any later run finishes the commit.',
    why: 'A mirrored table is loaded again, and Fabric still has the old table.',
    tryThis: ['Run `hygge go`, which waits and finishes the commit.', 'Or give the commit up: `hygge reset … --discard`.'],
  },
  'HYG-2086': {
    title: 'The state of another target',
    meaning:
      'The state belongs to another target of the workspace than the one that runs now. Two targets that share a state would each continue where the other ended, and never load the earlier rows.',
    tryThis: [
      'Remove `state:` from the targets. Each target then has a state of its own.',
      'Or run `hygge reset`. The next run then loads everything again for this target.',
    ],
  },
  'HYG-2080': {
    title: 'A decided commit was given up',
    meaning:
      '`hygge reset --discard` gave up the decided commit of this run, because the commit could not be finished. Nothing of it is visible, and rows that settled before are unchanged. A full load of a mirrored table may have deleted the table before the commit was given up. The next run is then a full load.',
    tryThis: ['`hygge go` begins again from the settled rows.'],
  },
  'HYG-2068': {
    title: 'An empty source',
    meaning:
      'A full load found no rows, or none that can settle, but the destination has rows. In this case, `on_empty: fail` stops the run.',
    tryThis: ['Look at the source.', 'If the source is empty on purpose: `on_empty: replace`. `keep` leaves the destination unchanged.'],
  },
  'HYG-2128': {
    title: 'A full load that is far smaller than what is settled',
    meaning:
      'A full load would leave at most half of the rows that it replaces. In this case, `on_shrink: stop` stops the run. The destination is unchanged.',
    why: 'An export failed half-way, or an API or a right hides a part of the rows. Or a filter was added, or rows were deleted on purpose.',
    tryThis: [
      'Look at the source.',
      'If the smaller load is intended, load once with `--var flow.NAME.on_shrink=allow`, or set `on_shrink: allow`.',
    ],
  },
  'HYG-2013': {
    title: 'Slices disagree about the schema',
    meaning: 'Two slices of one read have different columns or types.',
    tryThis: ['Make a separate entity for the files of each shape.'],
  },
  'HYG-2014': {
    title: 'The store cannot write this way',
    meaning: 'The configuration requests a way of writing that this store does not support.',
    tryThis: ['Choose a way of writing that the store supports, or choose another store.'],
  },
  'HYG-2015': {
    title: 'Nothing distinguishes new rows from old ones',
    meaning: 'An incremental run needs a watermark column, or a source of files.',
    tryThis: ['Name a `watermark: { column: … }`, or load everything with `run_type: full_drop`.'],
  },
  'HYG-2016': {
    title: 'The state of this destination is in another place',
    meaning: 'The destination was filled by an installation of hygge whose state is in another place.',
    why: 'The workspace was copied to another machine or folder without its `.hygge/`, or two workspaces settle into one place.',
    tryThis: [
      'Run the flow with the state of that installation. The message names its place.',
      'Or adopt the destination: `hygge reset … --adopt`.',
    ],
  },
  'HYG-2017': {
    title: 'The reset cannot be done',
    meaning: 'The state or the destination does not allow this reset.',
    why: 'The entity has nothing to reset, or the watermark cannot be read as a value of its column. Or a decided commit must be finished or given up first.',
    tryThis: ['`hygge status` shows what can be reset. The message names the possible commands.'],
  },
  'HYG-2019': {
    title: 'A source file changed after it was read',
    meaning:
      'The rows of the file are settled already. `changed_files` decides what a run does with such a file. By default, the run stops.',
    why: 'Another program writes to the file again, such as a repeated export or a growing log.',
    tryThis: ['Set `changed_files`: `replace`, `append` or `ignore`.'],
  },
  'HYG-2020': {
    title: 'Interrupted',
    meaning: 'The run received a request to stop. It finished decided commits and gave up everything else. Nothing is half done.',
    why: 'Ctrl-C, or a SIGTERM from the system or scheduler.',
    tryThis: ['`hygge go` starts the run again. Settled rows are not moved twice.'],
  },
  'HYG-2021': {
    title: 'No such column for a hash id',
    meaning: '`polish.hash_ids` builds a hash id from a column that the source does not have.',
    tryThis: ['Correct `from_columns`. Names have the spelling of the source.'],
  },
  'HYG-2022': {
    title: 'An added column exists already',
    meaning: 'Polish adds a column with the name of another column that settles. Upper and lower case do not distinguish them.',
    tryThis: ['Give the added column another name, or leave the other one out with `exclude`.'],
  },
  'HYG-2023': {
    title: 'A value does not fit the settled type',
    meaning:
      'The source has another type now, and its values are converted to the settled type. One value has no exact counterpart in this type.',
    tryThis: [
      'Settle the new values in a new column: `schema_evolution: { type_changes: new_column }`.',
      'Or correct the values in the source.',
      'Or leave the column out with `exclude`.',
    ],
  },
  'HYG-2024': {
    title: 'A migration that cannot be done',
    meaning: '`migrations` names a column that the source does not have, or renames a column to the name of another one.',
    tryThis: ['Correct `migrations`, or remove the steps that the source has already made.'],
  },
  'HYG-2025': {
    title: 'No such column to mask',
    meaning:
      'The source does not have a column that `polish.mask` names. Nothing is read, because its values could settle unmasked under another name.',
    tryThis: ['Correct the name, or remove it if the column is gone.'],
  },
  'HYG-2026': {
    title: 'Only a text has first characters to keep',
    meaning: '`polish.mask` keeps first characters, which only a text has. The column has numbers, times or values of another type.',
    tryThis: ['Mask the column with `hash` or `null`.'],
  },
  'HYG-2073': {
    title: 'A key that does not settle',
    meaning: '`watermark.key` names a column that is not in the destination, so rows can’t be merged by it.',
    tryThis: ['Name columns of the source that settle, or remove `watermark.key`.'],
  },
  'HYG-2102': {
    title: 'A key with numbers that can be written in several ways',
    meaning:
      'A column of `watermark.key` has numbers without a fixed number of digits, and is read as text. This concerns `numeric` of PostgreSQL, `DECIMAL_TEXT` of SQLite, and mixed numbers in JSON. 5.0 and 5.000 are one number but two texts, so a row with such a key would settle twice. Keys without trailing zeros settle as before.',
    tryThis: [
      'Let the column settle as a number: `schema_overrides: { id: "decimal(38, 10)" }`, or `home.decimals`.',
      'If rows have settled already, load everything again: `hygge go -d`.',
    ],
  },
  'HYG-2103': {
    title: 'Nothing to compact',
    meaning: 'The entity of `hygge compact` has not settled, or its store does not keep rows in a folder of files.',
    why: 'The store is a database, a mirrored table or a single file. Or no run has ended yet, or `hygge reset` came after the last run.',
    tryThis: ['Run the entity first: `hygge go -e <flow>.<entity>`.'],
  },
  'HYG-2110': {
    title: 'Rows in quarantine that can’t be read back',
    meaning: 'The store of the entity keeps rows in quarantine, but offers no way to read them.',
    tryThis: ['Read the rows with a client of the store, or load everything again: `hygge go -d -e <flow>.<entity>`.'],
  },
  'HYG-2111': {
    title: 'No quarantine for this entity',
    meaning: 'The entity of `hygge quarantine replay` or `drop` has not settled.',
    why: 'No run has ended yet, or `hygge reset` came after the last run. The next run loads everything again, and checks every row.',
    tryThis: ['Run the entity first: `hygge go -e <flow>.<entity>`.'],
  },
  'HYG-2074': {
    title: 'Rows without a key',
    meaning:
      'Rows are merged by `watermark.key`, and some rows have a null in a column of the key. Every run that reads such a row would add it again.',
    tryThis: ['Fill the values in the source, or name columns in `watermark.key` that are never null.'],
  },
  'HYG-2075': {
    title: 'Other rows at the watermark than settled',
    meaning:
      'A run finds the rows at the watermark by their value, and replaces them. The table has more or fewer of these rows than settled, because another program added, changed or removed some.',
    tryThis: [
      'Undo the changes of the other program at that value. Or set `store.mark_column`, which marks the rows of the entity, and load everything again once.',
      'If no other program writes to the table, load everything again: `hygge go -d -e FLOW.ENTITY`.',
    ],
  },
  'HYG-2076': {
    title: 'Other rows that hygge can’t distinguish from its own',
    meaning:
      'The run deletes rows that settled before, as a full load, a backfill or an overlap does. The table has other rows too, and hygge cannot distinguish these from its own rows.',
    why: '`if_exists: append` added rows to a table of another owner, and now the added rows are loaded again.',
    tryThis: [
      'Move the other rows away, take over the table with `if_exists: replace`, or mark the rows of the entity with `store.mark_column`.',
    ],
  },
  'HYG-2148': {
    title: 'A full load next to rows that hygge did not write',
    meaning:
      'A full load replaces the settled rows, and other programs have since added rows to the same Delta table. With `if_exists: fail` hygge neither removes nor keeps these rows. Nothing was written.',
    why: 'Another program writes to the table of this entity, or compacted its files so that hygge no longer recognizes its rows.',
    tryThis: [
      'Remove the other rows with the load: `if_exists: replace`.',
      'In a flow with `run_type: incremental`, keep the other rows: `if_exists: append`, then `hygge reset FLOW.ENTITY --yes` and `hygge go`.',
      'Or settle in a table of its own: another `path` in the store.',
    ],
  },
  'HYG-2071': {
    title: 'The destination belongs to another entity',
    meaning:
      'The destination has rows that another entity of hygge settled. This run would replace them, add the same rows again, or use files that belong to the other entity.',
    tryThis: [
      'If the flow or entity was renamed, move its state and its head: `hygge state mv old.name new.name`.',
      'If not, use another destination.',
    ],
  },
  'HYG-2072': {
    title: 'Settled data was edited',
    meaning:
      'Settled files have the same size as before, but another content. A run that adds new rows to them would succeed with a wrong result.',
    why: 'Someone changed a file of the store, or a disk returned other data than was written.',
    tryThis: [
      'Put the files back, or load everything again with `hygge reset …`.',
      'Accept the present files: `hygge reset … --adopt`.',
      'Find other edited files: `hygge verify … --settled`.',
    ],
  },
  'HYG-2077': {
    title: 'The columns of the destination cannot be changed',
    meaning:
      'The rows need another column, a wider type or nulls, and hygge cannot alter the table. Its store cannot change columns, or another object depends on them.',
    why: 'A column of the source is new or has another type, and the store, a view or a key prevents the change. Or rows of another table refer to rows that the run would delete.',
    tryThis: [
      'Change the table by hand, or drop the objects that depend on it during the run.',
      'If no statement drops only these objects, as in DuckDB: copy the rows into a table with the new type, then rename that table.',
      'Or load everything again: `hygge go -d -e FLOW.ENTITY`.',
      'Or ignore a new column: `schema_evolution: { add_columns: ignore }`.',
    ],
  },
  'HYG-2078': {
    title: 'The destination’s columns cannot hold the rows',
    meaning:
      'An existing column, or a type of the store, cannot hold every value exactly. Or the table requires a value that the source does not have.',
    tryThis: [
      'Settle the column as another type or under another name with `migrations`, or leave it out with `exclude`.',
      'Or change the table by hand.',
    ],
  },
  'HYG-2140': {
    title: 'Two column names that differ only in upper and lower case',
    meaning:
      'A column of the table and a column of the source have similar names. The names differ only in upper and lower case, or in how accents are composed. The database distinguishes the names, so a second column would be added. Nothing was changed.',
    why: 'The table was created with quoted names (`"Name"`), and the source has names in small letters.',
    tryThis: [
      'Settle in the existing column: `migrations: [{ rename: { name: Name } }]`. The message has the line.',
      'If the names belong to two columns, add the new column to the table by hand.',
    ],
  },
  'HYG-2079': {
    title: 'A right is missing at the destination',
    meaning: 'The database reports that the identity lacks a right that the commit needs.',
    tryThis: ['Grant the right that the message names to the identity that the connection uses.'],
  },
} as const satisfies Codes;
