import { expect, test } from 'vitest';
import { insideSumsOf } from '../../../src/engine/contracts/home.ts';
import type { SummedColumn, SumsRequest } from '../../../src/engine/contracts/row-sums.ts';
import type { FabricDatabase } from '../../support/fabric-warehouse/reading.ts';
import { inProcess } from '../../support/in-process.ts';
import { everything, framesOf } from '../../support/postgres-home.ts';
import { summedTexts, textRows } from '../../support/summed.ts';
import type { Value } from '../../support/tds/values.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, servedFabric } from './support.ts';

const utf8 = 'collate Latin1_General_100_CI_AS_SC_UTF8';
const columns = {
  ...{ id: 'int not null', note: `varchar(8000) ${utf8}`, long: `varchar(max) ${utf8}`, price: 'decimal(20,2)', at: 'datetime2(6)' },
  ...{ day: 'date', clock: 'time(6)', ratio: 'float', raw: 'varbinary(max)', uid: 'uniqueidentifier', flag: 'bit', n: 'bigint' },
};
const row = (id: number): Value[] => [
  ...[String(id), id % 5 === 0 ? null : `æ ${id} 😀 `, 'é'.repeat(id * 100), `${id}.50`, `2026-01-01 00:00:${10 + (id % 50)}.120000`],
  ...['2026-01-31', '10:00:00.100000', String(id / 3), Buffer.from([0, 255, id % 256]), '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
  ...[String(id % 2), String(-id)],
];
const from = (item: FabricDatabase['item'], rows: Value[][]): FabricDatabase => ({ item, tables: [{ name: 'dbo.src', columns, rows }] });

async function compared(item: FabricDatabase['item'], change: (rows: Value[][]) => void = () => undefined) {
  const rows = Array.from({ length: 100 }, (_, id) => row(id));
  await using source = await servedFabric(from(item, rows));
  using workspace = new TestWorkspace({
    'hygge.yml': `name: w\n${connectionOf(source)}`,
    'flows/f/flow.yml': 'home: { connection: sales, table: src }\nstore: lake\nentities: [e]\n',
  });
  const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, source.env);
  expect((await hygge('go')).code).toBe(0);
  change(rows);
  const { stdout, stderr } = await hygge('verify', '--output', 'json', '--pause', '0s');
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as object;
}

test('hygge verify takes a Warehouse that settled for the same, and finds a row that changed', async () => {
  expect(await compared('warehouse')).toMatchObject({ ok: true });
  const changed = (rows: Value[][]) => void rows.splice(7, 1, row(7).with(1, 'other'));
  expect(await compared('endpoint', changed)).toMatchObject({ ok: false });
});

test('the sums of a Warehouse are those of the rows that the home reads; an SQL endpoint sums no column that it may have cut', async () => {
  const rows = Array.from({ length: 24 }, (_, id) => row(id));
  const { signal } = new AbortController();
  for (const item of ['warehouse', 'endpoint'] as const) {
    await using database = await servedFabric(from(item, rows));
    const home = await database.home({ table: 'src' });
    const step = await home.describe();
    const all = ('done' in step ? (step.done.schema?.columns ?? []) : []).map(({ name, type }): SummedColumn => ({ name, type }));
    const inside = insideSumsOf(home)?.inside;
    const unable = inside?.supports(all, { by: 'nothing' }).unable.map(({ column }) => column);
    expect(unable).toEqual(item === 'warehouse' ? [] : ['note']);
    const summed = all.filter(({ name }) => unable?.includes(name) === false);
    const texts = await textRows(framesOf(home), summed);
    const scope = { window: everything, part: null };
    const requests: readonly SumsRequest[] = [
      { scope, division: { by: 'nothing' }, columns: summed, of: 'columns' },
      { scope, division: { by: 'hash', key: summed.slice(0, 1), bits: 5 }, columns: summed, of: 'rows' },
    ];
    for (const request of requests) expect(await inside?.sums(request, signal)).toEqual(summedTexts(texts, request));
  }
});
