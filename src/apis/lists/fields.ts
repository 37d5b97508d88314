/** Requests only those fields of records that are needed. */
import * as z from 'zod';
import type { Window } from '../../engine/contracts/home.ts';

const text = z.string().min(1);

export const fields = z.strictObject({
  param: text.describe('The parameter for the names: `fields`, `_fields`, `$select`.'),
  join: text.default(',').describe('The text between the names.'),
});
export type FieldsParam = z.infer<typeof fields>;

/**
 * The parameter that limits an answer to the columns of the window.
 * @param added columns that hygge adds, so no record has them.
 * @param needed fields that are needed in addition to the columns. If a name has dots, its outermost name is used.
 */
export function fieldsParam(
  { columns }: Pick<Window, 'columns'>,
  param: FieldsParam | undefined,
  { added, needed }: { readonly added: readonly string[]; readonly needed: readonly string[] },
): Readonly<Record<string, string>> {
  if (param === undefined || columns === undefined) return {};
  const own = columns.filter((name) => !added.includes(name));
  const names = [...new Set([...own, ...needed.map((name) => name.split('.')[0] ?? name)])];
  return { [param.param]: names.join(param.join) };
}
