/** A log forgets its old commits. A flow that runs often enough never loses its place in it, though no run finds a row. */
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logRetentionMs } from '../../../src/files/delta/position.ts';
import { between, go, ids, last, rows, type Scene, sceneOf } from './scene.ts';

const day = 24 * 60 * 60 * 1000;
const flow = (policy = '') => `store: out\nrun_type: incremental\n${policy}`;

/** The commits so far were written so many days ago. */
function aged({ workspace }: Scene, days: number): void {
  const log = workspace.path('orders/_delta_log');
  const at = new Date(Date.now() - days * day);
  for (const name of readdirSync(log)) utimesSync(join(log, name), at, at);
}

async function cleaned({ orders }: Scene): Promise<void> {
  await orders.checkpoint();
  await orders.cleanLog();
}

describe('a table of which only rewrites are committed for longer than its log is kept', () => {
  it.each(['optimize', 'metadata', 'vacuum'] as const)('brings exactly the rows that come after it: %s', async (what) => {
    await using scene = await sceneOf(flow());
    await scene.orders.append(rows(0, 3));
    await scene.orders.append(rows(3, 5));
    aged(scene, 8);
    expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 5 });
    if (what === 'optimize') await scene.orders.optimize();
    if (what === 'metadata') await scene.orders.addColumn({ name: 'more', type: 'string' });
    if (what === 'vacuum') await scene.orders.commitOther('vacuum end', []);
    expect(last(await go(scene))).toMatchObject({ error: 0, rows: 0 });
    await cleaned(scene);
    expect(last(await go(scene))).toMatchObject({ skip: 1 });
    await scene.orders.append(rows(5, 7));
    expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 2 });
    expect(await ids(scene)).toEqual(between(0, 7));
  });

  it('as well where versions with deleted rows are left out', async () => {
    await using scene = await sceneOf(flow('changed_files: ignore\n'));
    await scene.orders.append(rows(0, 3));
    aged(scene, 8);
    await go(scene);
    await scene.orders.delete(({ id }) => id === 1);
    expect(last(await go(scene))).toMatchObject({ error: 0, rows: 0 });
    await cleaned(scene);
    await scene.orders.append(rows(3, 5));
    expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 2 });
    expect(await ids(scene)).toEqual(between(0, 5));
  });

  it('as well where none of the new rows is taken', async () => {
    await using scene = await sceneOf(flow());
    scene.workspace.write({ 'flows/f/flow.yml': `home: { path: orders, format: delta, where: id < 100 }\n${flow()}` });
    await scene.orders.append(rows(0, 3));
    aged(scene, 8);
    await go(scene);
    await scene.orders.append(rows(100, 102));
    expect(last(await go(scene))).toMatchObject({ error: 0, rows: 0 });
    await cleaned(scene);
    await scene.orders.append(rows(3, 5));
    expect(last(await go(scene))).toMatchObject({ pass: 1, rows: 2 });
    expect(await ids(scene)).toEqual(between(0, 5));
  });
});

it('a position that is young and near stays where it is, and no commit is made', async () => {
  await using scene = await sceneOf(flow());
  await scene.orders.append(rows(0, 3));
  await scene.orders.append(rows(3, 5));
  aged(scene, 6);
  await go(scene);
  await scene.orders.optimize();
  expect(last(await go(scene))).toMatchObject({ skip: 1 });
});

it('a position that is many versions behind moves, whatever its age', async () => {
  await using scene = await sceneOf(flow());
  await scene.orders.append(rows(0, 3));
  await go(scene);
  for (let i = 0; i < 100; i++) await scene.orders.commitOther('vacuum end', []);
  expect(last(await go(scene))).toMatchObject({ skip: 1 });
  await scene.orders.commitOther('vacuum end', []);
  expect(last(await go(scene))).toMatchObject({ skip: 0, error: 0, rows: 0 });
  expect(last(await go(scene))).toMatchObject({ skip: 1 });
});

it.each([
  [undefined, 30],
  ['interval 30 days', 30],
  ['INTERVAL 1 week', 7],
  ['interval 1 week 2 days', 9],
  ['36 hours', 1.5],
  ['interval 0 seconds', 0],
  ['P30D', 30],
  ['interval 2 months', 30],
  ['', 30],
])('how long a log is kept: %s', (written, days) => {
  const configuration: Record<string, string> = written === undefined ? {} : { 'delta.logRetentionDuration': written };
  expect(logRetentionMs({ configuration })).toBe(days * day);
});
