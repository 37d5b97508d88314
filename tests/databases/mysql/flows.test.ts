import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { duck } from '../../support/duck.ts';
import { mariadbDatabase, noMariadb, type TestDatabase } from '../../support/mariadb.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionTo } from './support.ts';

describe.skipIf(noMariadb())('A flow from MariaDB', () => {
  let database: TestDatabase;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    database = await mariadbDatabase();
  });
  beforeEach(() => {
    workspace = new TestWorkspace();
    workspace.write({
      'hygge.yml': `name: w\nconnections: { shop: ${connectionTo(database)} }\n`,
    });
  });
  afterEach(() => workspace[Symbol.dispose]());
  afterAll(() => database?.[Symbol.asyncDispose]());

  const go = async (...args: readonly string[]) => {
    const run = await workspace.run(['go', '--output', 'json', ...args], { env: { SHOP_SECRET: database.password } });
    const text = `${run.stdout}${run.stderr}`;
    expect(text).not.toContain(database.password);
    return { code: run.code, text };
  };

  it('settles as the table is, by sums of the server and of DuckDB', async () => {
    await database.sql(`CREATE TABLE orders (id int PRIMARY KEY, price decimal(18,4) NOT NULL, note varchar(60), at datetime(6) NOT NULL, open tinyint(1) NOT NULL);
      INSERT INTO orders SELECT seq, seq / 7, IF(seq % 5 = 0, NULL, CONCAT('n', seq)), '2024-01-01' + INTERVAL seq * 61 SECOND, seq % 2 FROM seq_1_to_150000;`);
    workspace.write({
      'flows/f/flow.yml':
        'home: { type: mysql, connection: shop, booleans: true }\nstore: { type: parquet, path: out }\nentities: [orders]\n',
    });

    const run = await go();

    expect(run).toMatchObject({ code: 0 });
    const sums = await database.sql(
      `SELECT COUNT(*), SUM(id), SUM(price), COUNT(note), SUM(open), DATE_FORMAT(MAX(at), '%Y-%m-%d %H:%i:%s') FROM orders`,
    );
    const [settled] = await duck(
      `select concat_ws(chr(9), count(*), sum(id), sum(price), count(note), sum("open"::int), max("at")) as sums from '${workspace.path('out/orders/*.parquet')}'`,
    );
    expect(settled?.sums).toBe(sums.trim());
  });

  it('reads what is new since the last run, and nothing twice', async () => {
    await database.sql(
      `CREATE TABLE events (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, what varchar(20)); INSERT INTO events (what) SELECT 'a' FROM seq_1_to_1000;`,
    );
    workspace.write({
      'flows/f/flow.yml':
        'home: { type: mysql, connection: shop }\nstore: { type: parquet, path: out }\nwatermark: { column: id }\nentities: [events]\n',
    });
    expect(await go()).toMatchObject({ code: 0 });
    await database.sql(`INSERT INTO events (what) SELECT 'b' FROM seq_1_to_500;`);

    expect(await go()).toMatchObject({ code: 0 });

    expect(
      await duck(
        `select count(*)::int as n, count(distinct id)::int as ids, max(id)::varchar as last from '${workspace.path('out/events/**/*.parquet')}'`,
      ),
    ).toEqual([{ n: 1500, ids: 1500, last: (await database.sql('SELECT MAX(id) FROM events')).trim() }]);
  });
});
