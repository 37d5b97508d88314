/** The journal as a home: entity runs as rows, for a copy that people can query. */
import type { Frame, Step } from '../engine/contracts/frame.ts';
import {
  type BoundRequest,
  type FutureRows,
  type Home,
  type Reading,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  usualReading,
  type Window,
} from '../engine/contracts/home.ts';
import type { Cell } from '../frames/cell.ts';
import type { Column, DataType, Schema } from '../frames/schema.ts';
import { latestAt } from '../frames/times/future.ts';
import { frameBuilder } from '../frames/values/builders.ts';
import type { Watermark } from '../frames/watermark.ts';
import { compareWatermarks } from '../frames/watermark-text.ts';
import { messageOf } from '../narrate/text/notes.ts';
import type { Clock } from '../ports/clock.ts';
import { retry } from '../ports/retry.ts';
import type { JournalFilter, JournalRow, StateStore } from '../ports/state.ts';
import type { EntityKey, Instant } from '../ports/values.ts';

const frameBytes = 16 * 1024 * 1024;
const latestRows = 200;

export interface JournalHomeRequest {
  readonly state: Pick<StateStore, 'journal'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The entity that reads the journal. Its own runs are left out, because each run would make another run necessary. */
  readonly reader: EntityKey;
}

export function journalHome(request: JournalHomeRequest): Home {
  return new JournalHome(request);
}

class JournalHome implements Home {
  readonly reading: Reading = { ...usualReading, absence: 'forgotten' };
  readonly rowCondition = '';
  /** The source’s place, independent of the state’s place, so that the journal of a moved state is still the same source. */
  readonly place = 'the journal';
  readonly #state: JournalHomeRequest['state'];
  readonly #clock: JournalHomeRequest['clock'];
  readonly #reader: EntityKey;
  /** When the upper bound was taken. */
  #now: Instant | undefined;

  constructor({ state, clock, reader }: JournalHomeRequest) {
    this.#state = state;
    this.#clock = clock;
    this.#reader = reader;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async describe(): Promise<Step<SourceDescription>> {
    return { done: { schema: journalSchema, rows: undefined, bytes: undefined, summary: 'the journal of this workspace' } };
  }

