/** What the rows of frames come to, column by column: exact, and so that a database can be asked for the same of what it holds. */
import { decimalKey } from './extremes.ts';
import { toArrow } from './from-polars.ts';
import { type Arrow, type DataFrame, type Expr, type Polars, polars } from './native.ts';
import type { Column, DataType } from './schema.ts';

/** What of a type is added up. `value`: numbers as they are, true as 1, days and units since 1970, a time of day in its unit. `characters`: of texts. */
export type Summed = 'value' | 'characters' | 'nothing';

/** The sum of longer decimals may not fit into 38 digits. */
const summedDigits = 27;
const exactKinds: readonly DataType['kind'][] = [
  ...(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'decimal', 'date', 'timestamp'] as const),
];
const isFloat = ({ kind }: DataType): boolean => kind === 'float32' || kind === 'float64';

export function summedOf(type: DataType): Summed {
  if (type.kind === 'string') return 'characters';
  if (type.kind === 'decimal') return type.precision <= summedDigits ? 'value' : 'nothing';
  return exactKinds.includes(type.kind) || type.kind === 'bool' || type.kind === 'time' ? 'value' : 'nothing';
}

export const hasEdges = (type: DataType): boolean => exactKinds.includes(type.kind) || isFloat(type);

/** Of one column. Whole numbers as texts: unscaled decimals, days, units. Edges of floats as JavaScript writes numbers. Absent: there is none, or NaN is among them. */
export interface Total {
  readonly sum?: string;
  readonly min?: string;
  readonly max?: string;
}

type Edge = bigint | number;

interface Running {
  sum: bigint;
  min: Edge | undefined;
  max: Edge | undefined;
  hasNaN: boolean;
}

/** Of a time of day, which lies in memory as nanoseconds. */
const perUnit = { ms: 1_000_000n, us: 1_000n, ns: 1n } as const;

/** Sums of whole numbers are kept modulo 2^64: the engine that adds them up knows no larger ones. */
export const sameSum = (type: DataType, one: bigint, other: bigint): boolean =>
  type.kind === 'decimal' ? one === other : BigInt.asUintN(64, one) === BigInt.asUintN(64, other);

/** Of all frames with these columns that were added. */
export class Totals {
  readonly #columns: readonly Column[];
  readonly #running: readonly Running[];
  #asked: readonly Expr[] | undefined;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#running = columns.map(() => ({ sum: 0n, min: undefined, max: undefined, hasNaN: false }));
  }

  async add(data: DataFrame): Promise<void> {
    const pl = await polars();
    this.#asked ??= this.#columns.flatMap((column, at) => askedOf(pl, column, `${at}`));
    if (this.#asked.length === 0 || data.height === 0) return;
    const table = await toArrow(
      await data
        .lazy()
        .select(...this.#asked)
        .collect(),
    );
    for (const [at, { type }] of this.#columns.entries()) {
      const running = this.#running[at] as Running;
      const sum = edgeIn(table.getChild(`sum ${at}`), type) ?? 0n;
      running.sum += type.kind === 'time' ? BigInt(sum) / perUnit[type.unit] : BigInt(sum);
      running.hasNaN ||= Number(table.getChild(`nan ${at}`)?.get(0) ?? 0) > 0;
      const [min, max] = [edgeIn(table.getChild(`min ${at}`), type), edgeIn(table.getChild(`max ${at}`), type)];
      if (min !== undefined && (running.min === undefined || min < running.min)) running.min = min;
      if (max !== undefined && (running.max === undefined || max > running.max)) running.max = max;
    }
  }

  of(): readonly Total[] {
    return this.#columns.map(({ type }, at) => {
      const { sum, min, max, hasNaN } = this.#running[at] as Running;
      return {
        ...(summedOf(type) === 'nothing' ? {} : { sum: `${sum}` }),
        ...(min === undefined || max === undefined || hasNaN ? {} : { min: `${min}`, max: `${max}` }),
      };
    });
  }
}

function askedOf(pl: typeof Polars, { name, type }: Column, at: string): readonly Expr[] {
  const column = pl.col(name);
  const number = type.kind === 'timestamp' ? column.cast(pl.Int64) : type.kind === 'date' ? column.cast(pl.Int32) : column;
  const edges = hasEdges(type) ? [number.min().alias(`min ${at}`), number.max().alias(`max ${at}`)] : [];
  const nan = isFloat(type) ? [column.isNan().sum().alias(`nan ${at}`)] : [];
  const summed = summedOf(type);
  if (summed === 'nothing') return [...edges, ...nan];
  if (summed === 'characters') return [column.str.lengths().cast(pl.Int64).sum().alias(`sum ${at}`)];
  const whole = type.kind === 'decimal' || type.kind === 'uint64' ? column : column.cast(pl.Int64);
  return [...edges, whole.sum().alias(`sum ${at}`)];
}

function edgeIn(vector: Arrow.Vector | null, { kind }: DataType): Edge | undefined {
  const value: unknown = vector?.get(0);
  if (value === null || value === undefined) return undefined;
  if (kind === 'decimal') return typeof value === 'object' ? decimalKey(value as Uint32Array) : undefined;
  if (kind === 'float32' || kind === 'float64') return Number(value);
  return BigInt(value as bigint | number);
}
