import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();
const flow = (lake: string) => `home: { type: parquet, path: in }\nstore: { type: parquet, path: ${lake} }\nschedule: "0 0 2 * * *"\n`;
const flows = ['timed', 'twice', 'moved', 'held'] as const;
const rows = 'select range as id from range(100)';

/** One for all; each test has a flow of its own. */
let app: HyggeApp;

beforeAll(async () => {
  const files = Object.fromEntries(flows.map((name) => [`flows/${name}/flow.yml`, flow(`lake/${name}`)]));
  app = await startHyggeApp({ azurite: await azurite(), files, workers: 2 });
  await app.workspace.parquet('in/1.parquet', rows);
});

// What a failed test holds would hold the next ones as well.
afterEach(() => app?.host.ask('hold', {}));

afterAll(() => app?.[Symbol.asyncDispose]());

test('while the app moves an entity, the command line says who holds it', async () => {
  await app.host.ask('hold', { 'hygge-move-slice': 0 });
  await app.begin('moved');
  await app.host.ask('idle');
  const held = await app.hygge('go', '-f', 'moved');
  expect(held.code).toBe(3);
  expect(held.stderr + held.stdout).toMatch(/locked by .*function app/);
  await app.host.ask('hold', {});
  expect((await app.ended('moved')).output).toMatchObject({ pass: 1, error: 0 });
  expect((await app.hygge('go', '-f', 'moved')).code).toBe(0);
  expect(await app.difference('lake/moved', 'moved', 'moved', rows)).toBe(0);
});

test('while the command line moves an entity, the app says who holds it', async () => {
  await using going = app.workspace.start(['go', '-f', 'held', '--output', 'json'], {
    env: { AzureWebJobsStorage: app.azurite.connectionString },
  });
  await going.says(/"stage":"reading"/);
  going.kill('SIGSTOP');
  const run = await app.run('held');
  expect(run.status).toBe('error');
  expect(JSON.stringify(run)).toContain('HYG-2001');
  expect(JSON.stringify(run)).toContain('hygge go');
  going.kill('SIGCONT');
  expect((await going.done).code).toBe(0);
  expect(await app.run('held')).toMatchObject({ status: 'pass' });
  expect(await app.difference('lake/held', 'held', 'held', rows)).toBe(0);
});
