import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMysql, mariadbDatabase, ownMariadb } from '../../support/mariadb.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { whole } from '../../support/samples.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { alike, connectionTo, onMariadb, openDatabase } from './support.ts';

/** The first pads texts with blanks before it compares them, the other does not. */
const collations = ['utf8mb4_bin', ...(whole ? [isMysql ? 'utf8mb4_0900_bin' : 'utf8mb4_nopad_bin'] : [])];

onMariadb('a flow into a table of one’s own', () => {
  let workspace: TestWorkspace;
  const opened = openedOnce(() => openDatabase());
  beforeEach(async () => {
    await opened.cleared();
    workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { shop: ${connectionTo(opened.db)} }\n` });
  });
  afterEach(() => workspace[Symbol.dispose]());

  const into = (rows: string, { types = {}, ...more }: Readonly<Record<string, unknown>> = {}) => {
    const home = { path: 'in/*.csv', types };
    const store = { connection: 'shop', table: 'u', staging_schema: opened.staging, metadata_schema: opened.metadata };
    workspace.write({ 'in/a.csv': rows, 'flows/f/flow.yml': JSON.stringify({ home, store, ...more }) });
  };
  const go = async () => {
    const { code, events, stdout, stderr } = await workspace.run(['go', '--output', 'json'], { env: { SHOP_SECRET: opened.db.password } });
    const error = events.find(({ event }) => event === 'error');
    const plan = events.findLast(({ event }) => event === 'plan');
    return { code, text: `${stdout}${stderr}`, error, warnings: plan?.event === 'plan' ? plan.warnings : [] };
  };
  const appending = { run_type: 'incremental', watermark: { column: 'id' }, if_exists: 'append' };

  alike.each([['double(12,2)', '123456789.123', '123456789.123']])(
    '%s, which rounds without a word, is refused values that it would round, and takes others',
    async (type, value, kept) => {
      await opened.db.sql(`create table u (id bigint, f ${type})`);
      const f = 'float64';
      into(`id,f\n1,0.1\n2,${value}\n`, { ...appending, types: { f } });
      const { error } = await go();
      expect(error).toMatchObject({ code: 'HYG-4234', what: expect.stringContaining(`is ${type}, and would not keep 1 value unchanged`) });
      expect(await opened.lines('select * from u')).toEqual([]);
      into('id,f\n1,0.1\n2,-1.5\n', { ...appending, types: { f } });
      expect(await go()).toMatchObject({ code: 0 });
      expect(await opened.lines('select id, round(f, 1) from u order by id')).toEqual(['1\t0.1', '2\t-1.5']);
      const tries = error?.event === 'error' ? error.tryThis : [];
      const [, statement = ''] = /^Change the type of the column: (.*)$/.exec(tries[0] ?? '') ?? [];
      await opened.db.sql(statement);
      into(`id,f\n3,${value}\n`, { ...appending, types: { f } });
      expect(await go()).toMatchObject({ code: 0 });
      expect(await opened.lines(`select id, f from u where id = 3`)).toEqual([`3\t${kept}`]);
    },
  );

  // What goes from one text or blob to another, and is longer than that one, would be kept to as many bytes as are left beyond 256, or 65,536 in a blob.
  alike('a text is refused what the server would cut without a word, and takes as much as it holds', async () => {
    const [longest, one] = ['x'.repeat(127), 'x'];
    await opened.db.sql('create table u (id bigint, w tinytext character set ucs2) charset utf8mb4');
    const more = { ...appending, watermark: { column: 'id', key: ['id'] }, types: { w: 'string' } };
    into(`id,w\n1,${longest}\n`, more);
    expect(await go()).toMatchObject({ code: 0 });
    into(`id,w\n2,${longest}${one}\n`, more);
    const { error } = await go();
    expect(error).toMatchObject({ code: 'HYG-4234', what: expect.stringContaining('and would not keep 1 value unchanged') });
    const tries = error?.event === 'error' ? error.tryThis : [];
    const [, statement = ''] = /^Change the type of the column: (.*)$/.exec(tries[0] ?? '') ?? [];
    await opened.db.sql(statement);
    expect(await go()).toMatchObject({ code: 0 });
    expect(await opened.lines('select char_length(max(w)) - char_length(min(w)), count(*) from u')).toEqual(['1\t2']);
  });

  alike.each([
    ['char(3)', 'string', 'ab ', 'abc'],
    ['binary(3)', 'binary', 'YWI=', 'YWJj'],
  ])('%s is refused what the server would pad or cut, and takes what it keeps', async (type, kind, lost, kept) => {
    await opened.db.sql(`create table u (id bigint, w ${type}) charset utf8mb4`);
    into(`id,w\n1,"${lost}"\n`, { ...appending, types: { w: kind } });
    const { error } = await go();
    expect(error).toMatchObject({ code: 'HYG-4234', what: expect.stringContaining(`is ${type}, and would not keep 1 value unchanged`) });
    into(`id,w\n1,"${kept}"\n`, { ...appending, types: { w: kind } });
    expect(await go()).toMatchObject({ code: 0 });
    expect(await opened.lines('select hex(w) from u')).toEqual([
      Buffer.from(kept, kind === 'binary' ? 'base64' : 'utf8')
        .toString('hex')
        .toUpperCase(),
    ]);
  });

  test.each(collations)('a merge by a key in %s keeps “a” and “a ” apart', async (collation) => {
    await opened.db.sql(`create table u (k varchar(20) character set utf8mb4 collate ${collation}, n bigint)`);
    const merging = { ...appending, watermark: { column: 'n', key: ['k'] }, types: { k: 'string', n: 'int64' } };
    const rows = () => opened.lines(`select concat('<', k, '>'), n from u order by n`);
    into('k,n\n"a",1\n"b ",2\n', merging);
    expect(await go()).toMatchObject({ code: 0 });
    into('k,n\n"a ",3\n"b",4\n"A",5\n', merging);
    expect(await go()).toMatchObject({ code: 0 });
    expect(await rows()).toEqual(['<a>\t1', '<b >\t2', '<a >\t3', '<b>\t4', '<A>\t5']);
    into('k,n\n"a ",6\n', merging);
    expect(await go()).toMatchObject({ code: 0 });
    expect(await rows()).toEqual(['<a>\t1', '<b >\t2', '<b>\t4', '<A>\t5', '<a >\t6']);
  });

  test('a column that becomes wider stays what it is beside: its kind, default and comment, and what it is checked by', async () => {
    await opened.db.sql(`create table u (id bigint, at timestamp null default '2020-01-01 00:00:00' comment 'it''s when',
      n int not null default 7 comment 'of\\\\ many' check (n > 0), price decimal(10,2) default 1.5 invisible, k int auto_increment primary key)`);
    into('id,at,n,price\n1,2024-01-01T00:00:00.5Z,5000000000,1.125\n', {
      ...appending,
      types: { at: 'timestamp[us, UTC]', n: 'int64', price: 'decimal(10,3)' },
    });
    const { code, text } = await go();
    expect(code, text).toBe(0);
    const [shown = ''] = await opened.lines('show create table u');
    expect(
      shown
        .split('\\n')
        .slice(1, 5)
        .map((line) => line.trim()),
    ).toEqual([
      `\`id\` bigint${isMysql ? '' : '(20)'} DEFAULT NULL,`,
      "`at` timestamp(6) NULL DEFAULT '2020-01-01 00:00:00.000000' COMMENT 'it''s when',",
      ...(isMysql
        ? ["`n` bigint DEFAULT '7' COMMENT 'of\\\\\\\\ many',", "`price` decimal(11,3) DEFAULT '1.500' /*!80023 INVISIBLE */,"]
        : ["`n` bigint(20) DEFAULT 7 COMMENT 'of\\\\\\\\ many' CHECK (`n` > 0),", '`price` decimal(11,3) INVISIBLE DEFAULT 1.500,']),
    ]);
    expect(shown).toMatch(/CHECK \(+`n` > 0\)/);
    expect(await opened.lines('select id, at, n, price from u')).toEqual(['1\t2024-01-01 00:00:00.500000\t5000000000\t1.125']);
  });
});

