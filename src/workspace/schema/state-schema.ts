import * as z from 'zod';
import { secret } from '../../ports/secret-schema.ts';

/** `state:` of hygge.yml: where state and journal are kept. */

const files = z
  .strictObject({
    type: z.literal('files').meta({ description: 'files: state is in a folder next to hygge.yml.', default: 'files' }),
    path: z
      .string()
      .refine((path) => folderProblem(path) === undefined, { error: (issue) => folderProblem(String(issue.input)) ?? '' })
      .meta({
        description:
          'The folder of state and journal, inside the folder of hygge.yml. With a variable in the name, each environment has its own state.',
        default: '.hygge',
        examples: [`.hygge/\${ENV}`],
      }),
  })
  .partial();

/** A relative path, because state and journal must still be found after the workspace is moved. */
function folderProblem(path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return 'a folder inside the folder of hygge.yml; for a URL, use `type: object`';
  const segments = path.split('/');
  if (/^([/\\~]|[A-Za-z]:)/.test(path) || segments.includes('..')) return 'a folder inside the folder of hygge.yml, such as `.hygge/dev`';
  if (segments.some((one) => one === '' || one === '.') || /[\\{}*?\p{Cc}]/u.test(path))
    return 'the plain name of a folder, such as `.hygge/dev`';
  return undefined;
}

/** The names of tables and containers that the services accept. */
const table = z.string().regex(/^[A-Za-z][A-Za-z0-9]{2,62}$/, { error: '3 to 63 letters and digits, a letter first' });
const container = z
  .string()
  .regex(/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, { error: '3 to 63 characters: small letters, digits and single `-`' });
const accountUrl = z.string().regex(/^https:\/\/[a-z0-9-]+\.table\.[a-z0-9.-]+\/?$/, {
  error: "the address of the account's tables, such as `https://myaccount.table.core.windows.net`",
});

const tableStorage = z.strictObject({
  type: z
    .literal('table_storage')
    .describe('table_storage: state is in a table and a container of a storage account. Several machines can share this state.'),
  connection_string: secret().optional().meta({
    description:
      'The connection string of the storage account. Write a variable here, never the text itself. Default: AzureWebJobsStorage of the environment.',
  }),
  account_url: accountUrl
    .meta({ examples: ['https://myaccount.table.core.windows.net'] })
    .optional()
    .describe('Instead of a connection string: the address of the tables. hygge signs in with an identity (managed identity, `az login`).'),
  table: table.optional().meta({ description: 'The table. It is created if it does not exist.', default: 'hygge' }),
  container: container
    .optional()
    .meta({ description: 'The container of plans, intents and schemas. It is created if it does not exist.', default: 'hygge-state' }),
});

/** Other keys belong to the system of the URL, so `settleStatePlace` checks them. */
const object = z.looseObject({
  type: z
    .literal('object')
    .describe('object: state is in a folder of a data lake or bucket, next to the data. Several machines can share this state.'),
  path: z
    .string()
    .min(1)
    .meta({ examples: ['s3://lake/northwind', 'abfss://lake@myaccount.dfs.core.windows.net/northwind'] })
    .describe(
      'The URL of the folder. The state is in `.hygge` below it. Keys for signing in are written next to `path`, as in a home or store of the same type.',
    ),
});

const sql = z.strictObject({
  type: z.literal('sql').describe('sql: state is in tables of a database, or in a file of SQLite. Several machines can share a database.'),
  connection: z.string().min(1).describe('The name of the database in `connections`: PostgreSQL or SQLite.'),
  metadata_schema: z
    .string()
    .min(1)
    .max(50)
    .regex(/^[^\0]*$/)
    .optional()
    .meta({
      description:
        'The schema of the tables. It is created if it does not exist and the role may create it. In SQLite, the prefix of the table names.',
      default: 'hygge_metadata',
    }),
});

export const stateSchema = z.discriminatedUnion('type', [files, tableStorage, object, sql]).describe('The place of state and journal.');

export type WrittenState = z.output<typeof stateSchema>;
