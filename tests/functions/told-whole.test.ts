import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { duck } from '../support/duck.ts';
import { AppOnAzurite, rows } from './app-on-azurite.ts';

const azurite = sharedAzurite();

const flow = (settings: string) => ({
  'flows/shop/flow.yml': `home: { path: in/orders.csv, bad_rows: skip }\nstore: { type: parquet, path: lake }\n${settings}`,
});

const inJournal = async (app: AppOnAzurite) => {
  const { state } = await app.app.look('shop');
  const [row] = await state.journal({ flow: 'shop', limit: 1 });
  return row;
};

test('what an entity failed with is kept and told whole: why, where, and what to ask for', async () => {
  using app = new AppOnAzurite(await azurite(), flow('run_type: incremental\nwatermark: { column: at }\n'));
  app.workspace.write({ 'in/orders.csv': 'id,sold_at\n1,2026-01-01\n' });
  const { done, summary } = await app.run();
  const kept = (await inJournal(app))?.error;
  expect(kept).toMatchObject({ code: 'HYG-2011', where: { file: 'flows/shop/flow.yml', line: expect.any(Number) } });
  expect(kept?.tryThis.length).toBeGreaterThan(0);
  const [entity] = done;
  expect(entity).toMatchObject({ entity: 'shop', status: 'error', error: kept?.code, failure: { what: kept?.what, where: kept?.where } });
  expect(entity?.failure?.why).toEqual(kept?.why);
  // Who asks over HTTP has no command line.
  expect(entity?.failure?.tryThis.join('\n')).not.toMatch(/^`?hygge /m);
  expect(summary.failure).toEqual(entity?.failure);
});

test('of a file with bad lines it is told where the first of them stand', async () => {
  using app = new AppOnAzurite(await azurite(), flow(''));
  app.workspace.write({ 'in/orders.csv': 'id,name\n1,a\n2\n3,c,d\n4,e\n' });
  const { done } = await app.run();
  const bad = [expect.stringMatching(/orders\.csv:3: /), expect.stringMatching(/orders\.csv:4: /)];
  expect(done).toEqual([expect.objectContaining({ status: 'warn', rows: 2, bad_rows: bad })]);
  expect((await inJournal(app))?.bad_rows).toEqual(bad);
});

test('of a backfill it is told how many rows settled, and how many they replaced', async () => {
  const settings = 'home: in.parquet\nstore: { type: parquet, path: lake }\nrun_type: incremental\nwatermark: { column: changed }\n';
  using app = new AppOnAzurite(await azurite(), { 'flows/shop/flow.yml': settings });
  await app.workspace.parquet('in.parquet', rows(0, 100));
  await app.run();
  await duck(`copy (${rows(10, 100)}) to '${app.workspace.path('in.parquet')}' (format parquet)`);
  const { done } = await app.run({ backfill: { from: '2026-01-01', to: '2026-01-01 01:00:00' } });
  expect(done).toEqual([expect.objectContaining({ status: 'pass', rows: -10, rows_settled: 50, rows_replaced: 60 })]);
});
