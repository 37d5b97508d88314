/** How a list writes its times. Comparisons use the written precision: GitHub stores whole seconds, Stripe epoch seconds. */
export type Stamp = 'iso_ms' | 'iso_seconds' | 'epoch_seconds' | 'epoch_ms';

export interface ListedRow {
  readonly id: number;
  readonly fields: Readonly<Record<string, unknown>>;
  /** The time that the row shows as `updated_at`. */
  readonly stampMs: number;
  /** From this time on the row is listed: the commit of the transaction that wrote it. */
  readonly visibleMs: number;
}

/** What a change leaves out of the present. Absent: both are now. */
export interface Times {
  readonly stampMs?: number;
  readonly visibleMs?: number;
}

/** The rows of one list. A row that is written moves to the end, as in a PostgreSQL table that is read without an order. */
export class ChangingRows {
  readonly #rows = new Map<number, ListedRow>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Inserts the row, or replaces it. A field of `JSON.rawJSON` is listed as it is written. */
  put(id: number, fields: ListedRow['fields'] = {}, { stampMs = this.#nowMs(), visibleMs = this.#nowMs() }: Times = {}): void {
    this.#rows.delete(id);
    this.#rows.set(id, { id, fields, stampMs, visibleMs });
  }

  /** Without a trace: no list shows that the row was there. */
  remove(id: number): void {
    this.#rows.delete(id);
  }

  /** In the order of their last write, rows of later commits included. */
  all(): readonly ListedRow[] {
    return [...this.#rows.values()];
  }
}

export function stamped(ms: number, stamp: Stamp): string | number {
  if (stamp === 'epoch_ms') return ms;
  if (stamp === 'epoch_seconds') return Math.floor(ms / 1000);
  const text = new Date(ms).toISOString();
  return stamp === 'iso_ms' ? text : text.replace(/\.\d+Z$/, 'Z');
}

/** @returns the time in ms; undefined: the text is not in this form. */
export function msOf(text: string, stamp: Stamp): number | undefined {
  const forms = {
    iso_ms: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    iso_seconds: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    epoch_seconds: /^\d{1,11}$/,
    epoch_ms: /^\d{1,14}$/,
  } satisfies Record<Stamp, RegExp>;
  if (!forms[stamp].test(text)) return undefined;
  const ms = stamp === 'epoch_ms' ? Number(text) : stamp === 'epoch_seconds' ? Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
