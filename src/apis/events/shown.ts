/** The columns that a change shows of its record: a member of the row lists them, and that member becomes `Frame.shown` when rows are read. */
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Checkpoint, SourceDescription } from '../../engine/contracts/home.ts';
import { isFrame } from '../../engine/contracts/home.ts';
import { polars } from '../../frames/native.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';

/** A member with a JSON array of the names of the members that a change shows. Whole records lack this member, and it is not written to the store. No API has a member with this name. */
export const shownMember = '_hygge_shown';
export const shownType: DataType = { kind: 'string' };

/** The names of the members that a change shows, as a member of the row in JSON. */
export function shownAsMember(names: readonly string[]): string {
  return `"${shownMember}":${JSON.stringify(JSON.stringify(names))}`;
}

/** The description without the column of `shownMember`. */
export function withoutShown<T extends Pick<SourceDescription, 'schema'>>(description: T): T {
  const { schema } = description;
  return schema === undefined ? description : { ...description, schema: othersOf(schema) };
}

const othersOf = (schema: Schema): Schema => ({ ...schema, columns: schema.columns.filter(({ name }) => name !== shownMember) });

/** Divides frames so that all rows of a frame show the same columns. @param columnsOf the columns of members, among those of the rows. */
export async function* byShown(
  items: AsyncIterable<Frame | Checkpoint | Rejected>,
  columnsOf: (members: readonly string[], columns: readonly string[]) => readonly string[],
): AsyncGenerator<Frame | Checkpoint | Rejected> {
  // All frames of a list have the same schema, so the result is kept per schema.
  const known = new WeakMap<Schema, Schema>();
  for await (const item of items) {
    if (!isFrame(item) || !item.schema.columns.some(({ name }) => name === shownMember)) {
      yield item;
      continue;
    }
    const schema = known.get(item.schema) ?? othersOf(item.schema);
    known.set(item.schema, schema);
    yield* parted(item, schema, columnsOf);
  }
}

async function* parted(
  item: Frame,
  schema: Schema,
  columnsOf: (members: readonly string[], columns: readonly string[]) => readonly string[],
): AsyncGenerator<Frame> {
  const pl = await polars();
  const frame = asPolars(item);
  const data = await frame.collect();
  const names = schema.columns.map(({ name }) => name);
  const all = data.select(shownMember).unique().getColumn(shownMember).toArray() as unknown as readonly (string | null)[];
  const whole = await data
    .lazy()
    .filter(pl.col(shownMember).isNull())
    .select(...names)
    .collect();
  if (whole.height > 0 || data.height === 0) yield frame.partOf(whole, schema);
  for (const text of all) {
    if (text === null) continue;
    const rows = await data
      .lazy()
      .filter(pl.col(shownMember).eq(pl.lit(text)))
      .select(...names)
      .collect();
    yield frame.partOf(rows, schema).showing(new Set(columnsOf(JSON.parse(text) as readonly string[], names)));
  }
}
