import { expect, onTestFinished, test } from 'vitest';
import type { TriggerContext } from '../../functions/sdk.ts';
import { servedAtStart } from '../../functions/served-flows.ts';
import { onFlows } from '../../functions/triggers/flows.ts';
import { onWatch, watchSchedule } from '../../functions/triggers/watch.ts';
import { type App, openApp } from '../../src/assembly/app.ts';
import { filesState } from '../../src/state/files.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { emptyRow, stateRow } from '../support/state-rows.ts';
import { webhook } from '../support/webhook.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** An app whose state lies in memory: rows settled in `good` in 2020. */
async function appWith(files: Readonly<Record<string, string>>) {
  const workspace = new TestWorkspace(files);
  onTestFinished(() => workspace[Symbol.dispose]());
  const real = openApp({ HYGGE_CONFIG: workspace.root, AzureWebJobsStorage: 'UseDevelopmentStorage=true' });
  const start = await servedAtStart(real);
  const state = filesState({ files: new MemoryFileSystem() });
  const { settled } = stateRow();
  const at = '2020-01-01T02:00:00.000Z';
  const last = { run: 'x.1', at, status: 'pass' as const, rows: 5 };
  for (const entity of ['old', 'new'])
    await state.write({ flow: 'good', entity }, undefined, {
      ...emptyRow,
      settled: settled && { ...settled, at: entity === 'old' ? at : new Date().toISOString() },
      last,
    });
  const asked: string[] = [];
  const look = async (name: string) => {
    asked.push(name);
    const found = start.flows.find((one) => one.found.name === name)?.found;
    if (found === undefined || 'errors' in found) throw new Error('no such flow');
    return { flow: found.flow, workspace: found.workspace, state, board: { list: async () => [], currentWaits: async () => [] } };
  };
  return { app: { ...real, look } as unknown as App, start, asked };
}

const flow = (more: string) =>
  `home: { type: parquet, path: "in/{entity}" }\nstore: { type: parquet, path: lake }\nentities: [old, new]\n${more}`;

test('GET /api/flows names the stale entities of flows that expect rows', async () => {
  const { app, start, asked } = await appWith({
    'flows/good/flow.yml': flow('expect: { every: 1d }\n'),
    'flows/other/flow.yml': flow('').replace('lake', 'sea'),
  });
  const request = { url: 'https://app.example/api/flows', params: {}, query: new URLSearchParams(), text: async () => '' };
  const { body } = await onFlows(app, start, request, { hub: 'h', functions: [] });
  const { flows } = body as { flows: { flow: string; stale?: string[] }[] };
  expect(flows.map(({ flow: name, stale }) => [name, stale])).toEqual([
    ['good', ['old']],
    ['other', undefined],
  ]);
  expect(asked).toEqual(['good']);
});

test('hygge-watch tells once of flows whose notify asks for it, and no state of others is read', async () => {
  await using hook = await webhook();
  const { app, start, asked } = await appWith({
    'flows/good/flow.yml': flow(`expect: { every: 1d }\nnotify: { on: [stale], webhook: "${hook.url}" }\n`),
    'flows/other/flow.yml': flow(`notify: { on: [error], webhook: "${hook.url}" }\n`).replace('lake', 'sea'),
  });
  const lines: string[] = [];
  const called = {
    log: { info: (line: string) => lines.push(line), error: (line: string) => lines.push(line) },
    invocation: '01I',
  } as unknown as TriggerContext;
  await onWatch(app, start.flows, called);
  await onWatch(app, start.flows, called);
  expect(hook.told.map((text) => JSON.parse(text))).toMatchObject([
    { what: 'stale', is_over: false, flow: 'good', entities: [{ entity: 'old' }], total: 1 },
  ]);
  expect(asked).toEqual(['good', 'other', 'good', 'other']);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'watched', flow: 'good', late: 1, told: 1 },
    { event: 'watched', flow: 'good', late: 1, told: 0 },
  ]);
});

test('hygge-watch looks every 15 minutes, unless the setting has other times that are times', () => {
  expect(['0 0 * * * *', undefined, '', 'soon', '%X%'].map((written) => watchSchedule({ HYGGE_WATCH: written }))).toEqual([
    '0 0 * * * *',
    ...Array.from({ length: 4 }, () => '0 */15 * * * *'),
  ]);
});
