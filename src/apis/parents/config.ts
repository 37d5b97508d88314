/** The config keys for arrays inside records, for parents, and for marks of deleted records. */
import * as z from 'zod';
import { selector } from '../lists/config.ts';

const text = z.string().min(1);
/** A path of names with dots between them. `[]` after a name: the path continues in each object of that array. */
const arrays = text.regex(/^[^.[\]]+((\[\])?\.[^.[\]]+)*$/, 'names with dots between them, such as lines or sections[].lines');

export const deleted = z.strictObject({
  at: selector
    .refine((at) => at !== '_deleted', 'the records already have a column _deleted')
    .describe('The field that marks deleted records: `archived`, `deleted_at`.'),
  is: z
    .union([z.boolean(), z.string(), z.number()])
    .optional()
    .describe(
      'The value of a deleted record: `true`. Absent: any value except null, false and an empty text. The numbers 0 and 1 need `is`.',
    ),
});
export type DeletedMark = z.infer<typeof deleted>;

export const rowKeys = {
  each: arrays
    .optional()
    .describe(
      'The array inside each record whose objects are the rows of the entity: `lines`, or `sections[].lines` through the arrays on the way.',
    ),
  cut_lists: z
    .literal('take')
    .optional()
    .describe(
      'take: a list inside a record is written with the items that it has, even if `has_more: true` next to it says that the API has more. Absent: such a record stops the run.',
    ),
  parent: z
    .record(text, selector)
    .optional()
    .describe('Columns that each row gets from the record around it (`each`), or from its parent (`from`): `{ order_id: id }`.'),
  deleted: deleted
    .optional()
    .describe('How the API marks a record as deleted. Such rows are written with `_deleted`, or remove existing rows: `deletes: apply`.'),
};

export const parentKeys = {
  from: text
    .optional()
    .describe(
      'The entity of the same flow whose records are the parents: each parent is read by a separate request. `endpoint` or `params` name fields of the parent in braces: `repos/{full_name}/issues`.',
    ),
  parent_key: z
    .union([selector, z.array(selector).min(1)])
    .optional()
    .describe(
      'The field of the parent that never changes, or several: `id`. If a parent is renamed, hygge continues where its rows ended. Absent: the fields in braces identify the parent.',
    ),
  missing: z
    .enum(['warn', 'fail', 'ignore'])
    .default('warn')
    .describe(
      'What to do if the API answers 403, 404, 410 or 451 for the rows of a parent. A later run continues where the rows ended. If no parent can be read, the run fails. A full load also fails if it would remove the rows of a parent that answers 403 or 451, unless the value is `ignore`.',
    ),
  no_rows: z
    .array(
      z
        .int()
        .min(400)
        .max(499)
        .refine((status) => ![401, 403, 408, 429].includes(status), 'a status that means that there is nothing: not 401, 403, 408 or 429'),
    )
    .optional()
    .describe('The statuses by which the API says that a list has no rows: `[409]`. With `from`, no warning names such a parent.'),
  changed_by: selector
    .optional()
    .describe(
      'A field of the parent that is never older than the newest of its rows: parents whose field is below the watermark are not read. Needs `from`.',
    ),
};
