import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const table = '{ type: sqlite, path: dest.db, table: t }';

const flowOf = (more = '') =>
  `home: { path: in, format: csv }\nstore: ${table}\nrun_type: incremental\nvalidation: { contract: c.yml, mode: quarantine }\nentities: [e]\n${more}`;

function scene(flow: string, files: Readonly<Record<string, string>>) {
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flow, ...files });
  place = workspace;
  const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { MASK_SECRET: 'a secret of tests' });
  /** Of the table, as another program reads it. */
  const rows = (sql: string): readonly Record<string, unknown>[] => {
    const database = new DatabaseSync(workspace.path('dest.db'));
    try {
      return database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }));
    } finally {
      database.close();
    }
  };
  return { workspace, hygge, rows, write: (all: Readonly<Record<string, string>>) => workspace.write(all) };
}

const minimum = (column: string) => `columns: { ${column}: { type: int64, min: 0 } }\ncomplete: false\n`;
const renamed = 'migrations: [{ rename: { Amt: amount } }]\n';

describe('a replay from quarantine of a table', () => {
  it('judges a row under the name that a migration gave its column, and so does a file of mended rows', async () => {
    const { workspace, hygge, rows, write } = scene(flowOf(), { 'c.yml': minimum('Amt'), 'in/e/1.csv': 'id,Amt\n1,5\n2,-5\n' });
    expect((await hygge('go')).code).toBe(0);
    write({ 'flows/f/flow.yml': flowOf(renamed), 'c.yml': minimum('amount'), 'in/e/2.csv': 'id,Amt\n3,7\n' });
    expect((await hygge('go')).code).toBe(0);
    const stays = await hygge('quarantine', 'replay', 'f.e');
    expect(stays.stdout).toContain('1');
    expect(rows('SELECT id FROM t ORDER BY id')).toEqual([{ id: 1 }, { id: 3 }]);
    expect((await hygge('quarantine', 'show', 'f.e', '--to', 'mended.csv')).code).toBe(0);
    const text = readFileSync(workspace.path('mended.csv'), 'utf8');
    expect(text).toContain('-5');
    write({ 'mended.csv': text.replace('-5', '6') });
    expect((await hygge('quarantine', 'replay', 'f.e', '--file', 'mended.csv')).code).toBe(0);
    expect(rows('SELECT id, amount FROM t WHERE id > 1 ORDER BY id')).toEqual([
      { id: 2, amount: 6 },
      { id: 3, amount: 7 },
    ]);
  });

  it('masks what was set apart before the mask was added, and hashes no hash once more', async () => {
    const contract = (most: number) => `columns: { id: { type: int64, max: ${most} } }\ncomplete: false\n`;
    const { hygge, rows, write } = scene(flowOf(), { 'c.yml': contract(2), 'in/e/1.csv': 'id,mail\n1,a@x.dk\n3,b@x.dk\n' });
    expect((await hygge('go')).code).toBe(0);
    const masks = flowOf(`polish: { mask: { columns: { mail: hash }, secret: "\${MASK_SECRET}" } }\n`);
    write({ 'flows/f/flow.yml': masks, 'in/e/2.csv': 'id,mail\n2,b@x.dk\n4,b@x.dk\n' });
    expect((await hygge('reset', 'f.e', '--adopt', '--yes')).code).toBe(0);
    const run = await hygge('go');
    expect(run.code, run.stdout + run.stderr).toBe(0);
    write({ 'c.yml': contract(9) });
    expect((await hygge('quarantine', 'replay', 'f.e')).code).toBe(0);
    const found = rows('SELECT id, mail FROM t WHERE id > 1 ORDER BY id');
    expect(found.map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(found[0]?.mail).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(found.map(({ mail }) => mail)).size).toBe(1);
  });

  it('masks a column that a migration has renamed since', async () => {
    const contract = (most: number) => `columns: { id: { type: int64, max: ${most} } }\ncomplete: false\n`;
    const { hygge, rows, write } = scene(flowOf(), { 'c.yml': contract(1), 'in/e/1.csv': 'id,mail\n1,a@x.dk\n2,b@x.dk\n' });
    expect((await hygge('go')).code).toBe(0);
    const masks = `polish: { mask: { columns: { mail: hash }, secret: "\${MASK_SECRET}" } }\nmigrations: [{ rename: { mail: email } }]\n`;
    write({ 'flows/f/flow.yml': flowOf(masks), 'in/e/2.csv': 'id,mail\n0,b@x.dk\n' });
    expect((await hygge('reset', 'f.e', '--adopt', '--yes')).code).toBe(0);
    expect((await hygge('go')).code).toBe(0);
    write({ 'c.yml': contract(9) });
    expect((await hygge('quarantine', 'replay', 'f.e')).code).toBe(0);
    const [masked, , replayed] = rows('SELECT id, email FROM t ORDER BY id');
    expect(masked?.email).toMatch(/^[0-9a-f]{64}$/);
    expect(replayed).toEqual({ id: 2, email: masked?.email });
  });

  describe('right after a migration was added, with which no row has settled', () => {
    const added = {
      'flows/f/flow.yml': flowOf('migrations: [{ rename: { Amt: sum } }, { rename: { sum: amount } }, { default: { land: DK } }]\n'),
    };
    const judging = 'columns: { amount: { type: int64, min: -9 }, land: { type: string, in: [DK] } }\ncomplete: false\n';
    const all = 'SELECT * FROM t ORDER BY id';

    const shopWithThreeRows = async () => {
      const shop = scene(flowOf(), { 'c.yml': minimum('Amt'), 'in/e/1.csv': 'id,Amt\n1,5\n2,-5\n3,-15\n' });
      expect((await shop.hygge('go')).code).toBe(0);
      return shop;
    };

    it('judges by the names and the values of the migrations', async () => {
      const { hygge, rows, write } = await shopWithThreeRows();
      write({ ...added, 'c.yml': judging });
      const replayed = await hygge('quarantine', 'replay', 'f.e');
      expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0);
      expect(rows(all)).toEqual([
        { id: 1, Amt: 5 },
        { id: 2, Amt: -5 },
      ]);
      write({ 'in/e/2.csv': 'id,Amt\n4,8\n' });
      expect((await hygge('go')).code).toBe(0);
      write({ 'c.yml': judging.replace('-9', '-99') });
      expect((await hygge('quarantine', 'replay', 'f.e')).code).toBe(0);
      expect(rows(all).slice(1)).toEqual([
        { id: 2, Amt: -5, amount: null, land: null },
        { id: 3, Amt: null, amount: -15, land: 'DK' },
        { id: 4, Amt: null, amount: 8, land: 'DK' },
      ]);
    });
  });

  describe('a file of mended rows with a clear value in a masked column', () => {
    const contract = (id: string) => `columns: { ${id}: { type: int64, max: 1 } }\ncomplete: false\n`;
    const maskedBy = (by: string, more: string) => flowOf(`polish: { mask: { columns: { mail: ${by} }, secret: "\${MASK_SECRET}" }${more}`);
    const none = ' }\n';
    const once = ' }\nmigrations: [{ rename: { mail: email } }]\n';
    const polished = ', columns: { case: pascal } }\n';
    const twice = ' }\nmigrations: [{ rename: { mail: post } }, { rename: { post: email } }]\n';

    it.each([
      ['renamed by two migrations that have not settled', 'hash', twice, ''],
      ['renamed as it settles', 'hash', polished, 'go'],
      ['without its values, and renamed by a migration that has settled', 'null', once, 'go'],
    ])('is refused where the column is %s', async (_, by, more, then) => {
      const { workspace, hygge, rows, write } = scene(maskedBy(by, more === polished ? polished : none), {
        'c.yml': contract(more === polished ? 'Id' : 'id'),
        'in/e/1.csv': 'id,mail\n1,a@x.dk\n2,b@x.dk\n',
      });
      const first = await hygge('go');
      expect(first.code, first.stdout + first.stderr).toBe(0);
      write({ 'flows/f/flow.yml': maskedBy(by, more), 'in/e/2.csv': 'id,mail\n0,b@x.dk\n' });
      if (then !== '') expect((await hygge(then)).code).toBe(0);
      expect((await hygge('quarantine', 'show', 'f.e', '--to', 'mended.csv')).code).toBe(0);
      const [head = '', row = ''] = readFileSync(workspace.path('mended.csv'), 'utf8').split('\n');
      for (const [at, column] of head.split(',').entries()) {
        if (!['mail', 'post', 'email', 'Mail'].includes(column)) continue;
        const clear = row.split(',').map((value, i) => (i === at ? 'clear@x.dk' : value));
        write({ 'mended.csv': `${head}\n${clear.join(',').replace(/^2,/, '1,')}\n` });
        const refused = await hygge('quarantine', 'replay', 'f.e', '--file', 'mended.csv');
        expect([refused.code, refused.stdout + refused.stderr]).toEqual([1, expect.stringContaining('HYG-2114')]);
      }
      expect(JSON.stringify(rows('SELECT * FROM t'))).not.toContain('clear');
    });
  });

  it('has what polish adds since, and keeps what it was set apart with', async () => {
    const contract = (most: number) => `columns: { id: { type: int64, max: ${most} } }\ncomplete: false\n`;
    const polish =
      'polish: { constants: [{ name: src, value: erp }], hash_ids: [{ name: h, from_columns: [v] }], timestamps: [{ name: loaded }] }\n';
    const { hygge, rows, write } = scene(flowOf(), { 'c.yml': contract(1), 'in/e/1.csv': 'id,v\n1,a\n2,b\n' });
    expect((await hygge('go')).code).toBe(0);
    write({ 'flows/f/flow.yml': flowOf(polish), 'in/e/2.csv': 'id,v\n0,b\n3,b\n' });
    expect((await hygge('schema', 'accept', 'f.e', '--yes')).code).toBe(0);
    const run = await hygge('go');
    expect(run.code, run.stdout + run.stderr).toBe(0);
    write({ 'c.yml': contract(9) });
    const replayed = await hygge('quarantine', 'replay', 'f.e');
    expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0);
    const [settled, , apartBefore, apartSince] = rows('SELECT id, v, src, h, loaded FROM t ORDER BY id');
    expect(apartSince).toEqual({ ...settled, id: 3 });
    expect(apartBefore).toEqual({ ...settled, id: 2, loaded: expect.any(String) });
    expect(String(apartBefore?.loaded) > String(settled?.loaded)).toBe(true);
  });

  it('makes the hash id of a mended row anew, and leaves that of others', async () => {
    const polish = 'polish: { hash_ids: [{ name: h, from_columns: [v, w] }] }\n';
    const contract = (most: number) => `columns: { v: { type: string, in: [a, c] }, n: { type: int64, max: ${most} } }\ncomplete: false\n`;
    const { workspace, hygge, rows, write } = scene(flowOf(polish), {
      'c.yml': contract(1),
      'in/e/1.csv': 'id,v,w,n\n1,a,x,1\n2,b,x,1\n3,c,x,1\n4,a,x,2\n',
    });
    expect((await hygge('go')).code).toBe(0);
    expect((await hygge('quarantine', 'show', 'f.e', '--to', 'mended.csv')).code).toBe(0);
    const text = readFileSync(workspace.path('mended.csv'), 'utf8');
    write({ 'mended.csv': text.replace(',b,', ',c,'), 'c.yml': contract(9) });
    const replayed = await hygge('quarantine', 'replay', 'f.e', '--file', 'mended.csv');
    expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0);
    const [a, mended, c, unchanged] = rows('SELECT id, v, h FROM t ORDER BY id');
    expect([mended, unchanged]).toEqual([
      { ...c, id: 2 },
      { ...a, id: 4 },
    ]);
  });
});

