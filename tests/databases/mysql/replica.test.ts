import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boundOf } from '../../support/late-rows.ts';
import { isMysql, mariadbDatabase, noOwnMariadb, ownMariadb } from '../../support/mariadb.ts';
import type { OwnMariadb } from '../../support/mariadb-process.ts';
import { mysqlHomes } from './support.ts';

describe.skipIf(noOwnMariadb() !== '' || isMysql)('a replica that takes writes', () => {
  let primary: OwnMariadb;
  let replica: OwnMariadb;
  beforeAll(async () => {
    [primary, replica] = await Promise.all([
      ownMariadb(['--server-id=1', '--log-bin=binlog']),
      ownMariadb(['--server-id=2', '--replicate-wild-do-table=shop.%']),
    ]);
  });
  afterAll(async () => {
    await primary?.[Symbol.asyncDispose]();
    await replica?.[Symbol.asyncDispose]();
  });

  test('needs a lag, and is read up to what it has, since rows come below the newest later', async () => {
    await using from = await mariadbDatabase(primary);
    await using to = await mariadbDatabase(replica);
    await from.sql(`CREATE DATABASE shop; CREATE TABLE shop.t (id int PRIMARY KEY, at datetime(6), KEY (at)); INSERT INTO shop.t VALUES (1, '2024-01-01');
      CREATE USER follower IDENTIFIED BY 'follower'; GRANT REPLICATION SLAVE ON *.* TO follower;`);
    await to.sql(`CHANGE MASTER 'shop' TO MASTER_HOST='127.0.0.1', MASTER_PORT=${primary.port}, MASTER_USER='follower', MASTER_PASSWORD='follower',
      MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_LOG_FILE='binlog.000001', MASTER_LOG_POS=4; START SLAVE 'shop'`);
    await expect.poll(() => to.sql('SELECT COUNT(*) FROM shop.t').catch(String)).toBe('1\n');
    await to.sql(`GRANT SELECT ON shop.* TO ${to.user}; GRANT PROCESS, SLAVE MONITOR ON *.* TO ${to.user}`);
    expect(await to.sql('SELECT @@global.read_only')).toBe('0\n');
    await using homes = mysqlHomes(to, { database: 'shop' });
    const home = await homes.home({ table: 't' });
    await expect(boundOf(home, 'id')).rejects.toMatchObject({ code: 'HYG-3512' });
    await expect(boundOf(home, 'at')).rejects.toMatchObject({
      code: 'HYG-3512',
      tryThis: [expect.stringContaining('watermark.lag'), expect.anything()],
    });
    expect((await boundOf(home, 'at', 60_000)).upper?.text).toMatch(/^2024-01-01T/);

    // Nobody knows how far it is behind when one of its threads stands still: nothing is read.
    await to.sql(`STOP SLAVE 'shop' SQL_THREAD`);
    await from.sql(`INSERT INTO shop.t VALUES (2, '2024-01-02')`);
    expect((await boundOf(home, 'at', 60_000)).upper).toBeUndefined();

    // Where nothing comes any more it is a server like others.
    await to.sql(`STOP SLAVE 'shop'`);
    expect((await boundOf(home, 'id')).upper?.text).toBe('1');
  });
});
