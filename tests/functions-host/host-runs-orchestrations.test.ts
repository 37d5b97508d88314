import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished, test } from 'vitest';
import { eventTypes } from '../support/function-host/durable-protocol.ts';
import { Journal } from '../support/function-host/journal.ts';
import { recordHistory } from '../support/function-host/recorded.ts';
import { type FunctionHost, type StartOptions, startFunctionHost } from '../support/function-host/start-host.ts';

const app = join(import.meta.dirname, '..', 'support', 'function-host', 'fixtures', 'well-behaved.ts');
const start = (options: Partial<StartOptions> = {}) => startFunctionHost({ app, ...options });

/** For all that ask nothing particular of it. */
let host: FunctionHost;
beforeAll(async () => {
  host = await start();
});
afterAll(() => host?.[Symbol.asyncDispose]());

function notes(): { readonly path: string; readonly lines: () => readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-notes-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'notes');
  return { path, lines: () => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []) };
}

/** Takes PUTs, and tells what came. */
async function sink(): Promise<{ readonly url: string; readonly bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(Buffer.concat(chunks).toString());
    response.end();
  });
  // A worker that is halted keeps its connection for as long as the machine is slow.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, bodies };
}

test('orchestrations come out as they were written', async ({ expect }) => {
  await host.startOrchestration('waves', 'w', { numbers: [1, 2, 3, 4, 5, 6, 7] });
  await host.startOrchestration('parent', 'p');
  await host.startOrchestration('catches', 'c');
  await host.startOrchestration('counts-down', 'n', { left: 5, sum: 0 });
  const [waves, parent, catches, counted] = await Promise.all(['w', 'p', 'c', 'n'].map((id) => host.ask('ended', id)));
  expect(waves).toMatchObject({ status: 'Completed', output: { sum: 28 + 3 * 3 + 6 }, customStatus: { done: 7 } });
  expect(parent?.output).toEqual({ outcomes: ['fine true', 'caught true', 'fine true'] });
  expect(catches?.output).toEqual({ caught: 'as told', after: 22 });
  expect(counted).toMatchObject({ output: { sum: 15 }, generation: 5 });
  expect(counted?.history.filter(({ EventType }) => EventType === eventTypes.TaskScheduled)).toHaveLength(1);
  expect((await host.ask('stats')).activities).toBe(7 + 3 + 3 + 6);
  expect(host.logText()).toContain('adding 3 and 4');
});

test('children that go on after one has failed are waited for, and each answers once', async ({ expect }) => {
  await host.startOrchestration('family', 'f');
  const family = await host.ask('ended', 'f');
  expect(family).toMatchObject({ status: 'Completed', output: { ends: [28 + 3 * 3 + 6, 'failed', 10 + 3], after: 22 } });
  const events = family.history.map(({ EventType }) => EventType);
  expect(events.filter((one) => one === eventTypes.SubOrchestrationInstanceCreated)).toHaveLength(3);
  expect(events.indexOf(eventTypes.SubOrchestrationInstanceFailed)).toBeLessThan(
    events.lastIndexOf(eventTypes.SubOrchestrationInstanceCompleted),
  );
});

test('a timer waits for the clock, and the clock goes on when nothing else is left to do', async ({ expect }) => {
  await host.startOrchestration('sleeps', 's');
  expect((await host.ask('ended', 's')).output).toEqual({ sleptMs: expect.closeTo(3_600_000, -3) as number });
});

test('a held clock goes on when it is told to', async ({ expect }) => {
  await using host = await start({ clock: 'held' });
  await host.startOrchestration('sleeps', 's');
  await host.ask('idle');
  expect(await host.ask('instance', 's')).toMatchObject({ status: 'Running' });
  await host.ask('advance', 3_600_000);
  expect(await host.ask('ended', 's')).toMatchObject({ status: 'Completed' });
});

test('HTTP functions want their key, and get the SDK’s durable client', async ({ expect }) => {
  expect((await host.fetch('/api/runs/waves', { method: 'POST', headers: { 'x-functions-key': 'wrong' } })).status).toBe(401);
  expect((await host.fetch('/api/open', { headers: { 'x-functions-key': '' } })).status).toBe(200);
  expect((await host.fetch('/api/nowhere')).status).toBe(404);
  const begun = await host.fetch('/api/runs/listens?id=l', { method: 'POST', body: '{}' });
  expect(begun.status).toBe(202);
  const again = await host.fetch('/api/runs/listens?id=l', { method: 'POST', body: '{}' });
  expect(again.status).toBe(409);
  expect(await (await host.fetch('/api/runs/l')).json()).toMatchObject({
    runtimeStatus: expect.stringMatching(/Pending|Running/) as string,
  });
  for (const word of ['hello', 'you']) await host.fetch('/api/runs/l/word', { method: 'PUT', body: JSON.stringify({ word }) });
  expect((await host.ask('ended', 'l')).output).toEqual({ said: 'hello you' });
  const link = ((await begun.json()) as { statusQueryGetUri: string }).statusQueryGetUri;
  expect(await (await fetch(link)).json()).toMatchObject({ runtimeStatus: 'Completed', customStatus: { heard: 'hello' } });
  expect((await fetch(link.replace(/code=[^&]*/, 'code=no'))).status).toBe(401);
  expect(await (await host.fetch('/api/runs/l/purge', { method: 'PUT' })).json()).toEqual({ instancesDeleted: 1 });
  expect((await host.fetch('/api/runs/l')).status).toBe(404);
});

test('what is terminated ends at once', async ({ expect }) => {
  await host.startOrchestration('listens', 't');
  await host.fetch('/api/runs/t', { method: 'DELETE' });
  expect(await host.ask('ended', 't')).toMatchObject({ status: 'Terminated', output: 'stop it' });
});

