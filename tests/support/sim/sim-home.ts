import type { Frame, Step } from '../../../src/engine/contracts/frame.ts';
import {
  type BoundRequest,
  type Checkpoint,
  type FutureRows,
  type Home,
  type Look,
  type SeenFile,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  type SourceFiles,
  usualReading,
  type Window,
} from '../../../src/engine/contracts/home.ts';
import { HomeError } from '../../../src/errors/hygge-error.ts';
import type { DataType } from '../../../src/frames/schema.ts';
import { latestAt, writtenIn } from '../../../src/frames/times/future.ts';
import type { Watermark } from '../../../src/frames/watermark.ts';
import type { Instant, Json } from '../../../src/ports/values.ts';
import { within } from './jsonl-format.ts';
import { markIn, markText } from './marks.ts';
import type { Process } from './process.ts';
import { type Row, SimFrame } from './rows.ts';
import type { Source } from './source.ts';

/** Told from a part of the records, by a look that was not at the whole: rows with an odd id don't fit. */
const partly: Json = { partly: true };

export interface SimHomeOptions {
  /** Tells when it has changed. */
  readonly versioned?: boolean;
  readonly partly?: { readonly pinned: Json | null };
}

/**
 * Two slices, by odd and even ids, that may be read at once and again; the upper bound comes from the source. By file: a slice a file. One that
 * tells its columns from a part first is opened with what an earlier look has pinned.
 */
export class SimHome implements Home {
  readonly reading = usualReading;
  readonly rowCondition = '';
  readonly files: SourceFiles = { isOne: false, newest: async () => undefined, planned: async () => [] };
  readonly place = 'the simulated source';
  readonly #process: Process;
  readonly #source: Source;

  readonly #partly: { readonly pinned: Json | null } | undefined;
  readonly #options: SimHomeOptions;

  readonly #now: () => Instant;

  constructor(process: Process, source: Source, now: () => Instant, options: SimHomeOptions = {}) {
    this.#process = process;
    this.#source = source;
    this.#now = now;
    this.#partly = options.partly;
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  describe(_cursor?: Json, look?: Look): Promise<Step<SourceDescription>> {
    const pinned = this.#partly && { pinned: look === 'whole' ? null : partly };
    return this.#ask('describe', () => ({
      done: {
        schema: this.#source.schema,
        rows: { n: this.#source.rows.length, exact: true },
        bytes: undefined,
        summary: 'rows',
        ...(this.#options.versioned ? { version: this.#source.version } : {}),
        ...pinned,
      },
    }));
  }

  bound({ column, lagMs, future }: BoundRequest): Promise<Step<Watermark | undefined>> {
    return this.#ask('max', () => {
      const type = typeIn(this.#source, column);
      const oldEnough = new Date(Date.parse(this.#now()) - lagMs).toISOString();
      // As homes of the product do it: with a lag, a day is one of UTC.
      const lagged = lagMs > 0 ? writtenIn(type, oldEnough) : undefined;
      const latest = lagged !== undefined ? markIn(lagged) : future === 'take' ? Number.POSITIVE_INFINITY : untilNow(type, oldEnough);
      const marks = marksOf(this.#source).filter((mark) => mark <= latest);
      return { done: marks.length === 0 ? undefined : { column, type, text: markText(Math.max(...marks), type) } };
    });
  }

  future(column: string): Promise<Step<FutureRows>> {
    return this.#ask('future', () => ({ done: futureOf(this.#source, column, this.#now()) }));
  }

  nulls(): Promise<Step<number>> {
    return this.#ask('nulls', () => ({ done: this.#source.rows.filter((one) => one.mark === null).length }));
  }

  plan(window: Window): Promise<Step<SlicePlan>> {
    return this.#ask('plan', () => ({ done: window.seen === null ? twoSlices(window) : planFiles(this.#source, window, window.seen) }));
  }

  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    const { file, odd } = slice.ref as { file?: string; odd?: number };
    const { rows, schema } = await this.#ask(`read slice ${JSON.stringify(slice.ref)}`, () => ({
      rows: file === undefined ? this.#rowsIn(window, odd) : (this.#source.files.get(file)?.rows ?? []),
      schema: this.#source.schema,
    }));
    const mine = rows.filter((one) => odd === undefined || one.id % 2 === odd).filter(within(window));
    const start = typeof from === 'number' ? from : 0;
    for (const [i, one] of pairs(mine).entries()) {
      signal.throwIfAborted();
      if (i < start) continue;
      if (i > start) yield { checkpoint: i };
      yield new SimFrame(schema, one);
      if (this.#partly && this.#partly.pinned !== null && one.some(({ id }) => id % 2 === 1)) throw beyond;
    }
  }

  #rowsIn({ column }: Window, odd: number | undefined): readonly Row[] {
    const { blinking, rows } = this.#source;
    return column === null && blinking !== null && odd === blinking % 2 ? this.#source.rowsSeenBy(this.#process) : rows;
  }

  #ask<T>(label: string, apply: () => T): Promise<T> {
    return this.#process.call({ label: `source ${label}`, kind: 'read', apply });
  }
}

const beyond = new HomeError({ code: 'HYG-3210', what: 'A row does not fit.', tryThis: ['Nothing.'] });

function marksOf(source: Source): readonly number[] {
  return source.rows.flatMap((one) => (one.mark === null ? [] : [one.mark]));
}

function typeIn({ schema }: Source, column: string): DataType {
  return schema.columns.find(({ name }) => name === column)?.type ?? { kind: 'int64' };
}

function untilNow(type: DataType, now: string): number {
  const until = latestAt(type, now);
  return until === undefined ? Number.POSITIVE_INFINITY : markIn(until);
}

export function futureOf(source: Source, column: string, now: string): FutureRows {
  const type = typeIn(source, column);
  const until = latestAt(type, now) ?? null;
  const beyond = marksOf(source).filter((mark) => mark > untilNow(type, now));
  return { rows: beyond.length, latest: beyond.length === 0 ? null : markText(Math.max(...beyond), type), until };
}

/** The boundary group is read in one piece, as most homes would. */
function twoSlices({ lower, upper }: Window): SlicePlan {
  const group = lower?.inclusive === true && lower.text === upper?.text;
  const ref = (json: Json): SliceRef => ({ ref: json, rows: null, bytes: null });
  return { slices: group ? [ref({})] : [ref({ odd: 0 }), ref({ odd: 1 })] };
}

function planFiles(source: Source, { changedFiles }: Window, seen: readonly SeenFile[]): SlicePlan {
  const taken = new Map(seen.map((file) => [file.path, file.etag]));
  const now = [...source.files].map(([path, { version, rows }]) => ({
    path,
    bytes: rows.length,
    etag: `v${version}`,
    modifiedAt: '2026-01-01T00:00:00.000Z',
  }));
  const changed = now.filter((file) => taken.has(file.path) && taken.get(file.path) !== file.etag);
  const fresh = now.filter((file) => !taken.has(file.path));
  const reads = changedFiles === 'ignore' ? fresh : [...changed, ...fresh];
  return {
    slices: reads.map(({ path }) => ({ ref: { file: path }, rows: null, bytes: null, source: path })),
    seen: { files: now, movesOn: false },
    changed: changedFiles === 'ignore' ? [] : changed.map(({ path }) => path),
  };
}

function pairs(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / 2) }, (_, i) => rows.slice(i * 2, i * 2 + 2));
}
