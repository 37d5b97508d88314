import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { folderIn } from '../support/delta/writer/folder.ts';
import { DeltaTable } from '../support/delta/writer/table.ts';
import { lakeInAzurite } from '../support/lakes/azurite-lake.ts';
import { container } from '../support/lakes/test-lakes.ts';
import { treeIn } from '../support/lakes/tree-in.ts';
import { AppOnAzurite } from './app-on-azurite.ts';

const azurite = sharedAzurite();

test('a Delta table in the lake is read whole by the first run, and by its log afterwards', async () => {
  const account = await azurite();
  const lake = await lakeInAzurite(account, container());
  const home = lake.side('tables', 'format: delta');
  using app = new AppOnAzurite(
    account,
    { 'flows/shop/flow.yml': `home: ${home}\nstore: { type: parquet, path: lake }\nrun_type: incremental\nentities: [orders]\n` },
    { env: () => lake.env },
  );
  const columns = [{ name: 'id', type: 'long' }] as const;
  await using orders = await DeltaTable.create(folderIn(await treeIn(lake, 'tables'), 'orders'), { seed: 3, columns });
  const append = (from: number, to: number) => orders.append(Array.from({ length: to - from }, (_, i) => ({ id: from + i })));
  const settled = async () => (await app.workspace.settled('lake', 'shop', 'orders')).map(({ id }) => Number(id)).sort((a, b) => a - b);
  const upTo = (end: number) => Array.from({ length: end }, (_, id) => id);

  await append(0, 6);
  expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 1, rows: 6 } });
  expect(await settled()).toEqual(upTo(6));
  await orders.optimize();
  await append(6, 9);
  // Others write while the run is under way: all of its steps read one version.
  let isFirst = true;
  app.before = async (name) => {
    if (!isFirst || !/move|slice/i.test(name)) return;
    isFirst = false;
    await append(9, 11);
    await orders.checkpoint();
  };
  expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 1, rows: 3 } });
  expect(isFirst).toBe(false);
  expect(await settled()).toEqual(upTo(9));
  expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 1, rows: 2 } });
  expect(await app.run()).toMatchObject({ summary: { skip: 1 } });
  expect(await settled()).toEqual(upTo(11));
  await orders.delete(({ id }) => id === 4);
  const stopped = await app.run();
  expect(stopped).toMatchObject({ status: 'error', summary: { error: 1 } });
  expect(JSON.stringify(stopped)).toContain('HYG-3902');
});
