/** Full loads of `id` and `name` whose slices are staged by several attempts at once. */
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { Part, Store } from '../../src/engine/contracts/store.ts';
import type { Writing } from '../../src/engine/contracts/writing.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { everything, type Rows, idAndName as schema } from './commits.ts';
import { run } from './connector-conformance/bench.ts';
import { decisionOver } from './connector-conformance/decision.ts';

export const swap: Writing = { mode: 'swap', key: [], why: 'full_load' };
export const creates: Writing = { mode: 'append', key: [], why: 'creates' };

/** Every third row has no name. */
export const many = (from: number, to: number): Rows =>
  Array.from({ length: to - from }, (_, at) => [BigInt(from + at), (from + at) % 3 ? 'x' : null]);

interface Attempt {
  readonly epoch: number;
  readonly slice?: number;
  readonly writing: Writing;
  readonly rows: Rows;
  /** Called when a frame was given. */
  readonly begun?: () => void;
  /** Is waited for before the last rows go. */
  readonly held?: Promise<unknown>;
}

/** One attempt at a slice, of two frames: the first row, and the others. */
export async function attempt(store: Store, { epoch, slice = 0, writing, rows, begun, held }: Attempt): Promise<readonly Part[]> {
  const frames = (async function* () {
    for (const some of [rows.slice(0, 1), rows.slice(1)]) {
      const builder = await frameBuilder(schema);
      for (const row of some) builder.append(row);
      yield { role: 'data' as const, frame: await builder.take() };
      begun?.();
      await held;
    }
  })();
  return store.stage({ run: run(epoch), writing, slice, schema, watermark: null, emptyPart: false }, frames, new AbortController().signal);
}

/** Two slices side by side. @param of.rows in both, of which the first has three fifths. */
export async function twoSlices(
  store: Store,
  { rows, ...of }: { readonly epoch: number; readonly writing: Writing; readonly rows: number },
): Promise<readonly Part[]> {
  const middle = (rows * 3) / 5;
  const parts = [attempt(store, { ...of, slice: 0, rows: many(0, middle) }), attempt(store, { ...of, slice: 1, rows: many(middle, rows) })];
  return (await Promise.all(parts)).flat();
}

export function decidedOver(
  store: Store,
  { epoch, ...of }: { readonly epoch: number; readonly writing: Writing; readonly parts: readonly Part[] },
): Promise<Intent> {
  const supersede = of.writing.mode === 'swap' ? everything : ({ what: 'nothing' } as const);
  return decisionOver(store, { run: run(epoch), ...of, schema, supersede });
}
