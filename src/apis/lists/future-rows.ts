/** Drops rows above the upper bound, if the API does not exclude them. */
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Window } from '../../engine/contracts/home.ts';
import { hasNoZone, latestAt } from '../../frames/times/future.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { Instant } from '../../ports/values.ts';
import { type ApiTime, clocksDifferMs } from '../times/clock-bound.ts';
import { instantAs } from '../times/time-forms.ts';
import type { WindowParams } from './config.ts';

export interface Cut {
  readonly upper: Watermark;
  /** The present time plus a margin for the difference between clocks. Rows with a later value are in the future. */
  readonly present: Watermark;
}

/**
 * The bound above which the reader drops rows. Undefined: the reader keeps all rows.
 * @param time the time of an answer, which is the present time by the clock of the API.
 */
export function cutOf(
  { column, lower, upper }: Pick<Window, 'column' | 'lower' | 'upper'>,
  { time, now, format }: { readonly time: ApiTime | undefined; readonly now: Instant; readonly format: WindowParams['format'] | undefined },
): Cut | undefined {
  // If both bounds are the same value, all rows have this watermark, so no row is above the bound.
  if (column === null || !upper?.inclusive || (lower?.inclusive && lower.text === upper.text)) return undefined;
  const skewMs = time === undefined ? 0 : Date.parse(time.date) - Date.parse(time.now);
  const at = new Date(Date.parse(now) + skewMs + clocksDifferMs).toISOString();
  const text = hasNoZone(column.type) ? latestAt(column.type, at) : instantAs(column.type, at, format);
  return text === undefined ? undefined : { upper: { ...column, text: upper.text }, present: { ...column, text } };
}

/** Returns the rows up to the bound, and counts the rows in the future. */
export async function* upToCut(items: AsyncIterable<Frame | Rejected>, { upper, present }: Cut): AsyncGenerator<Frame | Rejected> {
  for await (const item of items) {
    if ('rejected' in item) {
      yield {
        ...item,
        rejected: item.rejected.filter(({ watermark: text }) => text == null || compareWatermarks({ ...upper, text }, upper) <= 0),
      };
      continue;
    }
    const { within, beyond } = await item.upTo(upper);
    const { latest } = beyond;
    const isAhead = latest !== null && compareWatermarks({ ...upper, text: latest }, present) > 0;
    const rows = isAhead ? (await item.upTo(present)).beyond.rows : 0;
    yield within;
    if (isAhead) yield { rejected: [], keep: false, ahead: { rows, latest } };
  }
}
