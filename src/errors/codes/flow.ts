import type { Codes } from './entry.ts';

/** Why a run stopped. */
export const flowCodes = {
  'HYG-2001': {
    title: 'Held by another run',
    meaning: 'Another run works on this entity right now. Nothing was changed.',
    why: 'Two schedules overlap, someone works by hand while the schedule runs, or a run on another machine died and its lease has not run out yet.',
    tryThis: [
      'Let the other run finish; `hygge go --wait` starts when it has.',
      'Only if you know that it is gone permanently: `--take-over`.',
    ],
  },
  'HYG-2002': {
    title: 'The destination holds data that hygge did not put there',
    meaning: 'Nothing is settled for this entity, yet the destination is not empty. hygge never mixes or replaces such data silently.',
    why: 'The folder was filled by hand or by another program, or the state folder was lost or left behind on another machine.',
    tryThis: [
      'If hygge filled it: restore the state folder, or `hygge reset … --adopt` continues from the destination.',
      'If not: `if_exists: append` or `replace` says what to do with it, or settle in another folder.',
    ],
  },
  'HYG-2003': {
    title: 'State and destination disagree',
    meaning:
      'The last commit that the state remembers is not the last commit of the destination: one of them was restored, deleted or written by someone else.',
    why: 'The destination was emptied or restored from a backup and the state was not, or the other way round.',
    tryThis: ['Load everything again: `hygge reset …`, then `hygge go`.', 'Or continue from the destination: `hygge reset … --adopt`.'],
  },
  'HYG-2004': {
    title: 'Settled data is missing',
    meaning:
      'Files that the last commit put there are gone or changed, or the table that rows settled in is gone. Loading only new rows on top would be green but wrong.',
    why: 'Someone tidied up in the destination, or a lifecycle rule deleted old files.',
    tryThis: ['Put the files back, or load everything again with `hygge reset …`.', 'Accept what is left: `hygge reset … --adopt`.'],
  },
  'HYG-2005': {
    title: 'Staged parts are lost',
    meaning: 'A commit was decided, but something it needs is neither staged nor published. Nothing of it was published.',
    why: 'The run that decided the commit was cut off, and its staging folder was deleted before another run could finish it.',
    tryThis: ['Put the staging area back, if you have it.', 'Give that commit up: `hygge reset … --discard`, then `hygge go`.'],
  },
  'HYG-2006': {
    title: 'Overtaken by a later run',
    meaning: 'A later run claimed the entity while this one was away. This one ends without a trace.',
    why: 'A machine slept, hung or lost its network for longer than its lease, or someone used `--take-over`.',
    tryThis: ['Nothing: the later run continues. `hygge status` shows it.'],
  },
  'HYG-2007': {
    title: 'Source, destination or watermark changed',
    meaning: 'What is settled was read from another source, column or type, so an incremental run would mix two things.',
    why: 'A path, a connection or `watermark.column` was changed in the config after rows had settled.',
    tryThis: [
      'If the change is intended, load everything again: `hygge reset …`, then `hygge go`.',
      'To keep what is settled and continue: `hygge reset … --adopt`.',
      'If it is not meant, change it back.',
    ],
  },
  'HYG-2008': {
    title: 'Rows read and rows staged differ',
    meaning: 'A guard rail: every row that is read must be written, or the run fails.',
    why: 'A fault in hygge or in a connector.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-2009': {
    title: 'Nulls read and nulls staged differ',
    meaning: 'A guard rail: the nulls of every column must be the same on both sides.',
    why: 'A fault in hygge or in a connector.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-2010': {
    title: 'The watermark column holds nulls',
    meaning: 'Rows without a watermark can never be found again by an incremental run.',
    why: 'The source fills the column only later, or never for some rows.',
    tryThis: ['Choose a column that is always filled.', '`watermark.nulls` says what else to do with such rows: `include` or `exclude`.'],
  },
  'HYG-2011': {
    title: 'No such watermark column',
    meaning: 'The column named in watermark.column is not in the source.',
    why: 'The column was renamed in the source, is misspelt, or is left out by `columns` or `exclude`.',
    tryThis: ['Correct `watermark.column`; names have the spelling of the source.'],
  },
  'HYG-2012': {
    title: 'The schema changed',
    meaning:
      'The source, or polish, gives other columns or types than what is settled, and `schema` or `schema_evolution` says to stop at that.',
    why: 'A column was added, removed or changed in the source.',
    tryThis: [
      'Look at it: `hygge schema diff flow.entity`; accept it: `hygge schema accept flow.entity`.',
      'Or say what should become of such changes: `schema_evolution`.',
      'Or change the source back.',
    ],
  },
  'HYG-2065': {
    title: 'Another source in its place',
    meaning:
      'Fewer than half of the columns that the source had when it settled are there, or a file has values in hardly any of them and in new columns instead. That is rarely a change of the source: an error page was saved as CSV, a header is missing, a delimiter is another, a path points elsewhere.',
    why: 'A download saved an error page or `{"error": …}` under the usual name, an export lost its header or changed its delimiter, or a path names another table.',
    tryThis: [
      'Look at what the message names: it may be an error page, lack its header, or have another delimiter.',
      'If it is intended: `hygge schema accept flow.entity`, then run it again.',
      'If columns come and go: `schema_evolution: { remove_columns: ignore }`.',
    ],
  },
  'HYG-2066': {
    title: 'The store refused a decided commit',
    meaning:
      'A run had decided what to commit, and the store refused it permanently: it said the same a second time, of a right that was withdrawn, another mount, a constraint. Nothing of that commit is visible. It was given up, so the next run begins again from what is settled.',
    why: 'Before it decides, a run looks whether it may publish. What is withdrawn in the moment after that, or what only the commit itself can tell, is met here.',
    tryThis: ['Mend what the message gives as the reason.', 'Then `hygge go`.'],
  },
  'HYG-2069': {
    title: 'A commit is published only in part',
    meaning:
      'A decided commit had published its first file when the store began to refuse the others permanently. Readers of `current.json` see nothing of it; readers that list the folder may see that part. Each run tries to publish the rest.',
    why: 'The first file of a commit was published, and then a right was withdrawn or a folder became another mount.',
    tryThis: [
      'Mend what the message gives as the reason, then `hygge go`: it finishes the commit.',
      'Or remove its published part: `hygge reset … --discard`, then `hygge go`.',
    ],
  },
  'HYG-2097': {
    title: 'A decided commit waits for another system',
    meaning:
      'A run has decided its commit, and another system has to do its part before the rows are published. Any later run finishes it.',
    why: 'A mirrored table is loaded again, and Fabric still has the old table.',
    tryThis: ['Run `hygge go`: it waits, and finishes the commit.', 'Or give the commit up: `hygge reset … --discard`.'],
  },
  'HYG-2086': {
    title: 'The state of another target',
    meaning:
      'What settled is remembered for another target of the workspace than the one that runs now. Two targets that share a state would each continue where the other ended, and never load the rows before.',
    why: 'Both targets name the same `state`, or a workspace lost its targets and kept their state.',
    tryThis: [
      'Leave `state:` out of the targets: each has one of its own then.',
      'Or hand it over: `hygge reset`, and the next run loads everything again for this target.',
    ],
  },
  'HYG-2080': {
    title: 'A decided commit was given up',
    meaning:
      '`hygge reset --discard` gave up what this run had decided to commit, because it could not be finished. Nothing of it is visible; what had settled before is unchanged. A full load of a mirrored table may have deleted the table before it was given up: the next run is a full load then.',
    why: 'The commit was stuck, its parts were lost, or an error stopped it again and again, until someone gave it up.',
    tryThis: ['`hygge go` begins again from what is settled.'],
  },
  'HYG-2068': {
    title: 'An empty source',
    meaning: 'A full load found no rows, or none that can settle, the destination holds some, and `on_empty: fail` says to stop at that.',
    why: 'An export failed half-way, a table is being filled again at its source, or someone emptied it.',
    tryThis: ['Look at the source.', 'If it is empty on purpose: `on_empty: replace`; `keep` leaves the destination unchanged.'],
  },
  'HYG-2128': {
    title: 'A full load that is far smaller than what is settled',
    meaning:
      'A full load would leave at most half of the rows that it replaces, and `on_shrink: stop` says to stop at that. The destination is unchanged.',
    why: 'An export failed half-way, an API or a right hides a part of the rows, a filter was added, or rows were deleted on purpose.',
    tryThis: [
      'Look at the source.',
      'If this is intended, load it once with `--var flow.NAME.on_shrink=allow`, or set `on_shrink: allow`.',
    ],
  },
  'HYG-2013': {
    title: 'Slices disagree about the schema',
    meaning: 'Two pieces of one read have different columns or types.',
    why: 'Files of different shape are in one folder.',
    tryThis: ['Make entities of their own for files of different shape.'],
  },
  'HYG-2014': {
    title: 'The store cannot do that',
    meaning: 'The configuration asks for a way of writing that this kind of store does not have.',
    why: 'A key is set that needs another kind of store, such as `write_strategy: merge` with plain files.',
    tryThis: ['Change the flow so that the store can do it, or choose another store.'],
  },
  'HYG-2015': {
    title: 'Nothing tells new from old',
    meaning: 'An incremental run needs a watermark column, or a source of files.',
    why: '`run_type: incremental` without a watermark, at a home that is not made of files.',
    tryThis: ['Name a `watermark: { column: … }`, or load everything with `run_type: full_drop`.'],
  },
  'HYG-2016': {
    title: 'The state of this destination lives elsewhere',
    meaning: 'The destination was filled by a hygge whose state is kept in another place.',
    why: 'The workspace was copied to another machine or folder without its `.hygge/`, or two workspaces settle into one place.',
    tryThis: [
      'Run it with the state that it was filled with; the message says where that is.',
      'Or adopt the destination: `hygge reset … --adopt`.',
    ],
  },
  'HYG-2017': {
    title: 'The reset cannot be done',
    meaning: 'The command does not match what state and destination hold.',
    why: 'The entity has nothing to reset, the watermark cannot be read as a value of its column, or a decided commit must be finished or given up first.',
    tryThis: ['`hygge status` shows what there is to reset; the message says what would be possible.'],
  },
  'HYG-2019': {
    title: 'A source file changed after it was taken',
    meaning: 'Its rows are settled already; changed_files says what to do with such a file, and its default is to stop.',
    why: 'A file that was taken is written again: an export that repeats, or a log that grows.',
    tryThis: ['Set `changed_files`: `replace`, `append` or `ignore`.'],
  },
  'HYG-2020': {
    title: 'Interrupted',
    meaning: 'The run received a request to stop. What was decided is finished, everything else was given up; nothing is half done.',
    why: 'Ctrl-C, or a SIGTERM from the system or scheduler.',
    tryThis: ['`hygge go` starts it again; what settled is not moved twice.'],
  },
  'HYG-2021': {
    title: 'No such column for a hash id',
    meaning: '`polish.hash_ids` builds a hash id from a column that the source does not have.',
    why: 'The column is misspelt, was renamed in the source, is left out by `columns` or `exclude`, or is named as polish would name it.',
    tryThis: ['Correct `from_columns`; names have the spelling of the source.'],
  },
  'HYG-2022': {
    title: 'An added column is there already',
    meaning: 'Polish adds a column under a name that another column settles with, whatever the case of its letters.',
    why: 'The source got a column of that name, or had one all along.',
    tryThis: ['Give the added column another name, or leave the other one out with `exclude`.'],
  },
  'HYG-2023': {
    title: 'A value does not fit the settled type',
    meaning:
      'The source has another type now, values are converted to the type that settled, and one of them would have to change for that.',
    why: 'A number became a text, or a text a longer number: some of the new values have no exact counterpart in the old type.',
    tryThis: [
      'Settle the new values next to the old: `schema_evolution: { type_changes: new_column }`.',
      'Or correct them in the source.',
      'Or leave the column out with `exclude`.',
    ],
  },
  'HYG-2024': {
    title: 'A migration that cannot be done',
    meaning: '`migrations` speaks of a column that the source does not have, or renames one over another.',
    why: 'What was planned has happened at the source in another way, or the column is misspelt.',
    tryThis: ['Correct `migrations`, or remove the steps that the source has already made.'],
  },
  'HYG-2025': {
    title: 'No such column to mask',
    meaning:
      '`polish.mask` names a column that the source does not have (any more). Nothing is read: under another name its values would settle unmasked.',
    why: 'The column was renamed or dropped at the source, or left out with `exclude`.',
    tryThis: ['Correct the name, or remove it if the column is gone.'],
  },
  'HYG-2026': {
    title: 'No text to take the first characters of',
    meaning: '`polish.mask` keeps first characters, which only text has; the column holds numbers, times or the like.',
    why: 'A number of a customer looks like a text.',
    tryThis: ['Mask it with `hash` or `null`.'],
  },
  'HYG-2073': {
    title: 'A key that does not settle',
    meaning: '`watermark.key` names a column that is not in the destination, so rows can’t be merged by it.',
    why: '`watermark.key` was misspelt, or polish leaves the column out.',
    tryThis: ['Name columns of the source that settle, or take `watermark.key` away.'],
  },
  'HYG-2102': {
    title: 'A key with numbers that can be written in several ways',
    meaning:
      'A column of `watermark.key` has numbers without a fixed number of digits, and is read as text: `numeric` of PostgreSQL, `DECIMAL_TEXT` of SQLite, mixed numbers in JSON. 5.0 and 5.000 are one number and two texts, so its row would settle twice. Keys without zeros at their end settle as ever.',
    why: 'The source keeps the zeros that a number was written with, and a row was written again with other zeros.',
    tryThis: [
      'Let the column settle as a number: `schema_overrides: { id: "decimal(38, 10)" }`, or `home.decimals`.',
      'Then load everything again where rows have settled already: `hygge go -d`.',
    ],
  },
  'HYG-2103': {
    title: 'Nothing that can be compacted',
    meaning: '`hygge compact` got an entity that has not settled, or whose store does not keep rows in a folder of files.',
    why: 'The store is a database, a mirrored table or a single file; or no run has ended yet, or `hygge reset` came after it.',
    tryThis: ['Run the entity first: `hygge go -e <flow>.<entity>`.'],
  },
  'HYG-2110': {
    title: 'Rows in quarantine that can’t be read back',
    meaning: '`hygge quarantine` got an entity whose store keeps such rows, and offers no way to read them.',
    why: 'The store is a mirrored table, or that of a connector that reads none back.',
    tryThis: ['Read them with a client of that system, or load everything again: `hygge go -d -e <flow>.<entity>`.'],
  },
  'HYG-2111': {
    title: 'No quarantine to take rows out of',
    meaning: '`hygge quarantine replay` or `drop` got an entity that has not settled.',
    why: 'No run has ended yet, or `hygge reset` came after it: the next run loads everything again, and judges every row.',
    tryThis: ['Run the entity first: `hygge go -e <flow>.<entity>`.'],
  },
  'HYG-2074': {
    title: 'Rows without a key',
    meaning:
      'Rows are merged by `watermark.key`, and some have a null in one of its columns: every run that reads such a row would add it again.',
    why: 'The column is not a key: rows that are new, or of another kind, have no value in it.',
    tryThis: ['Fill them in the source, or name columns in `watermark.key` that are never null.'],
  },
  'HYG-2075': {
    title: 'Not the rows that settled',
    meaning:
      'The rows at the watermark were to be replaced, by value, and the table has more or fewer of them than settled: another program has added, changed or removed some.',
    why: 'Someone else writes into the same table, or edited rows that hygge settled.',
    tryThis: [
      'Undo what others did at that value, or let `store.mark_column` tell whose rows are whose and load everything again once.',
      'If no one else writes there, load everything again: `hygge go -d -e FLOW.ENTITY`.',
    ],
  },
  'HYG-2076': {
    title: 'Other rows that hygge can’t distinguish from its own',
    meaning:
      'The run is to delete rows that settled before (a full load, a backfill, an overlap), and the table holds other rows next to them.',
    why: '`if_exists: append` put rows into a table of someone else, and then they were to be loaded again.',
    tryThis: ['Move their rows away, take the place over with `if_exists: replace`, or let `store.mark_column` tell whose rows are whose.'],
  },
  'HYG-2148': {
    title: 'A full load next to rows that hygge did not write',
    meaning:
      'A full load takes the place of what settled, and other programs have put rows into the same Delta table since. With `if_exists: fail` hygge neither removes nor leaves them. Nothing was written.',
    why: 'Another program writes to the table of this entity, or put files together in a way after which hygge does not know its rows any more.',
    tryThis: [
      'Remove them with the load: `if_exists: replace`.',
      'In a flow with `run_type: incremental`, leave them: `if_exists: append`, then `hygge reset FLOW.ENTITY --yes` and `hygge go`.',
      'Or settle in a table of its own: another `path` in the store.',
    ],
  },
  'HYG-2071': {
    title: 'The place is another entity’s',
    meaning: 'Nothing is settled for this entity, and the files that are there are listed by the head of another one.',
    why: 'The folder of a flow or the name of an entity was changed, or a flow was copied and its store was not changed.',
    tryThis: [
      'If the flow or entity was renamed, carry its state and its head over: `hygge state mv old.name new.name`.',
      'If not, use another place.',
    ],
  },
  'HYG-2072': {
    title: 'Settled data was edited',
    meaning:
      'Files that a commit put there have the size that settled and another content. Adding new rows to them would be green but wrong.',
    why: 'Someone wrote into a file of the store, or a disk gave back something else than was written.',
    tryThis: [
      'Put the files back, or load everything again with `hygge reset …`.',
      'Accept the present ones: `hygge reset … --adopt`.',
      'See what else was edited: `hygge verify … --settled`.',
    ],
  },
  'HYG-2077': {
    title: 'The destination’s columns cannot change so',
    meaning:
      'The rows need another column, a wider type, or nulls, and the destination’s table can’t have them: its store can’t change columns, or another object depends on them.',
    why: 'A column of the source is new or has another type, and hygge can’t alter the table: because of its store, a view or a key. Or rows of another table point at those that the run would delete.',
    tryThis: [
      'Change the table by hand, or drop the objects that depend on it during the run.',
      'If no statement drops only those, as in DuckDB: copy the rows into a table with the other type, and rename it to the first one.',
      'Or load everything again: `hygge go -d -e FLOW.ENTITY`.',
      'Or do without a new column: `schema_evolution: { add_columns: ignore }`.',
    ],
  },
  'HYG-2078': {
    title: 'The destination’s columns cannot hold the rows',
    meaning:
      'A column that is there already, or the store’s own types, could not hold every value exactly; or the table wants a value that the source does not have.',
    why: 'Rows are to be added to a table that someone else made, or that was altered since: its columns have other types, fill themselves, or want values.',
    tryThis: [
      'Settle the column as another type or under another name with `migrations`, or leave it out with `exclude`.',
      'Or change the table by hand.',
    ],
  },
  'HYG-2140': {
    title: 'A column next to one of the same name in other capitals',
    meaning:
      'The table that rows are to be added to has a column whose name differs from one of the source only in capitals, or in how accents are composed. The database treats them as two, so a second column would be added. Nothing was changed.',
    why: 'Someone made the table with names in quotes (`"Name"`), and the source has them in small letters.',
    tryThis: [
      'Settle in the column that is there: `migrations: [{ rename: { name: Name } }]`; the message has the line.',
      'Or add the other column to the table by hand, if they are two columns.',
    ],
  },
  'HYG-2079': {
    title: 'A right is missing at the destination',
    meaning: 'The database says itself that the identity in use may not do what the commit would need.',
    why: 'The identity may read and write rows, and the run also has to make or alter the table.',
    tryThis: ['Grant the right that the message names to the identity that the connection uses.'],
  },
} as const satisfies Codes;
