import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import type { DriftTold, HyggeEvent } from '../../src/ports/events.ts';
import type { Json } from '../../src/ports/values.ts';
import { filesState } from '../../src/state/files.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { after, before, changed, incremental } from './changed-source.ts';
import { hygge } from './workspace.ts';

const key = { flow: 'shop', entity: 'orders' };

/** What a run's plan tells of the columns. */
async function driftOf(workspace: TestWorkspace, ...args: string[]): Promise<readonly DriftTold[]> {
  const { stdout } = await hygge(['go', '--output', 'json', ...args], workspace.root);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HyggeEvent);
  return events.flatMap((event) => (event.event === 'plan' ? (event.drift ?? []) : []));
}

const kinds = (drift: readonly DriftTold[]) => drift.map(({ kind, column }) => `${kind} ${column}`);

interface Shown {
  readonly keys: readonly string[] | null;
  readonly history: readonly {
    readonly run: string;
    readonly changes: readonly { readonly kind: string; readonly column: string | null }[];
  }[];
}

async function shown(workspace: TestWorkspace): Promise<Shown> {
  const { stdout } = await hygge(['schema', 'show', 'shop.orders', '--history', '--output', 'json'], workspace.root);
  return JSON.parse(stdout) as Shown;
}

const steps = ({ history }: Shown) => history.map(({ changes }) => changes.map(({ kind, column }) => `${kind} ${column}`));

describe('a source whose columns come in another order', () => {
  const turned = `select amount, id, seen, fax from (${before})`;

  it('is told of once, not with every run, and once more when they turn again', async () => {
    using workspace = await changed(turned);
    expect(kinds(await driftOf(workspace))).toEqual(['reordered null']);
    expect(kinds(await driftOf(workspace))).toEqual([]);
    await workspace.parquet('in/orders.parquet', `select fax, amount, id, seen from (${before})`);
    expect(kinds(await driftOf(workspace))).toEqual(['reordered null']);
    expect(steps(await shown(workspace))).toEqual([[], ['reordered null'], ['reordered null']]);
  });
});

describe('the history of a schema', () => {
  it('has one entry for a change, however many runs follow it', async () => {
    using workspace = await changed(after, `${incremental}schema_evolution: { type_changes: new_column }\n`);
    for (let n = 0; n < 3; n++) await hygge(['go'], workspace.root);
    expect(steps(await shown(workspace))).toEqual([[], ['removed fax', 'added email', 'type amount', 'added amount_string']]);
  });

  it('has nothing of a run that died before it decided', async () => {
    using workspace = await changed(before);
    const state = filesState({ files: localFileSystem(workspace.root) });
    const [ref = ''] = await state.listObjects(key, 'schemas/');
    const settled = (await state.getObject(key, ref)) as { readonly [name: string]: Json };
    await state.putObject(key, `${ref}-died`, { ...settled, run: 'DIED.1', at: '2020-01-01T00:00:00.000Z', schema: { columns: [] } });
    expect((await shown(workspace)).history.map(({ run }) => run)).not.toContain('DIED.1');
  });

  it('goes back to snapshots that did not name the one before them', async () => {
    using workspace = await changed(before);
    edited(workspace, (snapshot) => {
      delete snapshot.prev;
      delete snapshot.source;
    });
    await workspace.parquet('in/orders.parquet', `select *, 'x' as email from (${before})`);
    expect(kinds(await driftOf(workspace))).toEqual(['added email']);
    expect(steps(await shown(workspace))).toEqual([[], ['added email']]);
  });
});

/** The snapshot, as another version of hygge would have written it. */
function edited(workspace: TestWorkspace, edit: (snapshot: Record<string, unknown>) => void): void {
  const folder = workspace.path('.hygge/objects/shop/orders/schemas');
  for (const name of readdirSync(folder)) {
    const snapshot = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
    edit(snapshot);
    writeFileSync(join(folder, name), JSON.stringify(snapshot));
  }
}

describe('the key', () => {
  const keyed = (columns: string) => `run_type: incremental\nwatermark: { column: seen, key: [${columns}] }\n`;
  const rekey = (workspace: TestWorkspace, from: string, to: string) => {
    const file = workspace.path('flows/shop/flow.yml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(keyed(from), keyed(to)));
  };
  const later = `${before} union all select 9, 9, 'y', timestamp '2026-05-05'`;

  it('is part of the snapshot; another one is told as a warning, once', async () => {
    using workspace = await changed(before, keyed('id'));
    expect((await shown(workspace)).keys).toEqual(['id']);
    expect((await hygge(['schema', 'show', 'shop.orders'], workspace.root)).stdout).toMatch(/\nkey {2}id\n/);
    rekey(workspace, 'id', 'id, amount');
    await workspace.parquet('in/orders.parquet', later);
    expect(await driftOf(workspace, '--dry-run')).toMatchObject([
      { kind: 'key', before: 'id', now: 'id, amount', severity: 'warn', policy: null },
    ]);
    const { code, stdout } = await hygge(['go'], workspace.root);
    expect(code).toBe(0);
    expect(stdout).toContain('~ the key id → id, amount: rows are identified by id, amount from now on');
    expect(stdout).toContain('WARN=1');
    expect(kinds(await driftOf(workspace))).toEqual([]);
    expect(steps(await shown(workspace))).toEqual([[], ['key null']]);
  });

  it('of a snapshot that has none is no change: it is only remembered from then on', async () => {
    using workspace = await changed(before, keyed('id'));
    edited(workspace, (snapshot) => delete snapshot.source);
    await workspace.parquet('in/orders.parquet', later);
    expect((await shown(workspace)).keys).toBeNull();
    expect(kinds(await driftOf(workspace))).toEqual([]);
    expect((await shown(workspace)).keys).toEqual(['id']);
  });
});
