import { describe, expect, test } from 'vitest';
import { here } from '../../support/here.ts';
import { sampled } from '../../support/samples.ts';
import { SqliteTestFile, shell } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const codesOf = ({ events }: Awaited<ReturnType<typeof here>>) => events.flatMap((event) => (event.event === 'error' ? [event.code] : []));
const tableFrom = (source: SqliteTestFile, name: string) => `home: { type: sqlite, path: ${source.path}, table: ${JSON.stringify(name)} }`;
const tableOf = (file: SqliteTestFile, name = 't') => `store: { type: sqlite, path: ${file.path}, table: ${JSON.stringify(name)} }`;

/** How each of the flows of a run ended: `pass`, or the code of its error. */
const endings = ({ summary }: Awaited<ReturnType<typeof here>>) =>
  Object.fromEntries(summary.entities.map(({ flow, status, error }) => [flow, error?.code ?? status]));
/** The ending of each, by the name of its flow. */
const each = <T>(all: readonly T[], ending: (one: T) => unknown) => Object.fromEntries(all.map((one, at) => [`f${at}`, ending(one)]));

/** What the shell shows of a table, byte by byte. */
const exactly = (file: SqliteTestFile, table: string, columns: string, order = 'id') =>
  file.shell(
    `select ${columns
      .split(', ')
      .map((one) => `typeof(${one}) || ' ' || quote(${one})`)
      .join(` || ',' || `)} from ${table} order by ${order}`,
  );

