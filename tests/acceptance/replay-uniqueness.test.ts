import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

type Ending = 'fail' | 'warn' | 'quarantine';

const stores = {
  'a folder': 'lake',
  SQLite: '{ type: sqlite, path: out.db, table: t }',
  DuckDB: '{ type: duckdb, path: out.duckdb, table: t }',
};

/** Rows whose `n` lies below `min` go to quarantine; among rows that settle `code` is to come once. */
function shop(store: string, { onFail, samples = 'mask', min = 0 }: { onFail: Ending; samples?: 'mask' | 'show'; min?: number }) {
  return {
    'hygge.yml': `
name: w
flows:
  f:
    home: { path: in, format: csv, types: { id: int64, n: int64 } }
    store: ${store}
    run_type: incremental
    validation:
      contract: c.yml
      mode: quarantine
      samples: ${samples}
      quality: { checks: [{ type: uniqueness, name: once, columns: [code], on_fail: ${onFail} }] }
`,
    'c.yml': `columns: { id: int64, code: string, n: { type: int64, min: ${min} } }\n`,
  };
}

interface Told extends Readonly<Record<string, unknown>> {
  readonly event?: string;
}

async function hygge(workspace: TestWorkspace, ...args: readonly string[]) {
  const { code, stdout } = await workspace.run([...args, '--output', 'json']);
  const told = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Told);
  const of = (name: string) => told.filter(({ event }) => event === name);
  return { code, told, done: of('entity_done')[0], checks: of('check'), errors: of('error') };
}

const waiting = async (workspace: TestWorkspace) =>
  (await hygge(workspace, 'quarantine', 'show', 'f.f')).told.map(({ id }) => Number(id)).sort((a, b) => a - b);

const settled = async (workspace: TestWorkspace) =>
  (await hygge(workspace, 'query', 'select id from f.f')).told.map(({ id }) => Number(id)).sort((a, b) => a - b);

/** Two runs, each of which sets a row with the code `ax` apart. */
async function withRowsApart(store: string) {
  const workspace = new TestWorkspace({ ...shop(store, { onFail: 'fail' }), 'in/a.csv': 'id,code,n\n1,ax,-1\n4,cx,4\n6,,-6\n' });
  expect(await hygge(workspace, 'go')).toMatchObject({ code: 0 });
  workspace.write({ 'in/b.csv': 'id,code,n\n2,ax,-2\n3,bx,-3\n5,cx,5\n7,,-7\n' });
  expect(await hygge(workspace, 'go')).toMatchObject({ code: 0 });
  expect(await waiting(workspace)).toEqual([1, 2, 3, 6, 7]);
  return workspace;
}

const found = '1 key comes more than once, 1 row is too many';

