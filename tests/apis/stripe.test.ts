import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { liveKey, otherKey, type Stripe, stripe, testKey } from '../support/apis/stripe.ts';
import { inProcess } from '../support/in-process.ts';
import { parseEvents } from '../support/run-hygge.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

const manifest = parse(readFileSync(join(import.meta.dirname, '..', '..', 'src', 'apis', 'manifests', 'stripe.yml'), 'utf8')) as {
  readonly entities: Readonly<Record<string, { readonly endpoint: string; readonly events?: { readonly only?: { readonly is: string } } }>>;
};
/** The lists inside records are read by the records that have them. */
const inside = ['invoice_lines', 'credit_note_lines', 'subscription_items'];
const names = Object.keys(manifest.entities).filter((name) => !inside.includes(name));
const objectOf = (name: string) => manifest.entities[name]?.events?.only?.is ?? 'balance_transaction';

let api: Stripe;
beforeEach(async () => {
  api = await stripe();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const flowOf = (entities: readonly string[]) => ({
  'flows/f/flow.yml': `
home: { type: stripe, base_url: "${api.url}" }
store: { type: sqlite, path: out.db }
run_type: incremental
entities: [${entities.join(', ')}]
`,
});

async function go(workspace: TestWorkspace, key = testKey) {
  const { code, stdout, stderr } = await inProcess(['go', '--output', 'json'], workspace.root, { STRIPE_KEY: key });
  const events = parseEvents(stdout);
  return { code, said: stdout + stderr, events };
}

async function settled(workspace: TestWorkspace, table: string, select = `id || ' ' || coalesce(note, '')`): Promise<readonly string[]> {
  const [rows = []] = asked(workspace.path('out.db'), `select ${select} as one from ${table} order by 1`);
  return rows.map(({ one }) => String(one));
}

test('each entity of the manifest is read as the API takes it, and once more for what changed', async () => {
  for (const name of names)
    for (const n of [1, 2]) api.put({ id: `${name}_${n}`, object: objectOf(name), note: 'a', metadata: { [name]: n } });
  using workspace = new TestWorkspace(flowOf(names));
  api.now += 120;
  const first = await go(workspace);
  expect([first.code, first.said]).toEqual([0, expect.stringContaining(`"rows":${names.length * 2}`)]);
  api.now += 120;
  for (const name of names) if (name !== 'balance_transactions') api.put({ id: `${name}_1`, object: objectOf(name), note: 'b' });
  api.put({ id: 'balance_transactions_3', object: 'balance_transaction', note: 'b' });
  api.now += 120;
  expect((await go(workspace)).code).toBe(0);
  for (const name of names) {
    const changed = name === 'balance_transactions' ? ['_1 a', '_2 a', '_3 b'] : ['_1 b', '_2 a'];
    expect(await settled(workspace, name)).toEqual(changed.map((one) => `${name}${one}`));
  }
});

test('a cancelled subscription stays, a deleted customer goes, and an upcoming invoice is none', async () => {
  api.put({ id: 'sub_1', object: 'subscription', status: 'active' });
  api.put({ id: 'sub_2', object: 'subscription', status: 'canceled' });
  api.put({ id: 'cus_1', object: 'customer' });
  api.put({ id: 'in_1', object: 'invoice' });
  using workspace = new TestWorkspace(flowOf(['subscriptions', 'customers', 'invoices']));
  api.now += 120;
  await go(workspace);
  expect(await settled(workspace, 'subscriptions', `id || ' ' || status`)).toEqual(['sub_1 active', 'sub_2 canceled']);
  api.put({ id: 'sub_1', object: 'subscription', status: 'canceled' });
  api.tell('customer.subscription.deleted', { ...api.objects('subscription')[0], status: 'canceled' });
  api.remove('cus_1');
  api.tell('invoice.upcoming', { object: 'invoice', created: api.now });
  api.tell('customer.discount.created', { id: 'di_1', object: 'discount' });
  api.now += 120;
  expect((await go(workspace)).code).toBe(0);
  expect(await settled(workspace, 'subscriptions', `id || ' ' || status`)).toEqual(['sub_1 canceled', 'sub_2 canceled']);
  expect(await settled(workspace, 'customers', 'id')).toEqual([]);
  expect(await settled(workspace, 'invoices', 'id')).toEqual(['in_1']);
});

test('a run does not continue with a key of the other mode or of another account, and continues with another key of the same one', async () => {
  api.put({ id: 'cus_1', object: 'customer' });
  using workspace = new TestWorkspace(flowOf(['customers']));
  api.now += 120;
  await go(workspace, testKey);
  api.put({ id: 'cus_2', object: 'customer' });
  api.now += 120;
  for (const [key, told] of [
    [liveKey, 'mode live'],
    [otherKey, 'account acct_other'],
  ] as const) {
    const { code, said } = await go(workspace, key);
    expect([code, said]).toEqual([1, expect.stringContaining(told)]);
    expect(said).toContain('HYG-2007');
  }
  expect(await settled(workspace, 'customers', 'id')).toEqual(['cus_1']);
  expect((await go(workspace, testKey)).code).toBe(0);
  expect(await settled(workspace, 'customers', 'id')).toEqual(['cus_1', 'cus_2']);
});

test('an invoice that shows a part of its lines stops the run, and all of them are a list of their own', async () => {
  const lines = Array.from({ length: 25 }, (_, n) => ({ id: `il_${n}`, object: 'line_item', created: api.now, amount: n }));
  api.put({ id: 'in_1', object: 'invoice', all_lines: lines });
  api.put({ id: 'in_2', object: 'invoice', all_lines: lines.slice(0, 3).map((line) => ({ ...line, id: `${line.id}_2` })) });
  using workspace = new TestWorkspace(flowOf(['invoices']));
  api.now += 120;
  const refused = await go(workspace);
  expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('HYG-3633')]);
  expect(refused.said).toContain('1 record has only a part of a list');
  workspace.write({
    'flows/f/flow.yml': flowOf(['{ name: invoices, home: { cut_lists: take } }', '{ name: invoice_lines, run_type: full_drop }'])[
      'flows/f/flow.yml'
    ],
  });
  expect((await go(workspace)).code).toBe(0);
  expect(await settled(workspace, 'invoices', 'id')).toEqual(['in_1', 'in_2']);
  expect(await settled(workspace, 'invoice_lines', `invoice_id || ' ' || id`)).toHaveLength(28);
});

