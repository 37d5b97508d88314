/** Totals of the rows of frames, column by column. Totals are exact, and a database can compute the same totals of its rows. */
import { fractionDigits } from '../frames/calendar.ts';
import { type Arrow, type DataFrame, type Expr, type Polars, polars } from '../frames/native.ts';
import type { Column, DataType } from '../frames/schema.ts';
import { decimalKey } from '../frames/values/extremes.ts';
import { toArrow } from '../frames/values/from-polars.ts';
import { watermarkKey } from '../frames/watermark-text.ts';

/** What is summed for a type. `value`: numbers as they are, true as 1, days and units since 1970, and times of day in their unit. `bytes`: the number of UTF-8 bytes of texts. */
export type SumKind = 'value' | 'bytes' | 'nothing';

/** The maximum number of digits of summed decimals. The sum of longer decimals may not fit into 38 digits. */
const summedDigits = 27;
const exactKinds: readonly DataType['kind'][] = [
  ...(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'decimal', 'date', 'timestamp'] as const),
];
export const isFloat = ({ kind }: DataType): boolean => kind === 'float32' || kind === 'float64';

export function sumKindOf(type: DataType): SumKind {
  if (type.kind === 'string') return 'bytes';
  if (type.kind === 'decimal') return type.precision <= summedDigits ? 'value' : 'nothing';
  return exactKinds.includes(type.kind) || type.kind === 'bool' || type.kind === 'time' ? 'value' : 'nothing';
}

export const hasEdges = (type: DataType): boolean => exactKinds.includes(type.kind) || isFloat(type);

/** The totals of one column. Unscaled decimals, days and units are whole numbers, written as texts. Extremes of floats are written as in JavaScript. If a total is absent, the type has no such total, or NaN is among the values. */
export interface Total {
  readonly sum?: string;
  /** For timestamps: the sum of their days since 1970. */
  readonly days?: string;
  readonly min?: string;
  readonly max?: string;
}

export type Edge = bigint | number;

/** Totals of a column’s values, in units since 1970, or for times of day in their unit. `max` is NaN if NaN is among the values. */
export interface ColumnTotals {
  readonly sum: bigint;
  readonly days: bigint;
  readonly min: Edge | undefined;
  readonly max: Edge | undefined;
}

interface RunningTotal {
  sum: bigint;
  days: bigint;
  min: Edge | undefined;
  max: Edge | undefined;
  hasNaN: boolean;
}

/** The number of nanoseconds in each unit of a time of day, because frames store times of day in nanoseconds. */
const perUnit = { ms: 1_000_000n, us: 1_000n, ns: 1n } as const;

/** Whether two sums are equal. Sums of whole numbers are computed modulo 2^64, because the engine that computes them has no larger numbers. */
export const sameSum = (type: DataType, one: bigint, other: bigint): boolean =>
  type.kind === 'decimal' ? one === other : BigInt.asUintN(64, one) === BigInt.asUintN(64, other);

type Measures = ReadonlySet<keyof Total>;

const all: readonly (keyof Total)[] = ['sum', 'days', 'min', 'max'];

/** A database’s total from `StagedTotals`, in the units of `Total`. Undefined: the text is not a value of the type. */
export function answerIn(type: DataType, measure: keyof Total, text: string): Edge | undefined {
  if (type.kind === 'float64') return Number(text);
  if (type.kind === 'float32') return Math.fround(Number(text));
  return measure === 'min' || measure === 'max' ? keyOf(type, text) : unscaled(text, type.kind === 'decimal' ? type.scale : 0);
}