describe.each(sampled(Object.entries(stores), 3))('a replay into %s', (_, store) => {
  test('of rows that have a key twice fails, changes nothing, and continues run by run', async () => {
    using workspace = await withRowsApart(store);
    workspace.write(shop(store, { onFail: 'quarantine', min: -9 }));
    const { code, done, checks, errors } = await hygge(workspace, 'quarantine', 'replay', 'f.f');
    expect([code, done?.status]).toEqual([1, 'error']);
    expect(checks).toMatchObject([{ kind: 'check', name: 'once', column: 'code', outcome: 'failed', found: `${found}: they look like a` }]);
    expect(errors).toMatchObject([
      {
        code: 'HYG-2123',
        why: [`once: ${found}: they look like a; expected: code are unique`, expect.any(String)],
        tryThis: [expect.stringContaining('hygge quarantine replay f.f --run ID'), expect.any(String), expect.any(String)],
      },
    ]);
    expect(await waiting(workspace)).toEqual([1, 2, 3, 6, 7]);
    expect(await settled(workspace)).toEqual([4, 5]);
    // What settled before is not compared, as by a run.
    const runs = new Set((await hygge(workspace, 'quarantine', 'list')).told.flatMap(({ runs: of }) => of as readonly string[]));
    for (const run of runs)
      expect(await hygge(workspace, 'quarantine', 'replay', 'f.f', '--run', run)).toMatchObject({ code: 0, done: { status: 'pass' } });
    expect(await settled(workspace)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('settles them with a warning where the check warns', async () => {
    using workspace = await withRowsApart(store);
    workspace.write(shop(store, { onFail: 'warn', samples: 'show', min: -9 }));
    const { code, done, checks } = await hygge(workspace, 'quarantine', 'replay', 'f.f');
    expect([code, done?.status]).toEqual([0, 'warn']);
    expect(checks).toMatchObject([{ name: 'once', outcome: 'warned', found: `${found}: such as ax` }]);
    expect(done?.message).toContain(`the check once failed: ${found}: they look like a, expected: code are unique`);
    expect(await settled(workspace)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await waiting(workspace)).toEqual([]);
    const journal = (await hygge(workspace, 'journal', '--entity', 'f.f')).told;
    expect(journal).toContainEqual(expect.objectContaining({ lane: 'quarantine', status: 'warn', checks_warned: 1 }));
  });

  test('of a file compares the mended rows', async () => {
    using workspace = await withRowsApart(store);
    await workspace.run(['quarantine', 'show', 'f.f', '--to', 'all.csv']);
    const [head = '', ...lines] = readFileSync(workspace.path('all.csv'), 'utf8').trim().split('\n');
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((value, at) => [head.split(',')[at], value])));
    const mended = (codes: Readonly<Record<string, string>>) =>
      `id,code,n,_id\n${rows.flatMap(({ id = '', _id }) => (id in codes ? [`${id},${codes[id]},${id},${_id}\n`] : [])).join('')}`;
    workspace.write({ 'mended.csv': mended({ 1: 'dx', 2: 'dx', 3: 'bx' }) });
    const refused = await hygge(workspace, 'quarantine', 'replay', 'f.f', '--file', 'mended.csv');
    expect(refused).toMatchObject({
      code: 1,
      errors: [{ code: 'HYG-2123', why: [expect.stringContaining('they look like a'), expect.any(String)] }],
    });
    expect(await waiting(workspace)).toEqual([1, 2, 3, 6, 7]);
    workspace.write({ 'mended.csv': mended({ 1: 'dx', 2: 'ex', 3: 'bx' }) });
    expect(await hygge(workspace, 'quarantine', 'replay', 'f.f', '--file', 'mended.csv')).toMatchObject({ code: 0, checks: [] });
    expect(await settled(workspace)).toEqual([1, 2, 3, 4, 5]);
  });
});

test.each(sampled(['DuckDB', 'SQLite'] as const, 2))(
  'a replay into %s leaves rows in whose place another one with their key settled',
  async (name) => {
    const store = stores[name];
    using workspace = new TestWorkspace({ ...shop(store, { onFail: 'quarantine' }), 'in/a.csv': 'id,code,n\n1,ax,1\n2,ax,2\n3,bx,-3\n' });
    expect(await hygge(workspace, 'go')).toMatchObject({ code: 0, done: { status: 'warn' } });
    const [[one, ...none], apart] = [await settled(workspace), await waiting(workspace)];
    expect([none, apart]).toEqual([[], [one === 1 ? 2 : 1, 3]]);
    workspace.write(shop(store, { onFail: 'quarantine', min: -9 }));
    const { code, done } = await hygge(workspace, 'quarantine', 'replay', 'f.f');
    expect([code, done?.status, done?.message]).toEqual([0, 'warn', expect.stringContaining('(once: 1)')]);
    expect(await settled(workspace)).toEqual([one, 3].sort());
    expect(await waiting(workspace)).toEqual([one === 1 ? 2 : 1]);
    const before = (await hygge(workspace, 'quarantine', 'show', 'f.f')).told;
    expect(await hygge(workspace, 'quarantine', 'replay', 'f.f')).toMatchObject({ code: 0, done: { status: 'warn' } });
    expect((await hygge(workspace, 'quarantine', 'show', 'f.f')).told).toEqual(before);
    // An unchanged line leaves its row in quarantine. A line with another key settles.
    await workspace.run(['quarantine', 'show', 'f.f', '--to', 'all.csv']);
    const unchanged = await hygge(workspace, 'quarantine', 'replay', 'f.f', '--file', 'all.csv');
    expect([unchanged.code, unchanged.done?.status, unchanged.done?.message]).toEqual([0, 'warn', expect.stringContaining('(once: 1)')]);
    expect((await hygge(workspace, 'quarantine', 'show', 'f.f')).told).toEqual(before);
    const mended = readFileSync(workspace.path('all.csv'), 'utf8').replace(',ax,', ',zx,');
    workspace.write({ 'mended.csv': mended, 'in/b.csv': 'id,code,n\n4,yx,4\n5,yx,5\n' });
    expect(await hygge(workspace, 'quarantine', 'replay', 'f.f', '--file', 'mended.csv')).toMatchObject({
      code: 0,
      done: { status: 'pass' },
    });
    expect([await settled(workspace), await waiting(workspace)]).toEqual([[1, 2, 3], []]);
    expect(await hygge(workspace, 'go')).toMatchObject({ code: 0, done: { status: 'warn' } });
    expect((await waiting(workspace)).length).toBe(1);
    // The config says that they may settle.
    workspace.write(shop(store, { onFail: 'warn', min: -9 }));
    expect(await hygge(workspace, 'quarantine', 'replay', 'f.f')).toMatchObject({ code: 0, done: { status: 'pass' } });
    expect(await settled(workspace)).toEqual([1, 2, 3, 4, 5]);
  },
);
