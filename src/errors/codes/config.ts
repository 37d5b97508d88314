import type { Codes } from './entry.ts';

/** Mistakes in the files of the workspace. */
export const configCodes = {
  'HYG-1001': {
    title: 'No workspace here',
    meaning: 'Neither the folder nor any folder above it contains a hygge.yml.',
  },
  'HYG-1002': {
    title: 'A file of the workspace cannot be read',
    meaning: 'The file or folder exists, but reading it failed.',
    why: 'The file belongs to another user, is on an unavailable share, or is a folder.',
  },
  'HYG-1003': {
    title: 'Not UTF-8',
    meaning: 'hygge reads YAML files as UTF-8, and this file has another encoding.',
  },
  'HYG-1004': {
    title: 'Empty file',
    meaning: 'A configuration file contains nothing but comments.',
  },
  'HYG-1005': {
    title: 'Not valid YAML',
    meaning: 'The YAML parser fails at the position that the message shows.',
    why: 'A quote or bracket is not closed, a line has the wrong indentation, or a value begins with a special character of YAML.',
    tryThis: ['Put values with special characters in quotes.', 'Check the indentation of the line shown and of the line above it.'],
  },
  'HYG-1006': {
    title: 'A key occurs twice',
    meaning: 'The file contains one key twice. The first value would be lost silently.',
  },
  'HYG-1007': {
    title: 'Tab in the indentation',
    meaning: 'YAML is indented with spaces only.',
  },
  'HYG-1008': {
    title: 'One file exists as .yml and as .yaml',
    meaning: 'A .yml file and a .yaml file in one folder have the same name. hygge would read only one of them.',
  },
  'HYG-1010': {
    title: 'Unknown key',
    meaning: 'hygge refuses unknown keys, so that a typing mistake is noticed.',
    why: 'The key is misspelt, is one level too deep or too high, or belongs to another type of home or store.',
  },
  'HYG-1011': {
    title: 'Wrong kind of value',
    meaning: 'A key has the wrong kind of value, such as a list in place of a text.',
  },
  'HYG-1012': {
    title: 'A required key is missing',
    meaning: 'A key without a default has no value, neither here nor at a higher level, such as the flow or hygge.yml.',
  },
  'HYG-1013': {
    title: 'Invalid value',
    meaning: 'The value has the right kind, but is not one of the possible values.',
  },
  'HYG-1014': {
    title: 'A key that this version does not support',
    meaning: 'The key is reserved for a feature that this version of hygge does not have. hygge reports the key instead of ignoring it.',
  },
  'HYG-1015': {
    title: 'Old and new spelling disagree',
    meaning: 'The old and the present spelling of a key are both set, and their values differ.',
  },
  'HYG-1016': {
    title: 'Two added columns have the same name',
    meaning: '`polish` adds two columns with the same name, and one of them would be lost.',
  },
  'HYG-1019': {
    title: 'Invalid mask',
    meaning: '`polish.mask` masks the watermark, removes the values of a key, or makes hashes without a secret.',
    tryThis: ['Mask keys with `hash`, and do not mask the watermark.', 'Let a variable contain the `secret`.'],
  },
  'HYG-1017': {
    title: 'The expected schema or contract does not exist',
    meaning: '`expected_schema_path`, `validation.contract` or the `in_file` of a contract names a file that is not in the workspace.',
    why: 'The path is misspelt, or is relative to the flow instead of the workspace. Or one entity has no such file (`{entity}`).',
  },
  'HYG-1018': {
    title: 'A name is used twice',
    meaning: 'An expected schema or a contract contains a column twice, or two rules or checks of an entity have the same name.',
    tryThis: ['Remove or rename one of the two.'],
  },
  'HYG-1020': {
    title: 'Variable not set',
    meaning: `\`\${NAME}\` names a variable that is set neither in the environment nor in \`.env\`.`,
    why: 'The variable is set in your shell but not where hygge runs, or `.env` is in another folder.',
  },
  'HYG-1964': {
    title: 'A reference to a vault did not resolve',
    meaning:
      'A setting contains the text of a reference, `@Microsoft.KeyVault(…)` or `@Microsoft.AppConfiguration(…)`. The platform leaves that text in the setting when it cannot read the vault. hygge uses neither that text nor a default as the value.',
  },
  'HYG-1021': {
    title: `Incomplete \${…}`,
    meaning: `A \`\${\` is not the beginning of \`\${NAME}\` or \`\${NAME:-default}\`.`,
  },
  'HYG-1022': {
    title: 'Unknown template',
    meaning: 'Paths and table names support the templates `{entity}`, `{flow}` and `{date}`.',
    why: 'The name between the braces is misspelt, or the braces belong to a pattern such as `{a,b}`.',
  },
  'HYG-1030': {
    title: 'Unknown connector',
    meaning: 'No connector has the given `type`.',
  },
  'HYG-1031': {
    title: 'The connector cannot read, or cannot write',
    meaning:
      'A connector offers a home (it reads), a store (it writes) or both. This connector lacks the home or store that the flow uses.',
  },
  'HYG-1032': {
    title: 'The URL does not match the type',
    meaning: 'The URL in the path belongs to another system than the `type`, or is not valid for that system.',
  },
  'HYG-1033': {
    title: 'A URL and a key name different places',
    meaning: 'The URL in the path and another key of the config name two different accounts, containers or buckets.',
  },
  'HYG-1034': {
    title: 'An address contains a secret',
    meaning:
      'hygge shows paths and addresses in messages, and stores them with the commits. A password or a signature in them would be visible there.',
  },
  'HYG-1035': {
    title: 'A template in the name of a container',
    meaning: 'All entities of a flow with one common path are in one container, and hygge does not create containers.',
  },
  'HYG-1036': {
    title: 'Not a valid place for the report',
    meaning:
      '`report` names a file that ends in `.html`. The file cannot be in the folder of the state. It cannot be in the folder of an entity, because a store may replace that folder.',
  },
  'HYG-1040': {
    title: 'Invalid flow name',
    meaning:
      'A flow name is a letter, then up to 59 letters, digits, `_` or `-`. The name becomes part of the names of functions and of ids.',
  },
  'HYG-1041': {
    title: 'Two flows have the same name',
    meaning: 'The names of flows are unique. Upper and lower case make no difference.',
    why: 'A flow was copied and only the case of its name was changed. Or the flow is both in a folder and in hygge.yml.',
  },
  'HYG-1042': {
    title: 'Invalid entity name',
    meaning: 'An entity name has 1 to 200 characters, and no control characters.',
  },
  'HYG-1043': {
    title: 'Two entities have the same name',
    meaning: 'The names of entities are unique in their flow. Upper and lower case make no difference.',
    why: 'An entity is both in its own file and in `entities`, or is in the list twice.',
  },
  'HYG-1044': {
    title: 'No flows',
    meaning: 'The workspace has neither a folder of flows nor a `flows:` map in hygge.yml.',
    why: 'The workspace is new, or `flows_dir` names another folder.',
  },
  'HYG-1045': {
    title: 'No entities',
    meaning: 'A flow has the key `entities`, but the list is empty. hygge does not load the whole home instead.',
    tryThis: ['Name at least one entity, or remove `entities`.'],
  },
  'HYG-1046': {
    title: "Entities of this home can't be discovered",
    meaning:
      '`entities: "*"` selects all tables of a database, or all files and folders of a path. A home with one query, table or file has no such list.',
  },
  'HYG-1047': {
    title: 'No entity was found',
    meaning:
      'A flow with `entities: "*"` found nothing at its home, or the home could not be listed. hygge reports that, because a run without entities would look like a success. Other flows continue.',
    tryThis: ['Fix the cause that the message names, and run again.', 'Check the path, the patterns, and the rights of the role.'],
  },
  'HYG-1050': {
    title: 'write_strategy contradicts other keys',
    meaning:
      '`run_type`, `if_exists` and the key decide what a run changes in the destination. `write_strategy` only selects the way of writing.',
  },
  'HYG-1051': {
    title: 'Merging needs a key',
    meaning: 'Rows can be merged only by columns that identify them.',
  },
  'HYG-1052': {
    title: 'Two entities have the same destination',
    meaning: 'Each entity would replace the rows of the other.',
    tryThis: ['Give each entity its own path or table, or let both merge.'],
  },
  'HYG-1053': {
    title: 'The path of a store is a file',
    meaning: 'A store writes into a folder, and its path names a single file.',
  },
  'HYG-1054': {
    title: 'Several entities read the same path',
    meaning: 'The path of the home is one file or a pattern, but the flow has several entities.',
  },
  'HYG-1055': {
    title: 'The path of an entity is outside of its flow',
    meaning: 'A relative path of an entity must be inside the path of its flow.',
  },
  'HYG-1056': {
    title: 'The home would read the files of the store',
    meaning: 'A home reads a folder with all of its subfolders, and the store writes into that folder.',
  },
  'HYG-1057': {
    title: 'The home is in the folder of a store',
    meaning: 'A store owns its folder. A full load would delete the files that the home reads.',
  },
  'HYG-1058': {
    title: 'The workspace is in the folder of a store',
    meaning: 'A store owns its folder. A full load would delete the config or the state of the workspace.',
  },
  'HYG-1059': {
    title: 'The path changes every day',
    meaning: 'The state remembers one destination, and one source for incremental runs. `{date}` would change the path every day.',
  },
  'HYG-1060': {
    title: 'Invalid --var',
    meaning: 'The form of `--var` is `flow.<flow>.<path>=<yaml value>`.',
    why: 'The flow, the path or the `=` is missing, or the shell removed a quote or a bracket.',
  },
  'HYG-1061': {
    title: '--var names an unknown flow',
    meaning: 'The workspace has no flow with the name in `--var`.',
  },
  'HYG-1062': {
    title: 'The store has no small files',
    meaning:
      '`compact` joins small files, but only a folder of files has small files. `hygge compact` of this entity would be refused as well.',
  },
  'HYG-1064': {
    title: 'A variable in a manifest',
    meaning: `The text of a manifest is not trusted, so it can use few variables. Only \`base_url\` and \`auth\` may contain variables. In a manifest of the workspace, their names begin with the name of the manifest, such as \`\${ACME_TOKEN}\` in \`apis/acme.yml\`.`,
    tryThis: ['Set the key in a connection of that type, or in the flow. Both may use any variable.'],
  },
  'HYG-1065': {
    title: 'The manifest does not have the entity',
    meaning:
      'An entity gets its path, pages and watermark from the manifest, by its name at the source. The manifest has no entity of that name.',
  },
  'HYG-1066': {
    title: 'A manifest has the name of a connector',
    meaning: 'The name of a manifest becomes the `type` of homes and connections, and a connector has that type already.',
  },
  'HYG-1070': {
    title: 'Invalid schedule',
    meaning:
      'A schedule is a cron expression with six fields (seconds first, UTC) in the syntax of Azure Functions, or `%NAME%` for an app setting. `L`, `W`, `#` and `?` are not supported. Sunday is 0, and a range begins with its lower value. A day must match both the day of the month and the day of the week.',
  },
  'HYG-1080': {
    title: 'A path on a local disk in the cloud',
    meaning: 'A relative path begins at the folder of hygge.yml, and a workspace in blob storage has no folder.',
    tryThis: [
      'Use a home or store in the cloud.',
      'Or write an absolute path, or set `HYGGE_ROOT` to a folder of the machine that runs the flow.',
    ],
  },
  'HYG-1081': {
    title: 'A pattern in place of an entity',
    meaning: 'Each entry in a list of entities is one name. hygge stores the data and the state of the entity under that name.',
  },
  'HYG-1082': {
    title: 'Invalid line in .env',
    meaning: 'A line is not `NAME=value`, or a quote is never closed. The variable would not be set, and a default would be used instead.',
  },
  'HYG-1083': {
    title: 'A flow file in the wrong place',
    meaning: 'A flow is a folder below `flows/` with a file flow.yml. A flow in another file would silently never run.',
    tryThis: ['Move the flow to `flows/NAME/flow.yml`.', 'If the flow is not supposed to run, let its name begin with `_`.'],
  },
  'HYG-1084': {
    title: 'A mark column in a store of files',
    meaning:
      '`mark_column` names a table column that marks the rows of hygge. A store of files does not need it, because hygge’s rows are in files of their own.',
  },
  'HYG-1085': {
    title: 'The target does not exist',
    meaning:
      '`--target`, HYGGE_TARGET or `default_target` names a target that is neither below `targets` nor in a file `hygge.<target>.yml`.',
  },
  'HYG-1086': {
    title: 'No target is chosen',
    meaning: 'The workspace has targets, and none is chosen. hygge does not choose one, because that could move data to the wrong place.',
  },
  'HYG-1087': {
    title: 'Invalid target',
    meaning:
      'The name of the target is invalid. Or the target is defined twice: below `targets` and in a file, or in two files (`.yml`, `.yaml`).',
    tryThis: ['Write the name with small letters, digits and single `-`.', 'Keep only one of the two definitions.'],
  },
  'HYG-1088': {
    title: 'A connection has no type',
    meaning: 'A connection in hygge.yml has no `type`, or a type without connections. Its keys are therefore unknown.',
  },
  'HYG-1089': {
    title: 'A home or store does not match its connection',
    meaning:
      'The home or store names a connection that hygge.yml does not have, or sets a key that its connection sets as well. The keys of a connection are set only there, so that no credential is sent to another account.',
    tryThis: ['Correct the name of the connection.', 'Remove the key from the home or store, or create another connection.'],
  },
  'HYG-1098': {
    title: 'The vault has no such secret',
    meaning:
      'A variable is set neither in the environment nor in .env, and the vault of `secrets` has no usable secret of its name. The secret is missing, disabled, deleted or empty.',
  },
  'HYG-1099': {
    title: 'Two variables have the same secret',
    meaning: 'The vault treats the names of two variables as one name, so both would have the same value.',
  },
  'HYG-1100': {
    title: 'Unsupported pattern',
    meaning:
      'A contract has a pattern that Rust’s regular expressions do not accept, or that has another meaning in Rust. In an Open Data Contract, a pattern follows ECMA-262. It cannot use look-around or references to groups, and cannot be ambiguous.',
    tryThis: [
      'Write the pattern in the syntax of Rust (in a data contract: of ECMA-262).',
      'Or write the condition as a rule.',
      'In a data contract, write each look-ahead as a check of its own.',
    ],
  },
  'HYG-1101': {
    title: 'Invalid rule',
    meaning: 'The condition of a rule is not an expression over one row. Polars cannot read it, or it uses other rows or a missing column.',
  },
  'HYG-1102': {
    title: 'Contract and expected schema disagree',
    meaning: '`validation.contract` and `schema.expected_schema_path` both list the columns of the source, and the two lists differ.',
  },
  'HYG-1103': {
    title: 'An unsupported part of a data contract',
    meaning:
      'An Open Data Contract requires a check of rows or counts that hygge does not support. Or the contract follows another version of the standard.',
    tryThis: [
      'Remove the line.',
      'Or leave the check to another tool: `type: custom`.',
      'Or write the check as a rule in a contract of hygge.',
    ],
  },
  'HYG-1107': {
    title: 'The source does not support the check',
    meaning:
      'A check of type `sql` requests a number from the source. `freshness` without a column requests the age of its newest file. The home is not a database, or has no files. Or the query is not one SELECT.',
    tryThis: [
      'Check the rows instead: `volume`, `completeness`, `range`, or `freshness` with a `column`.',
      'Write the query as one SELECT that returns one number.',
    ],
  },
} as const satisfies Codes;

