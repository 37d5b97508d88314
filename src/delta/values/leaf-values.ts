/** Converts the values of a flat column to the table’s type, and finds the rows whose value would change. */
import { type Expr, type Polars, polars } from '../../frames/native.ts';
import type { DataType, TimeUnit } from '../../frames/schema.ts';
import { conversion } from '../../frames/values/convert.ts';
import { polarsType } from '../../frames/values/polars-type.ts';
import type { Fit } from './fit.ts';

export interface LeafValue {
  readonly value: Expr;
  /** True for rows whose value would change; null: no value would change. */
  readonly lost: Expr | null;
}

export async function leafValue(name: string, { from, to, pad }: Fit & { readonly kind: 'leaf' }): Promise<LeafValue> {
  const pl = await polars();
  const column = pl.col(name);
  if (pad !== undefined) return { value: column.cast(pl.String).str.padEnd(pad, ' '), lost: null };
  if (to.kind === 'timestamp' && from.kind === 'timestamp') return instants(pl, column, { from: from.unit, to });
  if (to.kind === 'timestamp' && from.kind === 'date') {
    const days = column.cast(pl.Int32).cast(pl.Int64);
    return { value: typed(pl, days.mul(int(pl, microsecondsOfDay)), to), lost: beyond(pl, days, mostMicroseconds / microsecondsOfDay) };
  }
  return conversion(pl, name, from, to);
}

const microsecondsOfDay = 86_400_000_000n;
const mostMicroseconds = 2n ** 63n - 1n;
const perSecond: Readonly<Record<TimeUnit, bigint>> = { ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n };

/** Converts times with a zone to times without a zone, or back. The writer of a file decides whether times have a zone (INT96 never has a zone), but the stored number is the same. */
function instants(
  pl: typeof Polars,
  column: Expr,
  { from, to }: { readonly from: TimeUnit; readonly to: DataType & { readonly kind: 'timestamp' } },
): LeafValue {
  const units = column.cast(pl.Int64);
  if (from === to.unit) return { value: typed(pl, units, to), lost: null };
  if (perSecond[from] < perSecond[to.unit]) {
    const factor = perSecond[to.unit] / perSecond[from];
    return { value: typed(pl, units.mul(int(pl, factor)), to), lost: beyond(pl, units, mostMicroseconds / factor) };
  }
  const rest = units.modulo(int(pl, perSecond[from] / perSecond[to.unit]));
  const coarser = units.cast(pl.Datetime(from)).cast(pl.Datetime(to.unit)).cast(pl.Int64);
  return { value: typed(pl, coarser, to), lost: rest.neq(int(pl, 0n)).fillNull(pl.lit(false)) };
}

function typed(pl: typeof Polars, units: Expr, to: DataType): Expr {
  return units.cast(polarsType(pl, to) ?? pl.Int64, true);
}

function beyond(pl: typeof Polars, value: Expr, most: bigint): Expr {
  return value
    .gt(int(pl, most))
    .or(value.lt(int(pl, -most)))
    .fillNull(pl.lit(false));
}

/** An exact whole number as an expression. The number is cast from a text: see `exact-literal.ts`. */
function int(pl: typeof Polars, value: bigint): Expr {
  return pl.lit(value.toString()).cast(pl.Int64, true);
}
