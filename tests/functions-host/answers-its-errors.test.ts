import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();
const flow = (lake: string) => `home: { type: parquet, path: in }\nstore: { type: parquet, path: ${lake} }\n`;
const rows = 'select range as id from range(100)';

/** One for all, and a flow for each that runs one. */
let app: HyggeApp;

beforeAll(async () => {
  app = await startHyggeApp({
    azurite: await azurite(),
    files: {
      'flows/bad/flow.yml': 'home: { type: parquet, pth: in }\nstore: lake/bad\n',
      'flows/good/flow.yml': flow('lake/good'),
      'flows/nightly/flow.yml': `schedule: "0 0 2 * * *"\n${flow('lake/nightly')}`,
    },
  });
  await app.workspace.parquet('in/1.parquet', rows);
});

afterAll(() => app?.[Symbol.asyncDispose]());

async function errorsOf(answer: Response): Promise<string> {
  return JSON.stringify(((await answer.json()) as { errors: unknown }).errors);
}

test('a flow that is wrong answers with its error, and the others work', async () => {
  const answer = await app.post('bad');
  expect(answer.status).toBe(500);
  expect(await errorsOf(answer)).toMatch(/HYG-1\d\d\d.*pth.*flow\.yml/);
  expect(await app.run('good')).toMatchObject({ status: 'pass' });
  const flows = (await (await app.host.fetch('/api/flows')).json()) as { flows: { flow: string; ready: boolean }[] };
  expect(flows.flows.filter(({ ready }) => !ready).map(({ flow }) => flow)).toEqual(['bad']);
  expect(flows.flows.filter(({ ready }) => ready).map(({ flow }) => flow)).toContain('good');
});

test('an app says which functions it has, of which config, and in which task hub', async () => {
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

test('the app checks itself where it is, and says which flow is wrong', async () => {
  const answer = await app.host.fetch('/api/debug', { method: 'POST' });
  const body = (await answer.json()) as { ok: boolean; app: object; findings: { about: string; ok: boolean }[] };
  expect([answer.status, body.ok, body.app]).toMatchObject([200, false, { config: 'folder', hub: 'TestHub' }]);
  expect(body.findings.filter(({ ok }) => !ok)).toEqual([
    expect.objectContaining({ event: 'finding', v: 1, about: 'bad', what: expect.stringContaining('pth') }),
  ]);
  const one = (await (await app.host.fetch('/api/debug?flow=good', { method: 'POST' })).json()) as typeof body;
  expect([one.ok, [...new Set(one.findings.map(({ about }) => about))]]).toEqual([true, ['machine', 'state', 'good.good']]);
  expect((await app.host.fetch('/api/debug?flow=gone', { method: 'POST' })).status).toBe(404);
});

test('the app serves the page of hygge report, under the policy that the page has', async () => {
  expect(await app.run('good')).toMatchObject({ status: expect.stringMatching(/pass|skip/) });
  const answer = await app.host.fetch('/api/status');
  const html = await answer.text();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  expect(answer.headers.get('content-security-policy')).toBe(`${policy}; frame-ancestors 'none'`);
  expect(html).toMatch(/^<!doctype html>[\s\S]*<h4>good<\/h4>[\s\S]*<\/html>\n$/);
});

test('without a key there is no way in', async () => {
  const without = { headers: { 'x-functions-key': '' } };
  for (const path of ['/api/flows', '/api/status', '/api/flows/good/runs', '/api/flows/good/runs/x'])
    expect((await app.host.fetch(path, without)).status).toBe(401);
  for (const path of ['/api/flows/good/runs', '/api/debug'])
    expect((await app.host.fetch(path, { method: 'POST', ...without })).status).toBe(401);
  expect((await app.host.fetch('/api/flows/good/runs/x', { method: 'DELETE', ...without })).status).toBe(401);
});
