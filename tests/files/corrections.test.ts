// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { correctionsIn, readCorrections } from '../../src/engine/validation/corrections.ts';
import { specOf } from '../support/sim/world.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { apartIn, hygge, replay, writeMended } from './mending.ts';

const contract =
  'columns:\n  id: { type: int64, nullable: false }\n  email: { type: string, format: email }\n  amount: { type: int64, min: 0 }\n';
const orders = 'id,email,amount\n1,a1@example.com,1\n2,nobody,2\n3,a3@example.com,-3\n';

const stores = {
  lake: 'store: lake/orders',
  sqlite: "store: { type: sqlite, path: 'out.db' }",
};
type StoreKind = keyof typeof stores;

const shop = (kind: StoreKind, more = '') =>
  new TestWorkspace({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': `home: { path: "in/{entity}/*.csv", format: csv, types: { id: int64, email: string, amount: int64 } }
${stores[kind]}
entities: [orders]
run_type: incremental
validation: { contract: contracts/orders.yml, mode: quarantine }
${more}`,
    'contracts/orders.yml': contract,
    'in/orders/a.csv': orders,
  });

async function mend(workspace: TestWorkspace, ...changes: readonly (readonly [string, string])[]): Promise<void> {
  await writeMended(workspace, ...changes);
  await hygge(workspace, replay);
}

const apart = async (workspace: TestWorkspace) => (await apartIn(workspace)).map(({ id }) => Number(id));

test.each(Object.keys(stores) as StoreKind[])('a mended row stays mended in each full load, and verify says same: %s', async (kind) => {
  using workspace = shop(kind);
  await hygge(workspace, 'go');
  await mend(workspace, ['nobody', 'nobody@example.com']);
  expect(await apart(workspace)).toEqual([3]);
  const again = await hygge(workspace, 'go -d');
  expect(again).toContain('corrections applied: 1');
  expect(await apart(workspace)).toEqual([3]);
  expect(await hygge(workspace, 'verify')).toContain('same');
  await hygge(workspace, 'reset shop.orders -y');
  await hygge(workspace, 'go');
  expect(await apart(workspace)).toEqual([3]);
  writeFileSync(workspace.path('in/orders/a.csv'), orders.replace('nobody,2', 'nobody,20'));
  expect(await hygge(workspace, 'go -d')).not.toContain('corrections applied');
  expect(await apart(workspace)).toEqual([2, 3]);
});

test('a column that the source gains changes no mended row, and settles with it', async () => {
  using workspace = shop('lake');
  await hygge(workspace, 'go');
  await mend(workspace, ['nobody', 'nobody@example.com'], [',-3', ',3']);
  const wider = orders.replace('amount', 'amount,land').replaceAll(/(\d)\n/g, '$1,dk\n');
  writeFileSync(workspace.path('in/orders/a.csv'), wider);
  expect(await hygge(workspace, 'go -d')).toContain('corrections applied: 2');
  expect(await hygge(workspace, 'verify')).toContain('same');
  const [, id = ''] = /"id":"([0-9a-f]+)"[^}]*"email"/.exec(await hygge(workspace, 'quarantine corrections --output json')) ?? [];
  await hygge(workspace, `quarantine drop-correction shop.orders ${id}`);
  expect(await hygge(workspace, 'go -d')).toContain('corrections applied: 1');
  expect(await apart(workspace)).toEqual([2]);
  await mend(workspace, ['nobody', 'nobody@example.com']);
  writeFileSync(workspace.path('in/orders/a.csv'), wider.replace('-3,dk', '-3,se'));
  expect(await hygge(workspace, 'go -d')).toContain('corrections applied: 2');
  writeFileSync(workspace.path('in/orders/a.csv'), wider.replace('nobody,2,dk', 'nobody,2,se'));
  expect(await hygge(workspace, 'go -d')).toContain('corrections applied: 1');
  expect(await apart(workspace)).toEqual([2]);
});

test('corrections are listed, and taken back one by one', async () => {
  using workspace = shop('lake');
  await hygge(workspace, 'go');
  await mend(workspace, ['nobody', 'nobody@example.com'], [',-3', ',3']);
  const { stdout } = await workspace.run(['quarantine', 'corrections', '--output', 'json']);
  const listed = stdout
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { id: string; columns: string[]; at: string }]));
  expect(listed.map(({ columns }) => columns).sort()).toEqual([['amount'], ['email']]);
  expect(listed[0]?.at).toMatch(/^20/);
  const lines = await hygge(workspace, 'quarantine corrections shop.orders');
  expect(lines).toContain('2 corrections');
  const email = listed.find(({ columns }) => columns.includes('email'))?.id ?? '';
  expect(await hygge(workspace, 'quarantine drop-correction shop.orders nothing', 1)).toContain('HYG-2115');
  const dropped = await hygge(workspace, `quarantine drop-correction shop.orders ${email}`);
  const again = /hygge (go -d \S+)/.exec(dropped)?.[1] ?? '';
  expect(await apart(workspace)).toEqual([]);
  expect(await hygge(workspace, again)).toContain('corrections applied: 1');
  expect(await apart(workspace)).toEqual([2]);
  expect(await hygge(workspace, 'quarantine corrections')).toContain('1 correction.');
});

test('a corrected row that breaks a rule of now goes to quarantine as it was mended, and is mended once more', async () => {
  using workspace = shop('lake');
  await hygge(workspace, 'go');
  await mend(workspace, [',-3', ',3']);
  writeFileSync(workspace.path('contracts/orders.yml'), contract.replace('min: 0', 'max: 2'));
  await hygge(workspace, 'go -d');
  expect(await apart(workspace)).toEqual([2, 3]);
  await mend(workspace, ['com,3', 'com,2']);
  expect(await hygge(workspace, 'go -d')).toContain('corrections applied: 1');
  expect(await apart(workspace)).toEqual([2]);
});

test('more corrections than memory should hold stop the run before one is read, and an entity without rules is not asked for any', async () => {
  const spec = specOf({});
  const quarantine = {
    parts: async () => [],
    corrections: () => Promise.reject(new Error('asked')),
    async *read() {
      yield await Promise.reject(new Error('read'));
    },
  };
  const parts = [{ ref: null, rows: 200_002, bytes: null }];
  const { signal } = new AbortController();
  const found = readCorrections({ spec, quarantine, parts, settled: { columns: [] }, signal });
  await expect(found).rejects.toMatchObject({ code: 'HYG-2139', what: expect.stringContaining('100,001 standing corrections') });
  const head = { schema: null } as unknown as Parameters<typeof correctionsIn>[2];
  expect(await correctionsIn(spec, { quarantine } as unknown as Parameters<typeof correctionsIn>[1], head)).toEqual([]);
});

test('equal rows of the source that were mended differently are read as the source has them', async () => {
  using workspace = shop('sqlite');
  writeFileSync(workspace.path('in/orders/a.csv'), `${orders}2,nobody,2\n`);
  await hygge(workspace, 'go');
  await mend(workspace, ['nobody', 'nobody@example.com']);
  await mend(workspace, ['nobody', 'somebody@example.com']);
  expect(await apart(workspace)).toEqual([3]);
  await hygge(workspace, 'go -d');
  expect(await apart(workspace)).toEqual([2, 2, 3]);
});
