import type { Frame, Step } from '../../../src/engine/contracts/frame.ts';
import {
  type Checkpoint,
  type FutureRows,
  type Home,
  type Reading,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  usualReading,
  type Window,
} from '../../../src/engine/contracts/home.ts';
import type { Instant, Json } from '../../../src/ports/values.ts';
import { within } from './jsonl-format.ts';
import type { Process } from './process.ts';
import { SimFrame } from './rows.ts';
import { futureOf } from './sim-home.ts';
import type { Source } from './source.ts';

/** Rows a page. */
const pageRows = 2;

/**
 * What an API is like: pages one after another, no end in sight, the newest value and the schema known only by reading, and pages that shift
 * while they are read, so that a row shows on two of them. Each page takes minutes.
 */
export class PagesHome implements Home {
  readonly reading: Reading = { ...usualReading, order: 'in_order', upper: 'observed', filter: 'lower', repeatable: false };
  readonly rowCondition = '';
  readonly place = 'the simulated API';
  readonly #process: Process;
  readonly #source: Source;
  readonly #wait: () => void;

  readonly #now: () => Instant;

  constructor(process: Process, source: Source, now: () => Instant, wait: () => void) {
    this.#now = now;
    this.#process = process;
    this.#source = source;
    this.#wait = wait;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async describe(): Promise<Step<SourceDescription>> {
    return { done: { schema: undefined, rows: undefined, bytes: undefined, summary: 'pages' } };
  }

  async bound(): Promise<Step<'observed'>> {
    return { done: 'observed' };
  }

  async future(column: string): Promise<Step<FutureRows>> {
    return { done: futureOf(this.#source, column, this.#now()) };
  }

  async nulls(): Promise<Step<number>> {
    return { done: 0 };
  }

  async plan(): Promise<Step<SlicePlan>> {
    return { done: { slices: [{ ref: 'pages', rows: null, bytes: null }] } };
  }

  async *read(_slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    for (let page = typeof from === 'number' ? from : 0; ; page++) {
      signal.throwIfAborted();
      const found = await this.#process.call<SimFrame | undefined>({
        label: `source page ${page}`,
        kind: 'read',
        apply: () => this.#page(window, page),
      });
      if (!found) return;
      yield found;
      yield { checkpoint: page + 1 };
    }
  }

  /** Every page but the first begins with the row that ended the one before. */
  #page(window: Window, page: number): SimFrame | undefined {
    this.#wait();
    const rows = this.#source.rows.filter(within(window)).sort((a, b) => (a.mark ?? 0) - (b.mark ?? 0) || a.id - b.id);
    const start = page * pageRows;
    if (start >= rows.length) return undefined;
    return new SimFrame(this.#source.schema, rows.slice(Math.max(0, start - 1), start + pageRows));
  }
}
