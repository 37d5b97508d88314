/** Statistics of a data file, as Spark writes them: bounds of texts cut at 32 characters, of times at milliseconds (the greatest too), NaN and infinities as texts. */
import type { Column, DeltaType, Member, Row, Value } from './schema.ts';

export interface Statistics {
  readonly numRecords: number;
  readonly minValues: Readonly<Record<string, unknown>>;
  readonly maxValues: Readonly<Record<string, unknown>>;
  readonly nullCount: Readonly<Record<string, unknown>>;
  readonly tightBounds?: boolean;
}

const longest = 32;

/** @param columns those that have statistics: the first 32 without partitions, usually. */
export function statisticsOf(columns: readonly Column[], rows: readonly Row[]): Statistics {
  const [minValues, maxValues, nullCount]: Record<string, unknown>[] = [{}, {}, {}];
  for (const column of columns)
    note(
      column,
      rows.map((row) => row[column.id] ?? null),
      { minValues: minValues ?? {}, maxValues: maxValues ?? {}, nullCount: nullCount ?? {} },
    );
  return { numRecords: rows.length, minValues: minValues ?? {}, maxValues: maxValues ?? {}, nullCount: nullCount ?? {} };
}

type Noted = Record<'minValues' | 'maxValues' | 'nullCount', Record<string, unknown>>;

function note(member: Member, values: readonly Value[], into: Noted): void {
  const { type, physicalName } = member;
  if (typeof type === 'object' && type.type === 'struct') {
    const inner: Noted = { minValues: {}, maxValues: {}, nullCount: {} };
    for (const field of type.fields)
      note(
        field,
        values.map((value) => (value as { readonly [name: string]: Value } | null)?.[field.name] ?? null),
        inner,
      );
    for (const kind of ['minValues', 'maxValues', 'nullCount'] as const)
      if (Object.keys(inner[kind]).length > 0) into[kind][physicalName] = inner[kind];
    return;
  }
  const some = values.filter((value) => value !== null);
  into.nullCount[physicalName] = values.length - some.length;
  if (typeof type === 'object' || type === 'boolean' || some.length === 0) return;
  const order = orderOf(type);
  const sorted = some.toSorted(order);
  const [least, most] = [lowerBound(type, sorted[0] ?? null), upperBound(type, sorted.at(-1) ?? null)];
  if (least !== undefined) into.minValues[physicalName] = least;
  if (most !== undefined) into.maxValues[physicalName] = most;
}

/** Of numbers: NaN is the greatest, as in Spark. Of texts: of their bytes. */
function orderOf(type: DeltaType): (a: Value, b: Value) => number {
  if (type === 'string' || type === 'date' || type === 'timestamp' || type === 'timestamp_ntz')
    return (a, b) => Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  return (a, b) => {
    const [one, other] = [Number(a), Number(b)];
    if (Number.isNaN(one) || Number.isNaN(other)) return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    return one - other;
  };
}

function lowerBound(type: DeltaType, value: Value): unknown {
  return type === 'string' ? [...String(value)].slice(0, longest).join('') : plainBound(type, value);
}

function upperBound(type: DeltaType, value: Value): unknown {
  if (type !== 'string') return plainBound(type, value);
  const characters = [...String(value)];
  if (characters.length <= longest) return value;
  const cut = characters.slice(0, longest).join('');
  const next = characters[longest]?.codePointAt(0) ?? 0;
  if (next < 0x7f) return `${cut}\u007f`;
  return next < 0x10ffff ? `${cut}\u{10ffff}` : undefined;
}

function plainBound(type: DeltaType, value: Value): unknown {
  if (type === 'timestamp') return `${String(value).replace(' ', 'T').slice(0, 23)}Z`;
  if (type === 'timestamp_ntz') return String(value).replace(' ', 'T').slice(0, 23);
  if (type === 'date') return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : String(number);
}
