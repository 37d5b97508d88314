import { expect, test } from 'vitest';
import { AppOnAzurite, rows } from '../functions/app-on-azurite.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { objectPlace, objectStateAt, objectsIn, stateLine, urlOf } from '../support/object-state.ts';

const azurite = sharedAzurite();
const flow =
  'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake }\nrun_type: incremental\nwatermark: { column: changed }\n';

test('an app with its state beside the data and a laptop go on from each other; its runs are on the board of its own account', async () => {
  const server = await azurite();
  const place = await objectPlace(server);
  const files = {
    'hygge.yml': `name: shop\n${stateLine(place)}`,
    'flows/shop/flow.yml': flow,
    '.env': `STATE=${place.connectionString}\n`,
  };
  using app = new AppOnAzurite(server, files, { env: () => ({ STATE: place.connectionString }) });
  await app.workspace.parquet('in/1.parquet', rows(0, 100));
  expect(await app.run()).toMatchObject({ status: 'pass', trigger: 'http', lane: 'live' });
  expect(await app.workspace.settled('lake', 'shop', 'shop')).toHaveLength(100);

  await app.workspace.parquet('in/2.parquet', rows(100, 150));
  expect((await app.workspace.run(['go'])).stdout).toContain('PASS=1');
  await app.workspace.parquet('in/3.parquet', rows(150, 160));
  expect(await app.run()).toMatchObject({ status: 'pass' });
  const settled = (await app.workspace.settled('lake', 'shop', 'shop')).map(({ id }) => Number(id));
  expect(settled.sort((a, b) => a - b)).toEqual(Array.from({ length: 160 }, (_, id) => id));

  const state = await objectStateAt(place);
  expect(state.location).toBe(urlOf(place));
  expect((await state.journal({})).map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
  expect((await objectsIn(place)).filter((path) => /\/(plans|receipts|intents)\//.test(path))).toEqual([]);
});
