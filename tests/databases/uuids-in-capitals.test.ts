/** Uuids come in small letters. SQLite keeps them as texts, and earlier versions of hygge kept the letters of the source. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const uuid = (n: number) => `6f96abcd-0000-4000-8000-00000000000${n}`;
const line = (n: number, note: string, at: number) => `${uuid(n)},${uuid(9)},${note},${at}\n`;
const head = 'id,more,note,at\n';

interface Opened {
  go(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  command(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  sql(...statements: readonly string[]): readonly string[];
  readonly workspace: TestWorkspace;
}

function open(flow: string): Opened {
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flow });
  place = workspace;
  const command = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await inProcess([...args], workspace.root, {});
    return { code, text: stdout + stderr };
  };
  const sql = (...statements: readonly string[]) => {
    const database = new DatabaseSync(join(workspace.root, 'out.db'));
    try {
      const last = statements.at(-1) ?? '';
      for (const statement of statements.slice(0, -1)) database.exec(statement);
      return database
        .prepare(last)
        .all()
        .map((row) => Object.values(row).join(' '));
    } finally {
      database.close();
    }
  };
  return { workspace, command, go: (...args) => command('go', ...args), sql };
}

const merge = () =>
  `home: { path: "in/*.csv", types: { id: uuid, more: uuid } }\nstore: { type: sqlite, path: out.db, table: t }\nrun_type: incremental\nwatermark: { column: at, key: [id] }\n`;

describe('a table of SQLite whose uuids an earlier version kept in capitals', () => {
  it('merges rows with the same uuids in small letters, and says so in one WARN', async () => {
    const { workspace, go, command, sql } = open(merge());
    workspace.write({ 'in/a.csv': `${head}${line(1, 'a', 1)}${line(2, 'b', 2)}` });
    expect(await go()).toMatchObject({ code: 0 });
    const [kept = ''] = sql(`update t set id = upper(id), more = upper(more)`, 'select min(id) from t');
    expect(await command('verify', 'f')).toMatchObject({ code: 0, text: expect.stringContaining('same: 2 rows on both sides') });

    workspace.write({ 'in/a.csv': `${head}${line(1, 'A', 3)}${line(2, 'b', 2)}${line(3, 'c', 4)}` });
    const { code, text } = await go();
    expect(code, text).toBe(0);
    expect(sql('select lower(id), note from t order by 1')).toEqual([`${uuid(1)} A`, `${uuid(2)} b`, `${uuid(3)} c`]);
    expect(sql("select id from t where note = 'A'")).toEqual([kept]);
    expect(text).toContain(`2 rows of sqlite ${join(workspace.root, 'out.db')} main.t have capitals in id ("${kept}")`);
    expect(text.match(/as an earlier version of hygge kept uuids/g)).toHaveLength(1);
    expect(sql(`select name from sqlite_schema where type = 'index' and sql like '%lower%'`)).toEqual([]);
    expect(await command('verify', 'f')).toMatchObject({ code: 0, text: expect.stringContaining('same: 3 rows on both sides') });

    const [advised = ''] = /update main\."t" set .*/.exec(text) ?? [];
    sql(advised, 'select 1');
    workspace.write({ 'in/a.csv': `${head}${line(1, 'A', 3)}${line(2, 'B', 5)}${line(3, 'c', 4)}` });
    const after = await go();
    expect([after.code, after.text.includes('capitals')]).toEqual([0, false]);
    expect(sql('select id, note from t order by 1')).toEqual([`${uuid(1)} A`, `${uuid(2)} B`, `${uuid(3)} c`]);
  });

  it('says that uuids are there twice, and stops a merge of one of them until one row of each is left', async () => {
    const { workspace, go, sql } = open(merge());
    workspace.write({ 'in/a.csv': `${head}${line(1, 'a', 1)}${line(2, 'b', 2)}` });
    expect(await go()).toMatchObject({ code: 0 });
    sql(`insert into t select upper(id), more, 'old', at from t where at = 1`, 'select 1');
    workspace.write({ 'in/b.csv': `${head}${line(2, 'B', 3)}` });
    const told = await go();
    expect([told.code, told.text]).toEqual([0, expect.stringContaining('Some uuids are there both in capitals and in small letters')]);
    const twice = /select lower\("id"\), count\(\*\) from main\."t" group by lower\("id"\) having count\(\*\) > 1/;
    expect(sql(twice.exec(told.text)?.[0] ?? '')).toEqual([`${uuid(1)} 2`]);

    workspace.write({ 'in/c.csv': `${head}${line(1, 'A', 4)}` });
    const stopped = await go();
    expect([stopped.code, stopped.text]).toEqual([1, expect.stringMatching(/HYG-4246 .* has 2 rows with the same id: /)]);
    expect(sql(twice.exec(stopped.text)?.[0] ?? '')).toEqual([`${uuid(1)} 2`]);
    sql(`delete from t where note = 'old'`, 'select 1');
    expect(await go()).toMatchObject({ code: 0 });
    expect(sql('select id, note from t order by 1')).toEqual([`${uuid(1)} A`, `${uuid(2)} B`]);
  });
});

