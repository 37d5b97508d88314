import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { recordHistory } from '../support/function-host/recorded.ts';
import { startFunctionHost } from '../support/function-host/start-host.ts';

/** `RECORD_HISTORIES` writes them, as recorded-histories.test.ts does others. */
const waitingHistories = [
  ['r-l0', 'continues next to a waiting entity'],
  ['r-e0', 'leaves its lane'],
  ['r-e0-w', 'waits next to its lane'],
  ['r-e0-f', 'takes its turn'],
] as const;

test('a lane continues while entities wait, and they take their turn behind it, though each step is delivered twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-notes-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const notes = join(folder, 'notes');
  const app = join(import.meta.dirname, '..', 'support', 'function-host', 'fixtures', 'lane.ts');
  await using host = await startFunctionHost({ app, delivery: 'twice', workers: 2, settings: { NOTES: notes } });
  await host.startOrchestration('hygge-lane', 'r-l0', { of: { run: 'r' }, entities: '0-3' });
  const ended = await host.ask('ended', 'r-l0');
  await host.ask('idle');
  expect(ended).toMatchObject({ status: 'Completed', output: { pass: 4, error: 0, rows: 40, settled: '0-3' } });
  const commits = readFileSync(notes, 'utf8').trim().split('\n');
  expect(commits).toHaveLength(12);
  expect([...new Set(commits)].slice(0, 4)).toEqual(['commit 0', 'commit 1', 'commit 2', 'commit 3']);
  expect(await host.ask('instance', 'r-e0-f')).toMatchObject({ status: 'Completed', output: { status: 'pass', rows: 10 } });
  for (const [id, shows] of waitingHistories) {
    const instance = await host.ask('instance', id);
    if (instance !== null && process.env.RECORD_HISTORIES !== undefined) recordHistory(process.env.RECORD_HISTORIES, instance, shows);
  }
});

const replicatingHistories = [
  ['r-l0', 'entities wait until they are replicated'],
  ['r-e0', 'leaves its lane until it is replicated'],
  ['r-e0-w', 'waits until it is replicated'],
  ['r-e0-f', 'is compared once it is replicated'],
  ['q-e0', 'waits in its lane until it is replicated'],
] as const;

test('a run of an earlier version, whose entities wait within it until they are replicated, ends as it began', async () => {
  const app = join(import.meta.dirname, '..', 'support', 'function-host', 'fixtures', 'replicating.ts');
  await using host = await startFunctionHost({ app, workers: 2 });
  for (const [run, entities] of [
    ['r', '0-1'],
    ['q', '0'],
  ]) {
    await host.startOrchestration('hygge-lane', `${run}-l0`, { of: { run, looks: true }, entities });
    const ended = await host.ask('ended', `${run}-l0`);
    expect(ended).toMatchObject({ status: 'Completed', output: { error: 0, settled: entities } });
  }
  for (const [id, shows] of replicatingHistories) {
    const instance = await host.ask('instance', id);
    expect(instance).toMatchObject({ status: 'Completed' });
    if (instance !== null && process.env.RECORD_HISTORIES !== undefined) recordHistory(process.env.RECORD_HISTORIES, instance, shows);
  }
});