it('a row that was mended to the watermark stops the replay, and no later run', async () => {
  const flow = `home: { type: sqlite, path: src.db, table: src }\nstore: ${table}\nrun_type: incremental\nwatermark: { column: at }\nvalidation: { contract: c.yml, mode: quarantine }\nentities: [e]\n`;
  const { workspace, hygge, rows, write } = scene(flow, { 'c.yml': minimum('v') });
  const sql = (text: string) => {
    const database = new DatabaseSync(`${workspace.root}/src.db`);
    database.exec(text);
    database.close();
  };
  sql('create table src (id integer, at integer, v integer); insert into src values (1, 10, 1), (2, 20, -1), (3, 30, 1)');
  expect((await hygge('go')).code).toBe(0);
  expect((await hygge('quarantine', 'show', 'f.e', '--to', 'mended.csv')).code).toBe(0);
  const text = readFileSync(workspace.path('mended.csv'), 'utf8');
  const mended = (at: number) => ({ 'mended.csv': text.replace('2,20,-1', `2,${at},1`) });
  for (const at of [30, 31]) {
    write(mended(at));
    const refused = await hygge('quarantine', 'replay', 'f.e', '--file', 'mended.csv');
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([1, expect.stringContaining('HYG-2137')]);
  }
  write(mended(29));
  expect((await hygge('quarantine', 'replay', 'f.e', '--file', 'mended.csv')).code).toBe(0);
  sql('insert into src values (4, 30, 1)');
  expect((await hygge('go')).code).toBe(0);
  expect(rows('SELECT id, "at" FROM t ORDER BY id')).toEqual([
    { id: 1, at: 10 },
    { id: 2, at: 29 },
    { id: 3, at: 30 },
    { id: 4, at: 30 },
  ]);
});
