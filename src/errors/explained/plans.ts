import type { configCodes } from '../config-codes.ts';
import type { Explained } from './explained.ts';

/** How mistakes in what a workspace asks for come about, and what they look like. */
export const plansExplained = {
  'HYG-1030': {
    why: 'The type is misspelt, or belongs to a connector that this version does not have.',
    example: {
      what: 'There is no connector of type `parkuet`. Did you mean `parquet`?',
      why: [],
      tryThis: ['The types are `local` and `parquet`.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 15, text: 'home: { type: parkuet, path: data }' },
    },
  },
  'HYG-1031': {
    why: 'Home and store were swapped, or the system can only be read, or only be written.',
    example: {
      what: "`lake` can't be used as a home.",
      why: ['This connector only offers a store.'],
      tryThis: ['Use another type for the home; `hygge list connectors` shows what each offers.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 15, text: 'home: { type: lake, container: raw, path: in }' },
    },
  },
  'HYG-1032': {
    why: 'A path was moved to another system and its `type` stayed, or the URL lacks the container or the account.',
    example: {
      what: 'The path `gs://lake/crm` of the store is one of type `gcs`, but its `type` is `s3`.',
      why: ['The type is in flows/crm/flow.yml, line 2.'],
      tryThis: ['Write `type: gcs`, or leave `type` out: the URL tells it.', 'Or correct the path.'],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 27, text: 'store: { type: s3, path: "gs://lake/crm" }' },
    },
  },
  'HYG-1033': {
    why: 'An entity got a URL of its own while its flow names another bucket, or the URL was changed and the key beside it was not.',
    example: {
      what: 'The path `s3://lake/crm` of the store and its `bucket` name two different places.',
      why: ['The URL says `lake`; `bucket` is `pond` in flows/crm/flow.yml, line 3.'],
      tryThis: ['Remove `bucket`: the URL names it.', 'Or write only the path inside the container.'],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 16, text: 'store: { path: "s3://lake/crm", bucket: pond }' },
    },
  },
  'HYG-1034': {
    why: 'A URL was pasted as a portal shows it, with its signature; or with a user and a password, as programs of other makers take it.',
    example: {
      what: 'The path of the home has a signature in it.',
      why: ['An address is shown in messages, plans and the journal, and kept with what settled; a secret is not.'],
      tryThis: [`Cut the URL off before the \`?\`, and put what follows into \`sas_token: \${SAS_TOKEN}\`.`],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 7, text: 'home: ***' },
    },
  },
  'HYG-1035': {
    why: 'Each entity was meant to have a bucket of its own.',
    example: {
      what: 'The `bucket` in the path `s3://{entity}/crm` of the store holds a template.',
      why: ['What hygge remembers of a flow lies in one container, and hygge makes no containers.'],
      tryThis: ['Put the template into the folders: `s3://bucket/{entity}`.', 'Or give each entity a URL of its own.'],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 8, text: 'store: "s3://{entity}/crm"' },
    },
  },
  'HYG-1036': {
    why: 'The page was to lie beside the files of one table, or the folder was named without the file.',
    example: {
      what: 'The page of `report` would lie where `shop.orders` settles.',
      why: ['It settles in s3://lake/shop/orders.'],
      tryThis: ['Put it beside the data: in the folder above, or in one of its own, such as `report: status/status.html`.'],
      where: { file: 'hygge.yml', line: 2, column: 9, text: 'report: s3://lake/shop/orders/status.html' },
    },
  },
  'HYG-1040': {
    why: 'The folder of the flow, or its key below `flows:`, begins with a digit or holds a space, a dot or an accent.',
    example: {
      what: "A flow can't be named `2crm`: it must begin with a letter (A to Z).",
      why: [],
      tryThis: ['Rename the flow (its folder, or its key below `flows:`).'],
      where: { file: 'flows/2crm/flow.yml', line: 1, column: 1, text: 'home: in' },
    },
  },
  'HYG-1041': {
    why: 'A flow was copied and renamed only in case, or stands both in a folder and in hygge.yml.',
    example: {
      what: 'There are two flows named `CRM` (the other is written `crm`).',
      why: ['The other one is in flows/crm/flow.yml.'],
      tryThis: ['Rename one of the two.'],
      where: { file: 'hygge.yml', line: 2, column: 3, text: '  CRM:' },
    },
  },
  'HYG-1042': {
    why: 'A quoted name holds a line break or tab, or is very long.',
    example: {
      what: "An entity can't be named `a\\u{a}b`: it holds a control character (a line break, a tab or the like).",
      why: [],
      tryThis: ['Rename it; `source:` may hold the name it has at its home.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 12, text: 'entities: ["a\\nb"]' },
    },
  },
  'HYG-1043': {
    why: 'An entity is both in a file of its own and in `entities`, or twice in the list.',
    example: {
      what: 'There are two entities named `account` in this flow (the other is written `Account`).',
      why: ['The other one is in flows/crm/flow.yml, line 3.'],
      tryThis: ['Rename one of the two; `source:` may hold the name it has at its home.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 21, text: 'entities: [Account, account]' },
    },
  },
  'HYG-1044': {
    why: 'The workspace is new, or `flows_dir` names another folder.',
    example: {
      what: 'There are no flows in this workspace.',
      why: ['There is no flows/<name>/flow.yml, and hygge.yml has no `flows:`.'],
      tryThis: ['Write a flows/<name>/flow.yml with a `home` and a `store`; `hygge init --example` shows one.'],
      where: { file: 'hygge.yml', line: 1, column: 1, text: 'name: shop' },
    },
  },
  'HYG-1045': {
    why: 'Every entity was removed or commented out.',
    example: {
      what: '`entities` is empty.',
      why: ['Loading the whole home as one entity instead would be a surprise.'],
      tryThis: ['Name at least one entity, or remove `entities`.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 1, text: 'entities: []' },
    },
  },
  'HYG-1046': {
    why: 'The home reads by a `query`, or one table or file; or it is a system that has no list of what is in it.',
    example: {
      what: "The home of flow `crm` can't be searched for entities.",
      why: ['They are found among the tables of a database, or among the files and folders of a path.'],
      tryThis: [
        'Name them: `entities: [orders, customers]`.',
        'Or let the home say where they lie: `home: { connection: shop, table: "sales.{entity}" }`, `home: "data/{entity}/*.parquet"`.',
      ],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 11, text: 'entities: "*"' },
    },
  },
  'HYG-1047': {
    why: 'The folder is empty, the pattern is misspelt, the role may read nothing, or the database did not answer.',
    example: {
      what: 'Nothing was found at the home of flow `crm`.',
      why: ['`entities` leaves it to what is there, and nothing there is like it. A run that does nothing would look as if all were well.'],
      tryThis: [
        'Check the place, the patterns of `entities`, and what the role may read.',
        'Or name the entities: `entities: [orders, customers]`.',
      ],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 11, text: 'entities: "*"' },
    },
  },
  'HYG-1050': {
    why: 'A flow changed from a full load to an incremental run, or the other way round, and `write_strategy` stayed.',
    example: {
      what: '`write_strategy: temp_swap` contradicts what this run does: it adds rows to those that are there.',
      why: ['`run_type`, `if_exists` and the key say what a run does; `write_strategy` only says how.'],
      tryThis: [
        'Remove `write_strategy`, or write `direct_insert`; for a swap, load with `run_type: full_drop` and without `if_exists: append`.',
      ],
      where: { file: 'flows/crm/flow.yml', line: 5, column: 17, text: 'write_strategy: temp_swap' },
    },
  },
  'HYG-1051': {
    why: '`write_strategy: merge` was set before the key was known.',
    example: {
      what: '`write_strategy: merge` needs to know which columns tell rows apart.',
      why: [],
      tryThis: ['Add them to the watermark: `watermark: { column: updated_at, key: [id] }`.', 'Or remove `write_strategy`.'],
      where: { file: 'flows/crm/flow.yml', line: 5, column: 17, text: 'write_strategy: merge' },
    },
  },
  'HYG-1052': {
    why: 'The path of the store has no part that differs from entity to entity.',
    example: {
      what: '`crm.b` and `crm.a` would settle in the same place.',
      why: ['Each would replace what the other settled.', 'The other is in flows/crm/flow.yml, line 3.'],
      tryThis: ['Give each a path or table of its own, for example with `{entity}` or `{flow}` in it.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 15, text: 'entities: [a, b]' },
    },
  },
  'HYG-1053': {
    why: 'A store path was copied from the home, file name and all.',
    example: {
      what: 'The path `out/orders.parquet` of the store names a file, but a store settles into a folder.',
      why: ['A settled entity is a folder of files whose names hygge chooses.'],
      tryThis: ['Name a folder: `out/orders`.'],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 8, text: 'store: out/orders.parquet' },
    },
  },
  'HYG-1054': {
    why: 'The flow had one entity with one file, and now has several.',
    example: {
      what: 'The path `in/{a,b}/x` of the home is a pattern, so nothing can be joined to it for each entity.',
      why: [],
      tryThis: ['Put `{entity}` into it: `in/{a,b}/{entity}`.', 'Or name the folder, and give each entity a `path` below it.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 7, text: 'home: "in/{a,b}/x"' },
    },
  },
  'HYG-1055': {
    why: 'The path of an entity begins with `..`.',
    example: {
      what: "The path `../b` leads out of the flow's own path.",
      why: ["An entity's relative path is below that of its flow, where hygge keeps its records too."],
      tryThis: ['Write a path without `..`, or an absolute one.'],
      where: { file: 'flows/crm/flow.yml', line: 4, column: 31, text: '  - { name: a, store: { path: ../b } }' },
    },
  },
  'HYG-1056': {
    why: 'Home and store share a folder, or one is inside the other.',
    example: {
      what: 'The store of flow `crm` lies in the folder that its home reads.',
      why: ['A home reads a folder with all folders in it, so every run would read again what the last one settled.'],
      tryThis: ['Let the store settle in a folder beside that of the home.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 1, text: 'home: data' },
    },
  },
  'HYG-1057': {
    why: 'Home and store share a folder, or one is inside the other.',
    example: {
      what: 'The home of flow `crm` lies in a folder where the flow itself settles.',
      why: ['`crm.crm` settles in /projects/shop/data; replacing what is there would delete the source.'],
      tryThis: ['Let the store settle in a folder beside that of the home.'],
      where: { file: 'flows/crm/flow.yml', line: 1, column: 7, text: 'home: data/in' },
    },
  },
  'HYG-1058': {
    why: 'The path of a store is `.`, `..` or the root.',
    example: {
      what: "The store of flow `crm` settles in a folder that holds the workspace's own hygge.yml.",
      why: ['It would settle in /.', 'A store that replaces what is in its folder would take the workspace with it.'],
      tryThis: ['Let it settle in a folder of its own, such as `store: lake`.'],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 8, text: 'store: /' },
    },
  },
  'HYG-1059': {
    why: 'A dated path was meant to find the files of the day, or to keep a copy of each day.',
    example: {
      what: '`{date}` in the path of the store makes another destination every day.',
      why: ['The state remembers where the last run settled, so the run of the next day would be stopped.'],
      tryThis: [
        'Remove `{date}` from it: the rows of every day settle in one folder.',
        'For a folder of its own for each load, write `layout: versioned` below `store:`.',
      ],
      where: { file: 'flows/crm/flow.yml', line: 2, column: 8, text: 'store: "{date}"' },
    },
  },
  'HYG-1060': {
    why: 'The flow, the path or the `=` is missing, or the shell took a quote or a bracket for itself.',
    example: {
      what: '`--var crm.store` is not understood.',
      why: [],
      tryThis: ['Write `--var flow.<flow>.<path>=<yaml value>`, for example `--var flow.crm.store.path=/tmp/try`.'],
      where: { file: '--var crm.store', line: 1, column: 1, text: '' },
    },
  },
  'HYG-1061': {
    why: 'The flow was renamed, or its name is misspelt.',
    example: {
      what: 'There is no flow `crn`. Did you mean `crm`?',
      why: [],
      tryThis: ['The flows are `crm`.'],
      where: { file: '--var flow.crn.store', line: 1, column: 1, text: 'x' },
    },
  },
  'HYG-1070': {
    why: 'Most programs write cron with five fields; here the first one is seconds.',
    example: {
      what: '`schedule` needs six fields, seconds first: `0 0 2 * * *`, not `0 2 * * *`.',
      why: [],
      tryThis: ['Write six fields, seconds first: `0 0 2 * * *`.'],
      where: { file: 'flows/crm/flow.yml', line: 3, column: 11, text: 'schedule: 0 2 * * *' },
    },
  },
} as const satisfies Explained<typeof configCodes>;
