/** Some rows of a frame, chosen by what the engine can't ask of a `Frame`. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { atMostExpression, comparable, exactLiteral } from '../exact-literal.ts';
import { polars } from '../native.ts';
import { asPolars } from '../polars-frame.ts';
import type { Watermark } from '../watermark.ts';

/** The upper end of the rows that are compared. */
export interface UpperEnd {
  readonly at: Watermark;
  readonly inclusive: boolean;
}

/** Divides rows at an upper end; rows without a value are within. The column has the type of the end. */
export async function splitAtEnd(frame: Frame, { at, inclusive }: UpperEnd): Promise<{ readonly within: Frame; readonly beyond: Frame }> {
  const pl = await polars();
  const own = asPolars(frame);
  const { column, type, text } = at;
  const below = inclusive ? atMostExpression(pl, at) : comparable(pl, column, type).lt(exactLiteral(pl, type, text));
  const isWithin = below.fillNull(pl.lit(true));
  const rows = await own.collect();
  const [within, beyond] = [await rows.lazy().filter(isWithin).collect(), await rows.lazy().filter(isWithin.not()).collect()];
  return { within: own.partOf(within), beyond: own.partOf(beyond) };
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
