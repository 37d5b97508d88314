/** Picks some rows of a frame, by conditions that the engine can’t apply to a `Frame`. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { polars } from '../native.ts';
import { atMostExpression, comparable, exactLiteral } from '../values/exact-literal.ts';
import { asPolars } from '../values/polars-frame.ts';
import type { Watermark } from '../watermark.ts';

/** The upper end of the rows that are compared. */
export interface UpperEnd {
  readonly at: Watermark;
  readonly inclusive: boolean;
  /** On which side of the end the rows without a value are. */
  readonly nulls: 'within' | 'beyond';
}

/** Divides rows at an upper end. The column must have the type of the end. */
export async function splitAtEnd(
  frame: Frame,
  { at, inclusive, nulls }: UpperEnd,
): Promise<{ readonly within: Frame; readonly beyond: Frame }> {
  const pl = await polars();
  const own = asPolars(frame);
  const { column, type, text } = at;
  const below = inclusive ? atMostExpression(pl, at) : comparable(pl, column, type).lt(exactLiteral(pl, type, text));
  const isWithin = below.fillNull(pl.lit(nulls === 'within'));
  const rows = await own.collect();
  const [within, beyond] = [await rows.lazy().filter(isWithin).collect(), await rows.lazy().filter(isWithin.not()).collect()];
  return { within: own.partOf(within), beyond: own.partOf(beyond) };
}

/** One end of a range of values, as canonical text. */
interface End {
  readonly text: string;
  readonly inclusive: boolean;
}

/** The rows between two ends. The column must have the type of the ends. */
export async function rowsWithin(
  frame: Frame,
  {
    column: { column, type },
    lower,
    upper,
    nulls,
  }: {
    readonly column: Pick<Watermark, 'column' | 'type'>;
    readonly lower: End | null;
    readonly upper: End | null;
    readonly nulls: 'include' | 'exclude';
  },
): Promise<Frame> {
  const pl = await polars();
  const own = asPolars(frame);
  const value = comparable(pl, column, type);
  const bounds = [
    ...(lower === null
      ? []
      : [lower.inclusive ? value.gtEq(exactLiteral(pl, type, lower.text)) : value.gt(exactLiteral(pl, type, lower.text))]),
    ...(upper === null
      ? []
      : [upper.inclusive ? value.ltEq(exactLiteral(pl, type, upper.text)) : value.lt(exactLiteral(pl, type, upper.text))]),
  ];
  const isWithin = bounds.reduce((all, one) => all.and(one), value.isNotNull());
  const rows = (await own.collect()).lazy();
  const kept = nulls === 'include' ? isWithin.fillNull(pl.lit(false)).or(value.isNull()) : isWithin.fillNull(pl.lit(false));
  return own.partOf(await rows.filter(kept).collect());
}

/** The rows at these positions, counted from 0. Only for a few rows. */
export async function rowsAt(frame: Frame, places: readonly number[]): Promise<Frame> {
  const own = asPolars(frame);
  const data = await own.collect();
  const [first, ...rest] = places.map((place) => data.slice(place, 1));
  if (first === undefined) return own.partOf(data.slice(0, 0));
  return own.partOf(rest.reduce((all, one) => all.vstack(one), first));
}
