import type { Codes } from './entry.ts';

/** The workspace says something that can't be meant. */
export const configCodes = {
  'HYG-1001': {
    title: 'No workspace here',
    meaning: 'Neither the folder nor any folder above it holds a hygge.yml.',
    why: 'hygge was started outside of a workspace, or `-C` points somewhere else.',
  },
  'HYG-1002': {
    title: 'A file of the workspace cannot be read',
    meaning: 'The file or folder is there, but reading it failed.',
    why: 'The file belongs to another user, is on a share that is away, or is a folder.',
  },
  'HYG-1003': {
    title: 'Not UTF-8',
    meaning: 'YAML files are read as UTF-8; this one is in another encoding.',
    why: 'An editor saved the file in another encoding, such as UTF-16 or a Windows code page.',
  },
  'HYG-1004': {
    title: 'Empty file',
    meaning: 'A file that configures something holds nothing but comments.',
    why: 'A file was made and never filled in, or everything in it was commented out.',
  },
  'HYG-1005': {
    title: 'Not valid YAML',
    meaning: 'The file cannot be parsed from the position shown on.',
    why: 'A quote or bracket is not closed, a line is indented otherwise than its neighbours, or a value begins with a character that means something in YAML.',
    tryThis: ['Put values with special characters in quotes, and check the indentation of the line shown and the one above.'],
  },
  'HYG-1006': {
    title: 'A key is there twice',
    meaning: 'The first of the two values would be lost silently.',
    why: 'A key was pasted a second time, often far from the first.',
  },
  'HYG-1007': {
    title: 'Tab in the indentation',
    meaning: 'YAML is indented with spaces only.',
    why: 'The editor inserts tabs in YAML files.',
  },
  'HYG-1008': {
    title: 'One file, written twice',
    meaning: 'A .yml and a .yaml of one name lie side by side; one of the two would be read, and the other one not.',
    why: 'A file was renamed, and the old one came back with a merge.',
  },
  'HYG-1010': {
    title: 'Unknown key',
    meaning: 'Keys that mean nothing are refused, so that a typing mistake cannot go unnoticed.',
    why: 'A key is misspelt, stands one level too deep or too high, or belongs to another type of home or store.',
  },
  'HYG-1011': {
    title: 'Another kind of value is needed',
    meaning: 'A key holds, say, a list where text is needed.',
    why: 'A map was written where a list belongs, a number where text is needed, or nothing at all after the colon.',
  },
  'HYG-1012': {
    title: 'Something is missing',
    meaning: 'A key that has no default is not set anywhere.',
    why: 'The key is set neither here nor in any layer above.',
  },
  'HYG-1013': {
    title: 'Value not possible',
    meaning: 'The value is of the right kind, but not one of the possible ones.',
    why: 'A value is misspelt, out of range, or belongs to another key.',
  },
  'HYG-1014': {
    title: 'Not in this version',
    meaning: 'The key is reserved for something this version of hygge does not do; ignoring it would be worse than saying so.',
    why: 'The workspace was written for a newer hygge, or carries over a key that this version does not have.',
  },
  'HYG-1015': {
    title: 'Two spellings that disagree',
    meaning: 'An older spelling and the present one, side by side, say two different things.',
    why: 'A workspace was moved over from older spellings, and a line of the old ones stayed.',
  },
  'HYG-1016': {
    title: 'Two added columns of one name',
    meaning: 'Polish adds a column twice, so that one of the two would be lost.',
  },
  'HYG-1019': {
    title: 'A mask that cannot be',
    meaning: '`polish.mask` masks the watermark, leaves a key without its values, or makes hashes without a secret.',
    why: 'All columns of persons were listed, and one of them is the key of the table, or tells new rows from old.',
    tryThis: ['Mask keys with `hash`, no watermark at all, and let a variable hold the `secret`.'],
  },
  'HYG-1017': {
    title: 'No such expected schema or contract',
    meaning: '`expected_schema_path`, `validation.contract` or the `in_file` of a contract names a file that is not in the workspace.',
    why: 'The path is misspelt or begins at the folder of the flow, or `{entity}` in it names an entity that has no such file.',
  },
  'HYG-1018': {
    title: 'One name twice',
    meaning: 'An expected schema or a contract names a column two times, or two rules or two checks of an entity have the same name.',
    why: 'A line was copied, and its name stayed.',
    tryThis: ['Remove one of the two, or rename it.'],
  },
  'HYG-1020': {
    title: 'Variable not set',
    meaning: `\`\${NAME}\` names a variable that is set neither in the environment nor in \`.env\`.`,
    why: 'The variable is set in your shell but not where hygge runs, or `.env` is in another folder.',
  },
  'HYG-1964': {
    title: 'A reference to a vault did not resolve',
    meaning:
      'A setting holds the text of a reference, `@Microsoft.KeyVault(…)` or `@Microsoft.AppConfiguration(…)`. The platform leaves that text when it can not read the vault. hygge takes neither that text nor a default for the value.',
    why: 'The identity of the app may not read the vault, the secret is missing or disabled, or the firewall of the vault refuses the app.',
  },
  'HYG-1021': {
    title: `Incomplete \${…}`,
    meaning: `A \`\${\` that is not \`\${NAME}\` or \`\${NAME:-default}\`.`,
    why: 'The closing brace is missing, or the text belongs to another program that also knows `${`.',
  },
  'HYG-1022': {
    title: 'Unknown template',
    meaning: 'Paths and tables know `{entity}`, `{flow}` and `{date}`.',
    why: 'The name between the braces is misspelt, or the braces belong to a pattern such as `{a,b}`.',
  },
  'HYG-1030': {
    title: 'No such connector',
    meaning: 'No connector goes by the `type:` that is named.',
    why: 'The type is misspelt, or belongs to a connector that this version does not have.',
  },
  'HYG-1031': {
    title: 'The connector has no such side',
    meaning: 'A connector offers a home, a store or both; this one lacks the side it is used for.',
    why: 'Home and store were swapped, or the system can only be read, or only be written.',
  },
  'HYG-1032': {
    title: 'The URL is not one of this type',
    meaning: 'The `type` of a side says which system it is in; the URL of its path is one of another, or none that the system understands.',
    why: 'A path was moved to another system and its `type` stayed, or the URL lacks the container or the account.',
  },
  'HYG-1033': {
    title: 'A URL and a key name two places',
    meaning: 'The URL of a path names the account, container or bucket, and a key that is written elsewhere names another.',
    why: 'An entity got a URL of its own while its flow names another bucket, or the URL was changed and the key next to it was not.',
  },
  'HYG-1034': {
    title: 'A secret in an address',
    meaning: 'A path or address is shown in messages and kept with what settled: a password or a signature in it would be too.',
    why: 'A URL was pasted as a portal shows it, with its signature; or with a user and a password, as other programs accept it.',
  },
  'HYG-1035': {
    title: 'A template in the name of a container',
    meaning: 'All entities of a flow with a joined path are in one container, and hygge makes no containers.',
    why: 'Each entity was meant to have a bucket of its own.',
  },
  'HYG-1036': {
    title: 'Not a valid place for the report',
    meaning:
      'The page of `report` is a separate file that ends in `.html`. It can’t be in the folder of an entity, whose store may replace it, nor in the folder of the state.',
    why: 'The page was to lie next to the files of one table, or the folder was named without the file.',
  },
  'HYG-1040': {
    title: 'Flow name not possible',
    meaning: 'A flow is named with a letter, then up to 59 letters, digits, `_` or `-`: the name becomes part of functions and ids.',
    why: 'The folder of the flow, or its key below `flows:`, begins with a digit or holds a space, a dot or an accent.',
  },
  'HYG-1041': {
    title: 'Two flows of one name',
    meaning: 'Names of flows are unique, whatever the case of their letters.',
    why: 'A flow was copied and renamed only in case, or stands both in a folder and in hygge.yml.',
  },
  'HYG-1042': {
    title: 'Entity name not possible',
    meaning: 'An entity is named with 1 to 200 characters, none of them a control character.',
    why: 'A quoted name holds a line break or tab, or is very long.',
  },
  'HYG-1043': {
    title: 'Two entities of one name',
    meaning: 'Names of entities are unique in their flow, whatever the case of their letters.',
    why: 'An entity is both in a file of its own and in `entities`, or twice in the list.',
  },
  'HYG-1044': {
    title: 'No flows',
    meaning: 'The workspace has neither a folder of flows nor a `flows:` map in hygge.yml.',
    why: 'The workspace is new, or `flows_dir` names another folder.',
  },
  'HYG-1045': {
    title: 'No entities',
    meaning: 'A flow says that it has entities, but names none; loading the whole home instead would be a surprise.',
    why: 'Every entity was removed or commented out.',
    tryThis: ['Name at least one entity, or remove `entities`.'],
  },
  'HYG-1046': {
    title: "Entities of this home can't be discovered",
    meaning:
      '`entities: "*"` takes all existing ones: tables of a database, files and folders of a path. A query, a table or a path of one thing, and homes without a catalogue hold nothing to be found.',
    why: 'The home reads by a `query`, or one table or file; or it is a system that has no list of what is in it.',
  },
  'HYG-1047': {
    title: 'No entity was found',
    meaning:
      'A flow with `entities: "*"` found nothing at its home, or the home could not be listed. A run that does nothing would look as if all were well; other flows continue.',
    why: 'The folder is empty, the pattern is misspelt, the role may read nothing, or the database did not answer.',
    tryThis: ['Mend what the message gives as the reason, and run again.', 'Check the place, the patterns, and what the role may read.'],
  },
  'HYG-1050': {
    title: 'write_strategy contradicts what the run does',
    meaning: 'run_type, if_exists and the key decide what a run does to its destination; write_strategy only says how.',
    why: 'A flow changed from a full load to an incremental run, or the other way round, and `write_strategy` stayed.',
  },
  'HYG-1051': {
    title: 'Merging needs a key',
    meaning: 'Rows can be merged only by columns that identify them.',
    why: '`write_strategy: merge` was set before the key was known.',
  },
  'HYG-1052': {
    title: 'Two entities, one destination',
    meaning: 'Each would replace what the other settled.',
    why: 'The path of the store has no part that differs from entity to entity.',
    tryThis: ['Give each a path or table of its own, or let both merge.'],
  },
  'HYG-1053': {
    title: 'A store settles into a folder',
    meaning: 'The path of a store names a single file.',
    why: 'A store path was copied from the home, file name and all.',
  },
  'HYG-1054': {
    title: 'The home does not tell its entities apart',
    meaning: 'The path of the home is one file or a pattern, yet several entities are to be read from it.',
    why: 'The flow had one entity with one file, and now has several.',
  },
  'HYG-1055': {
    title: 'The path of an entity leaves its flow',
    meaning: "An entity's relative path is below the path of its flow.",
    why: 'The path of an entity begins with `..`.',
  },
  'HYG-1056': {
    title: 'The home would read what the store settles',
    meaning: 'A home reads a folder with all folders in it, and the store is in there.',
    why: 'Home and store share a folder, or one is inside the other.',
  },
  'HYG-1057': {
    title: 'The home lies where a store settles',
    meaning: 'A store owns its folder: a full load would delete the files that the home reads.',
    why: 'Home and store share a folder, or one is inside the other.',
  },
  'HYG-1058': {
    title: 'The workspace lies where a store settles',
    meaning: 'A store owns its folder: a full load would delete the config or the state of the workspace.',
    why: 'The path of a store is `.`, `..` or the root.',
  },
  'HYG-1059': {
    title: 'Another place every day',
    meaning: 'The state remembers one destination and, for incremental runs, one source; `{date}` would make another of it every day.',
    why: 'A dated path was meant to find the files of the day, or to keep a copy of each day.',
  },
  'HYG-1060': {
    title: '--var not understood',
    meaning: 'A `--var` is `flow.<flow>.<path>=<yaml value>`.',
    why: 'The flow, the path or the `=` is missing, or the shell took a quote or a bracket for itself.',
  },
  'HYG-1061': {
    title: '--var of a flow that is not there',
    meaning: 'The flow named in a `--var` is not in the workspace.',
    why: 'The flow was renamed, or its name is misspelt.',
  },
  'HYG-1062': {
    title: 'A store without small files',
    meaning:
      '`compact` puts small settled files together, and only a folder of files has some. `hygge compact` of such an entity would be refused as well.',
  },
  'HYG-1064': {
    title: 'A variable in a manifest',
    meaning: `The text of a manifest is not trusted, so it reaches few variables. Only \`base_url\` and \`auth\` may hold variables. In a manifest of the workspace, their names begin with its own, such as \`\${ACME_TOKEN}\` in \`apis/acme.yml\`.`,
    why: 'The manifest was copied from a flow, or takes a secret that belongs to another system.',
    tryThis: ['Set the key in a connection of that type, or in the flow: any variable may be there.'],
  },
  'HYG-1065': {
    title: 'An entity that a manifest does not have',
    meaning:
      'An entity of a home with a manifest takes path, pages and watermark from it by its name at the source, and the manifest has no such name.',
    why: 'The name is misspelt, or the system has a list that the manifest leaves out.',
  },
  'HYG-1066': {
    title: 'A manifest with the name of a connector',
    meaning: 'The name of a manifest is the `type` of its homes and connections, and a connector has that type already.',
    why: 'The file is called like a connector: `apis/postgres.yml`.',
  },
  'HYG-1070': {
    title: 'Not a schedule',
    meaning:
      'A schedule is a cron expression of six fields (seconds first, UTC) that the platform of the function app understands, or `%NAME%` for an app setting. There are no `L`, `W`, `#` and `?`, Sunday is 0, ranges rise, and a day must suit both the day of the month and the day of the week.',
    why: 'Most programs write cron with five fields; here the first one is seconds.',
  },
  'HYG-1080': {
    title: 'A path on a disk that the cloud does not have',
    meaning: 'A relative path begins at the folder of hygge.yml, and a workspace in blob storage has no folder.',
    why: 'A workspace that settles on a local disk was pushed, and the function app runs it.',
    tryThis: ['Use a home or store in the cloud, write an absolute path, or set `HYGGE_ROOT` to a folder of the machine that runs.'],
  },
  'HYG-1081': {
    title: 'A pattern in place of an entity',
    meaning: 'In a list of entities each has a name, under which it settles and is remembered.',
    why: 'Other tools take a `*` for every table there is.',
  },
  'HYG-1082': {
    title: 'An invalid line in .env',
    meaning:
      'A line that is not `NAME=value`, or a quote that is never closed: its variable would be unset, and a default taken in its place.',
    why: 'A colon in place of `=`, a value on a line of its own, or a quote that got lost.',
  },
  'HYG-1083': {
    title: 'A flow that is not where flows are',
    meaning: 'A flow is a folder below `flows/` with a flow.yml; a flow in another file would never run, and no one would hear of it.',
    why: 'The flow was written as flows/crm.yml, or its file in its folder got another name than flow.yml.',
    tryThis: ['Move it to `flows/NAME/flow.yml`, or let its name begin with `_` where it is only kept.'],
  },
  'HYG-1084': {
    title: 'A mark column where rows are not a table',
    meaning:
      '`mark_column` names a column of a table that tells our rows from those of others. Stores of files keep theirs in files of their own.',
    why: 'A store was changed from a table to files, and the key stayed.',
  },
  'HYG-1085': {
    title: 'No such target',
    meaning:
      'A target is named, by `--target`, HYGGE_TARGET or `default_target`, that is neither below `targets` nor in a file `hygge.<target>.yml`.',
    why: 'A typing mistake, a variable left over from another workspace, or a file that was not checked out.',
  },
  'HYG-1086': {
    title: 'Which target?',
    meaning: 'The workspace has targets, and none was chosen. hygge chooses none by itself: that could move data to the wrong place.',
    why: 'The workspace was given targets, and a script or a habit runs `hygge go` as before.',
  },
  'HYG-1087': {
    title: 'Invalid target',
    meaning:
      'Its name is not a possible one, or it is written twice: below `targets` and in a file of its own, or in two files (`.yml`, `.yaml`).',
    why: 'A target got a file of its own, and was left below `targets`.',
    tryThis: ['Small letters, digits and single `-` make a name. Keep one of the two places.'],
  },
  'HYG-1088': {
    title: 'A connection of no type',
    meaning: 'A connection of hygge.yml has no type, or a type without connections, so its keys are unknown.',
    why: 'The type was forgotten, or it is one of files on this machine, which need no connection.',
  },
  'HYG-1089': {
    title: 'A home or store and its connection do not go together',
    meaning:
      'The side names a connection that hygge.yml does not have, or says a key that its connection says as well. Who we are in one account must not be shown to another, so what a connection says is said nowhere else.',
    why: 'A connection was renamed, or a key that moved into it was left in a flow.',
    tryThis: ['Correct the name of the connection.', 'Remove the key from the side, or make it another connection.'],
  },
  'HYG-1098': {
    title: 'The vault has no such secret',
    meaning:
      'A variable is set neither in the environment nor in .env, and the vault of `secrets` has no usable value under its name. The value is missing, disabled, deleted or empty.',
    why: 'The secret was not put into this vault yet, was disabled or deleted, or the variable is misspelt.',
  },
  'HYG-1099': {
    title: 'Two variables for one secret',
    meaning: 'The names of two variables differ only by what the vault does not tell apart, so that both would have one value.',
    why: 'Key Vault makes no difference between capital and small letters, and two variables differ by nothing else.',
  },
  'HYG-1100': {
    title: 'A pattern that no text can be judged by',
    meaning:
      'A contract has a pattern that Rust does not take, or one that means something else there. In a data contract of the Open Data Contract Standard, a pattern is not a regular expression of ECMA-262, or it looks around, refers to groups, or is ambiguous.',
    why: 'The pattern was written for a language whose patterns can look around or refer to groups. Patterns are judged without going back in a text, and have neither.',
    tryThis: [
      'Write the pattern in the syntax of Rust (in a data contract: of ECMA-262), or the condition as a rule.',
      'In a data contract, write what each look-ahead asks for as a check of its own.',
    ],
  },
  'HYG-1101': {
    title: 'A rule that cannot be judged',
    meaning:
      'The condition of a rule is not an expression over one row: Polars cannot read it, or it asks other rows, or a column that is not there.',
    why: 'A column is misspelt or has another type, a text is in double quotes, or the condition is one of all rows together.',
  },
  'HYG-1102': {
    title: 'Contract and expected schema disagree',
    meaning: '`validation.contract` and `schema.expected_schema_path` both name the columns of the source, and not the same ones.',
    why: 'Only one of the two files was changed.',
  },
  'HYG-1103': {
    title: 'Part of a data contract that cannot be checked',
    meaning:
      'A file of the Open Data Contract Standard asks something of rows or counts that hygge does not check, or follows another version of the standard.',
    why: 'The standard has checks for many tools: SQL of a database, other metrics and units, values inside of values.',
    tryThis: ['Remove the line, leave it to another tool (`type: custom`), or write it as a rule of a contract of hygge.'],
  },
  'HYG-1107': {
    title: 'A check that the source cannot answer',
    meaning:
      'A check of the type `sql` asks the source for a number, and `freshness` without a column asks for the age of its newest file. The home is not a database, or has no files; or the query is not one SELECT.',
    why: 'Files and APIs speak no SQL, and only files have an age of their own.',
    tryThis: [
      'Check what the rows tell: `volume`, `completeness`, `range`, or `freshness` with a `column`.',
      'Let the query be one SELECT that answers one number.',
    ],
  },
} as const satisfies Codes;

