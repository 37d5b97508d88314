/** Keys that homes of all databases have, and keys that stores of several databases have. */

import * as z from 'zod';
import { readColumnType, typesGiven, typesKey } from '../frames/type-text.ts';
import type { KeysOf } from '../ports/secret-schema.ts';
import { durationMs } from '../workspace/durations.ts';
import type { Source, SourceOptions } from './engine.ts';
import type { KeyConflict } from './server-keys.ts';
import { conditionProblem, type SqlSyntax } from './sql/statements.ts';

const text = z.string().min(1);
const columnNames = z.array(text.meta({ names: 'column' })).nonempty();

const decimal = z.string().superRefine((written, found) => {
  if (written === 'text') return;
  const read = readColumnType(written);
  if ('type' in read && read.type.kind === 'decimal') return;
  found.addIssue({
    code: 'custom',
    message: 'A decimal such as decimal(38, 10), or text',
    params: { tryThis: 'Write "decimal(38, 10)" or text.' },
  });
});

const wait = z
  .string()
  .refine((written) => durationMs(written) !== undefined, 'a duration such as 30s or 2m')
  .transform((written) => durationMs(written) ?? 0);

export const indexKey = {
  index: z
    .boolean()
    .optional()
    .describe(
      'false: a table that hygge makes for a merge gets no index of its key. Default: the table gets an index with its first rows, so that later merges need not read the whole table. An existing table gets no index.',
    ),
};

export const databaseHomeKeys = {
  table: text
    .optional()
    .describe('The table or view that is read, with its schema or without. Names are used exactly as written. Default: {entity}.'),
  query: text.optional().describe('A SELECT that is read in place of a table.'),
  columns: columnNames.optional().describe('Only these columns.'),
  exclude: columnNames.optional().describe('All columns but these.'),
  where: text
    .optional()
    .describe(
      'Only rows for which this condition is true, in the SQL of the database: amount > 0 and region is not null. With a changed condition, the home counts as another source.',
    ),
  batch_size: z.int().positive().optional().describe('The maximum number of rows in one frame. The limit in bytes usually applies first.'),
  decimals: z
    .union([decimal, z.record(text, decimal)])
    .optional()
    .describe(
      'The type for numbers without a precision: "decimal(38, 10)", or one type for each column. A value with more digits is an error. Default: text.',
    ),
  special_values: z
    .enum(['fail', 'to_null'])
    .default('fail')
    .describe(
      'How to read NaN and infinity in exact numbers, dates and times outside of the years 1 to 9999, 24:00:00 and dates of zeros. These values are an error, or become null and are counted by column in a warning.',
    ),
  safe_wait: wait
    .prefault('30s')
    .describe(
      'How long to wait for open transactions when the newest value of the watermark is looked up: such transactions may still commit rows below this value.',
    ),
};

/** Keys of homes that only some engines support. */
export const optionalHomeKeys = {
  types: typesKey.describe(
    'Types of columns whose declaration is missing or wrong: { created: "timestamp[us, UTC]" }. string accepts numbers as well.',
  ),
  bad_rows: z
    .enum(['fail', 'skip', 'quarantine'])
    .default('fail')
    .describe(
      'What happens to rows with a value that the type of its column can not hold. The run fails, leaves these rows out and counts them, or puts them into quarantine.',
    ),
  booleans: z
    .boolean()
    .default(false)
    .describe('By default, tinyint(1) is read as an 8-bit number. true: it is read as true or false, and any other number is an error.'),
  time_unit: z
    .enum(['ns', 'us'])
    .default('ns')
    .describe(
      'Times with more than six digits: ns keeps all of them, in the years 1678 to 2261. us cuts the seventh digit off, in the years 1 to 9999.',
    ),
  offsets: z
    .boolean()
    .default(false)
    .describe('Times with an offset are instants. true: a second column (created_offset) has the offset of each time, in minutes.'),
  allow_filtered: z
    .boolean()
    .default(false)
    .describe('true: a warning, not an error, if a security policy hides rows or a mask hides values from the role.'),
};

export type BadRows = 'fail' | 'skip' | 'quarantine';

/** The config of a home, with `safe_wait` in milliseconds. */
export type DatabaseHomeConfig = KeysOf<typeof databaseHomeKeys> & Partial<KeysOf<typeof optionalHomeKeys>>;

export function homeKeyConflict(config: DatabaseHomeConfig, syntax?: SqlSyntax): KeyConflict {
  if (config.table !== undefined && config.query !== undefined) return { key: 'query', needs: 'Either table or query, not both' };
  if (config.table === undefined && config.query === undefined) return { key: 'table', needs: 'A table or a query' };
  if (config.columns && config.exclude) return { key: 'exclude', needs: 'Either columns or exclude, not both' };
  const problem = config.where === undefined || syntax === undefined ? undefined : conditionProblem(config.where, syntax);
  return problem === undefined ? undefined : { key: 'where', needs: problem };
}

export function sourceOf({ table, query }: DatabaseHomeConfig): Source {
  return query === undefined ? { table: table ?? '' } : { query };
}

export function sourceOptionsOf({ columns, exclude, where, decimals, ...more }: DatabaseHomeConfig): SourceOptions {
  const { special_values: specialValues, time_unit: timeUnit, offsets, allow_filtered: allowFiltered, booleans } = more;
  const types = typesGiven(more.types);
  return { columns, exclude, where, decimals, specialValues, timeUnit, offsets, allowFiltered, booleans, types };
}
