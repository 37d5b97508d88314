import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { type SalesforceConfig, salesforceConfig } from '../../src/apis/salesforce/config.ts';
import { SalesforceHome } from '../../src/apis/salesforce/home.ts';
import { idAfter } from '../../src/apis/salesforce/id-ranges.ts';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import { everything, type SliceRef } from '../../src/engine/contracts/home.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import type { Json } from '../../src/ports/values.ts';
import { errorOf, json, type SalesforceServer, startOrg } from '../support/apis/salesforce/server.ts';
import { SEED } from '../support/samples.ts';
import { testNetwork } from '../support/test-network.ts';

const token = 'a-token';
const signs = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const never = new AbortController().signal;

let org: SalesforceServer;
let scratch: ReturnType<typeof realScratch>;
/** As many as the org says. */
let counted = 2_000_000;
beforeEach(async () => {
  org = await startOrg();
  org.admit(token);
  org.object('Account');
  counted = 2_000_000;
  org.before = ({ path }) => (path === 'limits/recordCount' ? json({ sObjects: [{ count: counted, name: 'Account' }] }) : undefined);
  scratch = realScratch();
});
afterEach(async () => {
  expect(org.unknown).toEqual([]);
  await scratch[Symbol.asyncDispose]();
  await org[Symbol.asyncDispose]();
});

/** As each step opens it, with nothing in memory of the steps before. */
async function opened(more: object = {}): Promise<SalesforceHome> {
  const config = salesforceConfig.parse({ base_url: org.url, auth: { type: 'bearer', token }, table: 'Account', ...more });
  const home = (pinned: Json | null) =>
    new SalesforceHome(config as SalesforceConfig, { network: testNetwork, clock: realClock(), scratch, pinned });
  const described = await home(null).describe();
  return home('done' in described ? (described.done.pinned ?? null) : null);
}

async function planned(more: object = {}): Promise<readonly SliceRef[]> {
  for (let cursor: Json | undefined; ; ) {
    const step = await (await opened(more)).plan(everything, { sliceBytes: 1 }, cursor);
    if ('done' in step) return step.done.slices;
    cursor = step.again;
    expect(JSON.stringify(cursor).length).toBeLessThan(2_048);
  }
}

const idsIn = async (frame: Frame) => (await asPolars(frame).collect()).getColumn('Id').toArray() as readonly string[];

async function idsOf(slices: readonly SliceRef[]): Promise<readonly string[]> {
  const home = await opened();
  const read = slices.map(async (slice) => {
    const ids: string[] = [];
    for await (const item of home.read(slice, everything, undefined, never)) if ('fingerprint' in item) ids.push(...(await idsIn(item)));
    return ids;
  });
  return (await Promise.all(read)).flat().sort();
}

const known = () => [...(org.objects.get('Account')?.records.keys() ?? [])].sort();

/** Ids as orgs have them: of several instances, half of them close together. */
const idsOfOrg = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom('00', '5g', '0X', 'Hs', 'hS'),
      fc.oneof(
        fc.integer({ min: 0, max: 3_000_000 }).map((far) => idAfter('001000000000000', far).slice(6)),
        fc.string({ unit: fc.constantFrom(...signs), minLength: 9, maxLength: 9 }),
      ),
    )
    .map(([instance, count]) => `001${instance}0${count}`),
  { minLength: 120, maxLength: 160 },
);

/** Orders that an org might have: by the codes of signs, small letters first, and without regard to case where that decides. */
const orders: readonly (readonly [string, (a: string, b: string) => number])[] = [
  ['by the codes of their signs', (a, b) => (a < b ? -1 : Number(a > b))],
  ['by letters before their case', (a, b) => a.toLowerCase().localeCompare(b.toLowerCase(), 'en') || (a < b ? -1 : Number(a > b))],
];

test.each(orders)('ranges of Ids hold each record once, where the org has them %s', async (_order, idOrder) => {
  org.idOrder = idOrder;
  const [all = []] = fc.sample(idsOfOrg, { numRuns: 1, seed: SEED });
  org.idOf = (_prefix, at) => all[at] ?? '';
  for (const at of all.keys()) org.put('Account', at);
  const slices = await planned({ api: 'bulk' });
  expect(slices.length).toBeGreaterThan(5);
  expect(slices.length).toBeLessThanOrEqual(64);
  expect(await idsOf(slices)).toEqual(known());
  expect(org.jobs.size).toBe(slices.length);
});

