import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blocksOf } from '../docs/blocks.ts';
import { type Stripe, stripe, testKey } from '../support/apis/stripe.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { here } from '../support/here.ts';
import { inProcess } from '../support/in-process.ts';
import { cases } from '../support/samples.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

let api: Stripe;
beforeEach(async () => {
  api = await stripe();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const daySeconds = 86_400;

const flowOf = ({ home = '', order = 'newest_first' } = {}) => ({
  'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: "${api.url}"
  auth: { type: bearer, token: ${testKey} }
  endpoint: "{entity}"
  records: data
  pagination: { type: keyset, param: starting_after, field: id, has_more_at: has_more, page_size: 3, size_param: limit }
  events:
    endpoint: events
    params: { type: "customer.*" }
    from: "created[gte]"
    to: "created[lte]"
    format: epoch_s
    at: created
    record: data.object
    only: { at: data.object.object, is: customer }
    except: { at: type, is: invoice.upcoming }
    deleted: { at: type, is: customer.deleted }
    version: { at: api_version, header: Stripe-Version }
    key: [id]
    kept: 30d
    order: ${order}
${home}
store: { type: sqlite, path: out.db }
run_type: incremental
watermark: { changes: events, key: [id] }
entities: [customers]
`,
});

const customer = (n: number, name = `c${n}`) => ({ id: `cus_${n}`, object: 'customer', name });

async function settled(workspace: TestWorkspace, select = `id || ' ' || name`): Promise<readonly string[]> {
  const [rows = []] = asked(workspace.path('out.db'), `select ${select} as one from customers order by 1`);
  return rows.map(({ one }) => String(one));
}

/** What a person reads. */
async function said(workspace: TestWorkspace, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await inProcess(args, workspace.root, {});
  return stdout + stderr;
}

const eventPages = () => api.seen.filter(({ path }) => path.endsWith('/events'));

test('what events say of records that changed and went comes to the destination', async () => {
  for (let n = 1; n <= 8; n++) api.put(customer(n));
  using workspace = new TestWorkspace(flowOf());
  api.now += 120;
  expect((await here(workspace, 'go')).summary.rows).toBe(8);
  api.now += 120;
  api.put(customer(2, 'first'));
  api.put(customer(2, 'second'));
  api.put({ ...customer(2, 'third'), note: 7 });
  api.put(customer(9));
  api.put(customer(10));
  api.remove('cus_9');
  api.remove('cus_4');
  api.now += 120;
  const { code } = await here(workspace, 'go');
  expect(code).toBe(0);
  expect(await settled(workspace)).toEqual([
    'cus_1 c1',
    'cus_10 c10',
    'cus_2 third',
    'cus_3 c3',
    'cus_5 c5',
    'cus_6 c6',
    'cus_7 c7',
    'cus_8 c8',
  ]);
  expect(eventPages().length).toBeGreaterThan(2);
  expect(await settled(workspace, "coalesce(note, 0) || ' ' || id")).toContain('7 cus_2');
});

test('a pause that is longer than events are kept asks for a full load, and that one ends well', async () => {
  api.put(customer(1));
  api.put(customer(2));
  using workspace = new TestWorkspace(flowOf());
  api.now += 120;
  await here(workspace, 'go');
  api.remove('cus_1');
  api.put(customer(2, 'changed'));
  api.now += 31 * daySeconds;
  const text = await said(workspace, 'go');
  expect(text).toContain('HYG-3680');
  expect(text).toContain('hygge go -d -e f.customers');
  expect(await settled(workspace)).toEqual(['cus_1 c1', 'cus_2 c2']);
  expect((await here(workspace, 'go', '-d', '-e', 'f.customers')).code).toBe(0);
  expect(await settled(workspace)).toEqual(['cus_2 changed']);
});

test('events in another order stop the run', async () => {
  api.put(customer(1));
  using workspace = new TestWorkspace(flowOf());
  api.now += 120;
  await here(workspace, 'go');
  api.put(customer(2));
  api.now += 1;
  api.put(customer(3));
  api.now += 120;
  workspace.write(flowOf({ order: 'oldest_first' }));
  expect((await here(workspace, 'go')).error).toBe('HYG-3681');
});

test('a run without events asks for one page of them, and settles nothing', async () => {
  api.put(customer(1));
  using workspace = new TestWorkspace(flowOf());
  api.now += 120;
  await here(workspace, 'go');
  const before = api.seen.length;
  api.now += 600;
  expect((await here(workspace, 'go')).summary.skip).toBe(1);
  expect(api.seen.slice(before).map(({ path }) => path)).toEqual(['/v1/events']);
});

test('changes by events need the list of events, and no window next to it', async () => {
  using workspace = new TestWorkspace(flowOf({ home: '  window: { from: since }' }));
  expect(await said(workspace, 'check')).toContain('Events report which records are new');
  workspace.write({ 'flows/f/flow.yml': flowOf()['flows/f/flow.yml'].replace(/ {2}events:\n( {4}.*\n)+/, '') });
  expect(await said(workspace, 'check')).toContain('needs `home.events`');
});

test('a pause without events is no gap, where runs come', async () => {
  api.put(customer(1));
  using workspace = new TestWorkspace(flowOf());
  api.now += 120;
  await here(workspace, 'go');
  for (let i = 0; i < 2; i++) {
    api.now += 20 * daySeconds;
    expect((await here(workspace, 'go')).code).toBe(0);
  }
  api.put(customer(1, 'changed'));
  api.now += 120;
  await here(workspace, 'go');
  expect(await settled(workspace)).toEqual(['cus_1 changed']);
});

test('the example of docs/apis-changes.md runs as it stands', async () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'apis-changes.md'), 'utf8');
  const example = blocksOf(page).find(({ text }) => text.startsWith('# flows/payments/flow.yml'))?.text ?? '';
  api.put(customer(1));
  api.now += 120;
  using workspace = new TestWorkspace({
    'hygge.yml': `name: test\nconnections:\n  payments: { type: rest_api, base_url: "${api.url}", auth: { type: bearer, token: ${testKey} } }\n`,
    'flows/payments/flow.yml': example,
  });
  expect((await here(workspace, 'go')).summary.rows).toBe(1);
  api.remove('cus_1');
  api.now += 120;
  expect((await here(workspace, 'go')).code).toBe(0);
  const [rows] = await DuckdbTestFile.ask(workspace.path('lake/payments.duckdb'), 'select * from customers');
  expect(rows).toEqual([]);
});

const step = fc.record({
  what: fc.constantFrom('put', 'put', 'put', 'remove', 'refuse' as const),
  id: fc.integer({ min: 1, max: 9 }),
  /** Several changes come in one second. */
  seconds: fc.constantFrom(0, 0, 1, 7),
});

test('records that change while lists and events are walked settle as they are, whatever stops a run', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 9 }), fc.array(step, { maxLength: 24 }), async (count, steps) => {
      await using one = await stripe();
      using workspace = new TestWorkspace({ 'flows/f/flow.yml': flowOf()['flows/f/flow.yml'].replace(api.url, one.url) });
      let version = 0;
      const there = (id: number) => one.objects('customer').some((object) => object.id === `cus_${id}`);
      const change = ({ what, id, seconds }: (typeof waiting)[number]): unknown => {
        one.now += seconds;
        if (what === 'refuse') return what;
        if (what === 'put') one.put(customer(id, `v${++version}`));
        else if (there(id)) one.remove(`cus_${id}`);
        return undefined;
      };
      const waiting = [...steps];
      for (let id = 1; id <= count; id++) one.put(customer(id));
      // A list of no record shows no columns.
      one.put(customer(0));
      one.now += 120;
      one.before = () => {
        const next = waiting.shift();
        return next && change(next);
      };
      for (let runs = 0; runs < 3; runs++) {
        await here(workspace, 'go');
        one.now += 90;
      }
      one.before = () => undefined;
      one.now += 120;
      for (const next of waiting) change(next);
      one.now += 120;
      const { code, error } = await here(workspace, 'go');
      expect([code, error]).toEqual([0, undefined]);
      expect(await settled(workspace)).toEqual(
        one
          .objects('customer')
          .map(({ id, name }) => `${id} ${String(name)}`)
          .sort(),
      );
    }),
    cases(20),
  );
});
