import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { isMysql, mariadbDatabase, noMariadb, type TestDatabase } from '../../support/mariadb.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionTo } from './support.ts';

describe.skipIf(noMariadb())('Tools for MariaDB', () => {
  let database: TestDatabase;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    database = await mariadbDatabase();
    // What is applied may make and take away anything.
    await database.sql(`GRANT ALL ON ${database.database}.* TO ${database.user}`);
  });
  beforeEach(() => {
    workspace = new TestWorkspace();
    workspace.write({
      'hygge.yml': `name: w\nconnections: { shop: ${connectionTo(database)} }\n`,
    });
  });
  afterEach(() => workspace[Symbol.dispose]());
  afterAll(() => database?.[Symbol.asyncDispose]());

  const hygge = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await inProcess(args, workspace.root, { SHOP_SECRET: database.password });
    expect(stdout + stderr).not.toContain(database.password);
    return { code, stdout, text: stdout + stderr };
  };
  const apply = (sql: string, ...more: readonly string[]) => {
    workspace.write({ 'a.sql': sql });
    return hygge('apply', 'a.sql', '--connection', 'shop', ...more);
  };
  const there = async () => (await database.sql('SHOW TABLES')).trim().split('\n').filter(Boolean);

  it('writes entities of its tables and views with keys and what may tell new rows, and a run of them settles', async () => {
    await database.sql(`CREATE TABLE orders (id bigint AUTO_INCREMENT PRIMARY KEY, placed datetime, updated_at datetime(6) NOT NULL, KEY (updated_at));
      INSERT INTO orders (placed, updated_at) SELECT NOW(), NOW() - INTERVAL seq SECOND FROM seq_1_to_500;
      CREATE TABLE items (order_id bigint, line int, note varchar(9), PRIMARY KEY (order_id, line));
      CREATE VIEW totals AS SELECT COUNT(*) AS n FROM orders; CREATE TABLE \`odd.name\` (a int); ANALYZE TABLE orders;`);
    workspace.write({ 'flows/f/flow.yml': 'home: { connection: shop }\nstore: out\n' });
    expect((await hygge('generate', 'entities', '--flow', 'f')).text).toContain('! 1 view is left out: totals.');
    expect(await hygge('generate', 'entities', '--flow', 'f', '--views')).toMatchObject({ code: 0 });
    const entity = (name: string) => readFileSync(workspace.path(`flows/f/entities/${name}.yml`), 'utf8');
    expect(entity('orders').split('\n').slice(1)).toEqual([
      'name: orders',
      'home: { table: "orders" }',
      '',
      expect.stringMatching(/^# table orders, ~500 rows, ~\d+ kB$/),
      '# primary key: id',
      '',
      '# Only new rows, by a column whose values increase:',
      '# run_type: incremental',
      '# watermark: { column: updated_at, key: [id] }',
      '#   updated_at: datetime(6), indexed; by its name, it is updated when the row changes',
      '#   or placed: datetime, without an index: each run reads the whole table; may be null; a time: each change of a row must update this time too',
      `#   or id: ${isMysql ? 'bigint' : 'bigint(20)'}, indexed; it is counted up: only for rows that are added and never changed`,
      '',
    ]);
    expect(entity('items')).toContain('# primary key: order_id, line');
    expect(entity('totals')).toContain('# view totals\n# no primary key');
    expect(entity('odd.name')).toContain('home: { table: "`odd.name`" }');
    expect(await hygge('go')).toMatchObject({ code: 0, text: expect.stringContaining('PASS=4') });
    expect(await hygge('generate', 'entities', '--flow', 'f', '--like', 'zzz*')).toMatchObject({ code: 2 });
    await database.sql('DROP VIEW totals; DROP TABLE orders, items, `odd.name`');
  });

  it('applies a file as its own client does, in one session: other ends of statements, comments that are run, what is set', async () => {
    const sql = [
      '# a comment; of its own',
      '/*!40101 SET @a = 41 */;',
      'CREATE TABLE t (id int PRIMARY KEY, `odd;name` text) -- ; not the end',
      ';',
      `INSERT INTO t VALUES (@a, 'it\\'s;'), (5--5, "b;");`,
      'DELIMITER //',
      'CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1, NULL);',
      '  INSERT INTO t VALUES (2, NULL); END//',
      'DELIMITER ;',
      'SET autocommit = 0;',
      'CALL p();',
    ].join('\n');
    const dry = await apply(sql, '--dry-run');
    expect(dry).toMatchObject({ code: 0, text: expect.stringContaining("mysql can't undo definitions of tables") });
    expect(dry.text).toContain('6 statements would be run. Nothing was run.');
    expect(await there()).toEqual([]);
    const done = await apply(sql);
    expect(done).toMatchObject({ code: 0, text: expect.stringContaining('6 statements done, one by one.') });
    expect(done.text).toContain("mysql can't undo definitions of tables");
    expect(await database.sql('SELECT id, `odd;name` FROM t ORDER BY id')).toBe("1\tNULL\n2\tNULL\n10\tb;\n41\tit's;\n");
    await database.sql('DROP TABLE t; DROP PROCEDURE p');
  });

  it('stops at the first statement that fails, and says what is done', async () => {
    const failed = await apply(
      'CREATE TABLE one (a int PRIMARY KEY);\nINSERT INTO one VALUES (1);\nINSERT INTO none VALUES (1);\nCREATE TABLE two (a int PRIMARY KEY);',
    );
    expect(failed).toMatchObject({
      code: 1,
      text: expect.stringContaining('HYG-4260 Statement 3 of 4 failed, in line 3: INSERT INTO none'),
    });
    expect(failed.text).toContain('The 2 statements before it are done.');
    expect([await there(), await database.sql('SELECT a FROM one')]).toEqual([['one'], '1\n']);
    const first = await apply('NONSENSE');
    expect(first).toMatchObject({ code: 1, text: expect.stringContaining('No earlier statement was done.') });
    await database.sql('DROP TABLE one');
  });

  it('leaves a key of a text out of the DDL of a table, which the server would refuse, and takes it with its length', async () => {
    await workspace.parquet('in/a.parquet', `select 'a' as code, timestamp '2026-01-01' as at, 1::bigint as n`);
    const ddl = async (key: string, overrides = '') => {
      workspace.write({
        'flows/f/flow.yml': `home: in\nstore: { connection: shop }\nrun_type: incremental\nwatermark: { column: at, key: [${key}] }\n${overrides}`,
      });
      const { code, stdout, text } = await hygge(
        'generate',
        'ddl',
        '--entity',
        'f.f',
        '--table',
        `${database.database}.keyed`,
        '--dialect',
        'mysql',
      );
      expect(code, text).toBe(0);
      await database.sql(`${stdout}\nDROP TABLE keyed`);
      return stdout;
    };
    expect(await ddl('code')).toMatch(
      /^-- No key: longtext can’t be in a key\. Name its length: schema_overrides: \{ code: … \}\ncreate table/,
    );
    expect(await ddl('code', 'schema_overrides: { code: varchar(50) }\n')).toContain('unique (`code`)');
    expect(await ddl('n')).toContain('unique (`n`)');
    await expect(database.sql('CREATE TABLE refused (a longtext NOT NULL, PRIMARY KEY (a))')).rejects.toThrow('1170');
  });

  it('prints all that an administrator has to run for a store, as the error of an account that may not advises', async () => {
    const { database: name } = database;
    const account = `poor_${name}`;
    await database.sql(`CREATE USER ${account}@'%' IDENTIFIED BY 'poor-4711'; GRANT ALL ON ${name}.* TO ${account}@'%'`);
    workspace.write({
      'hygge.yml': `name: w\nconnections: { shop: ${connectionTo(database, { user: account, password: `\${POOR}` })} }\n`,
      'flows/f/flow.yml': `home: in.csv\nstore: { connection: shop, table: settled, metadata_schema: ${name}_own, staging_schema: ${name}_staged }\n`,
      'in.csv': 'id,name\n1,bun\n2,tea\n',
    });
    const asPoor = (...args: readonly string[]) => inProcess(args, workspace.root, { POOR: 'poor-4711' });
    const refused = await asPoor('go');
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([
      1,
      expect.stringMatching(/HYG-4203[\s\S]*hygge generate ddl --metadata/),
    ]);
    const { code, stdout } = await asPoor('generate', 'ddl', '--metadata', '--connection', 'shop', '--role', account);
    expect(code).toBe(0);
    await database.sql(stdout);
    // It may be run again.
    await database.sql(stdout);
    expect(await asPoor('go')).toMatchObject({ code: 0 });
    expect(await database.sql('SELECT id, name FROM settled ORDER BY id')).toBe('1\tbun\n2\ttea\n');
    await database.sql(`DROP DATABASE ${name}_own; DROP DATABASE ${name}_staged; DROP USER ${account}@'%'`);
  });
});