it('many uuids in mixed letters are merged by an index that the commit drops again', async () => {
  const { workspace, go, sql } = open(merge());
  const rows = (of: number, at: (n: number) => number) =>
    Array.from({ length: of }, (_, n) => `6f96abcd-0000-4000-8000-${String(n).padStart(12, '0')},${uuid(9)},x,${at(n)}\n`).join('');
  workspace.write({ 'in/a.csv': `${head}${rows(2_000, (n) => n)}` });
  expect(await go()).toMatchObject({ code: 0 });
  sql(`update t set id = replace(id, 'abcd', 'aBCd')`, 'select 1');
  workspace.write({ 'in/b.csv': `${head}${rows(2_100, (n) => 2_000 + n)}` });
  const { code, text } = await go();
  expect(code, text).toBe(0);
  expect(sql('select count(*), count(distinct lower(id)), min(at) from t')).toEqual(['2100 2100 2000']);
  expect(sql(`select name from sqlite_schema where type = 'index' and sql like '%lower%'`)).toEqual([]);
});

describe('a table of SQLite as a source', () => {
  const from = (more = '') => `home: { type: sqlite, path: out.db, table: s }\nstore: lake\n${more}`;

  it('takes no watermark of uuids whose letters are not all small, since the table has them in another order', async () => {
    const version7 = (n: number) => `0190abcd-000${n}-7000-8000-000000000000`;
    const { workspace, go, sql } = open(from('run_type: incremental\nwatermark: { column: id }\n'));
    sql(
      'create table s (id UUID, n integer)',
      `insert into s values ('${version7(1)}', 1), ('${version7(2).toUpperCase()}', 2)`,
      'select 1',
    );
    const stopped = await go();
    expect([stopped.code, stopped.text]).toEqual([1, expect.stringMatching(/HYG-3591 .*0190ABCD-0002/)]);
    const [advised = ''] = /update main\."s" set .*/.exec(stopped.text) ?? [];
    sql(advised, 'select 1');
    expect(await go()).toMatchObject({ code: 0 });
    expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(2);
  });

  const capitals = '0190ABCD-0002-7000-8000-000000000000';
  it.each([
    [capitals, 'a lake', 'lake', /(query: )(SELECT .*?) together with/, ['0001', '0002', '0003']],
    ['none', 'a lake', 'lake', /(where: )(.*)/, ['0001', '0003']],
  ])('continues with settled rows, where %s came, into %s by the lines that the error prints', async (id, _, store, line, expected) => {
    const { workspace, go, command, sql } = open(
      `home: { type: sqlite, path: out.db, table: s }\nstore: ${store}\nrun_type: incremental\nwatermark: { column: id }\n`,
    );
    sql(
      'create table s (id UUID NOT NULL, n integer NOT NULL)',
      `insert into s values ('0190abcd-0001-7000-8000-000000000000', 1)`,
      'select 1',
    );
    expect(await go()).toMatchObject({ code: 0 });
    sql(`insert into s values ('${id}', 2), ('0190abcd-0003-7000-8000-000000000000', 3)`, 'select 1');
    const { text } = await go();
    const [, key = '', value = ''] = line.exec(text) ?? [];
    const home = `home: { type: sqlite, path: out.db, ${key}${JSON.stringify(value)}, ${key === 'where: ' ? 'table: s' : 'types: { id: uuid }'} }`;
    workspace.write({ 'flows/f/flow.yml': `${home}\nstore: ${store}\nrun_type: incremental\nwatermark: { column: id }\n` });
    const advised = /hygge (reset f\.f --adopt)/.exec(text)?.[1]?.split(' ') ?? [];
    const reset = await inProcess([...advised, '--yes'], workspace.root, {});
    expect(reset.code, reset.stdout + reset.stderr).toBe(0);
    const after = await go();
    expect(after.code, after.text).toBe(0);
    const { text: settled } = await command('query', 'select substr(id::varchar, 10, 4) as part from f.f order by 1', '--output', 'json');
    expect(settled.match(/(?<="part":")\w+/g)).toEqual(expected);
  });
});
