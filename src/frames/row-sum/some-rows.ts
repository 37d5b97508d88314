/** Some rows of a frame, chosen by what the engine can't ask of a `Frame`. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { atMostExpression, comparable, exactLiteral } from '../exact-literal.ts';
import { polars } from '../native.ts';
import { asPolars } from '../polars-frame.ts';
import type { Watermark } from '../watermark.ts';

/** The rows whose value is larger than `at`; rows without a value are not. The column has the type of `at`. */
export async function rowsAbove(frame: Frame, at: Watermark): Promise<Frame> {
  const pl = await polars();
  const own = asPolars(frame);
  const isWithin = atMostExpression(pl, at).fillNull(pl.lit(true));
  return own.partOf(await (await own.collect()).lazy().filter(isWithin.not()).collect());
}

/** The rows whose value is `from` or larger, and with `include` those without a value. The column has the type of `from`. */
export async function rowsFrom(frame: Frame, { column, type, text }: Watermark, nulls: 'include' | 'exclude'): Promise<Frame> {
  const pl = await polars();
  const own = asPolars(frame);
  const isFrom = comparable(pl, column, type)
    .gtEq(exactLiteral(pl, type, text))
    .fillNull(pl.lit(nulls === 'include'));
  return own.partOf(await (await own.collect()).lazy().filter(isFrom).collect());
}

/** The rows at these places, from 0. For few of them. */
export async function rowsAt(frame: Frame, places: readonly number[]): Promise<Frame> {
  const own = asPolars(frame);
  const data = await own.collect();
  const [first, ...rest] = places.map((place) => data.slice(place, 1));
  if (first === undefined) return own.partOf(data.slice(0, 0));
  return own.partOf(rest.reduce((all, one) => all.vstack(one), first));
}