onMariadb('a server with defaults of its own', () => {
  alike('for rows, texts, times and quotes is read and written as any other', async () => {
    const asOf = isMysql ? '' : ", system_versioning_asof = '2020-01-01'";
    const given = `sql_safe_updates = 1, sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES'), group_concat_max_len = 4${asOf}`;
    await using server = await ownMariadb([`--init-connect=SET ${given}, NAMES utf8mb3`]);
    await using db = await mariadbDatabase(server);
    const own = ['hygge_staging', 'hygge_metadata', db.database].map((name) => `grant all on ${name}.* to plain@'%'`);
    await db.sql(
      `create user plain@'%' identified by 'pw'; ${own.join('; ')}; create table t (id bigint primary key, v text) charset utf8mb4${isMysql ? '' : ' with system versioning'}`,
    );
    await db.sql(
      `create table u (id bigint, v text, key latest (id)) charset utf8mb4; set names utf8mb4; insert into t values (1, '😀'), (2, 'b')`,
    );
    await db.sql('set global sql_select_limit = 1');
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { shop: ${connectionTo(db, { user: 'plain' })} }\n`,
      'flows/f/flow.yml':
        'home: { connection: shop, table: t }\nstore: { connection: shop, table: u }\nif_exists: replace\nrun_type: incremental\nwatermark: { column: id, lag: 1s }\n',
    });
    const run = () => workspace.run(['go', '--output', 'json'], { env: { SHOP_SECRET: 'pw' } });
    const go = async () => {
      const { code, stdout } = await run();
      expect({ code, stdout }).toMatchObject({ code: 0 });
    };
    await go();
    await db.sql(`update t set v = 'B' where id = 2; insert into t values (3, 'c')`);
    await go();
    expect(await db.sql('set sql_select_limit = 10; select id, hex(v) from u order by id')).toBe('1\tF09F9880\n2\t42\n3\t63\n');
    expect(await db.sql('show create table u')).toContain('KEY `latest`');
    await db.sql(`set global init_connect = 'no statement'`);
    const { code, stdout, events } = await run();
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('SELECT @@global.init_connect') });
    expect(events.filter(({ event }) => event === 'retry')).toEqual([]);
    expect(await db.sql('select @@global.init_connect')).toBe('no statement\n');
  });
});
