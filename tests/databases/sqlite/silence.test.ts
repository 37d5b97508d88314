import { describe, expect, test } from 'vitest';
import { here } from '../../support/here.ts';
import { SqliteTestFile, shell } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const codesOf = ({ events }: Awaited<ReturnType<typeof here>>) => events.flatMap((event) => (event.event === 'error' ? [event.code] : []));
const tableFrom = (source: SqliteTestFile, name: string) => `home: { type: sqlite, path: ${source.path}, table: ${JSON.stringify(name)} }`;
const tableOf = (file: SqliteTestFile, name = 't') => `store: { type: sqlite, path: ${file.path}, table: ${JSON.stringify(name)} }`;

/** What the shell shows of a table, byte by byte. */
const exactly = (file: SqliteTestFile, table: string, columns: string, order = 'id') =>
  file.shell(
    `select ${columns
      .split(', ')
      .map((one) => `typeof(${one}) || ' ' || quote(${one})`)
      .join(` || ',' || `)} from ${table} order by ${order}`,
  );

describe.skipIf(shell === undefined)('what SQLite keeps is the same by its own shell', () => {
  test('at the edges of values, from file to file', async () => {
    using source = new SqliteTestFile();
    using file = new SqliteTestFile();
    source.sql(
      'create table t (id integer primary key, i bigint, f double, s text, b blob, d decimal_text(38,10))',
      `insert into t values (1, 9223372036854775807, 9e999, 'a' || char(0) || 'b', x'00ff', '1234567890123456789012345678.0123456789')`,
      `insert into t values (2, -9223372036854775808, -9e999, '', x'', '-0.0000000001')`,
      `insert into t values (3, 9007199254740993, 5e-324, char(65533) || '😀', x'fffe', '0')`,
      `insert into t values (4, 0, 1.7976931348623157e308, ' ', null, null)`,
      'insert into t values (5, -1, 0.1, null, zeroblob(3), null)',
      'insert into t values (6, null, 9007199254740992.0, char(10, 13, 9), null, null)',
    );
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': `${tableFrom(source, 't')}\n${tableOf(file)}\n` });
    expect(codesOf(await here(workspace, 'go'))).toEqual([]);
    expect(exactly(file, 't', 'i, f, s, b')).toBe(exactly(source, 't', 'i, f, s, b'));
    expect(file.shell('select hex(s) from t order by id')).toBe(source.shell('select hex(s) from t order by id'));
    expect(file.shell('select d from t where id < 3 order by id')).toBe('1234567890123456789012345678.0123456789\n-0.0000000001\n');
  });

  test.each([
    ['a real number in a column of whole ones', 'integer', '1.5'],
    ['a text in a column of whole numbers', 'integer', `'x'`],
    ['bytes in a column of texts', 'text', `x'ff'`],
    ['a text that is no UTF-8', 'text', `cast(x'61ff62' as text)`],
    ['a text in a column of bytes', 'blob', `'x'`],
    ['a number in a column of texts without affinity', 'date', '5'],
  ])('but for %s, which ends the run', async (_, declared, value) => {
    using source = new SqliteTestFile();
    using file = new SqliteTestFile();
    source.sql(`create table t (id integer primary key, v ${declared})`, 'pragma user_version = 1');
    source.shell(`insert into t values (1, null), (2, ${value})`);
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': `${tableFrom(source, 't')}\n${tableOf(file)}\n` });
    const codes = codesOf(await here(workspace, 'go'));
    expect(codes).toEqual([expect.stringMatching(/^HYG-3/)]);
    expect(file.sql(`select count(*) as n from sqlite_schema where name = 't'`)).toEqual([{ n: 0n }]);
  });

  test.each(['select', 'a"b', "it's", 'a.b', 'group by', 'Ünïcode', '%_', '[x]', '`tick`'])(
    'in a table that is called %s, with a column of that name',
    async (name) => {
      using source = new SqliteTestFile();
      using file = new SqliteTestFile();
      const quoted = `"${name.replaceAll('"', '""')}"`;
      source.sql(`create table ${quoted} (id integer primary key, ${quoted} text)`, `insert into ${quoted} values (1, 'one'), (2, null)`);
      const written = /[".]/.test(name) ? quoted : name;
      using workspace = new TestWorkspace({ 'flows/f/flow.yml': `${tableFrom(source, written)}\n${tableOf(file, written)}\n` });
      expect(codesOf(await here(workspace, 'go'))).toEqual([]);
      expect(exactly(file, quoted, `id, ${quoted}`)).toBe(exactly(source, quoted, `id, ${quoted}`));
    },
  );

  test.each([
    [
      'generated columns',
      'create table t (id integer primary key, a int, b int as (a * 2) stored, c text as (a || b))',
      'insert into t (id, a) values (1, 2), (2, null)',
    ],
    [
      'columns that hide the rowid',
      'create table t (rowid text, oid text, _rowid_ text, id integer)',
      `insert into t values ('a', 'b', 'c', 1), ('d', 'e', 'f', 2)`,
    ],
    ['a rowid that is called otherwise', 'create table t (rowid text, id integer primary key)', `insert into t values ('a', 1), ('b', 2)`],
    ['no rowid', 'create table t (id text primary key, v int) without rowid', `insert into t values ('a', 1), ('b', null)`],
    ['columns without a type', 'create table t (id integer, v, w)', `insert into t values (1, 'x', 5), (2, null, 2.5)`],
  ])('of a table with %s', async (_, ddl, insert) => {
    using source = new SqliteTestFile();
    using file = new SqliteTestFile();
    source.sql('select 1', ddl, insert);
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': `${tableFrom(source, 't')}\n${tableOf(file)}\n` });
    expect(codesOf(await here(workspace, 'go'))).toEqual([]);
    expect(file.shell('select * from t order by id')).toBe(
      source.shell('select * from t order by id').replace('2|||5\n', '2|||5\n').replace('|5\n', '|5.0\n'),
    );
  });
});

describe('a table with constraints of its own', () => {
  const csv = 'id,v,w\n1,a,1\n2,b,2\n3,c,3\n';
  const before = [{ id: 1n, v: 'mine', w: 0n }];

  test.each([
    [
      'UNIQUE … ON CONFLICT IGNORE',
      'create table t (id integer, v text, w integer, unique (w) on conflict ignore)',
      'id,v,w\n5,a,1\n6,b,1\n',
    ],
    ['NOT NULL ON CONFLICT IGNORE', 'create table t (id integer, v text not null on conflict ignore, w integer)', 'id,v,w\n5,,1\n6,b,1\n'],
    ['ON CONFLICT ROLLBACK', 'create table t (id integer, v text, w integer, unique (w) on conflict rollback)', 'id,v,w\n5,a,1\n6,b,1\n'],
    ['ON CONFLICT FAIL', 'create table t (id integer, v text, w integer, unique (w) on conflict fail)', 'id,v,w\n5,a,1\n6,b,1\n'],
    [
      'a unique index of an expression',
      'create table t (id integer, v text, w integer); create unique index u on t (lower(v))',
      'id,v,w\n5,x,1\n6,X,1\n',
    ],
    [
      'a unique index of some rows',
      'create table t (id integer, v text, w integer); create unique index u on t (v) where w > 0',
      'id,v,w\n5,x,1\n6,x,1\n',
    ],
    [
      'a trigger with RAISE(IGNORE)',
      `create table t (id integer, v text, w integer); create trigger g before insert on t when new.w = 2 begin select raise(ignore); end`,
      csv,
    ],
    [
      'a trigger with RAISE(ROLLBACK)',
      `create table t (id integer, v text, w integer); create trigger g before insert on t when new.w = 2 begin select raise(rollback, 'no'); end`,
      csv,
    ],
    [
      'a trigger with RAISE(FAIL)',
      `create table t (id integer, v text, w integer); create trigger g before insert on t when new.w = 2 begin select raise(fail, 'no'); end`,
      csv,
    ],
  ])('loses no row without a word, and stays as it was: %s', async (_, ddl, rows) => {
    for (const how of [
      'if_exists: append',
      'if_exists: replace',
      'if_exists: append\nrun_type: incremental\nwatermark: { column: w, key: [id] }',
    ]) {
      using file = new SqliteTestFile();
      file.sql('select 1', ...ddl.split(/; (?=create)/), `insert into t values (1, 'mine', 0)`);
      using workspace = new TestWorkspace({ 'in/1.csv': rows, 'flows/f/flow.yml': `home: in/*.csv\n${tableOf(file)}\n${how}\n` });
      const codes = codesOf(await here(workspace, 'go'));
      expect({ how, codes }).toMatchObject({ how, codes: [expect.stringMatching(/^HYG-/)] });
      expect(file.sql('select * from t')).toEqual(before);
      expect(file.sql(`select name from sqlite_schema where name like 'hygge_staging%'`)).toEqual([]);
    }
  });

  test.each(['cascade', 'set null', 'set default', 'restrict', 'no action'])(
    'keeps the rows that point at it, ON DELETE %s',
    async (action) => {
      for (const how of [
        'if_exists: replace',
        'if_exists: append\nrun_type: incremental\nwatermark: { column: w }',
        'if_exists: append\nrun_type: incremental\nwatermark: { column: w, key: [id] }',
      ]) {
        using file = new SqliteTestFile();
        file.sql(
          'select 1',
          'create table t (id integer primary key, v text, w integer)',
          `create table child (of_t integer default 0 references t (id) on delete ${action} on update cascade)`,
          `insert into t values (0, 'none', 0), (7, 'mine', 7)`,
          'insert into child values (7)',
        );
        using workspace = new TestWorkspace({ 'in/1.csv': csv, 'flows/f/flow.yml': `home: in/*.csv\n${tableOf(file)}\n${how}\n` });
        await here(workspace, 'go');
        workspace.write({ 'in/1.csv': `${csv}4,d,3\n` });
        await here(workspace, 'go');
        expect({ how, child: file.sql('select * from child'), ours: file.sql('select count(*) as n from t where id = 7') }).toEqual({
          how,
          child: [{ of_t: 7n }],
          ours: [{ n: 1n }],
        });
        expect(file.sql('pragma foreign_key_check')).toEqual([]);
      }
    },
  );

  test('whose keys are compared without case takes no other spelling of a key that is there', async () => {
    using file = new SqliteTestFile();
    file.sql('select 1', 'create table t (id text collate nocase primary key, v text, w integer)', `insert into t values ('A', 'mine', 0)`);
    using workspace = new TestWorkspace({
      'in/1.csv': 'id,v,w\na,x,1\nb,y,2\n',
      'flows/f/flow.yml': `home: in/*.csv\n${tableOf(file)}\nif_exists: append\nrun_type: incremental\nwatermark: { column: w, key: [id] }\n`,
    });
    const codes = codesOf(await here(workspace, 'go'));
    // To the table A and a are one key, to the source two.
    expect({ codes, there: file.sql('select id, v from t') }).toEqual({ codes: ['HYG-2078'], there: [{ id: 'A', v: 'mine' }] });
  });

  test('that is strict takes no column of a type that SQLite has not, and says which it takes', async () => {
    using file = new SqliteTestFile();
    file.sql('select 1', 'create table t (id integer, v text) strict');
    using workspace = new TestWorkspace({
      'in/1.csv': 'id,v\n1,a\n',
      'flows/f/flow.yml': `home: in/*.csv\n${tableOf(file)}\nif_exists: replace\nschema: { mode: adapt }\n`,
    });
    expect(codesOf(await here(workspace, 'go'))).toEqual([]);
    workspace.write({ 'in/1.csv': 'id,v,paid\n1,a,2024-01-01 10:00:00\n' });
    expect(codesOf(await here(workspace, 'go'))).toHaveLength(1);
    expect(file.sql('select * from t')).toEqual([{ id: 1n, v: 'a' }]);
    workspace.write({
      'flows/f/flow.yml': `home: in/*.csv\n${tableOf(file)}\nif_exists: replace\nschema: { mode: adapt }\nschema_overrides: { paid: TEXT }\n`,
    });
    expect(codesOf(await here(workspace, 'go'))).toEqual([]);
    expect(file.sql('select * from t')).toEqual([{ id: 1n, v: 'a', paid: '2024-01-01 10:00:00' }]);
  });
});
