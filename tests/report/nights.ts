/** Journals and states of many nights, without running them: the same for the same words. */
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';
import type { JournalRow, StateRow, StateStore } from '../../src/ports/state.ts';
import type { EntityKey, Json } from '../../src/ports/values.ts';
import { filesState } from '../../src/state/files.ts';
import { lineOf } from '../../src/state/journal.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { emptyRow, journalRowOf, stateRow } from '../support/state-rows.ts';

export const now = '2026-11-23T08:00:00.000Z';

/** A night of an entity: `ago` 0 is the last one. Answers what is special about it, or null: nothing ran. */
export type Special = (key: EntityKey, ago: number) => Partial<JournalRow> | null;

/** Numbers that look like chance and are none. */
export function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898 + 78.233) * 43_758.5453;
  return x - Math.floor(x);
}

function usual(key: EntityKey, ago: number, n: number): JournalRow {
  const ended = new Date(Date.parse('2026-11-23T02:00:00.000Z') - ago * 86_400_000 + n * 7_000).toISOString();
  const rows = Math.round(9_000 + 6_000 * noise(n * 131 + ago) + 2_500 * Math.sin(ago / 3.5 + n));
  const run = `01K${String(1000 - ago).padStart(23, '0')}`;
  return journalRowOf(`${run}.${n + 1}`, ended, {
    ...key,
    run_id: run,
    started_at: new Date(Date.parse(ended) - 20_000).toISOString(),
    seconds: 8 + 20 * noise(n * 17 + ago * 3),
    rows,
    rows_read: rows,
    watermark_type: 'timestamp',
    watermark_to: new Date(Date.parse(ended) - 3_600_000 * (1 + 5 * noise(n * 7 + ago * 11))).toISOString(),
    message: null,
    hygge_version: '0.1.0',
  });
}

export interface Nights {
  readonly entities: readonly EntityKey[];
  readonly days?: number;
  readonly special?: Special;
  /** What the state says otherwise than the last run would have it. */
  readonly states?: (key: EntityKey, row: StateRow) => Partial<StateRow>;
  readonly files?: AppendableFileSystem;
}

/** A state in files, of memory unless others are given. */
export async function nightsOf({
  entities,
  days = 90,
  special = () => ({}),
  states = () => ({}),
  files = new MemoryFileSystem(),
}: Nights): Promise<StateStore> {
  const state = filesState({ files });
  const months = new Map<string, string[]>();
  for (const [n, key] of entities.entries()) {
    const rows: JournalRow[] = [];
    for (let ago = days - 1; ago >= 0; ago -= 1) {
      const over = special(key, ago);
      if (over !== null) rows.push({ ...usual(key, ago, n), ...over });
    }
    for (const row of rows) {
      const month = row.finished_at.slice(0, 7);
      const lines = months.get(month) ?? [];
      lines.push(lineOf(row));
      months.set(month, lines);
    }
    await state.write(key, undefined, { ...stateOf(rows, n), ...states(key, stateOf(rows, n)) });
  }
  for (const [month, lines] of months)
    await files.put(`.hygge/journal/${month}.ndjson`, new TextEncoder().encode(lines.join('\n')), { ifNoneMatch: '*' });
  return state;
}

function stateOf(rows: readonly JournalRow[], n: number): StateRow {
  const last = rows.at(-1);
  if (last === undefined) return emptyRow;
  const settled = rows.findLast(({ status }) => status === 'pass' || status === 'warn');
  const known = stateRow().settled;
  return {
    ...emptyRow,
    epoch: rows.length,
    settled:
      settled === undefined || known === null
        ? null
        : {
            ...known,
            watermark: {
              column: 'updated_at',
              type: { kind: 'timestamp', unit: 'ms', zone: 'UTC' },
              text: settled.watermark_to ?? '2026-11-01T00:00:00.000Z',
            },
            snapshot: null,
            at: settled.finished_at,
            total: 1_000_000 + n * 77_777,
          },
    last: { run: last.entity_run_id, at: last.finished_at, status: last.status, rows: last.rows },
  };
}

const column = (name: string, kind: string) => ({ name, type: { kind }, nullable: true });

/** Two schemas of an entity, the later with one column more. Answers the name of the later. */
export async function columnsAdded(state: StateStore, key: EntityKey, added: string, at: string): Promise<string> {
  const of = (columns: readonly string[], more: object): Json => {
    const schema = { columns: columns.map((name) => column(name, 'string')) };
    const drift = {
      kind: 'added',
      column: added,
      now: 'string',
      policy: 'add_columns: auto',
      severity: 'note',
      since: at,
      outcome: { code: 'settles' },
    };
    return {
      version: 1,
      schema,
      expects: [],
      drift: columns.includes(added) ? [drift] : [],
      polish: null,
      run: '01K.1',
      pinned: null,
      ...more,
    } as Json;
  };
  await state.putObject(key, 'schemas/1-a', of(['id'], { at: '2026-01-01T00:00:00.000Z', prev: null }));
  await state.putObject(key, 'schemas/2-b', of(['id', added], { at, prev: 'schemas/1-a' }));
  return 'schemas/2-b';
}
