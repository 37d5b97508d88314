import type { PlannedChange } from '../../../src/engine/contracts/catalog.ts';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import type { ReworkResult } from '../../../src/engine/contracts/replacing.ts';
import type { EntityRun, Part, Store, Supersede } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import type { JournalRow } from '../../../src/ports/state.ts';
import { preparing } from '../prepare-request.ts';
import { adding, baseSchema } from '../sim/rows.ts';

const at = '2026-01-01T00:00:00.000Z';

/** The decision over some parts, as the engine makes it: what a store is asked to commit. */
export async function decisionOver(
  store: Store,
  what: {
    readonly run: EntityRun;
    readonly parts: readonly Part[];
    readonly supersede: Supersede;
    readonly reworked?: readonly ReworkResult[];
    readonly carried?: readonly Part[];
    readonly writing?: Writing;
    /** Of the rows; absent: `id` and `mark`. */
    readonly schema?: Schema;
    readonly changes?: readonly PlannedChange[];
  },
): Promise<Intent> {
  const { run, parts, supersede, reworked = [], carried = [], writing = adding, schema = baseSchema, changes = [] } = what;
  const head = await store.head();
  const prev = head?.id ?? null;
  const { target } = await store.prepare(preparing({ run, prev, writing, supersede, parts, schema, changes, reworked, carried }));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const marks = parts.flatMap(({ max }) => (max === undefined ? [] : [Number(max)]));
  const group = parts.filter(({ role }) => role === 'boundary').reduce((sum, part) => sum + part.rows, 0);
  return {
    version: 2,
    id: `intent-${run.lineage}-${run.epoch}`,
    prev,
    ...run,
    writing,
    mode: supersede.what === 'all' ? 'full' : 'incremental',
    lane: 'live',
    place: store.place,
    target,
    parts,
    schema,
    ...(changes.length === 0 ? {} : { changes }),
    settles: {
      snapshot: 'schemas/1',
      rows,
      // A range is replaced below the watermark, which stays.
      watermark:
        supersede.what === 'range'
          ? (head?.watermark ?? null)
          : marks.length === 0
            ? null
            : { column: 'mark', type: { kind: 'int64' }, text: String(Math.max(...marks)) },
      boundary: supersede.what === 'range' ? (head?.boundary ?? null) : { rows: group, hash: String(group).padStart(32, '0') },
      seen: null,
      sourceVersion: null,
    },
    binding: { source: 'test', target: store.where, watermark: 'mark int64' },
    state: 'files .hygge/state',
    journal: { ...journal, entity_run_id: run.entityRunId, epoch: run.epoch, rows, rows_read: rows, bytes, parts: parts.length },
  };
}

const journal: JournalRow = {
  entity_run_id: '',
  run_id: 'run',
  invocation_id: 'inv',
  workspace: 'w',
  flow: 'f',
  entity: 'e',
  lane: 'live',
  epoch: 0,
  started_at: at,
  finished_at: at,
  seconds: 0,
  status: 'pass',
  run_type: 'incremental',
  rows: 0,
  rows_read: 0,
  bytes: 0,
  parts: 0,
  attempts: 1,
  watermark_column: null,
  watermark_type: null,
  watermark_from: null,
  watermark_to: null,
  error_code: null,
  message: null,
  hygge_version: '0',
};
