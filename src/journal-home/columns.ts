import type { Cell } from '../frames/cell.ts';
import type { Column, DataType, Schema } from '../frames/schema.ts';
import type { JournalRow } from '../ports/state.ts';

const text = { kind: 'string' } as const;
const whole = { kind: 'int64' } as const;
const instant = { kind: 'timestamp', unit: 'ms', zone: 'UTC' } as const;

/** The journal's columns, in order. A column of a later version comes last: what settled before stays as it is. */
const types: {
  readonly [name in keyof JournalRow]-?: { readonly type: DataType; readonly nullable: null extends JournalRow[name] ? true : false };
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
};

const names = Object.keys(types) as readonly (keyof JournalRow)[];

export const journalSchema: Schema = {
  columns: names.map((name): Column => ({ name, type: types[name].type, nullable: types[name].nullable })),
};

export function cellsOf(row: JournalRow): readonly Cell[] {
  return names.map((name) => {
    const value = row[name];
    if (value === null || value === undefined) return null;
    if (typeof value === 'object') return JSON.stringify(value);
    const { kind } = types[name].type;
    if (kind === 'int64') return BigInt(value);
    return kind === 'timestamp' ? BigInt(Date.parse(String(value))) : value;
  });
}

/** A value as the canonical text of a watermark; null: it has none. */
export function textIn(row: JournalRow, column: string): string | null {
  const name = names.find((one) => one === column);
  const value = name === undefined ? null : row[name];
  // Instants of the journal have milliseconds and a Z: that is their canonical text.
  return value === null || value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
