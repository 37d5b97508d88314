/** Changes of which the source shows only some columns. A merge sets these columns, and leaves the other columns as they settled. */

import { columnsNamedIn } from '../../frames/rules/condition.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { asColumn, asConstant } from '../../frames/values/conforms.ts';
import { deletedRow, partialSchema, shownColumn, wholeRow } from '../../frames/values/partial-rows.ts';
import type { Frame } from '../contracts/frame.ts';
import { deletedColumn, type Home } from '../contracts/home.ts';
import type { Deletes, EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { hashOfPart } from '../errors/changes.ts';
import { keyUse } from '../plan/capabilities.ts';
import { marksKeysAlone } from '../plan/deletes.ts';
import type { Shaper } from '../schema/shaper.ts';

const text: DataType = { kind: 'string' };

/** Whether a merge can set only the columns that a row shows. */
export function mergesPartialRows(spec: EntitySpec, store: Store): boolean {
  return store.mergesPartialRows && keyUse(store, spec) === 'merges';
}

/** Whether a row that the source marks as deleted shows only its key, and is merged by the key. */
export function marksByKey(
  spec: EntitySpec,
  { home, store, deletes }: { readonly home: Home; readonly store: Store; readonly deletes: Deletes },
): boolean {
  return marksKeysAlone(home, deletes) && mergesPartialRows(spec, store);
}

/** Separates the rows that the source marks as deleted from the others. Both frames have the original columns. */
export async function apartByMark(frame: Frame): Promise<{ readonly deleted: Frame; readonly others: Frame }> {
  const { set, unset } = await frame.apart(deletedColumn);
  if (set.rows === 0) return { deleted: set, others: frame };
  const again = (rows: Frame, mark: boolean) =>
    rows.conform({
      schema: frame.schema,
      columns: frame.schema.columns.map((column) => (column.name === deletedColumn ? asConstant(column, String(mark)) : asColumn(column))),
      samples: 'mask',
    });
  return { deleted: await again(set, true), others: await again(unset, false) };
}

export interface PartialRows {
  readonly spec: EntitySpec;
  readonly shaping: Shaper;
  /** The columns of the rows in the source. */
  readonly source: Schema;
  /** `Frame.shown`. Undefined: each row shows only the columns of its change, which are the key, the watermark, and whether the row is deleted. */
  readonly shown: Frame['shown'] | undefined;
}

/** The text of `shownColumn`, with a character for each column. @param settled the columns in which the rows settle. */
export function shownMask({ columns }: Schema, { spec, shaping, source, shown: told }: PartialRows): string {
  const shown = told ?? new Set<string>();
  const { watermark, polish } = spec;
  const { added = [], hashIds = [] } = polish ?? {};
  const always = new Set([...(watermark?.key ?? []), ...(watermark === null ? [] : [watermark.column]), deletedColumn]);
  const isKnown = (name: string) => shown.has(name) || always.has(name);
  const half = hashIds.find(
    ({ from }) => from.some(isKnown) && !from.every(isKnown) && from.some((name) => shown.has(name) && !always.has(name)),
  );
  if (half !== undefined) throw hashOfPart(spec, half.name);
  const stamped = new Set([...added.map(({ name }) => name), ...hashIds.flatMap(({ name, from }) => (from.every(isKnown) ? [name] : []))]);
  const origins = shaping.origins(source);
  const letters = columns.map(({ name }, at) => {
    const origin = origins[at] ?? null;
    return (origin === null ? stamped.has(name) : isKnown(origin)) ? '1' : '0';
  });
  if (told === undefined) return [...letters, deletedRow].join('');
  // A column that is gone from the source is never shown, so rows with such a column are not whole.
  const isWhole = origins.every((origin) => origin === null || isKnown(origin));
  return [...letters, ...(isWhole ? [wholeRow] : [])].join('');
}

/** The rows as a frame of the role `partial`. @param shaped the rows as they settle. */
export async function asPartial(shaped: Frame, of: PartialRows): Promise<Frame> {
  const { columns } = shaped.schema;
  return shaped.conform({
    schema: partialSchema(shaped.schema),
    columns: [...columns.map((column) => asColumn(column)), asConstant({ name: shownColumn, type: text }, shownMask(shaped.schema, of))],
    samples: 'mask',
  });
}

/** The columns that the rows of a frame do not show, as a text for people. */
export function notShown({ watermark }: EntitySpec, { schema, shown }: Frame): readonly string[] {
  const own = new Set([...(watermark?.key ?? []), watermark?.column, deletedColumn]);
  return schema.columns.flatMap(({ name }) => (own.has(name) || shown?.has(name) ? [] : [name]));
}

/** Whether rows show all columns that a rule is about. */
export function isAbout(rule: Rule, shown: readonly string[], all: Schema['columns']): boolean {
  if (rule.what !== 'holds') return shown.includes(rule.column);
  const names = all.map(({ name }) => name);
  return columnsNamedIn(`${rule.check}\n${rule.when ?? ''}`, names).every((name) => shown.includes(name));
}
