// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import type { configCodes, facedConfigCodes, usageCodes } from '../config-codes.ts';
import type { Explained } from './explained.ts';

/** How mistakes in the files of a workspace come about, and what they look like. */
export const configExplained = {
  'HYG-1001': {
    why: 'hygge was started outside of a workspace, or `-C` points somewhere else.',
    example: {
      what: 'There is no hygge.yml here, nor in any folder above.',
      why: ['Searched: /projects/shop, /projects, /'],
      tryThis: ['Run `hygge init` to start a workspace in this folder.', 'Or go to a workspace, or point to one with `-C DIR`.'],
    },
  },
  'HYG-1002': {
    why: 'The file belongs to another user, lies on a share that is away, or is a folder.',
    example: {
      what: 'flows/crm/flow.yml cannot be read.',
      why: ['EACCES: permission denied'],
      tryThis: ['Check that it is a file and that you may read it.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 1, text: '' },
    },
  },
  'HYG-1003': {
    why: 'An editor saved the file in another encoding, such as UTF-16 or a Windows code page.',
    example: {
      what: '.env is not UTF-8 text.',
      why: [],
      tryThis: ['Save the file as UTF-8.'],
      where: { file: '.env', line: 1, column: 1, text: '' },
    },
  },
  'HYG-1004': {
    why: 'A file was made and never filled in, or everything in it was commented out.',
    example: {
      what: 'flows/crm/flow.yml is empty.',
      why: [],
      tryThis: ['Fill it in, or delete it.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 1, text: '# later' },
    },
  },
  'HYG-1005': {
    why: 'A quote or bracket is not closed, a line is indented otherwise than its neighbours, or a value begins with a character that means something in YAML.',
    example: {
      what: 'A quote is opened, but not closed.',
      why: [],
      tryThis: ["Add the closing quote; inside single quotes write `''` for one."],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 1, text: '' },
    },
  },
  'HYG-1006': {
    why: 'A key was pasted a second time, often far from the first.',
    example: {
      what: 'The key `home` is there twice.',
      why: ['YAML would keep one of the two values and lose the other.'],
      tryThis: ['Remove or rename one of the two.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 1, text: 'home: other' },
    },
  },
  'HYG-1007': {
    why: 'The editor inserts tabs in YAML files.',
    example: {
      what: 'There is a tab in the indentation.',
      why: ['YAML is indented with spaces only.'],
      tryThis: ['Replace the tab by two spaces, and let your editor insert spaces in YAML files.'],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 1, text: '	path: lake/crm' },
    },
  },
  'HYG-1008': {
    why: 'A file was renamed, and the old one came back with a merge.',
    example: {
      what: 'There are flow.yml and flow.yaml in flows/crm.',
      why: ['One of the two would be read, and the other one not.'],
      tryThis: ['Keep one of the two.'],
      where: { file: 'flows/crm/flow.yaml', line: 1, column: 1, text: 'home: in' },
    },
  },
  'HYG-1010': {
    why: 'A key is misspelt, stands one level too deep or too high, or belongs to another type of home or store.',
    example: {
      what: 'There is no key `colums` in the home (type `local`). Did you mean `columns`?',
      why: [],
      tryThis: ['The keys are `columns`, `exclude`, `format`, `path` and `type`.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 3, text: '  colums: [id, name]' },
    },
  },
  'HYG-1011': {
    why: 'A map was written where a list belongs, a number where text is needed, or nothing at all after the colon.',
    example: {
      what: '`home` has no value; it needs text or a map.',
      why: [],
      tryThis: ['Write a value after `home:`, or remove the key.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 1, text: 'home:' },
    },
  },
  'HYG-1012': {
    why: 'The key is set neither here nor in any layer above.',
    example: {
      what: '`store` is missing: flow `crm` needs to know where data settles.',
      why: [],
      tryThis: ['Add `store: path/of/a/folder`, or a map with a `type`.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 1, text: 'home: in' },
    },
  },
  'HYG-1013': {
    why: 'A value is misspelt, out of range, or belongs to another key.',
    example: {
      what: "`run_type` can't be `incrementel`. Did you mean `incremental`?",
      why: [],
      tryThis: ['It can be `full_drop` or `incremental`.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 11, text: 'run_type: incrementel' },
    },
  },
  'HYG-1014': {
    why: 'The workspace was written for a newer hygge, or carries over a key that this version does not have.',
    example: {
      what: '`validation` is not part of this version of hygge.',
      why: ['Ignoring it would look as if it worked.'],
      tryThis: ['Remove `validation` until your version has it.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 1, text: 'validation: { mode: quarantine }' },
    },
  },
  'HYG-1015': {
    why: 'A workspace was moved over from older spellings, and a line of the old ones stayed.',
    example: {
      what: '`full_drop` and `run_type` say two different things.',
      why: ['`full_drop` is an older spelling of `run_type`.'],
      tryThis: ['Keep only `run_type`.'],
      where: { file: 'flows/crm/flow.yml', line: 4, column: 1, text: 'full_drop: true' },
    },
  },
  'HYG-1016': {
    why: 'A constant, a hash id or another added column was copied, and its name stayed; capital and small letters count as the same.',
    example: {
      what: 'Polish adds two columns named `source`.',
      why: ['Capital and small letters count as the same, since databases do not tell them apart.'],
      tryThis: ['Give one of the two another name.'],
      where: { file: 'flows/crm/flow.yml', line: 6, column: 15, text: '    - { name: source, value: erp }' },
    },
  },
  'HYG-1019': {
    why: 'All columns of persons were listed, and one of them is the key of the table, or tells new rows from old.',
    example: {
      what: "`email` is the watermark, which can't be masked.",
      why: [
        'Its newest value is remembered as it is, in the state, in the journal and beside the data, and rows are compared with it where they settled.',
      ],
      tryThis: ['Take another column for the watermark, or leave this one as it is.'],
      where: { file: 'flows/crm/flow.yml', line: 6, column: 15, text: '    columns: { email: hash }' },
    },
  },
  'HYG-1017': {
    why: 'The path is misspelt, is meant from the folder of the flow, or `{entity}` in it stands for an entity that has no such file.',
    example: {
      what: 'There is no file `schemas/user.json`, where the columns of the source should be. Did you mean `schemas/users.json`?',
      why: [],
      tryThis: [
        'Correct `expected_schema_path`, which begins at the folder of hygge.yml.',
        'Or remove it: then what settled last is expected.',
      ],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 33, text: 'schema: { expected_schema_path: schemas/user.json }' },
    },
  },
  'HYG-1018': {
    why: 'A line was copied, and its name stayed.',
    example: {
      what: 'The column `id` is there twice.',
      why: ['The other one is in line 1.'],
      tryThis: ['Remove one of the two.'],
      where: { file: 'schemas/users.yml', line: 2, column: 11, text: '- { name: id, type: string }' },
    },
  },
  'HYG-1020': {
    why: 'The variable is set in your shell but not where hygge runs, or `.env` lies in another folder.',
    example: {
      what: 'The variable `LAKE` is not set.',
      why: [],
      tryThis: [`Set LAKE, add it to the .env file beside hygge.yml, or give a default: \`\${LAKE:-default}\`.`],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 8, text: `store: "\${LAKE}/crm"` },
    },
  },
  'HYG-1964': {
    why: 'The identity of the app may not read the vault, the secret is missing or disabled, or the firewall of the vault refuses the app.',
    example: {
      what: 'The setting `SHOP_PASSWORD` is not set: it holds an unresolved reference to the Key Vault kv-northwind.',
      why: [
        'The platform could not read `SHOP-PASSWORD` there, and left the text of the reference in the setting.',
        'hygge does not take that text for the secret, and no default in its place.',
      ],
      tryThis: [
        "Look at the reference's status in the app's settings, and give the app's identity the right to read secrets of the vault (Key Vault Secrets User)",
        'See that the vault has the secret, enabled, and that its firewall lets the app in; then restart the app',
        'Outside of the app, set SHOP_PASSWORD to the value itself',
      ],
    },
  },
  'HYG-1021': {
    why: `The closing brace is missing, or the text is meant for another program that also knows \`\${\`.`,
    example: {
      what: `There is a \`\${\` that does not name a variable.`,
      why: [],
      tryThis: [`Write \`\${NAME}\` or \`\${NAME:-default}\`; for the two characters themselves write \`$\${\`.`],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 7, text: `home: \${LAKE/in` },
    },
  },
  'HYG-1022': {
    why: 'The name between the braces is misspelt, or the braces belong to a pattern such as `{a,b}`.',
    example: {
      what: 'There is no template `{entiy}`. Did you mean `{entity}`?',
      why: [],
      tryThis: ['The templates are `{entity}`, `{flow}` and `{date}`.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 7, text: 'home: "in/{entiy}.parquet"' },
    },
  },
  'HYG-1081': {
    why: 'Other tools take a `*` for every table there is.',
    example: {
      what: '`*` names no entity: each is named by itself.',
      why: [],
      tryThis: [
        'Write it without the list: `entities: "*"`, for what each run finds there.',
        'Or have a file written for each that is there now: hygge generate entities --flow crm --dry-run',
        'To load many files as one entity, write the pattern into the path of the home.',
      ],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 12, text: 'entities: ["*"]' },
    },
  },
  'HYG-1082': {
    why: 'A colon in place of `=`, a value on a line of its own, or a quote that got lost.',
    example: {
      what: 'This line is no variable.',
      why: [],
      tryThis: ['Write NAME=value, a line each; what is only a remark begins with #.'],
      where: { file: '.env', line: 3, column: 1, text: '***' },
    },
  },
  'HYG-1083': {
    why: 'The flow was written as flows/crm.yml, or its file in its folder got another name than flow.yml.',
    example: {
      what: '`flows/crm.yml` holds a flow, and is not read: a flow is a folder with a flow.yml.',
      why: [],
      tryThis: ['Move it: mkdir -p flows/crm && mv flows/crm.yml flows/crm/flow.yml'],
      where: { file: 'flows/crm.yml', line: 1, column: 1, text: 'home: data' },
    },
  },
  'HYG-1084': {
    why: 'A store was changed from a table to files, and the key stayed.',
    example: {
      what: 'There is no `mark_column` in the store (type `local`): it is for stores that are tables.',
      why: ['A column tells our rows from those of others in one table; where rows settle in files of their own, the files tell.'],
      tryThis: ['Remove it.'],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 22, text: 'store: { path: lake, mark_column: _hygge }' },
    },
  },
  'HYG-1085': {
    why: 'A typing mistake, a variable left over from another workspace, or a file that was not checked out.',
    example: {
      what: 'There is no target `prd`. Did you mean `prod`?',
      why: ['There are: dev, prod.'],
      tryThis: ['Use one of them: --target prod', 'Or write hygge.prd.yml beside hygge.yml, with what is different there.'],
    },
  },
  'HYG-1086': {
    why: 'The workspace was given targets, and a script or a habit runs `hygge go` as before.',
    example: {
      what: 'Which target is meant? There are `dev` and `prod`.',
      why: ['The command does not say it, HYGGE_TARGET is not set, and hygge.yml has no `default_target`.'],
      tryThis: ['Say it: --target dev', 'Or once for all: `default_target: dev` in hygge.yml.'],
    },
  },
  'HYG-1087': {
    why: 'A target got a file of its own, and was left below `targets`.',
    example: {
      what: 'The target `prod` is written twice: in hygge.prod.yml, and below `targets`.',
      why: ['Only one of the two could count, and nobody would see which.'],
      tryThis: ['Keep one of them: hygge.prod.yml, or `prod` below `targets`.'],
      where: { file: 'hygge.yml', line: 4, column: 3, text: '  prod: { variables: { LAKE: lake } }' },
    },
  },
  'HYG-1088': {
    why: 'The type was forgotten, or it is one of files on this machine, which need no connection.',
    example: {
      what: 'There are no connections of type `local`.',
      why: ['The type says which keys a connection has.'],
      tryThis: ['The types are `azure_blob`, `adls`, `onelake`, `s3` and `gcs`.'],
      where: { file: 'hygge.yml', line: 3, column: 11, text: '  lake: { type: local }' },
    },
  },
  'HYG-1089': {
    why: 'A connection was renamed, or a key that moved into it was left in a flow.',
    example: {
      what: 'The store and its connection `lake` both say `account_url`.',
      why: ['The connection says it in hygge.yml, line 3.'],
      tryThis: ['Remove `account_url` from the store.', 'Or make it another connection.'],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 28, text: 'store: { connection: lake, account_url: "https://…" }' },
    },
  },
  'HYG-1098': {
    why: 'The secret was not put into this vault yet, was disabled or deleted, or the variable is misspelt.',
    example: {
      what: 'The variable `SHOP_PASSWORD` is not set, and the vault has no secret `SHOP-PASSWORD`.',
      why: ['It was looked up in https://northwind.vault.azure.net: 404 SecretNotFound.'],
      tryThis: ['Put it there as `SHOP-PASSWORD`.', 'Or set SHOP_PASSWORD here, in the environment or in .env.'],
      where: {
        file: 'hygge.yml',
        line: 4,
        column: 62,
        text: '  shop: { type: postgres, host: db.internal, password: "${SHOP_PASSWORD}" }',
      },
    },
  },
  'HYG-1099': {
    why: 'Key Vault makes no difference between capital and small letters, and two variables differ by nothing else.',
    example: {
      what: 'The variables `Shop_Password` and `SHOP_PASSWORD` would be one secret of the vault.',
      why: ['https://northwind.vault.azure.net makes no difference between SHOP-PASSWORD and Shop-Password.'],
      tryThis: [
        'Give one of the two another name.',
        'Or set Shop_Password here, in the environment or in .env: what is set is not looked up.',
      ],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 14, text: '  password: "${Shop_Password}"' },
    },
  },
} as const satisfies Explained<typeof configCodes>;

