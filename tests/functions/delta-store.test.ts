import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { OtherCommitter } from '../support/delta/other-committer.ts';
import { duck } from '../support/duck.ts';
import { AppOnAzurite } from './app-on-azurite.ts';

const azurite = sharedAzurite();
const rows = (from: number, to: number) =>
  `select range::bigint as id, timestamp '2026-01-01' + interval (range) minute as at from range(${from}, ${to})`;

test('a Delta table is appended to by runs, while another program commits between their steps', async () => {
  const flow = `home: in\nstore: { path: "tables/{entity}", format: delta }\nrun_type: incremental\nwatermark: { column: at }\nentities: [orders]\n`;
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': flow });
  const folder = app.workspace.path('tables/orders');
  const others = new OtherCommitter(folder);
  const ids = async () => {
    const files = others.state().files.map(({ path }) => `'${join(folder, decodeURIComponent(path))}'`);
    const found = await duck(`select id::integer as id from read_parquet([${files.join(', ')}], union_by_name = true) order by id`);
    return found.map(({ id }) => Number(id));
  };
  const upTo = (end: number) => Array.from({ length: end }, (_, id) => id);

  await app.workspace.parquet('in/orders/1.parquet', rows(0, 40));
  expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 1, rows: 40 } });
  expect(await ids()).toEqual(upTo(40));

  await app.workspace.parquet('in/orders/2.parquet', rows(40, 60));
  const between = ['hygge-move-slice', 'hygge-commit-entity'];
  app.before = async (name) => {
    if (name !== between[0]) return;
    between.shift();
    await others.append(`select 1000::bigint + ${between.length} as id, null::timestamp as at`);
  };
  expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 1, rows: 20 } });
  expect(between).toEqual([]);
  expect(await ids()).toEqual([...upTo(60), 1000, 1001]);
  expect(await app.run()).toMatchObject({ summary: { skip: 1 } });
});
