import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { liveKey, type Stripe, stripe, testKey } from '../support/apis/stripe.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { inProcess } from '../support/in-process.ts';
import { parseEvents } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const manifest = parse(readFileSync(join(import.meta.dirname, '..', '..', 'src', 'apis', 'manifests', 'stripe.yml'), 'utf8')) as {
  readonly entities: Readonly<Record<string, { readonly endpoint: string; readonly events?: { readonly only?: { readonly is: string } } }>>;
};
const names = Object.keys(manifest.entities);
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
store: { type: duckdb, path: out.duckdb }
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
  const [rows = []] = await DuckdbTestFile.ask(workspace.path('out.duckdb'), `select ${select} as one from ${table} order by 1`);
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

test('a run does not go on with a key of the other mode', async () => {
  api.put({ id: 'cus_1', object: 'customer' });
  using workspace = new TestWorkspace(flowOf(['customers']));
  api.now += 120;
  await go(workspace, testKey);
  api.now += 120;
  const { code, said } = await go(workspace, liveKey);
  expect(code).not.toBe(0);
  expect(said).toContain('mode live');
});