describe.skipIf(shell === undefined)('what SQLite keeps is the same by its own shell', () => {
  test('in tables that are called anything, with a column of that name', async () => {
    const names = ['select', 'a"b', "it's", 'a.b', 'Ünïcode', '`tick`'];
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
    using source = new SqliteTestFile();
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace();
    for (const [at, name] of names.entries()) {
      const it = quoted(name);
      source.sql(
        'select 1',
        `create table ${it} (id integer primary key, ${it} text)`,
        `insert into ${it} values (1, 'one ${at}'), (2, null)`,
      );
      const written = /[".]/.test(name) ? it : name;
      workspace.write({ [`flows/f${at}/flow.yml`]: `${tableFrom(source, written)}\n${tableOf(file, written)}\n` });
    }
    expect(endings(await here(workspace, 'go'))).toEqual(each(names, () => 'pass'));
    const shown = (of: SqliteTestFile) => names.map((name) => [name, exactly(of, quoted(name), `id, ${quoted(name)}`)]);
    expect(shown(file)).toEqual(shown(source));
  });

  test('of tables with columns that are made by others, hide the rowid, or have no type', async () => {
    const tables = [
      [
        'generated columns',
        '(id integer primary key, a int, b int as (a * 2) stored, c text as (a || b))',
        '(id, a) values (1, 2), (2, null)',
      ],
      ['columns that hide the rowid', '(rowid text, oid text, _rowid_ text, id integer)', `values ('a', 'b', 'c', 1), ('d', 'e', 'f', 2)`],
      ['a rowid that is called otherwise', '(rowid text, id integer primary key)', `values ('a', 1), ('b', 2)`],
      ['no rowid', '(id text primary key, v int) without rowid', `values ('a', 1), ('b', null)`],
      ['columns without a type', '(id integer, v, w)', `values (1, 'x', 5), (2, null, 2.5)`],
    ] as const;
    using source = new SqliteTestFile();
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace();
    for (const [at, [, ddl, insert]] of tables.entries()) {
      source.sql('select 1', `create table t${at} ${ddl}`, `insert into t${at} ${insert}`);
      workspace.write({ [`flows/f${at}/flow.yml`]: `${tableFrom(source, `t${at}`)}\n${tableOf(file, `t${at}`)}\n` });
    }
    expect(endings(await here(workspace, 'go'))).toEqual(each(tables, () => 'pass'));
    const shown = (of: SqliteTestFile) => tables.map(([what], at) => [what, of.shell(`select * from t${at} order by id`)]);
    // A column without a type is read as real numbers where it holds one.
    expect(shown(file)).toEqual(shown(source).map(([what = '', rows = '']) => [what, rows.replace('|5\n', '|5.0\n')]));
  });
});

describe('a table with constraints of its own', () => {
  const csv = 'id,v,w\n1,a,1\n2,b,2\n3,c,3\n';
  const before = [{ id: 1n, v: 'mine', w: 0n }];

  const raising = (how: string) => (t: string) => [
    `create table ${t} (id integer, v text, w integer)`,
    `create trigger g_${t} before insert on ${t} when new.w = 2 begin select raise(${how}); end`,
  ];
  const unique = (of: string) => (t: string) => [
    `create table ${t} (id integer, v text, w integer)`,
    `create unique index u_${t} on ${t} ${of}`,
  ];
  const constraints: Readonly<Record<string, readonly [ddl: (t: string) => readonly string[], rows: string]>> = {
    'UNIQUE … ON CONFLICT IGNORE': [
      (t) => [`create table ${t} (id integer, v text, w integer, unique (w) on conflict ignore)`],
      'id,v,w\n5,a,1\n6,b,1\n',
    ],
    'ON CONFLICT ROLLBACK': [
      (t) => [`create table ${t} (id integer, v text, w integer, unique (w) on conflict rollback)`],
      'id,v,w\n5,a,1\n6,b,1\n',
    ],
    'a unique index of an expression': [unique('(lower(v))'), 'id,v,w\n5,x,1\n6,X,1\n'],
    'a unique index of some rows': [unique('(v) where w > 0'), 'id,v,w\n5,x,1\n6,x,1\n'],
    'a trigger with RAISE(IGNORE)': [raising('ignore'), csv],
  };

  const merging = 'if_exists: append\nrun_type: incremental\nwatermark: { column: w, key: [id] }';
  test.each(sampled(['if_exists: append', 'if_exists: replace', merging], 3))(
    'loses no row without a word, and stays unchanged, whichever they are: %s',
    async (how) => {
      using file = new SqliteTestFile();
      using workspace = new TestWorkspace();
      const all = Object.entries(constraints);
      for (const [at, [, [ddl, rows]]] of all.entries()) {
        const t = `t${at}`;
        file.sql('select 1', ...ddl(t), `insert into ${t} values (1, 'mine', 0)`);
        workspace.write({ [`${t}/1.csv`]: rows, [`flows/f${at}/flow.yml`]: `home: ${t}/*.csv\n${tableOf(file, t)}\n${how}\n` });
      }
      expect(endings(await here(workspace, 'go'))).toEqual(each(all, () => expect.stringMatching(/^HYG-/)));
      expect(all.map(([what], at) => [what, file.sql(`select * from t${at}`)])).toEqual(all.map(([what]) => [what, before]));
      expect(file.sql(`select name from sqlite_schema where name like 'hygge_staging%'`)).toEqual([]);
    },
  );

  test('settles a null where NOT NULL ON CONFLICT IGNORE would leave its row out, and says what it changed', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({ 'in/1.csv': 'id,v,w\n5,,1\n6,b,1\n' });
    file.sql(
      'select 1',
      'create table t (id integer, v text not null on conflict ignore, w integer)',
      `insert into t values (1, 'mine', 0)`,
    );
    workspace.write({ 'flows/f/flow.yml': `home: in/*.csv\n${tableOf(file)}\nif_exists: append\n` });
    const { code, stdout } = await workspace.run(['go']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/makes column v nullable.*WARN=1/s)]);
    expect(file.sql('select id, v from t order by id')).toEqual([
      { id: 1n, v: 'mine' },
      { id: 5n, v: null },
      { id: 6n, v: 'b' },
    ]);
  });

  const appending = 'if_exists: append\nrun_type: incremental\nwatermark: { column: w }';
  test.each(sampled(['if_exists: replace', appending, merging], 3))(
    'keeps the rows that point at it, whatever is to become of those on DELETE: %s',
    async (how) => {
      const actions = ['cascade', 'set null', 'set default', 'restrict', 'no action'];
      using file = new SqliteTestFile();
      using workspace = new TestWorkspace({ 'in/1.csv': csv });
      for (const [at, action] of actions.entries()) {
        file.sql(
          'select 1',
          `create table t${at} (id integer primary key, v text, w integer)`,
          `create table child${at} (of_t integer default 0 references t${at} (id) on delete ${action} on update cascade)`,
          `insert into t${at} values (0, 'none', 0), (7, 'mine', 7)`,
          `insert into child${at} values (7)`,
        );
        workspace.write({ [`flows/f${at}/flow.yml`]: `home: in/*.csv\n${tableOf(file, `t${at}`)}\n${how}\n` });
      }
      await here(workspace, 'go');
      workspace.write({ 'in/1.csv': `${csv}4,d,3\n` });
      await here(workspace, 'go');
      const left = actions.map((action, at) => [
        action,
        file.sql(`select * from child${at}`),
        file.sql(`select count(*) as n from t${at} where id = 7`),
      ]);
      expect(left).toEqual(actions.map((action) => [action, [{ of_t: 7n }], [{ n: 1n }]]));
      expect(file.sql('pragma foreign_key_check')).toEqual([]);
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
    expect({ codes, there: file.sql('select id, v from t') }).toEqual({ codes: ['HYG-2066'], there: [{ id: 'A', v: 'mine' }] });
  });

  test('that is strict has new columns of the types that SQLite has, and takes rows again', async () => {
    using file = new SqliteTestFile();
    file.sql('select 1', 'create table t (id integer, v text) strict');
    const flow = `home: in/*.csv\n${tableOf(file)}\nif_exists: replace\nschema: { mode: adapt }\n`;
    using workspace = new TestWorkspace({ 'in/1.csv': 'id,v\n1,a\n', 'flows/f/flow.yml': flow });
    expect(codesOf(await here(workspace, 'go'))).toEqual([]);
    const more = '1,a,2024-01-01 10:00:00,2024-01-02,true,1.5,12:30:00,7\n';
    workspace.write({
      'in/1.csv': `id,v,paid,day,ok,price,at,cents\n${more}`,
      'flows/f/flow.yml': `${flow}schema_overrides: { cents: "decimal(12,2)" }\n`,
    });
    for (const _ of ['altered', 'as it is by now']) {
      expect(codesOf(await here(workspace, 'go'))).toEqual([]);
      expect(file.sql('select * from t')).toEqual([
        { id: 1n, v: 'a', paid: '2024-01-01 10:00:00.000000', day: '2024-01-02', ok: 1n, price: 1.5, at: '12:30:00', cents: '7.00' },
      ]);
    }
    const [declared] = file.sql(`select group_concat(type, ' ') as types from pragma_table_info('t')`);
    expect(declared).toEqual({ types: 'INTEGER TEXT TEXT TEXT INTEGER REAL TEXT TEXT' });
  });
});

