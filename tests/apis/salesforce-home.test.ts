import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { type SalesforceConfig, salesforceConfig } from '../../src/apis/salesforce/config.ts';
import { SalesforceHome } from '../../src/apis/salesforce/home.ts';
import { aroundHome, deletedColumn, type Home, type Window } from '../../src/engine/contracts/home.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import { withWaiting } from '../../src/ports/retry.ts';
import type { Json } from '../../src/ports/values.ts';
import { errorOf, field, type SalesforceServer, startOrg } from '../support/apis/salesforce/server.ts';
import { type HomeUnderTest, homeConformance } from '../support/connector-conformance/home.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { row } from '../support/sim/rows.ts';
import { testNetwork } from '../support/test-network.ts';

const token = 'a-token';
const configOf = (org: SalesforceServer, more: object = {}) =>
  salesforceConfig.parse({ base_url: org.url, auth: { type: 'bearer', token }, table: 'Thing__c', ...more }) as SalesforceConfig;

/** The suite reads numbers `mark`, and an org is read by times: so many seconds since 1970. */
const time = { kind: 'timestamp', unit: 'ms', zone: 'UTC' } as const satisfies DataType;
const timeOf = (mark: string) => `${new Date(Number(mark) * 1000).toISOString().slice(0, -1)}Z`;

function inSuite(home: Home): Home {
  const windowOf = ({ column, lower, upper, ...rest }: Window): Window => ({
    ...rest,
    column: column && { column: 'Mark__c', type: time },
    lower: lower && { ...lower, text: timeOf(lower.text) },
    upper: upper && { ...upper, text: timeOf(upper.text) },
  });
  return {
    ...aroundHome(home),
    describe: async (...of) => {
      const step = await home.describe(...of);
      if (!('done' in step) || step.done.schema === undefined) return step;
      const [id, mark, ...others] = step.done.schema.columns;
      if (id === undefined || mark === undefined) throw new Error('a column is missing');
      return {
        done: { ...step.done, schema: { columns: [{ ...id, name: 'id' }, { ...mark, name: 'mark', type: { kind: 'int64' } }, ...others] } },
      };
    },
    bound: (request) => home.bound({ ...request, column: 'Mark__c' }),
    future: (column) => home.future(column),
    nulls: () => home.nulls('Mark__c'),
    plan: (window, ...of) => home.plan(windowOf(window), ...of),
    read: (slice, window, ...of) => home.read(slice, windowOf(window), ...of),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

const marks = [1, 2, 2, 3, 4, 5, 5, 6, null, 8];
const thing = [
  field('Id', 'id', { length: 18, nillable: false }),
  field('Mark__c', 'datetime'),
  field('IsDeleted', 'boolean', { nillable: false }),
  field('SystemModstamp', 'datetime', { nillable: false }),
];

describe.each(['rest', 'bulk'])('an object of a Salesforce org, api: %s', (api) => {
  homeConformance(`an org by ${api}`, () => thingBy(api));
});

async function thingBy(api: string): Promise<HomeUnderTest> {
  const org = await startOrg();
  org.admit(token);
  org.pageSize = 3;
  org.resultSize = 3;
  const still = Math.floor(Date.now() / 1000) * 1000;
  org.nowMs = () => still;
  org.object('Thing__c', [], thing);
  const rows = marks.map((mark, i) => ({ ...row(i + 1, mark), ...(i === 4 ? { [deletedColumn]: 'true' } : {}) }));
  for (const { id, mark } of rows) org.put('Thing__c', id, { Mark__c: mark === null ? null : timeOf(String(mark)), IsDeleted: id === 5 });
  const scratch = realScratch();
  const opened = (pinned: Json | null) =>
    new SalesforceHome(configOf(org, { deleted: true, api }), { network: testNetwork, clock: realClock(), scratch, pinned });
  const described = await opened(null).describe();
  return {
    open: async () => inSuite(opened('done' in described ? (described.done.pinned ?? null) : null)),
    rows,
    read: async (frame) => {
      const data = await asPolars(frame).collect();
      // A frame of deleted rows alone has no column that says so.
      const marked = data.columns.includes(deletedColumn) ? data.getColumn(deletedColumn).toArray() : [];
      const rows = data.select('Id', 'Mark__c').rows();
      return rows.map(([id, mark], at) => {
        const text = `${Number(String(id).slice(5, 15))}@${mark === null ? null : Number(mark) / 1000}`;
        return marked[at] === true ? `${text}:${deletedColumn}=true` : text;
      });
    },
    clock: () => new Date(still).toISOString(),
    usualLagMs: 600_000,
    async [Symbol.asyncDispose]() {
      expect(org.unknown).toEqual([]);
      await org[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

describe('an org that takes no more requests', () => {
  let org: SalesforceServer;
  beforeEach(async () => {
    org = await startOrg();
    org.admit(token);
  });
  afterEach(() => org[Symbol.asyncDispose]());

  test('stops the run once it has waited long enough, with what the org says', async () => {
    await using scratch = realScratch();
    org.before = () => errorOf(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    await using home = new SalesforceHome(configOf(org), { network: testNetwork, clock: realClock(), scratch, pinned: null });
    const waiting = { clock: realClock(), fraction: () => 0, giveUpAfterMs: 0 };
    const error = await withWaiting(waiting, () => home.describe()).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    noteWithin(error);
    expect(error).toMatchObject({
      code: 'HYG-3692',
      transient: true,
      why: ['It says: REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.'],
    });
    expect(org.requests).toHaveLength(1);
  });
});
