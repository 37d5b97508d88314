import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noMariadb } from '../support/mariadb.ts';
import { noPostgres } from '../support/postgres.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { connectionTo, openDatabase as openMariadb } from './mysql/support.ts';
import { cleared, openDatabase as openPostgres } from './postgres/support.ts';

/** A database that tests settle in, in a table `e` of the connection `c`. */
interface Database extends AsyncDisposable {
  readonly connection: string;
  /** Of the store's own. */
  readonly keys?: string;
  readonly password: string;
  /** Takes away all that a test left. */
  cleared(): Promise<void>;
  /** Rows of the last statement, with blanks between values. */
  sql(...statements: readonly string[]): Promise<readonly string[]>;
}

interface Kind {
  readonly name: string;
  readonly missing: string;
  readonly pointingAtItself: string;
  readonly dropped: readonly string[];
  /** What makes it one that is checked when the transaction ends, where there is such a thing. */
  readonly deferred: readonly string[] | null;
  open(): Promise<Database>;
}

const shown = (rows: readonly object[]): readonly string[] => rows.map((row) => Object.values(row).join(' '));
const created = (rest: string) => `create table child (e bigint, constraint child_fk foreign key (e) references e (id) ${rest})`;
const altered = 'alter table e add column up bigint, add constraint e_fk foreign key (up) references e (id) on delete cascade';
const deferred = 'deferrable initially deferred';
const unbound = 'alter table child drop constraint child_fk';
const anew = (rest: string) => [
  'create table kept as select e from child',
  'drop table child',
  rest,
  'insert into child select e from kept',
];

const kinds: readonly Kind[] = [
  {
    ...{ name: 'PostgreSQL', missing: noPostgres(), pointingAtItself: altered },
    ...{ dropped: [unbound], deferred: [unbound, `alter table child add foreign key (e) references e (id) ${deferred}`] },
    async open() {
      const opened = await openPostgres();
      const { host, port, database, user, password } = opened.db;
      return {
        ...{ connection: JSON.stringify({ type: 'postgres', host, port, database, user, password: `\${SHOP_SECRET}` }), password },
        cleared: () => cleared(opened.db),
        async sql(...statements) {
          let rows: readonly object[] = [];
          for (const statement of statements) rows = await opened.db.sql(statement);
          return shown(rows);
        },
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
  {
    ...{ name: 'MariaDB', missing: noMariadb(), pointingAtItself: altered, dropped: [unbound], deferred: null },
    async open() {
      const opened = await openMariadb();
      const { staging, metadata } = opened;
      return {
        ...{ connection: connectionTo(opened.db), keys: `, staging_schema: ${staging}, metadata_schema: ${metadata}` },
        password: opened.db.password,
        cleared: () => opened.cleared(),
        sql: async (...statements) => (await opened.lines(statements.join(';\n'))).map((line) => line.replaceAll('\t', ' ')),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
  {
    ...{ name: 'SQLite', missing: '' },
    pointingAtItself: 'alter table e add column up bigint references e (id) on delete cascade',
    dropped: anew('create table child (e bigint)'),
    deferred: anew(created(deferred)),
    async open() {
      const file = new SqliteTestFile();
      const { path } = file;
      return {
        ...{ connection: JSON.stringify({ type: 'sqlite', path }), password: 'none' },
        async cleared() {
          const names = file.sql(`select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`);
          file.sql('pragma foreign_keys = off', ...names.map(({ name }) => `drop table "${name}"`));
        },
        sql: async (...statements) => shown(file.sql('select 1', ...statements)),
        [Symbol.asyncDispose]: async () => file[Symbol.dispose](),
      };
    },
  },
];

describe.each(kinds)('a table of $name whose rows others point at, to go with them', (kind) => {
  describe.skipIf(kind.missing !== '')('', () => {
    let database: Database;
    let workspace: TestWorkspace;
    const flow = (watermark: string) =>
      `home: { path: in/*.csv }\nstore: { connection: c, table: e${database.keys ?? ''} }\nrun_type: incremental\nwatermark: { ${watermark} }\n`;
    const byDay = 'column: day';
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(args, { env: { SHOP_SECRET: database.password } });
      return { code, text: `${stdout}${stderr}` };
    };
    const go = () => run('go', '--output', 'json');
    const children = () => database.sql('select e from child order by e');
    const settled = () => database.sql('select id, v from e order by id');

    beforeAll(async () => {
      database = await kind.open();
    });
    beforeEach(async () => {
      await database.cleared();
      workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/e/flow.yml': flow(byDay),
        'in/a.csv': 'id,day,v\n1,2024-01-01,a\n2,2024-01-02,b\n',
      });
      expect(await go()).toMatchObject({ code: 0 });
      await database.sql('create unique index one on e (id)');
      workspace.write({ 'in/a.csv': 'id,day,v\n1,2024-01-01,a\n2,2024-01-02,B\n3,2024-01-03,c\n' });
    });
    afterEach(() => workspace[Symbol.dispose]());
    afterAll(() => database?.[Symbol.asyncDispose]());

    test.each([
      ['cascade', [created('on delete cascade')], 'child'],
      ['set null', [created('on delete set null')], 'child'],
      ['its own rows', [kind.pointingAtItself, 'update e set up = 2 where id = 1', 'create table child (e bigint)'], 'of itself'],
    ])('is not replaced at the watermark, nor in a range: %s', async (_, ddl, name) => {
      await database.sql(...ddl, 'insert into child values (1), (2)');
      const { code, text } = await go();
      expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining('HYG-2077') });
      expect(text).toContain(`${name} would let go of, or change, what points at them`);
      const range = await run('backfill', 'e.e', '--from', '2024-01-01', '--to', '2024-01-03', '--chunk', '1d');
      expect(range.text).toContain('HYG-2077');
      expect(await children()).toEqual(['1', '2']);
      expect(await settled()).toEqual(['1 a', '2 b']);
    });

    test.each<readonly [string, string, readonly string[], string]>([
      ['merged by its key', `${byDay}, key: id`, [], 'B'],
      ['gone on with above the watermark alone', `${byDay}, boundary: open`, [], 'b'],
      ['pointed at by nothing', byDay, kind.dropped, 'B'],
      ...(kind.deferred === null ? [] : [['pointed at until the transaction ends', byDay, kind.deferred, 'B'] as const]),
    ])('is %s, as the message advises', async (_, advised, ddl, second) => {
      await database.sql(created('on delete cascade'), 'insert into child values (1), (2)');
      expect(await go()).toMatchObject({ code: 1, text: expect.stringContaining('HYG-2077') });
      if (ddl.length > 0) await database.sql(...ddl);
      workspace.write({ 'flows/e/flow.yml': flow(advised) });
      expect(await go()).toMatchObject({ code: 0 });
      expect(await settled()).toEqual(['1 a', `2 ${second}`, '3 c']);
      expect(await children()).toEqual(['1', '2']);
    });
  });
});