/** The value of a text in the units of its type. Undefined: the text is not a value of the type. A time may have more digits than its unit, if they are zeros. */
function keyOf(type: DataType, text: string): bigint | undefined {
  if (type.kind === 'decimal') return unscaled(text, type.scale);
  const [, whole = '', fraction = '', zone = ''] = /^(.*?)(?:\.(\d+))?(Z?)$/s.exec(text) ?? [];
  const digits = type.kind === 'timestamp' ? fractionDigits[type.unit] : 0;
  if (/[1-9]/.test(fraction.slice(digits))) return undefined;
  try {
    const key = watermarkKey(type, digits === 0 ? whole : `${whole}.${fraction.slice(0, digits).padEnd(digits, '0')}${zone}`);
    return typeof key === 'bigint' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The unscaled number of a text: `-12.50` without its point, or for `1 5` 1 times 2^32 plus 5. Undefined: the text is not a number, or has digits beyond the scale. */
function unscaled(text: string, scale: number): bigint | undefined {
  const [, high, low] = /^(-?\d+) (\d+)$/.exec(text) ?? [];
  if (high !== undefined && low !== undefined) return BigInt(high) * 2n ** 32n + BigInt(low);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d*)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' && fraction === '') return undefined;
  const kept = fraction.padEnd(scale, '0');
  if (/[1-9]/.test(kept.slice(scale))) return undefined;
  const digits = BigInt(`${whole}${kept.slice(0, scale)}` || '0');
  return sign === '-' ? -digits : digits;
}

/** The totals of all added frames with these columns. */
export class Totals {
  #columns: readonly Column[];
  #measures: readonly Measures[];
  #running: readonly RunningTotal[];
  #asked: Asked | undefined;

  /** @param wanted which totals of a column are computed; default: all totals that its type has. */
  constructor(columns: readonly Column[], wanted: (column: Column) => readonly (keyof Total)[] = () => all) {
    this.#columns = columns;
    this.#measures = columns.map((column) => new Set(wanted(column).filter((measure) => has(column.type, measure))));
    this.#running = columns.map(() => ({ sum: 0n, days: 0n, min: undefined, max: undefined, hasNaN: false }));
  }

  async add(data: DataFrame): Promise<void> {
    const pl = await polars();
    this.#asked ??= askedOf(pl, this.#columns, this.#measures);
    const { values, texts } = this.#asked;
    if (data.height === 0) return;
    // The totals are computed in this thread, because passing the data to another thread would take longer.
    if (values.length > 0) this.#addValues(await toArrow(data.select(...values)));
    if (texts.length > 0) this.#addTexts(await toArrow(bytesOf(pl, data, texts)));
  }

  /** The totals of the columns at these positions. Rows that are added to the result are added here as well. */
  inColumns(places: readonly number[]): Totals {
    const part = new Totals([]);
    part.#columns = places.map((at) => this.#columns[at] as Column);
    part.#measures = places.map((at) => this.#measures[at] as Measures);
    part.#running = places.map((at) => this.#running[at] as RunningTotal);
    return part;
  }

  /** Adds rows that were summed elsewhere, column by column. */
  addTotals(columns: readonly ColumnTotals[]): void {
    for (const [at, running] of this.#running.entries()) {
      const { sum, days, min, max } = columns[at] as ColumnTotals;
      running.sum += sum;
      running.days += days;
      if (Number.isNaN(max)) running.hasNaN = true;
      else widen(running, { min, max });
    }
  }

  #addValues(table: Arrow.Table): void {
    for (const [at, { type }] of this.#columns.entries()) {
      const running = this.#running[at] as RunningTotal;
      const sum = edgeIn(table.getChild(`sum ${at}`), type) ?? 0n;
      running.sum += type.kind === 'time' ? BigInt(sum) / perUnit[type.unit] : BigInt(sum);
      running.days += wholeIn(table.getChild(`days ${at}`));
      running.hasNaN ||= Number(table.getChild(`nan ${at}`)?.get(0) ?? 0) > 0;
      widen(running, { min: edgeIn(table.getChild(`min ${at}`), type), max: edgeIn(table.getChild(`max ${at}`), type) });
    }
  }

  #addTexts(table: Arrow.Table): void {
    for (const [at] of this.#columns.entries()) (this.#running[at] as RunningTotal).sum += wholeIn(table.getChild(`sum ${at}`));
  }

  of(): readonly Total[] {
    return this.#measures.map((measures, at) => {
      const { sum, days, min, max, hasNaN } = this.#running[at] as RunningTotal;
      return {
        ...(measures.has('sum') ? { sum: `${sum}` } : {}),
        ...(measures.has('days') ? { days: `${days}` } : {}),
        ...(measures.has('min') && min !== undefined && !hasNaN ? { min: `${min}` } : {}),
        ...(measures.has('max') && max !== undefined && !hasNaN ? { max: `${max}` } : {}),
      };
    });
  }
}

