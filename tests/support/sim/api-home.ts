import type { Frame, Step } from '../../../src/engine/contracts/frame.ts';
import {
  type BoundRequest,
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
import { writtenIn } from '../../../src/frames/times/future.ts';
import type { Watermark } from '../../../src/frames/watermark.ts';
import type { Instant, Json } from '../../../src/ports/values.ts';
import { within } from './jsonl-format.ts';
import type { Process } from './process.ts';
import { type Row, SimFrame } from './rows.ts';
import type { Source } from './source.ts';
import { Violation } from './violation.ts';

/** Rows a page. */
const pageRows = 2;

export interface ApiTraits {
  /** What a page takes. */
  readonly pageMs: number;
  /** After so many pages a client is sent away. */
  readonly pagesInARow: number;
  /** For so long. */
  readonly quietMs: number;
  /** What was just written shows up so much later where rows are asked for by their watermark; a list of everything has it at once. */
  readonly trailMs: number;
}

/** An hour's quota that is used up quickly, and an index that is half a day behind. */
export const usualApi: ApiTraits = { pageMs: 1_000, pagesInARow: 2, quietMs: 60_000, trailMs: 43_200_000 };

interface Surroundings {
  readonly source: Source;
  readonly nowMs: () => number;
  readonly tick: (ms: number) => void;
}

/** What a client was told last, and how often it had stumbled by then: after a stumble it may not know of it any more. */
interface Told {
  readonly untilMs: number;
  readonly stumbles: number;
}

export interface Page {
  /** Null: `429`, come again later. */
  readonly rows: readonly Row[] | null;
  /** The quota is used up until then. */
  readonly notBefore?: Instant;
}

/** The server: outside of all processes. Its quota is one for all clients. */
export class ApiServer {
  readonly #around: Surroundings;
  readonly #traits: ApiTraits;
  readonly #told = new WeakMap<Process, Told>();
  #pages = 0;
  /** What it lists its rows by. */
  sortsBy: 'mark' | 'id' = 'mark';
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  constructor(around: Surroundings, traits = usualApi) {
    this.#around = around;
    this.#traits = traits;
  }

  get now(): Instant {
    return instant(this.#around.nowMs());
  }

  get schema() {
    return this.#around.source.schema;
  }

  /** The rows after a position. A client that comes before the time that it was told has not listened. */
  page(process: Process, window: Window, after: string | null): Page {
    const { nowMs, tick } = this.#around;
    const told = this.#told.get(process);
    if (told && nowMs() < told.untilMs && told.stumbles === process.stumbles)
      throw new Violation(`${process.name} was told not to come before ${instant(told.untilMs)}, and came at ${instant(nowMs())}`);
    if (nowMs() < this.#quietUntilMs) return { rows: null, notBefore: this.#tell(process) };
    const rows = this.#rowsAfter(window, after);
    if (rows.length === 0) return { rows };
    tick(this.#traits.pageMs);
    if (++this.#pages % this.#traits.pagesInARow !== 0) return { rows };
    this.#quietUntilMs = nowMs() + this.#traits.quietMs;
    return { rows, notBefore: this.#tell(process) };
  }

  #tell(process: Process): Instant {
    this.#told.set(process, { untilMs: this.#quietUntilMs, stumbles: process.stumbles });
    return instant(this.#quietUntilMs);
  }

  #rowsAfter(window: Window, after: string | null): readonly Row[] {
    const { source, nowMs } = this.#around;
    const isIndexed = (one: Row) => window.lower === null || source.cameAt(one) + this.#traits.trailMs <= nowMs();
    const asked = within(window);
    const found = source.rows.filter((one) => asked(one) && isIndexed(one) && (after === null || this.positionOf(one) > after));
    found.sort((a, b) => (this.positionOf(a) < this.positionOf(b) ? -1 : 1));
    const last = found.slice(0, pageRows).at(-1);
    return last === undefined ? [] : found.filter((one) => this.positionOf(one) <= this.positionOf(last));
  }

  /** Rows with the same place are on the same page. */
  positionOf({ id, mark }: Row): string {
    return (this.sortsBy === 'mark' ? [mark ?? 0, id] : [id, mark ?? 0]).map((n) => String(n).padStart(9, '0')).join(' ');
  }
}

const instant = (ms: number): Instant => new Date(ms).toISOString();

export interface ApiHomeOptions {
  /** Shows its columns only while it is read. */
  readonly revealed: boolean;
  /** `clock`: it can be read up to the time that the server shows. */
  readonly upper: 'observed' | 'clock' | 'appended';
  /** Says which rows are deleted. */
  readonly deletes: boolean;
}

/**
 * What an API is like: pages one after another, no end in sight, the newest value known only by reading, `429` with "not before" now and then,
 * and an index that trails its data.
 */
export class ApiHome implements Home {
  readonly reading: Reading;
  readonly rowCondition = '';
  readonly place = 'the simulated API';
  readonly #process: Process;
  readonly #server: ApiServer;
  readonly #options: ApiHomeOptions;

  constructor(process: Process, server: ApiServer, options: ApiHomeOptions = { revealed: true, upper: 'observed', deletes: false }) {
    const filter = options.upper === 'clock' ? 'range' : 'lower';
    this.reading = { ...usualReading, order: 'in_order', upper: options.upper, filter, tellsDeletes: options.deletes };
    this.#process = process;
    this.#server = server;
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async describe(): Promise<Step<SourceDescription>> {
    const schema = this.#options.revealed ? undefined : this.#server.schema;
    return { done: { schema, rows: undefined, bytes: undefined, summary: 'pages' } };
  }

  async bound({ column, lagMs }: BoundRequest): Promise<Step<Watermark | 'observed' | undefined>> {
    if (this.#options.upper !== 'clock') return { done: 'observed' };
    const type = this.#server.schema.columns.find(({ name }) => name === column)?.type ?? { kind: 'null' };
    const now = await this.#process.call<Instant>({ label: 'source clock', kind: 'read', apply: () => this.#server.now });
    const text = writtenIn(type, new Date(Date.parse(now) - lagMs).toISOString());
    return { done: text === undefined ? undefined : { column, type, text } };
  }

  async future(): Promise<Step<FutureRows>> {
    return { done: { rows: 0, latest: null, until: null } };
  }

  async nulls(): Promise<Step<'while reading'>> {
    return { done: 'while reading' };
  }

  async plan(): Promise<Step<SlicePlan>> {
    return { done: { slices: [{ ref: 'pages', rows: null, bytes: null }] } };
  }

  async *read(_slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    let after = from === undefined || from === 'begin' ? null : String(from);
    for (;;) {
      signal.throwIfAborted();
      const position = after;
      const { rows, ...quota } = await this.#process.call<Page>({
        label: `source page ${position === null ? 'first' : 'next'}`,
        kind: 'read',
        // Where it has no upper bound of its own, it can't be asked for one.
        apply: () => this.#server.page(this.#process, this.#options.upper === 'clock' ? window : { ...window, upper: null }, position),
      });
      const last = rows?.at(-1);
      if (rows !== null && last === undefined) return;
      if (rows !== null) yield new SimFrame(this.#server.schema, rows);
      if (last !== undefined) after = this.#server.positionOf(last);
      yield { checkpoint: after ?? 'begin', ...quota };
    }
  }
}