/** How what is written comes to contradict what is found. */
export const facedExplained = {
  'HYG-1090': {
    why: 'The name was misspelt, or is the one that polish gives the column.',
    example: {
      what: 'schema_overrides names "ammount", and the source of crm.orders has no such column.',
      why: ['Closest to it: amount'],
      tryThis: ['Name a column as the source spells it, whatever polish calls it', 'Or take the line out of schema_overrides'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 30, text: 'schema_overrides: { ammount: decimal(18,4) }' },
    },
  },
  'HYG-1091': {
    why: 'A text that is to be a time, an instant that is to lose its zone, a list that is to be a number, a watermark that is to be text.',
    example: {
      what: "tags of crm.orders can't settle as int64.",
      why: ['The source has list<string>, and there is no exact conversion from that.'],
      tryThis: [
        'Write another type; string holds nearly everything',
        'Or convert it in the source: home: { query: … }, where the home has one',
      ],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 27, text: 'schema_overrides: { tags: int64 }' },
    },
  },
  'HYG-1092': {
    why: 'The override was written, changed or taken out after rows had settled.',
    example: {
      what: 'schema_overrides makes code of crm.orders date, and it settled as int64.',
      why: ['No type holds both, and an incremental run adds to the rows that are there.'],
      tryThis: ['Load it anew, as it is to be: hygge go -d -e crm.orders', 'Or leave it as it settled: schema_overrides: { code: int64 }'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 27, text: 'schema_overrides: { code: date }' },
    },
  },
  'HYG-1093': {
    why: 'The file was written to make room for a table, or to take one away.',
    example: {
      what: 'orders.sql has a statement that takes away what is there.',
      why: ['line 1: drop table if exists sales.orders'],
      tryThis: [
        'See all of it: hygge apply orders.sql --connection … --dry-run',
        'If line 1 and the others are meant: --allow-destructive',
      ],
    },
  },
  'HYG-1094': {
    why: 'The file was made by a tool that dumps databases, or for a client that runs each statement by itself.',
    example: {
      what: 'Line 12 says COMMIT: the file begins or ends transactions itself.',
      why: ['All of it runs in one transaction, which would be over there, with half of the file done.'],
      tryThis: ['Take COMMIT out: all statements are done, or none'],
    },
  },
  'HYG-1095': {
    why: 'A quote was forgotten, or the file is meant for psql (`\\copy`, `COPY … FROM STDIN`).',
    example: {
      what: "The SQL can't be taken apart: line 3.",
      why: ["A quote (') is opened there, and not closed."],
      tryThis: ['Correct that line', 'Or let the database’s own client run the file'],
    },
  },
  'HYG-1096': {
    why: 'The name was mistyped, or an editor saved the file in another encoding.',
    example: {
      what: 'ordesr.sql cannot be read.',
      why: ["ENOENT: no such file or directory, open 'ordesr.sql'"],
      tryThis: ['Name a file of SQL that you may read'],
    },
  },
  'HYG-1097': {
    why: 'The file has a struct, a list of lists or times in nanoseconds, which PostgreSQL has no exact column for.',
    example: {
      what: 'postgres has no type for seen, which is timestamp[ns].',
      why: [],
      tryThis: ['Say another type: schema_overrides: { seen: string }, with --entity in place of --input'],
    },
  },
} as const satisfies Explained<typeof facedConfigCodes>;

