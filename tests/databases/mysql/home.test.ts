import { setTimeout as wait } from 'node:timers/promises';
import { createPool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundOf, windowOf } from '../../support/late-rows.ts';
import { isMysql, mariadbDatabase, noMariadb, type TestDatabase } from '../../support/mariadb.ts';
import { everything, framesIn, framesOf, type OpenedHomes, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { whole } from '../../support/samples.ts';
import { mysqlHomes } from './support.ts';

type Upper = NonNullable<Awaited<ReturnType<typeof boundOf>>['upper']>;

// MySQL's second round in `npm test` has what differs there.
describe.skipIf(noMariadb() !== '' || (isMysql && !whole))('A home in MariaDB', () => {
  let database: TestDatabase;
  let homes: OpenedHomes;
  let reader: { readonly user: string; readonly password: string };

  beforeAll(async () => {
    database = await mariadbDatabase();
    homes = mysqlHomes(database);
    reader = { user: `reader_${process.pid}`, password: 'reads' };
    await database.sql(`CREATE USER ${reader.user} IDENTIFIED BY 'reads';
      CREATE TABLE seen (id int PRIMARY KEY, at datetime(6), KEY (at)); INSERT INTO seen VALUES (1, '2026-01-01 00:00:00.000001');
      CREATE TABLE hidden (id int PRIMARY KEY); CREATE TABLE fifty (seq int PRIMARY KEY); INSERT INTO fifty SELECT seq FROM seq_1_to_50;
      CREATE TABLE orders (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, note varchar(200) NOT NULL) ;
      INSERT INTO orders (id, note) SELECT IF(seq <= 5000, seq, seq * 1000), REPEAT('x', seq % 150) FROM seq_1_to_10000; ANALYZE TABLE orders; GRANT SELECT ON ${database.database}.seen TO ${reader.user};`);
  });
  afterAll(async () => {
    await homes?.[Symbol.asyncDispose]();
    await database?.sql(`DROP USER ${reader.user}`);
    await database?.[Symbol.asyncDispose]();
  });

  it('says what a table is: its columns, its key, about how many rows', async () => {
    const step = await (await homes.home({ table: 'orders' })).describe();

    expect(step).toMatchObject({
      done: {
        keys: ['id'],
        schema: {
          columns: [
            { name: 'id', type: { kind: 'uint64' }, nullable: false, sourceType: isMysql ? 'bigint unsigned' : 'bigint(20) unsigned' },
            { name: 'note', nullable: false },
          ],
        },
        notes: [
          { code: 'database.slices_apart', text: expect.stringContaining('reads a snapshot of its own'), params: { under: 'snapshot' } },
        ],
      },
    });
  });

  it('cuts a table by ranges of its key that have each row once, evenly, though the numbers are heaped', async () => {
    const home = await homes.home({ table: 'orders' });
    const slices = await slicesOf(home, everything, 125_000);
    const sizes: number[] = [];
    const seen = new Set<bigint>();
    for (const slice of slices) {
      const rows = await rowsOf(framesIn(home, slice));
      for (const { id } of rows) seen.add(id as bigint);
      sizes.push(rows.length);
    }

    expect(slices.length).toBeGreaterThan(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_000);
    expect(seen.size).toBe(10_000);
    expect(Math.max(...sizes)).toBeLessThan(3_000);
  });

  it('reads queries and views, and only the rows and columns that are wanted', async () => {
    await database.sql(`CREATE OR REPLACE VIEW few AS SELECT id, note FROM orders WHERE id <= 3;`);
    const read = async (config: Readonly<Record<string, unknown>>) => rowsOf(framesOf(await homes.home(config)));

    await expect(read({ table: 'few', columns: ['id'] })).resolves.toEqual([{ id: 1n }, { id: 2n }, { id: 3n }]);
    await expect(
      read({ query: "SELECT id, 'a;b' AS t, 1.50 AS m, CAST(2 AS UNSIGNED) AS u FROM orders -- the first\n", where: 'id = 1' }),
    ).resolves.toMatchObject([{ id: 1n, t: 'a;b', u: isMysql ? 2n : 2 }]);
    await expect(read({ query: 'SELECT id FROM orders LIMIT 2;' })).resolves.toHaveLength(2);
  });

  it('reads windows of numbers, texts and times by their exact edges', async () => {
    await database.sql(`CREATE OR REPLACE TABLE edges (id int PRIMARY KEY, t varchar(10) COLLATE utf8mb4_general_ci, at datetime(6));
      INSERT INTO edges VALUES (1, 'a', '2026-01-01 00:00:00.000001'), (2, 'B', '2026-01-01 00:00:00.000002'), (3, 'b', '2026-01-01 00:00:00.000003'), (4, 'b ', NULL);`);
    const home = await homes.home({ table: 'edges', columns: ['id', 't', 'at'] });
    const idsUpTo = async (column: string) => {
      const { upper } = await boundOf(home, column);
      if (!upper) throw new Error('no bound');
      const below = { ...windowOf(upper), upper: { text: upper.text, inclusive: false } };
      return [upper.text, (await rowsOf(framesOf(home, below))).map(({ id }) => id)];
    };

    await expect(idsUpTo('t')).resolves.toEqual(['b ', [1, 2, 3]]);
    await expect(idsUpTo('at')).resolves.toEqual(['2026-01-01T00:00:00.000003', [1, 2]]);
    await expect(idsUpTo('id')).resolves.toEqual(['4', [1, 2, 3]]);
  });

  it('takes no day that no calendar has for the newest', async () => {
    await database.sql(`SET sql_mode = 'ALLOW_INVALID_DATES'; CREATE OR REPLACE TABLE days (id int PRIMARY KEY, at datetime(6), day date);
      INSERT INTO days VALUES (1, '2026-01-31', '2026-01-31'), (2, '2026-02-00', '2026-02-00'), (3, '2026-02-31', '2026-02-31'), (4, '0000-00-00', '0000-00-00');`);
    const home = await homes.home({ table: 'days', special_values: 'to_null' });

    await expect(boundOf(home, 'at')).resolves.toMatchObject({ upper: { text: '2026-01-31T00:00:00.000000' } });
    await expect(boundOf(home, 'day')).resolves.toMatchObject({ upper: { text: '2026-01-31' } });
  });

  it('leaves invisible columns out, says so, and reads the ones that are named', async () => {
    await database.sql(
      'CREATE OR REPLACE TABLE veiled (id int PRIMARY KEY, v int INVISIBLE DEFAULT 7); INSERT INTO veiled (id) VALUES (1);',
    );
    const plain = await homes.home({ table: 'veiled' });
    const named = await homes.home({ table: 'veiled', columns: ['id', 'v'] });

    await expect(plain.describe()).resolves.toMatchObject({
      done: { notes: [expect.anything(), { text: 'column v is invisible: it is read only if `columns` names it' }] },
    });
    await expect(rowsOf(framesOf(plain))).resolves.toEqual([{ id: 1 }]);
    await expect(rowsOf(framesOf(named))).resolves.toEqual([{ id: 1, v: 7 }]);
  });

  it.each([
    [{ table: 'Seen' }, 'HYG-3501', 'seen'],
    [{ table: 'seen', columns: ['idd'] }, 'HYG-3502', 'id'],
    [{ query: 'SELECT 1 AS a, 2 AS a' }, 'HYG-3503', 'a_2'],
    [{ query: 'SELECT nothing FROM seen' }, 'HYG-3511', 'nothing'],
  ])('says what is wrong with %j', async (config, code, hint) => {
    const home = await homes.home(config);

    const error = await home.describe().catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error)).toContain(hint);
  });

  it('says which right is missing to an account that may not read', async () => {
    const home = await homes.home({ query: `SELECT * FROM ${database.database}.hidden`, ...reader });

    await expect(home.describe()).rejects.toMatchObject({ code: 'HYG-3507' });
  });

  it('needs to see open transactions, or a lag, for a watermark', async () => {
    const home = await homes.home({ table: 'seen', ...reader });

    await expect(boundOf(home, 'at')).rejects.toMatchObject({
      code: 'HYG-3547',
      tryThis: [expect.stringContaining('GRANT PROCESS ON *.* TO'), expect.anything(), expect.anything()],
    });
    await expect(boundOf(home, 'at', 60_000)).resolves.toMatchObject({
      upper: { text: '2026-01-01T00:00:00.000001' },
      notes: [expect.stringContaining('later than the lag of 60 s are missed')],
    });
  });

  it('sees who is at work though another program looks so often that the server keeps showing what was', async () => {
    await database.sql('CREATE OR REPLACE TABLE watched (id int AUTO_INCREMENT PRIMARY KEY, who int)');
    const looks = `DECLARE until datetime(6) DEFAULT SYSDATE(6) + INTERVAL 1.5 SECOND;
      WHILE SYSDATE(6) < until DO SELECT COUNT(trx_id) INTO @seen FROM information_schema.INNODB_TRX; DO SLEEP(0.02); END WHILE; END`;
    await database.sql(`DELIMITER //\nCREATE PROCEDURE looks() SQL SECURITY INVOKER BEGIN ${looks}//\nDELIMITER ;
      GRANT EXECUTE ON ${database.database}.* TO ${database.user};`);
    const { port, user, password } = database;
    const pool = createPool({ host: '127.0.0.1', port, user, password, database: database.database, connectionLimit: 2 });
    const [watcher, writer] = await Promise.all([pool.getConnection(), pool.getConnection()]);
    const home = await homes.home({ table: 'watched', safe_wait: '10m' });
    // Connected before it begins to look.
    await boundOf(home, 'id');
    const watching = watcher.query('CALL looks()');
    // It has begun to look.
    await wait(300);
    await writer.beginTransaction();
    await writer.query('INSERT INTO watched (who) VALUES (1)');
    await database.sql('INSERT INTO watched (who) VALUES (2)');
    const later = watching.then(() => writer.commit());

    const { upper, warnings } = await boundOf(home, 'id');

    const rows = await rowsOf(framesOf(home, windowOf(upper as Upper)));
    await later;
    writer.release();
    watcher.release();
    await pool.end();
    expect(warnings).toEqual([]);
    expect(rows.map(({ who }) => who).sort()).toEqual([1, 2]);
  });

  it('tells of a connection that the server ended in the middle of a slice, as one to be tried again', async () => {
    const home = await homes.home({ query: 'SELECT a.id, a.note FROM orders a JOIN fifty b', batch_size: 1000 });
    const frames = framesOf(home)[Symbol.asyncIterator]();
    await frames.next();
    await database
      .sql(
        `SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE db = '${database.database}' AND info LIKE 'SELECT%orders a JOIN%' AND id <> CONNECTION_ID()`,
      )
      .then((kills) => database.sql(kills));

    const reading = (async () => {
      while (!(await frames.next()).done);
    })();

    await expect(reading).rejects.toMatchObject({ code: 'HYG-3506', transient: true });
  });
});

describe.skipIf(noMariadb() !== '')('Statements that run in MariaDB', () => {
  it('are waited for, before their first row: what they call now has passed', async () => {
    await using database = await mariadbDatabase();
    await using homes = mysqlHomes(database);
    await database.sql('CREATE OR REPLACE TABLE held (at datetime(6) DEFAULT now(6), who int); INSERT INTO held (who) VALUES (1)');
    const writing = database.sql(`INSERT INTO held (who) SELECT 2 + SLEEP(${isMysql ? 4 : 1.5})`);
    // MySQL shows only whole seconds.
    await wait(isMysql ? 1500 : 400);
    await database.sql('INSERT INTO held (who) VALUES (3)');
    const home = await homes.home({ table: 'held', safe_wait: '10m' });

    const { upper } = await boundOf(home, 'at');

    const rows = await rowsOf(framesOf(home, windowOf(upper as Upper)));
    await writing;
    expect(rows.map(({ who }) => who).sort()).toEqual([1, 2, 3]);
  });
});