  async bound({ column, lagMs, future }: BoundRequest): Promise<Step<Watermark | undefined>> {
    const type = typeOf(journalSchema, column);
    if (type === undefined) return { done: undefined };
    this.#now = this.#clock.now();
    const cap = lagMs > 0 || future === 'wait' ? new Date(Date.parse(this.#now) - lagMs).toISOString() : null;
    // Rows are listed newest first, so the first few rows contain the newest time.
    const few = column === 'finished_at' && newest(await this.#rows({ limit: latestRows }), { column, type, cap });
    return { done: few || newest(await this.#rows({}), { column, type, cap }) };
  }

  async future(column: string): Promise<Step<FutureRows>> {
    const type = typeOf(journalSchema, column);
    const until = type && latestAt(type, this.#now ?? this.#clock.now());
    if (type === undefined || until === undefined) return { done: { rows: 0, latest: null, until: null } };
    const latest = newest(column === 'finished_at' ? await this.#rows({ limit: latestRows }) : await this.#rows({}), {
      column,
      type,
      cap: null,
    });
    if (!latest || compareWatermarks(latest, { type, text: until }) <= 0) return { done: { rows: 0, latest: null, until } };
    const rows = (await this.#rows({})).filter((row) => (textIn(row, column) ?? '') > until).length;
    return { done: { rows, latest: latest.text, until } };
  }

  async nulls(column: string): Promise<Step<number>> {
    if (journalSchema.columns.find(({ name }) => name === column)?.nullable === false) return { done: 0 };
    return { done: (await this.#rows({})).filter((row) => textIn(row, column) === null).length };
  }

  async plan(): Promise<Step<SlicePlan>> {
    return { done: { slices: [{ ref: 'journal', rows: null, bytes: null }] } };
  }

  async *read(_slice: SliceRef, window: Window, _from: unknown, signal: AbortSignal): AsyncGenerator<Frame> {
    const builder = await frameBuilder(journalSchema);
    const since = window.column?.column === 'finished_at' ? window.lower?.text : undefined;
    for (const row of await this.#rows(since === undefined ? {} : { since })) {
      signal.throwIfAborted();
      if (!isWithin(row, window)) continue;
      builder.append(cellsOf(row));
      if (builder.bytes >= frameBytes) yield await builder.take();
    }
    if (builder.rows > 0) yield await builder.take();
  }

  async #rows(filter: JournalFilter): Promise<readonly JournalRow[]> {
    const rows = await retry(() => this.#state.journal({ ...filter, withVerifications: true }));
    const others = rows.filter(({ flow, entity }) => flow !== this.#reader.flow || entity !== this.#reader.entity);
    return others.map((row) => ({ ...row, message: messageOf(row) }));
  }
}

interface ColumnQuestion {
  readonly column: string;
  readonly type: Watermark['type'];
  /** The latest time that counts. Later times are too recent. */
  readonly cap: Instant | null;
}

function newest(rows: readonly JournalRow[], { column, type, cap }: ColumnQuestion): Watermark | undefined {
  let highest: Watermark | undefined;
  for (const row of rows) {
    const text = textIn(row, column);
    if (text === null || (cap !== null && type.kind === 'timestamp' && text > cap)) continue;
    const candidate: Watermark = { column, type, text };
    if (highest === undefined || compareWatermarks(candidate, highest) > 0) highest = candidate;
  }
  return highest;
}

function typeOf({ columns }: Schema, name: string): Watermark['type'] | undefined {
  return columns.find((column) => column.name === name)?.type;
}

function isWithin(row: JournalRow, { column, lower, upper, nulls }: Window): boolean {
  if (column === null) return true;
  const text = textIn(row, column.column);
  if (text === null) return nulls === 'include';
  const { type } = column;
  const against = (edge: { readonly text: string }) => compareWatermarks({ type, text }, { type, text: edge.text });
  const above = lower === null || (lower.inclusive ? against(lower) >= 0 : against(lower) > 0);
  return above && (upper === null || (upper.inclusive ? against(upper) <= 0 : against(upper) < 0));
}

const text = { kind: 'string' } as const;
const whole = { kind: 'int64' } as const;
const instant = { kind: 'timestamp', unit: 'ms', zone: 'UTC' } as const;

/** A journal row as it is read: `message` has the notes in words. */
type ShownRow = Omit<JournalRow, 'notes'>;

/** The journal's columns, in order. A column of a later version must come last, so that settled columns stay unchanged. */
const types: {
  readonly [name in keyof ShownRow]-?: { readonly type: DataType; readonly nullable: null extends ShownRow[name] ? true : false };
} = {
  entity_run_id: { type: text, nullable: false },
  run_id: { type: text, nullable: false },
  invocation_id: { type: text, nullable: false },
  workspace: { type: text, nullable: false },
  flow: { type: text, nullable: false },
  entity: { type: text, nullable: false },
  lane: { type: text, nullable: false },
  epoch: { type: whole, nullable: false },
  started_at: { type: instant, nullable: false },
  finished_at: { type: instant, nullable: false },
  seconds: { type: { kind: 'float64' }, nullable: false },
  status: { type: text, nullable: false },
  run_type: { type: text, nullable: false },
  rows: { type: whole, nullable: false },
  rows_read: { type: whole, nullable: false },
  bytes: { type: whole, nullable: false },
  parts: { type: whole, nullable: false },
  attempts: { type: whole, nullable: false },
  watermark_column: { type: text, nullable: true },
  watermark_type: { type: text, nullable: true },
  watermark_from: { type: text, nullable: true },
  watermark_to: { type: text, nullable: true },
  error_code: { type: text, nullable: true },
  message: { type: text, nullable: true },
  hygge_version: { type: text, nullable: false },
  reason: { type: text, nullable: true },
  error: { type: text, nullable: true },
  rows_settled: { type: whole, nullable: true },
  rows_replaced: { type: whole, nullable: true },
  bad_rows: { type: text, nullable: true },
  rows_updated: { type: whole, nullable: true },
  target: { type: text, nullable: true },
  verified: { type: text, nullable: true },
  quarantined: { type: whole, nullable: true },
  checks_failed: { type: whole, nullable: true },
  checks_warned: { type: whole, nullable: true },
};

const names = Object.keys(types) as readonly (keyof ShownRow)[];

const journalSchema: Schema = {
  columns: names.map((name): Column => ({ name, type: types[name].type, nullable: types[name].nullable })),
};

function cellsOf(row: JournalRow): readonly Cell[] {
  return names.map((name) => {
    const value = row[name];
    if (value === null || value === undefined) return null;
    if (typeof value === 'object') return JSON.stringify(value);
    const { kind } = types[name].type;
    if (kind === 'int64') return BigInt(value);
    return kind === 'timestamp' ? BigInt(Date.parse(String(value))) : value;
  });
}

/** A value as the canonical text of a watermark; null: no value. */
function textIn(row: JournalRow, column: string): string | null {
  const name = names.find((one) => one === column);
  const value = name === undefined ? null : row[name];
  // Times of the journal have milliseconds and a Z, which is already their canonical text.
  return value === null || value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
