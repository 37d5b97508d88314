import { firstDay, lastDay, secondsPerDay, unitsPerSecond } from '../../frames/calendar.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Arrow, DataFrame, Polars } from '../../frames/native.ts';
import { polars } from '../../frames/native.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import { toArrow } from '../../frames/values/from-polars.ts';
import { base64Texts, turnIntoTexts } from '../bytes/text-columns.ts';
import { unwritable } from './errors.ts';

/**
 * Throws HYG-4303 for a column that can’t be written in hygge’s form of JSON. Numbers are written as numbers, but decimals with a fraction
 * as texts, so that no reader rounds them. Dates and times are ISO 8601 texts, and instants are in UTC. Binary is base64, and json stays as
 * it is.
 */
export function mustBeWritable(schema: Schema): void {
  for (const { name, type } of schema.columns) {
    const inner = innerTypes(type).find(({ kind, ...of }) => kind === 'binary' || ('zone' in of && of.zone !== 'UTC'));
    if (inner)
      throw unwritable(
        `Column ${name} is ${describeType(type)}, which can't be written as JSON.`,
        `${describeType(inner)} can be written only as a column of its own.`,
      );
    if (holdsEmptyStruct(type))
      throw unwritable(
        `Column ${name} is ${describeType(type)}, which can't be written as JSON.`,
        'A struct without fields has no rows to write.',
      );
  }
}

/** The types inside a list or a struct. */
function innerTypes(type: DataType): readonly DataType[] {
  const own = type.kind === 'list' ? [type.item] : type.kind === 'struct' ? type.fields.map((field) => field.type) : [];
  return own.flatMap((inner) => [inner, ...innerTypes(inner)]);
}

function holdsEmptyStruct(type: DataType): boolean {
  return [type, ...innerTypes(type)].some((one) => one.kind === 'struct' && one.fields.length === 0);
}

/** Returns the rows with each column in a form that Polars’ JSON writer writes without loss. The caller owns `data`, and must not use it afterwards. */
export async function writable(data: DataFrame, { columns }: Schema): Promise<DataFrame> {
  const pl = await polars();
  await mustBeFinite(pl, data, columns);
  await mustBeInCalendar(pl, data, columns);
  const zoned = columns.filter(({ type }) => type.kind === 'timestamp' && type.zone !== undefined && type.zone !== 'UTC');
  const inUtc = zoned.map(({ name, type }) => pl.col(name).cast(pl.Datetime(type.kind === 'timestamp' ? type.unit : 'us', 'UTC'), true));
  const rows =
    inUtc.length === 0
      ? data
      : await data
          .lazy()
          .withColumns(...inUtc)
          .collect();
  await turnIntoTexts(rows, columns, ({ type }) => (type.kind === 'binary' ? base64Texts : undefined));
  return rows;
}

/** Throws for values that are not finite, because Polars would write null for them. */
async function mustBeFinite(pl: typeof Polars, data: DataFrame, columns: readonly Column[]): Promise<void> {
  const floats = columns.filter(({ type }) => isFloat(type));
  if (floats.length > 0) {
    const counts = floats.map(({ name }) => pl.col(name).isFinite().not().sum().cast(pl.Int64).alias(name));
    const table = await toArrow(
      await data
        .lazy()
        .select(...counts)
        .collect(),
    );
    for (const [i, { name }] of floats.entries()) if (Number(table.getChildAt(i)?.get(0) ?? 0) > 0) throw notFinite(name);
  }
  const nested = columns.filter(({ type }) => !isFloat(type) && innerTypes(type).some(isFloat));
  if (nested.length === 0) return;
  const table = await toArrow(data.select(...nested.map(({ name }) => name)));
  for (const batch of table.batches)
    for (const [i, { name }] of nested.entries()) if (batch.data.children[i] && !allFinite(batch.data.children[i])) throw notFinite(name);
}

/** Throws for dates outside the years 1 to 9999. Readers disagree on the texts of such dates, and Polars’ writer ends the process. */
async function mustBeInCalendar(pl: typeof Polars, data: DataFrame, columns: readonly Column[]): Promise<void> {
  const dated = columns.filter(({ type }) => edgesOf(type) !== undefined);
  if (dated.length > 0) {
    const ends = dated.flatMap(({ name }, i) => {
      const value = pl.col(name).cast(pl.Int64);
      return [value.min().alias(`${i} min`), value.max().alias(`${i} max`)];
    });
    const table = await toArrow(
      await data
        .lazy()
        .select(...ends)
        .collect(),
    );
    for (const [i, { name, type }] of dated.entries()) {
      const found = [table.getChildAt(2 * i)?.get(0), table.getChildAt(2 * i + 1)?.get(0)] as readonly (bigint | null)[];
      if (found.some((value) => value !== null && isOutside(type, value))) throw outOfCalendar(name);
    }
  }
  const nested = columns.filter(({ type }) => innerTypes(type).some((inner) => edgesOf(inner) !== undefined));
  if (nested.length === 0) return;
  const table = await toArrow(data.select(...nested.map(({ name }) => name)));
  for (const batch of table.batches)
    for (const [i, { name, type }] of nested.entries())
      if (!allInCalendar(batch.data.children[i] as Arrow.Data, type)) throw outOfCalendar(name);
}

/** 0001-01-01 and 10000-01-01, in units of the type. Undefined: the type is not a date or a timestamp. */
function edgesOf(type: DataType): readonly [bigint, bigint] | undefined {
  if (type.kind !== 'date' && type.kind !== 'timestamp') return undefined;
  const scale = type.kind === 'date' ? 1n : BigInt(secondsPerDay) * unitsPerSecond[type.unit];
  return [BigInt(firstDay) * scale, BigInt(lastDay + 1) * scale];
}

function isOutside(type: DataType, value: bigint): boolean {
  const edges = edgesOf(type);
  return edges !== undefined && (value < edges[0] || value >= edges[1]);
}

function allInCalendar(data: Arrow.Data, type: DataType): boolean {
  if (type.kind === 'list') return allInCalendar(data.children[0] as Arrow.Data, type.item);
  if (type.kind === 'struct') return type.fields.every((field, i) => allInCalendar(data.children[i] as Arrow.Data, field.type));
  if (edgesOf(type) === undefined) return true;
  const values = data.values as Int32Array | BigInt64Array;
  for (let i = 0; i < data.length; i++) if (data.getValid(i) && isOutside(type, BigInt(values[i] as number | bigint))) return false;
  return true;
}

function outOfCalendar(name: string): Error {
  return unwritable(
    `Column ${name} holds a day outside of the years 1 to 9999.`,
    'Readers of JSON do not agree on how such a day is written.',
  );
}

function isFloat({ kind }: DataType): boolean {
  return kind === 'float32' || kind === 'float64';
}

/** Whether all floats of the column are finite. The memory of a null, and the memory outside all lists, may contain any bytes, so they are not checked. */
function allFinite(data: Arrow.Data): boolean {
  const { values } = data;
  if (values instanceof Float32Array || values instanceof Float64Array) {
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(values[i]) && data.getValid(i)) return false;
  }
  return data.children.every(allFinite);
}

function notFinite(name: string): Error {
  return unwritable(`Column ${name} holds NaN or infinity, which JSON can't hold.`, 'JSON knows finite numbers only.');
}
