import * as z from 'zod';
import { secret } from '../../ports/secret-schema.ts';

/** `polish:` as it is written. polish.ts interprets `polish` when the layers are merged. */

const literal = z.string().min(1).meta({ asWritten: true });
const columnName = literal.meta({ asWritten: true, names: 'column' });
const columnNames = z.union([columnName.transform((name) => [name]), z.array(columnName).min(1)]);
const newName = literal.describe('The name of the added column.');

/** Kinds of values that a constant may have. */
export const constantTypes = ['string', 'bool', 'int32', 'int64', 'float64', 'date', 'datetime'] as const;
export type ConstantType = (typeof constantTypes)[number];

const columns = z
  .strictObject({
    remove_special: z.boolean().meta({
      description: 'Keep only `_`, spaces, and the letters and digits of any script. Words in parentheses move to the end.',
      default: false,
    }),
    remove_spaces: z.boolean().meta({ description: 'Remove spaces from names.', default: false }),
    case: z.enum(['pascal', 'camel', 'snake']).nullable().describe('How the words of a name are joined: OrderNo, orderNo or order_no.'),
  })
  .partial()
  .describe("How the source's columns are renamed.");

const hashId = z.strictObject({
  name: newName,
  from_columns: columnNames.describe("The source's columns from which the id is made, in this order."),
  algo: z.literal('sha256').meta({ description: 'How the id is made.', default: 'sha256' }).optional(),
  hex: z.boolean().meta({ description: 'true: the id is 64 hex digits. false: 32 bytes.', default: true }).optional(),
});

const constant = z.strictObject({
  name: newName,
  value: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .describe('The value in every row: text, a number, true or false; or null, if the type is named.'),
  type: z.enum(constantTypes).describe('The type of the column, if the value does not show it.').optional(),
});

const timestamp = z.strictObject({
  name: newName,
  source: z
    .enum(['now_utc', 'now_local'])
    .meta({ description: 'now_utc: the time when the run began, the same in every row.', default: 'now_utc' })
    .optional(),
  type: z.enum(['datetime', 'string']).describe('datetime, or text in the given format.').optional(),
  format: z.string().min(1).describe('The format of the text: %Y-%m-%d %H:%M:%S').optional(),
});

const columnsFrom = z
  .strictObject({
    run_id: literal.describe('A column with the id of the run.'),
    entity_run_id: literal.describe('A column with the id of the entity run.'),
    source_file: literal.describe('A column with the file from which a row was read.'),
  })
  .partial()
  .describe('Columns that say where a row comes from.');

const rowMarker = z
  .strictObject({
    enabled: z.boolean().describe('Whether there is a column __rowMarker__.'),
    value: z.int().meta({ description: 'Its value.', default: 4 }),
  })
  .partial()
  .describe('An older spelling of a constant named __rowMarker__.');

const maskBy = z.union([
  z.enum(['hash', 'null']),
  z.null(),
  z.strictObject({ first: z.int().positive().describe('How many characters are kept from the beginning.') }),
]);

const mask = z
  .strictObject({
    columns: z
      .record(literal, maskBy)
      .describe(
        'How each column is masked, by its name at the source: `hash` (equal values get the same hash), `null`, or `{ first: 2 }` for the first characters of a text.',
      ),
    secret: secret().describe(
      'The secret that hashes are made with: keep it in a variable. A person who has the secret can find the value behind a hash.',
    ),
  })
  .partial()
  .describe('Columns with personal data. hygge masks their values when it reads them.');

export const polish = z
  .strictObject({
    columns,
    hash_ids: z.array(hashId).describe('Ids made from the values of a row. They become the first columns.'),
    constants: z.array(constant).describe('Columns with one value.'),
    timestamps: z.array(timestamp).describe('Columns with the time when the run began.'),
    columns_from: columnsFrom,
    mask,
    add_row_marker: rowMarker,
  })
  .partial();

export type WrittenPolish = z.infer<typeof polish>;
