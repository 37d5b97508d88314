/** A place that a flow of a workspace fills is no place for a copy, whatever it is told to do there. */
import { cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CopyFolder } from './folder.ts';

/** A workspace whose flow `shop` has settled `orders`, and a file that somebody copies. */
async function settled(store: string): Promise<CopyFolder> {
  const folder = new CopyFolder({
    'hygge.yml': 'name: w\n',
    'flows/shop/flow.yml': `home: in/{entity}.csv\nstore: ${store}\nentities:\n  - name: orders\n`,
    'in/orders.csv': 'id\n1\n2\n',
    'z.csv': 'id\n9\n',
  });
  const run = await folder.run(['go']);
  expect([run.code, run.stderr]).toEqual([0, '']);
  return folder;
}

const shared = 'lake';
const delta = '{ path: lake, format: delta }';

describe('a folder that a flow fills', () => {
  it.each([
    ['replace', shared, 'lake/orders'],
    ['replace', shared, 'lake'],
    ['replace', '{ path: deep/lake/shop }', 'deep/lake/shop/orders'],
  ])('is refused to a copy with --if-exists %s, and the flow is named: %s into %s', async (ifExists, store, to) => {
    using folder = await settled(store);
    const told = await folder.copy('z.csv', to, '--if-exists', ifExists);
    expect([told.code, told.stdout]).toEqual([1, expect.stringContaining('HYG-2071')]);
    expect(told.stdout).toContain('shop.orders');
    expect(told.stdout).toContain('Choose another place for TO');
    expect(told.stdout).not.toMatch(/state mv|store: \{|No copy has filled/);
    expect((await folder.run(['verify'])).code).toBe(0);
    const elsewhere = await folder.copy('z.csv', 'other', '--if-exists', ifExists);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([0, '']);
  });

  it('that is a table is told with the option of the copy that reads and writes one', async () => {
    using folder = await settled(delta);
    const told = await folder.copy('z.csv', 'lake/orders', '--if-exists', 'replace');
    expect(told.stdout).toContain('Write --store format=delta');
  });

  it.each(['replace', 'append'])('that is a table keeps the rows of the flow: %s', async (ifExists) => {
    using folder = await settled(delta);
    const told = await folder.copy('z.csv', 'lake/orders', '--store', 'format=delta', '--if-exists', ifExists);
    const isRefused = ifExists === 'replace';
    expect([told.code, told.stdout.includes('HYG-2071'), told.stdout.includes('shop.orders')]).toEqual([
      isRefused ? 1 : 0,
      isRefused,
      isRefused,
    ]);
    expect((await folder.run(['verify'])).code).toBe(0);
  });

  it('is free once its files were copied to where no record of the flow is', async () => {
    using folder = await settled(shared);
    cpSync(folder.path('lake/orders'), folder.path('apart/orders'), { recursive: true });
    expect((await folder.copy('z.csv', 'apart/orders', '--if-exists', 'replace')).code).toBe(0);
  });
});

it('a table that a flow fills is refused to a copy too', async () => {
  using folder = await settled('{ type: sqlite, path: shop.db, table: "{entity}" }');
  const told = await folder.copy('z.csv', 'shop.db#orders', '--if-exists', 'replace');
  expect([told.code, told.stdout]).toEqual([1, expect.stringContaining('shop.orders')]);
  expect(told.stdout).toContain('Choose another place for TO');
});
