/** A folder of files has no row of a key to keep: a backfill that would take last good versions away stops, and a repair of the range keeps them. */
import { expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

type Row = readonly [id: number, upd: number, value: number];

const rows: readonly Row[] = Array.from({ length: 30 }, (_, at) => [at + 1, (at + 1) * 10, at + 1]);
const csv = (all: readonly Row[]): string => `id,upd,v\n${all.map((row) => `${row.join(',')}\n`).join('')}`;
const without = (...ids: readonly number[]): readonly Row[] => rows.filter(([id]) => !ids.includes(id));

async function settled(key: string) {
  const workspace = new TestWorkspace({
    'in/1.csv': csv(rows),
    'c.yml': 'columns: { v: { type: int64, min: 0 } }\n',
    'flows/f/flow.yml': `home: { path: in/, format: csv }
store: lake
run_type: incremental
watermark: { column: upd${key} }
validation: { contract: c.yml, mode: quarantine }
`,
  });
  const go = async () => expect((await here(workspace, 'go')).error).toBeUndefined();
  const backfill = async (from: number, to: number, ...more: readonly string[]) =>
    here(workspace, 'backfill', 'f.f', '--from', `${from}`, '--to', `${to}`, ...more);
  const ids = async () => (await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id)).sort((a, b) => a - b);
  await go();
  return { workspace, go, backfill, ids, source: (all: readonly Row[]) => workspace.write({ 'in/1.csv': csv(all) }) };
}

const all = rows.map(([id]) => id);

test('a backfill stops where rows would go whose newer versions are in quarantine', async () => {
  const { workspace, go, backfill, ids, source } = await settled(', key: [id]');
  using _ = workspace;
  source([...without(5), [5, 500, -1]]);
  await go();
  expect(await ids()).toEqual(all);
  // Nothing goes from a range without a row in quarantine.
  expect((await backfill(100, 150)).error).toBeUndefined();
  const stopped = await backfill(30, 80);
  expect([stopped.code, stopped.error]).toEqual([1, 'HYG-2141']);
  expect(JSON.stringify(stopped.events)).toContain('hygge verify f.f --range 30..80 --repair');
  expect(await ids()).toEqual(all);
  // What the message says ends well: the row that the source lost goes, and the last good version stays.
  source([...without(5, 6), [5, 500, -1]]);
  expect((await workspace.run(['verify', 'f.f', '--range', '30..80', '--repair', '--yes'])).code).toBe(0);
  expect(await ids()).toEqual(all.filter((id) => id !== 6));
});

test('a backfill that reads the newer version itself stops as well', async () => {
  const { workspace, backfill, ids, source } = await settled(', key: [id]');
  using _ = workspace;
  source([...without(7), [7, 70, -7]]);
  expect((await backfill(30, 80)).error).toBe('HYG-2141');
  expect(await ids()).toEqual(all);
});

test('without a key or a row in quarantine, rows go with their range as before', async () => {
  {
    const { workspace, backfill, ids, source } = await settled('');
    using _ = workspace;
    source([...without(7), [7, 70, -7]]);
    expect((await backfill(30, 80)).error).toBeUndefined();
    expect(await ids()).toEqual(all.filter((id) => id !== 7));
  }
  const { workspace, backfill, ids, source } = await settled(', key: [id]');
  using _ = workspace;
  source(without(6));
  expect((await backfill(30, 80)).error).toBeUndefined();
  expect(await ids()).toEqual(all.filter((id) => id !== 6));
});
