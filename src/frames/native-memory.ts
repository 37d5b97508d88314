/**
 * Memory outside of V8's heap, given back at once. Of a frame the collector sees a small object and comes late; and whenever some 64 MB of frames
 * and buffers came into being, used or not, it goes through the whole heap: a fifth of all processor time of writing CSV.
 */
import { arrow, type DataFrame, type Polars } from './native.ts';
import { toPolars } from './to-polars.ts';

/** The frame is used no more, by nobody. Columns that other frames have too stay with those. */
export async function letGo(frame: DataFrame): Promise<void> {
  const none = (await nulls()).slice(0, frame.height);
  for (let column = 0; column < frame.width; column++) replaceColumn(frame, column, none);
}

/** In place: a frame made anew would be one more that the collector has to find. nodejs-polars has no types for it. */
export function replaceColumn(frame: DataFrame, index: number, column: Polars.Series): void {
  const { _df } = frame as unknown as { readonly _df: { replaceAtIdx(index: number, series: unknown): void } };
  _df.replaceAtIdx(index, (column as unknown as { readonly _s: unknown })._s);
}

let made: Promise<Polars.Series> | undefined;
/** More than a frame has: nulls take no memory. */
const mostRows = 2 ** 31 - 1;

function nulls(): Promise<Polars.Series> {
  made ??= (async () => {
    const A = await arrow();
    const column = new A.Vector([A.makeData({ type: new A.Null(), length: mostRows })]);
    return (await toPolars(new A.Table({ none: column }))).getColumn('none');
  })();
  return made;
}