test('a stray value in a watermark is left out by the lines that the error prints, and no null is', async () => {
  using source = new SqliteTestFile();
  const flow = (where = '') =>
    `home: { type: sqlite, path: ${source.path}, table: s${where} }\nstore: lake\nrun_type: incremental\nwatermark: { column: at, nulls: include }\n`;
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow() });
  source.sql('select 1', 'create table s (id integer, at integer)', 'insert into s values (1, 1), (2, null)');
  const began = await workspace.run(['go']);
  expect(began.code, began.stdout).toBe(0);
  source.sql('select 1', `insert into s values (3, 3), (4, 'x')`);
  const { stdout } = await workspace.run(['go']);
  expect(stdout).toContain('HYG-3591');
  workspace.write({ 'flows/f/flow.yml': flow(`, where: ${JSON.stringify(/where: (.*)/.exec(stdout)?.[1] ?? '')}`) });
  const advised = /hygge (reset f\.f --adopt)/.exec(stdout)?.[1]?.split(' ') ?? [];
  expect(await workspace.run([...advised, '--yes'])).toMatchObject({ code: 0 });
  const after = await workspace.run(['go']);
  expect(after.code, after.stdout).toBe(0);
  expect(new Set((await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id)))).toEqual(new Set([1, 2, 3]));
});
