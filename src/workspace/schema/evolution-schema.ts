import * as z from 'zod';
import { columnType } from './column-type.ts';

/** `schema:`, `schema_evolution:` and `migrations:` as they are written. What they mean is settled in evolution.ts, when the layers are merged. */

const literal = z.string().min(1).meta({ asWritten: true });
const column = z.string().min(1);

export const driftSchema = z
  .strictObject({
    mode: z.enum(['strict', 'warn', 'adapt']).meta({
      description:
        'What a run does when columns of the source change. strict: it stops. warn: new columns settle and removed ones stay, with a warning; another type stops the run. adapt: types are widened too.',
      default: 'warn',
    }),
    expected_schema_path: z
      .union([z.string().min(1), z.null()])
      .describe(
        'A JSON or YAML file with the columns the source should have, in place of those that settled last; relative to hygge.yml, with {entity} and {flow}.',
      ),
    samples: z.enum(['show', 'mask']).meta({
      description: 'Whether reports of a change show some values of the column.',
      default: 'show',
    }),
  })
  .partial();

export const policies = z
  .strictObject({
    add_columns: z
      .enum(['auto', 'warn', 'ignore', 'fail'])
      .describe('What is done with a new column. By default as the mode says: auto, in strict mode fail.'),
    remove_columns: z
      .enum(['warn', 'ignore', 'fail', 'null_fill'])
      .describe('What is done when a column is gone. By default as the mode says: warn, in strict mode fail, in adapt mode ignore.'),
    type_changes: z
      .enum(['fail', 'warn', 'widen', 'cast', 'new_column'])
      .describe('What is done when a column has another type. By default as the mode says: fail, in adapt mode widen.'),
    nullable_changes: z
      .enum(['warn', 'ignore', 'fail'])
      .describe('What is done when a column may be null now, or no more. By default as the mode says: warn, in strict mode fail.'),
  })
  .partial();

const constant = z.union([z.string(), z.number(), z.boolean()]);

const typedConstant = z.strictObject({
  value: constant.describe('The value: text, a number, true or false.'),
  type: columnType.describe('The type of the column, if the value does not show it.').optional(),
});

const oneChange =
  'Write an item for each change: `- rename: { mail: email }`, `- cast: { amount: decimal(18,2) }`, `- default: { status: new }`.';

export const migrations = z.array(
  z
    .strictObject({
      rename: z.record(column, literal).describe('A column, by the name that polish leaves it, and the name it settles as.'),
      cast: z
        .record(column, columnType)
        .describe('A column, and the type it settles as; a value that has no exact one there stops the run.'),
      default: z
        .record(column, z.union([constant, typedConstant]))
        .describe('A column that the source may lack, and the value it settles with then; with a type: { value: 0, type: int32 }.'),
    })
    .partial()
    .refine(
      (change) => Object.keys(change).length === 1 && Object.values(change).every((columns) => Object.keys(columns ?? {}).length > 0),
      {
        error: 'An item of `migrations` names one change, `rename`, `cast` or `default`, and at least one column.',
        params: { tryThis: oneChange },
        when: ({ issues }) => issues.length === 0,
      },
    ),
);

/** Which types there are depends on the store: what is written is settled in overrides.ts. */
export const overrides = z.record(column, z.string().min(1));

export type WrittenDrift = z.infer<typeof driftSchema>;
export type WrittenPolicies = z.infer<typeof policies>;
