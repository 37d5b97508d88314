import * as z from 'zod';
import { secret } from '../../ports/secret-schema.ts';

/** `polish:` as it is written. What it means is settled in polish.ts, when the layers are merged. */

const literal = z.string().min(1).meta({ asWritten: true });
const columnName = literal.meta({ asWritten: true, names: 'column' });
const columnNames = z.union([columnName.transform((name) => [name]), z.array(columnName).min(1)]);
const newName = literal.describe('The name of the added column, as it settles.');

/** Kinds of values that a constant may have. */
export const constantTypes = ['string', 'bool', 'int32', 'int64', 'float64', 'date', 'datetime'] as const;
export type ConstantType = (typeof constantTypes)[number];

const columns = z
  .strictObject({
    remove_special: z.boolean().meta({
      description: 'Only letters and digits of every script, `_` and spaces stay; words in parentheses go to the end.',
      default: false,
    }),
    remove_spaces: z.boolean().meta({ description: 'Take spaces out of names.', default: false }),
    case: z.enum(['pascal', 'camel', 'snake']).nullable().describe('Join the words of a name as OrderNo, orderNo or order_no.'),
  })
  .partial()
  .describe("How the source's columns are renamed.");

const hashId = z.strictObject({
  name: newName,
  from_columns: columnNames.describe("The source's columns that the id is made of, in this order."),
  algo: z.literal('sha256').meta({ description: 'How it is made.', default: 'sha256' }).optional(),
  hex: z.boolean().meta({ description: 'As 64 hex digits; false: as 32 bytes.', default: true }).optional(),
});

const constant = z.strictObject({
  name: newName,
  value: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .describe('The value of every row: text, a number, true or false; nothing, where the type is named.'),
  type: z.enum(constantTypes).describe('The type of the column, if the value does not show it.').optional(),
});

const timestamp = z.strictObject({
  name: newName,
  source: z
    .enum(['now_utc', 'now_local'])
    .meta({ description: 'now_utc: when the run began, the same in every row of it.', default: 'now_utc' })
    .optional(),
  type: z.enum(['datetime', 'string']).describe('datetime, or text of the format.').optional(),
  format: z.string().min(1).describe('How the text is written: %Y-%m-%d %H:%M:%S').optional(),
});

const columnsFrom = z
  .strictObject({
    run_id: literal.describe('A column that holds the id of the run.'),
    entity_run_id: literal.describe('A column that holds the id of the entity run.'),
    source_file: literal.describe('A column that holds the file a row was read from.'),
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
  z.strictObject({ first: z.int().positive().describe('So many characters from the beginning stay.') }),
]);

const mask = z
  .strictObject({
    columns: z
      .record(literal, maskBy)
      .describe(
        'How, by the source’s names: `hash` (the same value has the same hash), `null`, or `{ first: 2 }` for the first characters of a text.',
      ),
    secret: secret().describe('What hashes are made with: let a variable hold it. Who has it can find out which value a hash is of.'),
  })
  .partial()
  .describe('Columns of personal data, whose values are masked when they are read.');

export const polish = z
  .strictObject({
    columns,
    hash_ids: z.array(hashId).describe('Ids made of the values of a row; they become the first columns.'),
    constants: z.array(constant).describe('Columns with one value.'),
    timestamps: z.array(timestamp).describe('Columns that hold when the run began.'),
    columns_from: columnsFrom,
    mask,
    add_row_marker: rowMarker,
  })
  .partial();

export type WrittenPolish = z.infer<typeof polish>;
