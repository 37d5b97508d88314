import type { JournalRow, StateRow } from '../../src/ports/state.ts';

/** A state row with something in every field; `over` replaces some. */
export function stateRow(over: Partial<StateRow> = {}): StateRow {
  return {
    lineage: 'lineage1',
    epoch: 7,
    owner: {
      run: '01JRUN.1',
      until: '2026-11-20T09:00:00.000Z',
      holder: { host: 'kitchen', boot: 'boot', pid: 42, started: '1234', program: 'hygge go' },
    },
    pending: { id: 'intent7', epoch: 7, ref: 'intents/7-intent7' },
    settled: {
      id: 'intent6',
      epoch: 6,
      watermark: { column: 'updated_at', type: { kind: 'timestamp', unit: 'us', zone: 'UTC' }, text: '2026-11-19T23:59:59.123456Z' },
      boundary: { rows: 2, hash: '0123456789abcdef0123456789abcdef' },
      snapshot: 'schemas/6',
      seen: 'seen/6',
      sourceVersion: 'v1',
      rows: 15420,
      at: '2026-11-20T08:00:00.000Z',
    },
    lanes: { 'backfill:2024-01-01..2024-02-01': { column: 'updated_at', type: { kind: 'date' }, text: '2024-01-15' } },
    binding: { source: 'local:/data/in/*.parquet', target: 'local:/lake/crm', watermark: 'updated_at timestamp[us, UTC]' },
    fullNext: false,
    last: { run: '01JRUN.0', at: '2026-11-20T08:00:01.000Z', status: 'pass', rows: 15420 },
    writeId: 'writeid001',
    ...over,
  };
}

export const emptyRow: StateRow = {
  lineage: 'lineage1',
  epoch: 0,
  owner: null,
  pending: null,
  settled: null,
  lanes: {},
  binding: null,
  fullNext: false,
  last: null,
  writeId: 'writeid000',
};

/** The journal row of an entity run that finished at `finished`. */
export function journalRowOf(id: string, finished: string, over: Partial<JournalRow> = {}): JournalRow {
  return {
    entity_run_id: id,
    run_id: id.split('.')[0] ?? id,
    invocation_id: '01JINVOCATION',
    workspace: 'northwind',
    flow: 'crm',
    entity: 'Account',
    lane: 'live',
    epoch: 7,
    started_at: '2026-11-20T08:00:00.000Z',
    finished_at: finished,
    seconds: 1.5,
    status: 'pass',
    run_type: 'incremental',
    rows: -3,
    rows_read: 12,
    bytes: 3456,
    parts: 1,
    attempts: 2,
    watermark_column: 'updated_at',
    watermark_type: 'timestamp[us, UTC]',
    watermark_from: '2026-11-18T23:59:59.123456Z',
    watermark_to: null,
    error_code: null,
    message: 'fine "so far"\nand more',
    hygge_version: '0.1.0',
    ...over,
  };
}
