import type { Home, Window } from '../../src/engine/contracts/home.ts';
import type { Watermark } from '../../src/frames/watermark.ts';
import { codeOf } from '../../src/ports/notes.ts';
import type { Json } from '../../src/ports/values.ts';
import { everything, framesIn, rowsOf, slicesOf } from './postgres-home.ts';

export interface Bounded {
  readonly upper: Watermark | undefined;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Of the warnings. */
  readonly codes: readonly string[];
}

const textOf = (one: { readonly text: string } | string): string => (typeof one === 'string' ? one : one.text);

/** As the engine asks for it: again, until it is there. */
export async function boundOf(home: Home, column: string, lagMs = 0): Promise<Bounded> {
  for (let cursor: Json | undefined; ; ) {
    const step = await home.bound({ column, lagMs, future: 'wait' }, cursor);
    if ('again' in step) {
      // A run keeps it in its state.
      if (JSON.stringify(step.again).length >= 2_048) throw new Error('a cursor is longer than an app may keep');
      cursor = step.again;
      continue;
    }
    if (step.done === 'observed') throw new Error('a table tells its newest value');
    const { notes = [], lastingWarnings = [] } = step;
    const warnings = [...(step.warnings ?? []), ...lastingWarnings];
    return { upper: step.done, notes: notes.map(textOf), warnings: warnings.map(textOf), codes: warnings.map(codeOf) };
  }
}

/** What is new since `lower`. */
export const windowOf = (upper: Watermark, lower?: Watermark): Window => ({
  ...everything,
  nulls: 'exclude',
  column: upper,
  lower: lower ? { text: lower.text, inclusive: false } : null,
  upper: { text: upper.text, inclusive: true },
});

type Rows = Awaited<ReturnType<typeof rowsOf>>;

/** What one increment after the other reads by a column, each with a home of its own and the slices in an order of their own. */
export function increments(
  open: () => Promise<Home>,
  column: string,
  { sliceBytes, random = () => 0.5 }: { readonly sliceBytes?: number; readonly random?: () => number } = {},
): () => Promise<Bounded & { readonly rows: Rows; readonly slices: number }> {
  let lower: Watermark | undefined;
  return async () => {
    const home = await open();
    const bounded = await boundOf(home, column);
    const { upper } = bounded;
    const rows: Rows[number][] = [];
    let slices = 0;
    if (upper !== undefined) {
      const window = windowOf(upper, lower);
      const cut = [...(await slicesOf(home, window, sliceBytes))];
      slices = cut.length;
      while (cut.length > 0) {
        const [slice] = cut.splice(Math.floor(random() * cut.length), 1);
        if (slice) rows.push(...(await rowsOf(framesIn(home, slice, window))));
      }
    }
    lower = upper ?? lower;
    await home[Symbol.asyncDispose]();
    return { ...bounded, rows, slices };
  };
}
