import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { connectionStringOf, sharedAzurite } from '../support/azurite.ts';
import { count } from '../support/duck.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { eventTypes, type HistoryEvent } from '../support/function-host/durable-protocol.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';
import { whole } from '../support/samples.ts';

const azurite = sharedAzurite();
/** Instances of the app: processes with one state, and nothing else in common. */
const instances = whole ? 10 : 2;
const hourMs = 3_600_000;
const perHour = whole ? 20 : 10;
const atOnce = 3;
/** A worker waits for some seconds at most; what else an activity does takes as long as a busy machine makes it. */
const longestActivityMs = 60_000;
const entities = whole ? ['one', 'two', 'three', 'four', 'five'] : ['one', 'two'];
const rowsOfEntity = 8;

const flowBy = (connection: string, names: readonly string[]) => `
home:
  connection: ${connection}
  endpoint: "{flow}/{entity}"
  records: data
  pagination: { type: keyset, field: id, param: after }
store: lake/{flow}
entities: [${names.join(', ')}]
`;

let api: ScriptedApi;
let app: HyggeApp;
/** The account of the state, whose time goes on as that of the app does. */
let proxies: readonly FaultProxy[] = [];
let aheadMs = 0;
/** What the API counts of its own. */
const seen = { underWay: 0, most: 0, limited: 0 };

beforeAll(async () => {
  api = await scriptedApi();
  let refusals = 0;
  api.script = async ({ path, query }) => {
    if (!/^\/(asked|stopped)\//.test(path)) seen.limited++;
    seen.most = Math.max(seen.most, ++seen.underWay);
    await new Promise((go) => setTimeout(go, 20));
    seen.underWay--;
    const after = Number(query.after ?? 0);
    if (path.startsWith('/asked/') && after === 6 && refusals++ === 0) return { status: 429, headers: { 'retry-after': '3600' } };
    if (path.startsWith('/stopped/')) return { status: 429, headers: { 'retry-after': '14400' } };
    return { body: JSON.stringify({ data: after >= rowsOfEntity ? [] : [{ id: after + 1 }, { id: after + 2 }] }) };
  };
  const account = await azurite();
  proxies = await Promise.all([account.blobUrl, account.tableUrl].map((url) => startFaultProxy(url)));
  for (const proxy of proxies) proxy.rule(() => ({ headers: { date: new Date(Date.now() + aheadMs).toUTCString() } }));
  const [blob, table] = proxies;
  app = await startHyggeApp({
    azurite: { ...account, connectionString: connectionStringOf(`BlobEndpoint=${blob?.url};TableEndpoint=${table?.url};`) },
    files: {
      'flows/a/flow.yml': flowBy('limited', entities),
      'flows/b/flow.yml': flowBy('limited', entities),
      'flows/asked/flow.yml': flowBy('free', ['items']),
      'flows/stopped/flow.yml': flowBy('free', ['items']),
    },
    // With the keys that stand below it in hygge.yml.
    options: `{ concurrency: 5 }
connections:
  limited: { type: rest_api, base_url: "${api.url}", rate_limit: { at: [${perHour}/h], concurrency: ${atOnce} } }
  free: { type: rest_api, base_url: "${api.url}" }`,
    workers: instances,
    activities: 10,
    clock: 'held',
  });
});

afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
  for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
});

async function advance(ms: number): Promise<void> {
  aheadMs += ms;
  await app.host.ask('advance', ms);
}

/** The histories of a flow's orchestrations. */
async function historiesOf(flow: string): Promise<readonly (readonly HistoryEvent[])[]> {
  const all = await app.host.ask('instances');
  const own = all.filter(({ input }) => JSON.stringify(input).includes(`"flow":"${flow}"`));
  const histories: (readonly HistoryEvent[])[] = [];
  for (const { id } of own) histories.push((await app.host.ask('instance', id))?.history ?? []);
  return histories;
}

/** Of its activities, in ms. */
function longestOf(events: readonly HistoryEvent[]): number {
  const begun = new Map(
    events.filter(({ EventType }) => EventType === eventTypes.TaskScheduled).map((event) => [event.EventId, Date.parse(event.Timestamp)]),
  );
  const ends = events.filter(({ EventType }) => EventType === eventTypes.TaskCompleted);
  return Math.max(0, ...ends.map(({ TaskScheduledId = -1, Timestamp }) => Date.parse(Timestamp) - (begun.get(TaskScheduledId) ?? 0)));
}

const longTimersOf = (events: readonly HistoryEvent[]) =>
  events.filter(
    ({ EventType, FireAt = '', Timestamp }) =>
      EventType === eventTypes.TimerCreated && Date.parse(FireAt) - Date.parse(Timestamp) > hourMs / 5,
  );

test(`two flows in ${instances} instances stay under the hour and the concurrency of their connection by the count of the API, and wait by timers`, async () => {
  await app.begin('a');
  await app.begin('b');
  const hours: number[] = [];
  for (let before = 0; hours.length < 12; before = seen.limited) {
    await app.host.ask('idle');
    hours.push(seen.limited - before);
    const all = await app.host.ask('instances');
    if (!all.some(({ status }) => /Running|Pending/.test(status))) break;
    await advance(hourMs + 120_000);
  }
  expect((await app.host.ask('instances')).filter(({ status }) => /Running|Pending/.test(status))).toEqual([]);
  for (const flow of ['a', 'b']) {
    expect((await app.ended(flow)).output).toMatchObject({ pass: entities.length, error: 0 });
    expect(await count(`select count(*) as n from '${app.workspace.path('lake', flow)}/*/*.parquet'`)).toBe(entities.length * rowsOfEntity);
  }
  expect(hours.filter((requests) => requests > perHour)).toEqual([]);
  expect(hours.length).toBeGreaterThan(2);
  expect(seen.most).toBeLessThanOrEqual(atOnce);
  const histories = [...(await historiesOf('a')), ...(await historiesOf('b'))];
  expect(histories.flatMap(longTimersOf).length).toBeGreaterThan(0);
  expect(Math.max(...histories.map(longestOf))).toBeLessThan(longestActivityMs);
});

test('an hour that an API asks for is a timer, and no activity waits for it', async () => {
  await app.begin('asked');
  await app.host.ask('idle');
  const histories = await historiesOf('asked');
  expect(histories.flatMap(longTimersOf)).toHaveLength(1);
  expect(Math.max(...histories.map(longestOf))).toBeLessThan(longestActivityMs);
  const before = api.seen.length;
  await advance(hourMs / 2);
  await app.host.ask('idle');
  expect(api.seen).toHaveLength(before);
  await advance(hourMs);
  expect((await app.ended('asked')).output).toMatchObject({ pass: 1, rows: rowsOfEntity });
});

test('a run that an API has wait for hours says so, and ends within a quarter of an hour when a request stops it', async () => {
  const run = await app.begin('stopped');
  await app.host.ask('idle');
  const at = `/api/flows/stopped/runs/${run}`;
  expect(await (await app.host.fetch(at)).json()).toMatchObject({
    status: 'running',
    progress: { waits: [{ entity: 'items', until: expect.any(String), for: expect.any(String) }] },
  });
  expect((await app.host.fetch(at, { method: 'DELETE' })).status).toBe(202);
  await advance(hourMs / 4 + 1_000);
  await app.host.ask('idle');
  expect(await (await app.host.fetch(at)).json()).toMatchObject({ status: 'error', summary: { cancelled: true } });
});