test('a key without the right to events is reported by debug and by the first run, and not by a later one', async () => {
  api.put({ id: 'cus_1', object: 'customer' });
  api.withoutEvents = true;
  using workspace = new TestWorkspace(flowOf(['customers']));
  api.now += 120;
  const { code, stdout } = await inProcess(['debug', '--output', 'json'], workspace.root, { STRIPE_KEY: testKey });
  expect([code, stdout]).toEqual([1, expect.stringContaining('the right to read')]);
  expect(stdout).toContain('/v1/events, page 1');
  const first = await go(workspace);
  expect([first.code, first.said]).toEqual([1, expect.stringContaining('/v1/events, page 1')]);
  api.withoutEvents = false;
  expect((await go(workspace)).code).toBe(0);
  api.withoutEvents = true;
  api.now += 120;
  const later = await go(workspace);
  expect([later.code, later.said]).toEqual([1, expect.stringContaining('the right to read')]);
  expect(later.said).not.toContain('/v1/customers, page');
});

test('an event of another version is told with the command that loads the entity again, and a header only where there is one', async () => {
  api.put({ id: 'cus_1', object: 'customer' });
  using workspace = new TestWorkspace(flowOf(['customers']));
  api.now += 120;
  await go(workspace);
  api.version = '2023-10-16';
  api.put({ id: 'cus_2', object: 'customer' });
  api.version = '2024-06-20';
  api.now += 120;
  const { code, said } = await go(workspace);
  expect([code, said]).toEqual([1, expect.stringContaining('HYG-3682')]);
  expect(said).toContain('hygge go -d -e f.customers');
  expect(said).not.toContain('Remove the header');
});
