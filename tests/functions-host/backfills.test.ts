import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();
const flow = (name: string) =>
  `home: { type: parquet, path: ${name} }\nstore: { type: parquet, path: lake/${name} }\nschedule: "0 0 2 * * *"\nrun_type: incremental\nwatermark: { column: at }\n`;

/** One for both. */
let app: HyggeApp;

beforeAll(async () => {
  app = await startHyggeApp({
    azurite: await azurite(),
    files: { 'flows/shop/flow.yml': flow('shop'), 'flows/till/flow.yml': flow('till') },
  });
});

afterAll(() => app?.[Symbol.asyncDispose]());

/** Twenty rows a day, from the first of January. */
const days = (from: number, to: number, note = 'first') =>
  `select range as id, timestamp '2026-01-01' + interval (range * 72) minute as "at", '${note}' as note from range(${from * 20}, ${to * 20})`;

async function ended(flow: string, run: string): Promise<unknown> {
  return (await app.host.ask('ended', `backfill-${flow}-${run}`)).output;
}

test('a backfill of 15 days by chunks, next to a nightly run: changed and vanished rows are right, and so are new ones', async () => {
  await app.workspace.parquet('shop/1.parquet', days(0, 40));
  await app.run('shop');
  // The past is changed, some of it is gone, and there are new days.
  const now = `(${days(0, 10, 'second')}) union all (${days(12, 40, 'second')} where range % 7 <> 3)`;
  const added = days(40, 45, 'new');
  await app.workspace.parquet('shop/1.parquet', `${now} union all (${added})`);
  const run = await app.begin('shop', { backfill: { from: '2026-01-01', to: '2026-01-16', chunk: '4d' } });
  await app.door.fireTimer('shop-schedule');
  expect(await ended('shop', run)).toMatchObject({ pass: 1, error: 0 });
  expect(await app.ended('shop')).toMatchObject({ output: { pass: 1, error: 0 } });
  expect(await app.view('shop', run)).toMatchObject({ status: 'pass', trigger: 'backfill' });
  // What lies after the backfill's end, and before the new days, is as it was; but for the newest row of then, which the nightly run reads again.
  const untouched = `select * from (${days(15, 40)}) where id < 799 union all select * from (${days(39, 40, 'second')}) where id = 799`;
  const expected = `select * from (${now}) where "at" < timestamp '2026-01-16' union all (${untouched}) union all (${added})`;
  expect(await app.difference('lake/shop', 'shop', 'shop', expected)).toBe(0);
  expect(app.staged('lake/shop')).toEqual([]);
});

test('the same backfill twice at once is refused, another one is not', async () => {
  await app.workspace.parquet('till/1.parquet', days(0, 4));
  await app.run('till');
  await app.host.ask('hold', { 'hygge-plan-entity': 0 });
  const range = { from: '2026-01-01', to: '2026-01-02' };
  const [first, other] = [
    await app.begin('till', { backfill: range }),
    await app.begin('till', { backfill: { ...range, to: '2026-01-03' } }),
  ];
  expect((await app.post('till', { backfill: range })).status).toBe(409);
  await app.host.ask('hold', {});
  for (const run of [first, other]) expect(await ended('till', run)).toMatchObject({ error: 0 });
});