test('records that appear between the plan and the reading, before, between and behind the others, are in one range each', async () => {
  const all = [10, 20, 30, 40].map((at) => at * 10_000);
  for (const at of all) org.put('Account', at);
  const slices = await planned();
  expect(slices).toHaveLength(4);
  for (const at of [0, 1, ...all.flatMap((one) => [one - 1, one + 1]), 9_999_999]) org.put('Account', at);
  expect(await idsOf(slices)).toEqual(known());
});

test('an object of fewer records is one range, and so is one whose Ids the org does not compare', async () => {
  for (const at of [1, 2]) org.put('Account', at * 100_000);
  counted = 499_999;
  expect(await planned()).toEqual([{ ref: { api: 'bulk' }, rows: null, bytes: null }]);
  counted = 2_000_000;
  const { before } = org;
  org.before = (asked) =>
    /ORDER BY Id LIMIT 1$/.test(asked.query.q ?? '') ? errorOf(400, 'MALFORMED_QUERY', 'Implementation restriction') : before(asked);
  const slices = await planned();
  expect(slices).toEqual([{ ref: { api: 'bulk' }, rows: null, bytes: null }]);
  expect(await idsOf(slices)).toEqual(known());
});

test('a preview of a large object asks for a page of it, and for no ranges and no job', async () => {
  for (const at of [1, 2]) org.put('Account', at * 1_000_000);
  const home = await opened();
  expect(await home.describe(undefined, 'briefly', 'a few')).toMatchObject({ done: { rows: { n: counted } } });
  expect(await home.plan(everything, { sliceBytes: 1 })).toEqual({ done: { slices: [{ ref: { api: 'rest' }, rows: null, bytes: null }] } });
  await home.describe(undefined, 'for a run');
  expect(await home.plan(everything, { sliceBytes: 1 })).toMatchObject({ done: { slices: [{}, {}] } });
});

test('a plan that the org interrupts continues behind the ranges that it has', async () => {
  for (let at = 1; at <= 30; at++) org.put('Account', at * 10_000);
  const { before } = org;
  let asked = 0;
  org.before = (request) => {
    if (!/ORDER BY Id LIMIT 1$/.test(request.query.q ?? '')) return before(request);
    return ++asked % 5 === 0 ? { ...errorOf(503, 'SERVER_UNAVAILABLE', 'wait'), headers: { 'retry-after': '60' } } : undefined;
  };
  const slices = await planned();
  expect(slices).toHaveLength(30);
  expect(asked).toBeLessThan(31 + 10);
  org.before = before;
  expect(await idsOf(slices)).toEqual(known());
});

test('an Id so many further on is that of base 62, and stays within its instance', () => {
  // The example of the documentation of PK chunking.
  expect(idAfter('001300000000000', 250_000)).toBe('00130000000132G');
  expect(idAfter('00130000000132GAAA', 250_000)).toBe('00130000000264W');
  expect(idAfter('001300zzzzzzzzy', 250_000)).toBe('001300zzzzzzzzz');
});

test('killed after any poll and any page, and gone on with elsewhere, a job loses and doubles nothing, and no other one is made', async () => {
  org.jobPolls = 2;
  org.resultSize = 4;
  for (let at = 1; at <= 10; at++) org.put('Account', at);
  counted = 10;
  const [slice] = await planned({ api: 'bulk' });
  if (slice === undefined) throw new Error('no slice');
  for (let kill = 1, ended = false; !ended; kill++) {
    org.jobs.clear();
    ended = true;
    const settled: string[] = [];
    let from: Json | undefined;
    let seen = 0;
    for (let turn = 0; turn < 2; turn++) {
      const since: string[] = [];
      const home = await opened();
      for await (const item of home.read(slice, everything, from, never)) {
        if ('checkpoint' in item) {
          settled.push(...since.splice(0));
          from = item.checkpoint;
        } else if ('fingerprint' in item) since.push(...(await idsIn(item)));
        if (turn === 0 && ++seen === kill) {
          ended = false;
          break;
        }
      }
      if (ended || turn === 1) settled.push(...since);
      if (ended) break;
    }
    expect([kill, settled.sort(), org.jobs.size]).toEqual([kill, known(), 1]);
  }
});
