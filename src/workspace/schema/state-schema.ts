import * as z from 'zod';
import { secret } from '../../ports/secret-schema.ts';

/** `state:` of hygge.yml: where state and journal are kept. */

const files = z
  .strictObject({
    type: z.literal('files').meta({ description: 'files: in a folder next to hygge.yml.', default: 'files' }),
    path: z
      .string()
      .refine((path) => folderProblem(path) === undefined, { error: (issue) => folderProblem(String(issue.input)) ?? '' })
      .meta({
        description:
          'The folder of state and journal, below that of hygge.yml. With a variable in it each environment has a state of its own.',
        default: '.hygge',
        examples: [`.hygge/\${ENV}`],
      }),
  })
  .partial();

/** State and journal go where the workspace goes, and are found again there. */
function folderProblem(path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return 'a folder below that of hygge.yml; for a URL there is `type: object`';
  const segments = path.split('/');
  if (/^([/\\~]|[A-Za-z]:)/.test(path) || segments.includes('..')) return 'a folder below that of hygge.yml, such as `.hygge/dev`';
  if (segments.some((one) => one === '' || one === '.') || /[\\{}*?\p{Cc}]/u.test(path))
    return 'the plain name of a folder, such as `.hygge/dev`';
  return undefined;
}

/** Names as the services take them. */
const table = z.string().regex(/^[A-Za-z][A-Za-z0-9]{2,62}$/, { error: 'letters and digits, a letter first, 3 to 63 of them' });
const container = z
  .string()
  .regex(/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, { error: 'small letters, digits and single `-`, 3 to 63 of them' });
const accountUrl = z.string().regex(/^https:\/\/[a-z0-9-]+\.table\.[a-z0-9.-]+\/?$/, {
  error: "the address of the account's tables, such as `https://myaccount.table.core.windows.net`",
});

const tableStorage = z.strictObject({
  type: z.literal('table_storage').describe('table_storage: in a table and a container of a storage account, for all who share it.'),
  connection_string: secret().optional().meta({
    description:
      'The connection string of the storage account; from a variable, never written out. By default AzureWebJobsStorage of the environment.',
  }),
  account_url: accountUrl
    .meta({ examples: ['https://myaccount.table.core.windows.net'] })
    .optional()
    .describe('Instead of a connection string: the address of the tables, entered by identity (managed identity, `az login`).'),
  table: table.optional().meta({ description: 'The table; made when it is not there.', default: 'hygge' }),
  container: container
    .optional()
    .meta({ description: 'The container of plans, intents and schemas; made when it is not there.', default: 'hygge-state' }),
});

/** The other keys are those of the system that the URL is of: `settleStatePlace` checks them. */
const object = z.looseObject({
  type: z.literal('object').describe('object: in a folder of a data lake or bucket, next to the data, for all who share it.'),
  path: z
    .string()
    .min(1)
    .meta({ examples: ['s3://lake/northwind', 'abfss://lake@myaccount.dfs.core.windows.net/northwind'] })
    .describe(
      'The URL of the folder; the state is in `.hygge` below it. Keys that say who we are there are written next to it, as in a home or store of that kind.',
    ),
});

const sql = z.strictObject({
  type: z.literal('sql').describe('sql: in tables of a database, for all who share it; or in a file of SQLite.'),
  connection: z.string().min(1).describe('Which database, by its name among `connections`: PostgreSQL or SQLite.'),
  metadata_schema: z
    .string()
    .min(1)
    .max(50)
    .regex(/^[^\0]*$/)
    .optional()
    .meta({
      description:
        'The schema of its tables; made when it is not there and the role may make it. In SQLite, what the names of the tables begin with.',
      default: 'hygge_metadata',
    }),
});

export const stateSchema = z.discriminatedUnion('type', [files, tableStorage, object, sql]).describe('The place of state and journal.');

export type WrittenState = z.output<typeof stateSchema>;