/** Mistakes in the config that are found only by a comparison with the source, the database or the named file. */
export const facedConfigCodes = {
  'HYG-1136': {
    title: 'Unknown name in `entities`',
    meaning:
      '`entities: { like: … }` or `{ exclude: … }` contains a name that does not exist at the home of the flow. A similar name exists there. Nothing of this flow was read, and other flows continue.',
  },
  'HYG-1090': {
    title: 'schema_overrides names an unknown column',
    meaning: 'The config sets a type for a column that the source does not have, so the type would have no effect.',
    tryThis: ['Write the name as it is in the source. The message shows the closest names.'],
  },
  'HYG-1091': {
    title: 'A column cannot have the type in schema_overrides',
    meaning:
      'The type of the source has no exact conversion to the configured type. Or the column is the watermark, and its order would change.',
    why: 'Examples are a text to a time, an instant to a time without a zone, a list to a number, or a watermark to a text.',
    tryThis: ['Write another type.', 'Or convert the column in the source, with a query.'],
  },
  'HYG-1092': {
    title: 'schema_overrides changed, and existing rows have another type',
    meaning:
      'An incremental run adds rows to existing ones. No type can contain the values of both the existing type and the configured type.',
    tryThis: ['Load the entity again with `hygge go -d`.', 'Or write the type that the existing rows have.'],
  },
  'HYG-1093': {
    title: 'A SQL file removes existing objects',
    meaning: 'The file drops, truncates or deletes, or runs a block that may do so. That needs `--allow-destructive`. Nothing was run.',
  },
  'HYG-1094': {
    title: 'A SQL file begins or ends transactions',
    meaning: 'hygge runs the whole file in one transaction. After a COMMIT in the middle, a later failure would leave the file half done.',
  },
  'HYG-1095': {
    title: 'A SQL file cannot be split into statements',
    meaning: 'A quote, a text or a comment does not end. Or the file contains a command that only a client of the database understands.',
    why: 'A closing quote is missing, or the file is for psql (`\\copy`, `COPY … FROM STDIN`).',
  },
  'HYG-1096': {
    title: 'A SQL file cannot be read',
    meaning: 'The file does not exist, hygge has no right to read it, or it is not UTF-8 text.',
    tryThis: ['Save the file as UTF-8.'],
  },
  'HYG-1097': {
    title: 'The database has no type for a column',
    meaning: 'hygge would create a table, and one of the columns has no exact type in the database.',
    why: 'The file has a struct, a list of lists or times in nanoseconds, for which PostgreSQL has no exact type.',
  },
} as const satisfies Codes;
