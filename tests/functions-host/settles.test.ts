import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { count } from '../support/duck.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();

const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range // 7) minute as changed, md5(range::varchar) as noise from range(${from}, ${to})`;

const flow = (name: string, more = '') =>
  [
    more,
    `home: { type: parquet, path: "${name}/{entity}" }`,
    `store: { type: parquet, path: lake/${name} }`,
    'schedule: "0 0 2 * * *"',
    'run_type: incremental',
    'watermark: { column: changed }',
    'entities: [orders, lines]',
    '',
  ].join('\n');

const small = (lake: string) => `home: { type: parquet, path: in }\nstore: { type: parquet, path: ${lake} }\n`;

const flows = ['posted', 'timed', 'chosen'] as const;
/** One for all; each test has a flow of its own. */
let app: HyggeApp;

beforeAll(async () => {
  const more = (name: string) => (name === 'timed' ? 'compact: { every: 1ms }' : '');
  const files = {
    ...Object.fromEntries(flows.map((name) => [`flows/${name}/flow.yml`, flow(name, more(name))])),
    'flows/bad/flow.yml': 'home: { type: parquet, pth: in }\nstore: lake/bad\n',
    'flows/good/flow.yml': small('lake/good'),
    'flows/nightly/flow.yml': `schedule: "0 0 2 * * *"\n${small('lake/nightly')}`,
  };
  app = await startHyggeApp({ azurite: await azurite(), files });
  await app.workspace.parquet('in/1.parquet', rows(0, 100));
  for (const name of flows) {
    await app.workspace.parquet(`${name}/orders/1.parquet`, rows(0, 1_000));
    await app.workspace.parquet(`${name}/lines/1.parquet`, rows(0, 5_000));
  }
});

afterAll(() => app?.[Symbol.asyncDispose]());

test('a run that is posted settles its entities in the lake, and their watermarks in Table Storage', async () => {
  const run = await app.run('posted');
  expect(run).toMatchObject({ status: 'pass', trigger: 'http', lane: 'live' });
  expect(await app.difference('lake/posted', 'posted', 'orders', rows(0, 1_000))).toBe(0);
  expect(await app.difference('lake/posted', 'posted', 'lines', rows(0, 5_000))).toBe(0);
  expect(await app.difference('lake/posted', 'posted', 'lines', rows(1, 5_001))).toBe(2);
  expect(await count(`select count(*) as n from '${app.workspace.path('lake/posted')}/orders/*.parquet'`)).toBe(1_000);
  expect((await app.hygge('status', '--output', 'json')).stdout).toContain('"watermark":"2026-01-01T11:54:00.000000"');
  expect((await app.hygge('journal', '--output', 'json')).stdout).toContain(run.run_id);
});

test('the timer fires, and the next one takes only what is new, and puts small files together where that is due', async () => {
  await app.door.fireTimer('timed-schedule');
  expect(await app.ended('timed')).toMatchObject({ status: 'Completed', output: { pass: 2, error: 0 } });
  await app.workspace.parquet('timed/orders/2.parquet', rows(1_000, 1_500));
  await app.door.fireTimer('timed-schedule');
  expect((await app.ended('timed')).output).toMatchObject({ pass: 1, skip: 1, error: 0 });
  expect(await app.difference('lake/timed', 'timed', 'orders', rows(0, 1_500))).toBe(0);
  const files = [...app.workspace.tree('lake/timed/orders').keys()];
  // One for the rows at the watermark, which the next run reads again.
  expect(files.filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
  expect((await app.hygge('journal', '-e', 'timed.orders', '--output', 'json')).stdout).toMatch(/"lane":"compact".*"status":"pass"/);
  expect(await app.difference('lake/timed', 'timed', 'lines', rows(0, 5_000))).toBe(0);
});

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

/** A request whose body comes in chunks, as from a generator: without a length. */
async function postInChunks(url: string, key: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
  const sent = request(url, { method: 'POST', headers: { 'x-functions-key': key } });
  sent.write(body.slice(0, 3));
  sent.end(body.slice(3));
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  sent.on('error', reject);
  sent.on('response', async (answer) => {
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    resolve({ status: answer.statusCode ?? 0, text });
  });
  return await promise;
}

test('a dry run whose body the platform drops starts nothing: the answer says to send a body', async () => {
  for (const route of ['runs', 'verify']) {
    const url = `${app.host.origin}/api/flows/chosen/${route}`;
    const refused = await postInChunks(url, app.host.key, '{"dry_run":true}');
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('The request has no body.')]);
    expect(refused.text).toContain('Send `{}`');
  }
  expect(await (await app.host.fetch('/api/flows/chosen/runs')).json()).toMatchObject({ runs: [] });
  expect(await app.run('chosen', {})).toMatchObject({ status: 'pass' });
});
