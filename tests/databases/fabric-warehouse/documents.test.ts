import { beforeEach, describe, expect, test } from 'vitest';
import { openedOnce } from '../../support/opened-once.ts';
import { type WarehouseStores, warehouseStores } from './stores.ts';
import { warehouseWorkspace } from './workspaces.ts';

describe('lists and structs in a Warehouse', () => {
  const served: WarehouseStores = openedOnce(() => warehouseStores());
  beforeEach(() => served.cleared());

  test('settle as documents in a varchar(max), and verify takes them for the same', async () => {
    using workspace = warehouseWorkspace(served, { flow: 'home: data\nentities: [e]\n' });
    await workspace.files.parquet(
      'data/e/1.parquet',
      `select 1 as id, [1, null, 3] as parts, {'a': 'ø', 'b': [true]} as one union all select 2, null, null union all select 3, [], {'a': null, 'b': null}`,
    );
    const run = await workspace.hygge('go');
    expect(run.code, run.stdout).toBe(0);
    expect(served.warehouse.rows('dbo.e').map(({ parts, one }) => `${parts} ${one}`)).toEqual([
      '[1,null,3] {"a":"ø","b":[true]}',
      'null null',
      '[] {"a":null,"b":null}',
    ]);
    const verify = await workspace.hygge('verify', '--pause', '0s');
    expect(verify.code, verify.stdout).toBe(0);
  });
});
