import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parquetRows } from '../../../bench/data.ts';
import { whole } from '../../support/samples.ts';
import { warehouseStores } from './stores.ts';
import { warehouseWorkspace } from './workspaces.ts';

const rows = whole ? 200_000 : 8_000;

test('what is staged for a Warehouse has at most 1.05 times the bytes of the same rows in a lake', async () => {
  let stagedBytes = 0;
  const before = async ({ sql }: { readonly sql: string }) => {
    if (!sql.startsWith('COPY INTO')) return undefined;
    const files = served.azure.dfs.files('lakeone', 'raw');
    stagedBytes = [...files.values()].reduce((sum, { content }) => sum + content.byteLength, 0);
    return undefined;
  };
  await using served = await warehouseStores({ before });
  using workspace = warehouseWorkspace(served, {
    flow: 'home: data\nentities: [e]\n',
    files: { 'flows/lake/flow.yml': 'home: data\nstore: lake\nentities: [e]\n' },
  });
  await parquetRows(workspace.files.path('data/e/1.parquet'), 0, rows, 'people');
  expect((await workspace.hygge('go')).code).toBe(0);
  const lake = readdirSync(workspace.files.path('lake'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.parquet'));
  const lakeBytes = lake.reduce((sum, path) => sum + statSync(join(workspace.files.path('lake'), path)).size, 0);
  expect(stagedBytes).toBeGreaterThan(rows);
  expect(stagedBytes / lakeBytes, `${stagedBytes} staged, ${lakeBytes} in the lake`).toBeLessThanOrEqual(1.05);
});
