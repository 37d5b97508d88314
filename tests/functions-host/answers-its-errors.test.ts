import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();
const good = 'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake }\nallow_vars: [store.compression]\n';
const rows = 'select range as id from range(100)';

async function shop(files: Readonly<Record<string, string>> = {}): Promise<HyggeApp> {
  const app = await startHyggeApp({ azurite: await azurite(), files: { 'flows/good/flow.yml': good, ...files } });
  await app.workspace.parquet('in/1.parquet', rows);
  return app;
}

async function errorsOf(answer: Response): Promise<string> {
  return JSON.stringify(((await answer.json()) as { errors: unknown }).errors);
}

test('a flow that is wrong answers with its error, and the others work', async () => {
  await using app = await shop({ 'flows/bad/flow.yml': 'home: { type: parquet, pth: in }\nstore: lake/bad\n' });
  const answer = await app.post('bad');
  expect(answer.status).toBe(500);
  expect(await errorsOf(answer)).toMatch(/HYG-1\d\d\d.*pth.*flow\.yml/);
  expect(await app.run('good')).toMatchObject({ status: 'pass' });
  const flows = (await (await app.host.fetch('/api/flows')).json()) as { flows: { flow: string; ready: boolean }[] };
  expect(flows.flows.map(({ flow, ready }) => [flow, ready])).toEqual([
    ['bad', false],
    ['good', true],
  ]);
});

test('an app says which functions it has, of which config, and in which task hub', async () => {
  await using app = await shop({ 'flows/nightly/flow.yml': `schedule: "0 0 2 * * *"\n${good.replace('path: lake', 'path: elsewhere')}` });
  const { app: told } = (await (await app.host.fetch('/api/flows')).json()) as { app: Record<string, unknown> };
  expect(told).toMatchObject({ config: 'folder', hub: 'TestHub', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  expect(told.functions).toEqual(
    expect.arrayContaining([
      'good-run',
      'nightly-run',
      'nightly-schedule',
      'hygge-flow',
      'hygge-flows',
      'hygge-purge',
      'hygge-plan-entity',
    ]),
  );
  expect(told.functions).not.toContain('good-schedule');
});

test('an app whose workspace can’t be read does not start, and says why', async () => {
  const start = startHyggeApp({ azurite: await azurite(), files: { 'hygge.yml': 'name: [' } });
  await expect(start).rejects.toThrow(/hygge does not start: HYG-1\d\d\d/);
});

test('an app whose state would go with its machine does not start', async () => {
  const start = startHyggeApp({
    azurite: await azurite(),
    files: { 'hygge.yml': 'name: test\nstate: { type: files }\n', 'flows/good/flow.yml': good },
  });
  await expect(start).rejects.toThrow(/HYG-1077/);
});

test('a request can set what the flow allows, and nothing else', async () => {
  await using app = await shop();
  for (const vars of [{ 'home.path': '/etc' }, { 'store.path': '/tmp/elsewhere' }, { 'store.type': 'csv' }, { __proto__x: 1 }]) {
    const answer = await app.post('good', { vars });
    expect(answer.status).toBe(400);
    expect(await errorsOf(answer)).toContain('be set from outside');
  }
  const unknown = await app.post('good', { entites: ['a'] });
  expect(unknown.status).toBe(400);
  expect(await errorsOf(unknown)).toContain('entities');
  expect(await app.run('good', { vars: { 'store.compression': 'gzip' } })).toMatchObject({ status: 'pass' });
});

test('without a key there is no way in', async () => {
  await using app = await shop();
  const without = { headers: { 'x-functions-key': '' } };
  for (const path of ['/api/flows', '/api/flows/good/runs', '/api/flows/good/runs/x'])
    expect((await app.host.fetch(path, without)).status).toBe(401);
  expect((await app.host.fetch('/api/flows/good/runs', { method: 'POST', ...without })).status).toBe(401);
  expect((await app.host.fetch('/api/flows/good/runs/x', { method: 'DELETE', ...without })).status).toBe(401);
});

test('a run that is cancelled before anything was decided leaves nothing visible', async () => {
  await using app = await shop();
  await app.host.ask('hold', { 'hygge-commit-entity': 0 });
  const run = await app.begin('good');
  await app.host.ask('idle');
  const cancelled = await app.host.fetch(`/api/flows/good/runs/${run}`, { method: 'DELETE' });
  expect(await cancelled.json()).toMatchObject({ stopping: true, decided: [] });
  await app.host.ask('hold', {});
  await app.ended('good');
  expect(await app.view('good', run)).toMatchObject({ status: 'error' });
  expect([...app.workspace.tree().keys()].filter((path) => /^lake\/[^_].*parquet$/.test(path))).toEqual([]);
  expect(await app.run('good')).toMatchObject({ status: 'pass' });
  expect(app.staged('lake')).toEqual([]);
  expect(await app.difference('lake', 'good', 'good', rows)).toBe(0);
});

test('a run that is cancelled after the decision is finished, and the answer says so', async () => {
  await using app = await shop();
  let decided: unknown[] = [];
  for (let atWrite = 1; decided.length === 0 && atWrite < 12; atWrite++) {
    await app.host.ask('hold', { 'hygge-commit-entity': 0 });
    const run = await app.begin('good', { run_type: 'full_drop' });
    await app.host.ask('idle');
    await app.host.ask('armWorker', 0, { atWrite, when: 'after', what: 'kill' });
    await app.host.ask('hold', { 'hygge-commit-entity': 1 });
    await app.host.ask('idle');
    const cancelled = (await (await app.host.fetch(`/api/flows/good/runs/${run}`, { method: 'DELETE' })).json()) as { decided?: unknown[] };
    decided = cancelled.decided ?? [];
    await app.host.ask('hold', {});
    await app.ended('good');
    await app.host.ask('armWorker', 0, null);
    if (decided.length > 0) expect(await app.view('good', run)).toMatchObject({ status: 'pass' });
  }
  expect(decided).toEqual(['good']);
  expect(await app.difference('lake', 'good', 'good', rows)).toBe(0);
});
