import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { objectPlace, objectStateAt, objectsIn, stateLine, urlOf } from '../support/object-state.ts';

const azurite = sharedAzurite();
const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range) minute as changed from range(${from}, ${to})`;
const flow =
  'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake }\nrun_type: incremental\nwatermark: { column: changed }\n';

test('an app with its state beside the data and a laptop go on from each other; its runs are on the board of its own account', async () => {
  const server = await azurite();
  const place = await objectPlace(server);
  await using app = await startHyggeApp({
    azurite: server,
    files: { 'hygge.yml': `name: shop\n${stateLine(place)}`, 'flows/shop/flow.yml': flow, '.env': `STATE=${place.connectionString}\n` },
    settings: { STATE: place.connectionString },
  });
  await app.workspace.parquet('in/1.parquet', rows(0, 100));
  const run = await app.run('shop');
  expect(run).toMatchObject({ status: 'pass', trigger: 'http', lane: 'live' });
  expect(await app.difference('lake', 'shop', 'shop', rows(0, 100))).toBe(0);

  await app.workspace.parquet('in/2.parquet', rows(100, 150));
  expect((await app.hygge('go')).stdout).toContain('PASS=1');
  await app.workspace.parquet('in/3.parquet', rows(150, 160));
  expect(await app.run('shop')).toMatchObject({ status: 'pass' });
  expect(await app.difference('lake', 'shop', 'shop', rows(0, 160))).toBe(0);

  const state = await objectStateAt(place);
  expect(state.location).toBe(urlOf(place));
  expect((await state.journal({})).map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
  expect((await objectsIn(place)).filter((path) => /\/(plans|receipts|intents)\//.test(path))).toEqual([]);
});