/** How wrong command lines come about, and what they look like. */
export const usageExplained = {
  'HYG-1901': {
    why: 'An option or argument is misspelt, is missing, or does not go with another one.',
    example: { what: '--count is for --dry-run.', why: [], tryThis: ['hygge go --dry-run --count'] },
  },
  'HYG-1902': {
    why: 'The flow or entity was renamed, or the command runs in another workspace than you think.',
    example: { what: 'There is no flow cmr.', why: ['There is: crm, sales'], tryThis: ['Did you mean crm?', 'See all: hygge list flows'] },
  },
  'HYG-1903': {
    why: '`-i` was given for everything, and one of the entities is always loaded whole.',
    example: {
      what: 'Nothing tells new rows from old ones in crm.users, crm.leads.',
      why: ['--incremental needs a watermark, or a home of files.'],
      tryThis: [
        'Give it watermark: { column: … } in its flow',
        'Leave it out: -e or -f name the entities to run',
        'Run it whole: hygge go -d',
      ],
    },
  },
  'HYG-1904': {
    why: 'There is a workspace in that folder already.',
    example: {
      what: 'There is something in my-lake already, and init never overwrites.',
      why: ['hygge.yml is there'],
      tryThis: ['Choose another folder: hygge init another-lake', 'If this is your workspace, it is ready: hygge debug -C my-lake'],
    },
  },
  'HYG-1905': {
    why: 'The command runs in a script or a scheduler.',
    example: {
      what: 'reset asks first, and nobody is there to answer.',
      why: [],
      tryThis: ['Say yes beforehand: hygge reset shop.orders --yes'],
    },
  },
  'HYG-1909': {
    why: 'The command runs in a script, or another name was typed.',
    example: {
      what: 'The target prod is protected, and nobody is there to type its name.',
      why: [],
      tryThis: ['Say its name with the command: --target prod --confirm prod'],
    },
  },
  'HYG-1906': {
    why: 'Nothing settled under the old name, a run is at work, or the new name has a state of its own.',
    example: {
      what: 'The state of crm.users cannot be moved to crm.people.',
      why: ['crm.users has no settled state to move.'],
      tryThis: ['See what there is: hygge status'],
    },
  },
  'HYG-1907': {
    why: 'The source is as it settled, or was accepted before as it is now.',
    example: {
      what: 'There is nothing to accept of shop.orders.',
      why: ['The columns are as they settled.'],
      tryThis: ['See what a run would do: hygge go --dry-run -e shop.orders'],
    },
  },
  'HYG-1908': {
    why: 'This account may not write there, or a folder has that name.',
    example: {
      what: 'The page cannot be written to /srv/www/report.html.',
      why: ['This account may not write there.'],
      tryThis: ['Name another file: hygge report --out report.html', 'Or write it to a pipe: hygge report --out -'],
    },
  },
} as const satisfies Explained<typeof usageCodes>;
