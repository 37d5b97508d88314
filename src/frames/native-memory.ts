/**
 * Memory outside of V8's heap, given back at once. Of a frame the collector sees a small object and comes late; and whenever some 64 MB of frames
 * and buffers came into being, used or not, it goes through the whole heap: a fifth of all processor time of writing CSV.
 *
 * This is the one place that reaches beneath the types of nodejs-polars: its `Series` are 150 closures each, which at several a piece of text
 * cost more than the text of dates.
 */
import { arrow, type DataFrame } from './native.ts';
import { toPolars } from './to-polars.ts';

interface NativeColumn {
  rename(name: string): void;
  slice(offset: number, length: number): NativeColumn;
}

interface NativeFrame {
  selectAtIdx(index: number): NativeColumn;
  replaceAtIdx(index: number, column: NativeColumn): void;
}

const nativeOf = (frame: DataFrame): NativeFrame => (frame as unknown as { readonly _df: NativeFrame })._df;

/** The frame is used no more, by nobody. Columns that other frames have too stay with those. */
export async function letGo(frame: DataFrame): Promise<void> {
  const none = (await nulls()).slice(0, frame.height);
  const native = nativeOf(frame);
  for (let column = 0; column < frame.width; column++) native.replaceAtIdx(column, none);
}

/**
 * Puts a column of another frame of as many rows into the place of one, in place: a frame made anew would be one more that the collector has to
 * find.
 */
export function replaceColumn(
  frame: DataFrame,
  index: number,
  by: { readonly frame: DataFrame; readonly index: number; readonly name: string },
): void {
  const column = nativeOf(by.frame).selectAtIdx(by.index);
  column.rename(by.name);
  nativeOf(frame).replaceAtIdx(index, column);
}

let made: Promise<NativeColumn> | undefined;
/** More than a frame has: nulls take no memory. */
const mostRows = 2 ** 31 - 1;

function nulls(): Promise<NativeColumn> {
  made ??= (async () => {
    const A = await arrow();
    const column = new A.Vector([A.makeData({ type: new A.Null(), length: mostRows })]);
    return nativeOf(await toPolars(new A.Table({ none: column }))).selectAtIdx(0);
  })();
  return made;
}
