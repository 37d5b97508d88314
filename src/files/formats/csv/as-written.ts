/** Values as they are written where Polars would write them otherwise, or not at all. */
import { toArrow } from '../../../frames/from-polars.ts';
import { type DataFrame, type Expr, type Polars, polars } from '../../../frames/native.ts';
import type { Column } from '../../../frames/schema.ts';
import { withBase64 } from '../../base64-columns.ts';
import { unwritable } from './refusals.ts';
import type { Writing } from './writing.ts';

/** Instants become UTC with a Z, durations the number of their units, bytes base64. */
export async function asWritten(data: DataFrame, columns: readonly Column[]): Promise<DataFrame> {
  const pl = await polars();
  const turned = columns.flatMap((column) => {
    const expression = turnedBy(pl, column);
    return expression === undefined ? [] : [expression];
  });
  const plain =
    turned.length === 0
      ? data
      : await data
          .lazy()
          .withColumns(...turned)
          .collect();
  return withBase64(plain, columns);
}

function turnedBy(pl: typeof Polars, { name, type }: Column): Expr | undefined {
  if (type.kind === 'duration') return pl.col(name).cast(pl.Int64);
  if (type.kind !== 'timestamp' || type.zone === undefined) return undefined;
  const digits = type.unit === 'ms' ? 3 : type.unit === 'us' ? 6 : 9;
  // The instant itself is what lies in memory, in UTC; without its zone it is written as it lies there.
  const utc = pl.col(name).cast(pl.Int64).cast(pl.Datetime(type.unit, null));
  return utc.dt.strftime(`%Y-%m-%dT%H:%M:%S%.${digits}fZ`).alias(name);
}

/** Texts of years before 1 and after 9999 are read otherwise by every reader, or not at all. */
const firstDay = -719_162;
const lastDay = 2_932_896;
const perDay = { ms: 86_400_000n, us: 86_400_000_000n, ns: 86_400_000_000_000n } as const;

/** Throws HYG-4302 for values that a reader would take for something else. */
export async function refuseValues(data: DataFrame, columns: readonly Column[], { nullValue }: Writing): Promise<void> {
  const pl = await polars();
  const checks = columns.flatMap((column) => {
    const check = doubt(pl, column, nullValue);
    return check === undefined ? [] : [{ column, ...check }];
  });
  if (checks.length === 0) return;
  const found = await data
    .lazy()
    .select(...checks.map(({ expression }, index) => expression.any().alias(String(index))))
    .collect();
  const table = await toArrow(found);
  for (const [index, { column, why, tryThis }] of checks.entries())
    if (table.getChildAt(index)?.get(0) === true) throw unwritable(column, why, tryThis);
}

interface Doubt {
  readonly expression: Expr;
  readonly why: string;
  readonly tryThis: readonly string[];
}

function doubt(pl: typeof Polars, { name, type }: Column, nullValue: string): Doubt | undefined {
  if (nullValue !== '' && (type.kind === 'string' || type.kind === 'json' || type.kind === 'uuid')) {
    const why = `A text is ${JSON.stringify(nullValue)}, which null_value says for nulls.`;
    return { expression: pl.col(name).eq(pl.lit(nullValue)), why, tryThis: ['Choose another null_value'] };
  }
  const why = 'It lies outside of the years 1 to 9999.';
  if (type.kind === 'date')
    return { expression: outside(pl, pl.col(name).cast(pl.Int32), [`${firstDay}`, `${lastDay}`], pl.Int32), why, tryThis: [] };
  if (type.kind !== 'timestamp' || type.unit === 'ns') return undefined;
  const edges = [BigInt(firstDay) * perDay[type.unit], BigInt(lastDay + 1) * perDay[type.unit] - 1n].map(String);
  return { expression: outside(pl, pl.col(name).cast(pl.Int64), edges, pl.Int64), why, tryThis: [] };
}

function outside(pl: typeof Polars, value: Expr, [least = '', most = '']: readonly string[], type: Polars.DataType): Expr {
  return value.lt(pl.lit(least).cast(type, true)).or(value.gt(pl.lit(most).cast(type, true)));
}