test('a timer function fires when it is told to, by the test or over /admin with the master key', async ({ expect }) => {
  await host.ask('fireTimer', 'nightly');
  expect((await host.ask('ended', 'nightly')).output).toEqual({ sum: 2 });
  const fire = (key: string) => host.fetch('/admin/functions/nightly', { method: 'POST', headers: { 'x-functions-key': key } });
  expect((await fire(host.keys.function)).status).toBe(401);
  expect((await fire(host.keys.master)).status).toBe(202);
  expect((await host.ask('ended', 'nightly')).output).toEqual({ sum: 2 });
});

/** `RECORD_HISTORIES` writes them, as recorded-histories.test.ts does others. */
const waitingHistories = [
  ['r-l0', 'goes on beside a waiting entity'],
  ['r-e0', 'leaves its lane'],
  ['r-e0-w', 'waits beside its lane'],
  ['r-e0-f', 'takes its turn'],
] as const;

test('an activity that is delivered twice runs twice, at the same time, and is answered once', async ({ expect }) => {
  const { path, lines } = notes();
  await using host = await start({ delivery: 'twice', workers: 2, settings: { NOTES: path } });
  await host.startOrchestration('many', 'm', { n: 25 });
  await host.ask('ended', 'm');
  await host.ask('idle');
  expect((await host.ask('stats')).activities).toBe(25);
  expect(lines().filter((line) => line === 'begin 7')).toHaveLength(2);
  expect(lines()).toHaveLength(100);
  // The app's own lane goes on while entities wait, and they take their turn behind it.
  const lane = { of: { run: 'r' }, entities: '0-3' };
  await host.startOrchestration('hygge-lane', 'r-l0', lane);
  const ended = await host.ask('ended', 'r-l0');
  await host.ask('idle');
  expect(ended).toMatchObject({ status: 'Completed', output: { pass: 4, error: 0, rows: 40, settled: '0-3' } });
  const commits = lines().slice(100);
  expect(commits).toHaveLength(12);
  expect([...new Set(commits)].slice(0, 4)).toEqual(['commit 0', 'commit 1', 'commit 2', 'commit 3']);
  expect(await host.ask('instance', 'r-e0-f')).toMatchObject({ status: 'Completed', output: { status: 'pass', rows: 10 } });
  for (const [id, shows] of waitingHistories) {
    const instance = await host.ask('instance', id);
    if (instance !== null && process.env.RECORD_HISTORIES !== undefined) recordHistory(process.env.RECORD_HISTORIES, instance, shows);
  }
});

test('work that a killed worker had begun is done by the next one', async ({ expect }) => {
  const { url, bodies } = await sink();
  for (const when of ['before', 'after'] as const) {
    bodies.length = 0;
    await using host = await start();
    await host.ask('armWorker', 0, { atWrite: 2, when, what: 'kill' });
    await host.startOrchestration('writes', 'w', { url });
    expect((await host.ask('ended', 'w')).output).toEqual({ wrote: true });
    expect(bodies).toEqual(when === 'before' ? ['first', 'first', 'second'] : ['first', 'second', 'first', 'second']);
  }
});

test('a halted worker’s work is done by another, and when it wakes up it goes on as if nothing had been', async ({ expect }) => {
  const { url, bodies } = await sink();
  await using host = await start();
  await host.ask('armWorker', 0, { atWrite: 2, when: 'before', what: 'halt' });
  await host.startOrchestration('writes', 'w', { url });
  expect((await host.ask('ended', 'w')).output).toEqual({ wrote: true });
  expect(bodies).toEqual(['first', 'first', 'second']);
  expect(await host.ask('wake')).toEqual([null]);
  expect(bodies).toEqual(['first', 'first', 'second', 'second']);
});

test('a host that is killed goes on from its journal, wherever it was', async ({ expect }) => {
  await using host = await start();
  const moments = (['before', 'after'] as const).flatMap((when) => [1, 4, 9, 14].map((atRecord) => ({ when, atRecord })));
  for (const [n, moment] of moments.entries()) {
    await host.startOrchestration('parent', `p${n}`);
    await host.ask('armHost', moment);
    expect((await host.ask('ended', `p${n}`)).output).toEqual({ outcomes: ['fine true', 'caught true', 'fine true'] });
    await host.ask('armHost', null);
  }
  await host.ask('idle');
  expect(host.starts).toBeGreaterThan(4);
});

test('a line of the journal that a kill has torn was never written', async ({ expect }) => {
  const path = notes().path;
  const created = { is: 'created' as const, id: 'a', name: 'waves', input: 'null', at: '2026-01-01T00:00:00.000Z' };
  new Journal(path).append(created);
  appendFileSync(path, '{"is":"created","id":"b",');
  const again = new Journal(path);
  again.append({ ...created, id: 'c' });
  expect(again.records().map((record) => ('id' in record ? record.id : ''))).toEqual(['a', 'c']);
});

test('an app that can’t start says why, and has no functions', async ({ expect }) => {
  const broken = join(import.meta.dirname, '..', 'support', 'function-host', 'fixtures', 'unable-to-start.ts');
  const host = await start({ app: broken });
  expect((await host.fetch('/api/never')).status).toBe(404);
  expect(host.logged().join()).toMatch(/HYG-0000 .*there is no workspace/);
});

test('an app that fails before it has registered a function starts, as it does on the platform, and has none', async ({ expect }) => {
  const host = await start({ app: join(import.meta.dirname, '..', 'support', 'function-host', 'fixtures', 'fails-first.ts') });
  expect((await host.fetch('/api/never')).status).toBe(404);
  expect(host.logged().join()).toMatch(/unable to load entry point .*there is no workspace/);
});