function widen(running: RunningTotal, { min, max }: Pick<ColumnTotals, 'min' | 'max'>): void {
  if (min !== undefined && (running.min === undefined || min < running.min)) running.min = min;
  if (max !== undefined && (running.max === undefined || max > running.max)) running.max = max;
}

function has(type: DataType, measure: keyof Total): boolean {
  if (measure === 'sum') return sumKindOf(type) !== 'nothing';
  return measure === 'days' ? type.kind === 'timestamp' : hasEdges(type);
}

interface Asked {
  readonly values: readonly Expr[];
  /** The text columns, with the names of their sums. */
  readonly texts: readonly { readonly name: string; readonly as: string }[];
}

function askedOf(pl: typeof Polars, columns: readonly Column[], measures: readonly Measures[]): Asked {
  const isText = (at: number) => columns[at]?.type.kind === 'string' && measures[at]?.has('sum') === true;
  return {
    values: columns.flatMap((column, at) => (isText(at) ? [] : valuesOf(pl, column, { at, measures: measures[at] ?? new Set() }))),
    texts: columns.flatMap(({ name }, at) => (isText(at) ? [{ name, as: `sum ${at}` }] : [])),
  };
}

function valuesOf(pl: typeof Polars, { name, type }: Column, { at, measures }: { readonly at: number; readonly measures: Measures }) {
  const column = pl.col(name);
  const number = type.kind === 'timestamp' ? column.cast(pl.Int64) : type.kind === 'date' ? column.cast(pl.Int32) : column;
  const whole = type.kind === 'decimal' || type.kind === 'uint64' ? column : column.cast(pl.Int64);
  return [
    ...(measures.has('sum') ? [whole.sum().alias(`sum ${at}`)] : []),
    ...(measures.has('days') ? [column.cast(pl.Date).cast(pl.Int64).sum().alias(`days ${at}`)] : []),
    ...(measures.has('min') ? [number.min().alias(`min ${at}`)] : []),
    ...(measures.has('max') ? [number.max().alias(`max ${at}`)] : []),
    ...(isFloat(type) && measures.has('min') ? [column.isNan().sum().alias(`nan ${at}`)] : []),
  ];
}

/** Sums the bytes of texts by SQL. Polars stores the length of each text, but only its SQL returns the length fast. Counting characters takes five times as long. */
function bytesOf(pl: typeof Polars, data: DataFrame, texts: Asked['texts']): DataFrame {
  const context = pl.SQLContext({ texts: data.select(...texts.map(({ name, as }) => pl.col(name).alias(as))) });
  try {
    const sums = texts.map(({ as }) => `sum(cast(octet_length("${as}") as bigint)) as "${as}"`);
    return context.execute(`select ${sums.join(', ')} from texts`, { eager: true });
  } finally {
    // Without this, the texts would stay in memory until V8 collects the context, which V8 considers small.
    context.unregister('texts');
  }
}

const wholeIn = (vector: Arrow.Vector | null): bigint => BigInt((vector?.get(0) ?? 0) as bigint | number);

function edgeIn(vector: Arrow.Vector | null, { kind }: DataType): Edge | undefined {
  const value: unknown = vector?.get(0);
  if (value === null || value === undefined) return undefined;
  if (kind === 'decimal') return typeof value === 'object' ? decimalKey(value as Uint32Array) : undefined;
  if (kind === 'float32' || kind === 'float64') return Number(value);
  return BigInt(value as bigint | number);
}