/** What shows only beside the source, the database or the file that is spoken of. */
export const facedConfigCodes = {
  'HYG-1136': {
    title: 'A name in `entities` that nothing has',
    meaning:
      '`entities: { like: … }` or `{ exclude: … }` names something that is not at the home of the flow, and something with a similar name is there. Nothing of the flow was read; other flows continue.',
  },
  'HYG-1090': {
    title: 'schema_overrides names a column that is not there',
    meaning: 'A type was written for a column that the source does not have, so that it would mean nothing.',
    why: 'The name was misspelt, or is the one that polish gives the column.',
    tryThis: ['Write the name as the source spells it; the error shows those that are closest to it.'],
  },
  'HYG-1091': {
    title: 'A column cannot settle as schema_overrides says',
    meaning:
      'There is no exact conversion from what the source has to the type that was written, or the column is the watermark and would have another order.',
    why: 'For example a text to a time, an instant to a time without a zone, a list to a number, or a watermark to text.',
    tryThis: ['Write another type, or convert the column in the source with a query.'],
  },
  'HYG-1092': {
    title: 'schema_overrides has changed, and what settled is of another type',
    meaning: 'An incremental run adds to existing rows, and no type holds both their type and the configured one.',
    why: 'The override was written, changed or taken out after rows had settled.',
    tryThis: ['Load the entity again with `hygge go -d`, or write the type that it settled as.'],
  },
  'HYG-1093': {
    title: 'A file of SQL removes existing objects',
    meaning: 'It drops, truncates or deletes, or runs a block that may: that is done only where it was said to be meant. Nothing was run.',
    why: 'The file was written to make room for a table, or to take one away.',
  },
  'HYG-1094': {
    title: 'A file of SQL begins or ends transactions itself',
    meaning: 'All of a file runs in one transaction; a COMMIT in the middle would leave half of it done when something fails after it.',
    why: 'The file was made by a tool that dumps databases, or for a client that runs each statement by itself.',
  },
  'HYG-1095': {
    title: 'A file of SQL cannot be taken apart',
    meaning: 'A quote, a text or a comment does not end, or the file has what only a client of the database understands.',
    why: 'A quote was forgotten, or the file is for psql (`\\copy`, `COPY … FROM STDIN`).',
  },
  'HYG-1096': {
    title: 'A file of SQL cannot be read',
    meaning: 'It is not there, hygge may not read it, or it is not UTF-8 text.',
    why: 'The name was mistyped, or an editor saved the file in another encoding.',
    tryThis: ['Check its name and who may read it; save it as UTF-8.'],
  },
  'HYG-1097': {
    title: 'A database has no type for a column',
    meaning: 'A table was to be made for columns of which one holds what the database has no exact type for.',
    why: 'The file has a struct, a list of lists or times in nanoseconds, which PostgreSQL has no exact column for.',
  },
} as const satisfies Codes;
