import * as z from 'zod';
import { columnType } from './column-type.ts';

/** `schema:`, `schema_evolution:` and `migrations:` as they are written. evolution.ts interprets these keys when the layers are merged. */

const literal = z.string().min(1).meta({ asWritten: true });
const column = z.string().min(1);

export const driftSchema = z
  .strictObject({
    mode: z.enum(['strict', 'warn', 'adapt']).meta({
      description:
        'What a run does when columns of the source change. strict: it stops. warn: new columns settle and removed ones stay, with a warning; a changed type stops the run. adapt: new columns settle with a warning, removed columns are noted, and types are widened.',
      default: 'warn',
    }),
    expected_schema_path: z
      .union([z.string().min(1), z.null()])
      .describe(
        'A JSON or YAML file with the columns the source should have. It replaces the columns that settled last. The path is relative to hygge.yml, and may contain {entity} and {flow}.',
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
      .describe('What happens to a new column. The default depends on the mode: fail in strict mode, else auto.'),
    remove_columns: z
      .enum(['warn', 'ignore', 'fail', 'null_fill'])
      .describe(
        'What happens when a column is gone. The default depends on the mode: fail in strict mode, ignore in adapt mode, else warn.',
      ),
    type_changes: z
      .enum(['fail', 'warn', 'widen', 'cast', 'new_column'])
      .describe('What happens when the type of a column changed. The default depends on the mode: widen in adapt mode, else fail.'),
    nullable_changes: z
      .enum(['warn', 'ignore', 'fail'])
      .describe(
        'What happens when a column becomes nullable, or is no longer nullable. The default depends on the mode: fail in strict mode, else warn.',
      ),
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
      rename: z.record(column, literal).describe('The name of a column after polish, and the name it settles with.'),
      cast: z
        .record(column, columnType)
        .describe('A column, and the type it settles with. A value that the type cannot store exactly stops the run.'),
      default: z
        .record(column, z.union([constant, typedConstant]))
        .describe(
          'A column that the source may lack, and the value with which the column then settles. With a type: { value: 0, type: int32 }.',
        ),
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

/** The possible types depend on the store, so overrides.ts interprets the written text. */
export const overrides = z.record(column, z.string().min(1));

export type WrittenDrift = z.infer<typeof driftSchema>;
export type WrittenPolicies = z.infer<typeof policies>;
