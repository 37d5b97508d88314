/** Changes of rows of which the source shows only some columns: a merge sets these, and leaves the others as they settled. */
import type { DataType, Schema } from '../../frames/schema.ts';
import { partialSchema, shownColumn } from '../../frames/values/partial-rows.ts';
import type { Frame } from '../contracts/frame.ts';
import { deletedColumn, type Home } from '../contracts/home.ts';
import type { Deletes, EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { keyUse } from '../plan/capabilities.ts';
import { settlesMarks } from '../plan/deletes.ts';
import type { Shaper } from '../schema/shaper.ts';

const text: DataType = { kind: 'string' };

/** Whether rows that the source marks as deleted say nothing but their key, and are merged as such. */
export function marksByKey(
  spec: EntitySpec,
  { home, store, deletes }: { readonly home: Home; readonly store: Store; readonly deletes: Deletes },
): boolean {
  const { tellsDeletes, deletedRows } = home.reading;
  return tellsDeletes && deletedRows === 'key' && settlesMarks(deletes) && store.mergesPartialRows && keyUse(store, spec) === 'merges';
}

/** The rows that the source marks as deleted, and the others, in the columns that they came with. */
export async function apartByMark(frame: Frame): Promise<{ readonly deleted: Frame; readonly others: Frame }> {
  const { set, unset } = await frame.apart(deletedColumn);
  if (set.rows === 0) return { deleted: set, others: frame };
  const again = (rows: Frame, mark: boolean) =>
    rows.conform({
      schema: frame.schema,
      columns: frame.schema.columns.map(({ name, type }) =>
        name === deletedColumn ? { name, type, from: null, fill: { type, text: String(mark) } } : { name, type, from: name, fill: null },
      ),
      samples: 'mask',
    });
  return { deleted: await again(set, true), others: await again(unset, false) };
}

/** The columns that a source shows of a deleted row: what it tells rows apart by, and that it is deleted. */
export function shownOfDeleted({ watermark }: EntitySpec): ReadonlySet<string> {
  return new Set([...(watermark?.key ?? []), ...(watermark === null ? [] : [watermark.column]), deletedColumn]);
}

/** Rows as frames of the role `partial`. @param shaped as they settle. @param shown the columns that the source shows of them, by its own names. */
export async function asPartial(
  shaped: Frame,
  {
    spec,
    shaping,
    source,
    shown,
  }: { readonly spec: EntitySpec; readonly shaping: Shaper; readonly source: Schema; readonly shown: ReadonlySet<string> },
): Promise<Frame> {
  const { added = [], hashIds = [] } = spec.polish ?? {};
  const own = shaping.origins(source);
  const stamped = new Set([
    ...added.map(({ name }) => name),
    ...hashIds.flatMap(({ name, from }) => (from.every((one) => shown.has(one)) ? [name] : [])),
  ]);
  const { columns } = shaped.schema;
  const isShown = (name: string, origin: string | null | undefined) => (origin == null ? stamped.has(name) : shown.has(origin));
  const mask = columns.map(({ name }, at) => (isShown(name, own[at]) ? '1' : '0')).join('');
  return shaped.conform({
    schema: partialSchema(shaped.schema),
    columns: [
      ...columns.map(({ name, type }) => ({ name, type, from: name, fill: null })),
      { name: shownColumn, type: text, from: null, fill: { type: text, text: mask } },
    ],
    samples: 'mask',
  });
}
