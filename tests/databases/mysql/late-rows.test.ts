import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { describe, expect, test } from 'vitest';
import { findConnector } from '../../../src/registry.ts';
import { seeded } from '../../support/kill-rounds.ts';
import { boundOf, increments } from '../../support/late-rows.ts';
import { firstOfServer, isMysql, mariadbDatabase, noOwnMariadb, ownMariadb, type TestDatabase } from '../../support/mariadb.ts';
import type { OwnMariadb } from '../../support/mariadb-process.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { SEED, sampled } from '../../support/samples.ts';
import { mysqlHomes, onMariadb } from './support.ts';

const many = 1_500;

/** Rows of which `uid` stays what it is, whatever happens to the key; the time says when they changed. */
const table = `CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, uid varchar(40) NOT NULL, n int NOT NULL DEFAULT 0,
  at datetime(6) NOT NULL DEFAULT now(6) ON UPDATE now(6), pad varchar(200) NOT NULL DEFAULT '', KEY (at), UNIQUE KEY (uid));
INSERT INTO t (id, uid, pad) SELECT seq * 10, CONCAT('old ', seq), REPEAT('x', 100) FROM seq_1_to_${many}; ANALYZE TABLE t;`;

interface Writing extends AsyncDisposable {
  /** Who was given another key, or deleted, so far: whether that was committed or not. */
  readonly moved: ReadonlySet<string>;
  /** Transactions that were committed, and those that were rolled back. */
  readonly ended: { committed: number; rolledBack: number };
  stop(): Promise<void>;
}

type AccessKind = 'insert' | 'update' | 'key' | 'delete';

/** Deadlocks, waits for locks, keys that are taken meanwhile: the transaction is over, and nothing of it is there. */
const passing = new Set([1213, 1205, 1062]);

/** Writers that change rows in every way, in transactions of all lengths and in none, until they are told to stop. */
async function writing(db: TestDatabase, random: () => number, doings: readonly AccessKind[]): Promise<Writing> {
  const { port, user, password, database } = db;
  const clients = await Promise.all(
    [0, 1, 2, 3].map(() => createConnection({ host: '127.0.0.1', port, user, password, database, timezone: 'Z' })),
  );
  let stopped = false;
  const moved = new Set<string>();
  const ended = { committed: 0, rolledBack: 0 };
  const all = Promise.all(
    clients.map(async (client, who) => {
      let made = 0;
      const some = () => `old ${1 + Math.floor(random() * many)}`;
      const change = async () => {
        const doing = doings[Math.floor(random() * doings.length)];
        if (doing === 'insert') await client.query('INSERT INTO t (uid) VALUES (?)', [`new ${who} ${++made}`]);
        if (doing === 'update') await client.query('UPDATE t SET n = n + 1 WHERE uid = ?', [some()]);
        if (doing !== 'key' && doing !== 'delete') return;
        const uid = some();
        moved.add(uid);
        const to = 1 + Math.floor(random() * many * 10);
        await (doing === 'key'
          ? client.query('UPDATE t SET id = ? WHERE uid = ?', [to, uid])
          : client.query('DELETE FROM t WHERE uid = ?', [uid]));
      };
      while (!stopped) {
        const kind = random();
        const isAlone = kind < 0.3;
        try {
          if (!isAlone) await client.beginTransaction();
          for (let n = isAlone ? 1 : 1 + Math.floor(random() * 4); n > 0; n--) {
            await change();
            if (!isAlone && random() < 0.3) await wait(random() * (kind > 0.95 ? 150 : 15));
          }
          if (kind > 0.8) await client.rollback();
          else if (!isAlone) await client.commit();
          ended[kind > 0.8 ? 'rolledBack' : 'committed']++;
        } catch (error) {
          if (!passing.has((error as { errno?: number }).errno ?? 0)) throw error;
          await client.rollback();
        }
        await wait(random() * 8);
      }
      await client.end();
    }),
  );
  const stop = async () => {
    stopped = true;
    await all;
  };
  return { ...{ moved, ended }, stop, [Symbol.asyncDispose]: stop };
}

/** What is there, by the server's own client. */
async function there(db: TestDatabase): Promise<ReadonlyMap<string, { readonly uid: string; readonly n: number }>> {
  const lines = (await db.sql('SELECT id, uid, n FROM t')).split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => line.split('\t')).map(([id = '', uid = '', n]) => [id, { uid, n: Number(n) }]));
}

onMariadb('rows that change while they are read', () => {
  const columns = [
    ['a time of their last change', 'at', ['insert', 'insert', 'update', 'update', 'key', 'delete']],
    ['a number that is given out', 'id', ['insert']],
  ] as const;
  test.each(sampled(columns, 2, firstOfServer))(
    `are all read by their key's ranges, each change once, over many increments: by %s`,
    async (_, column, doings) => {
      await using db = await mariadbDatabase();
      await db.sql(table);
      const random = seeded(SEED);
      await using homes = mysqlHomes(db, { safe_wait: '10m' });
      const next = increments(() => homes.home({ table: 't' }), column, { sliceBytes: 40_000, random });
      const settled = new Map<string, { uid: string; n: number }>();
      const changes = new Set<string>();
      let cut = 0;
      const increment = async () => {
        const { rows, warnings, slices } = await next();
        expect(warnings).toEqual([]);
        if (slices > 1) cut++;
        const ids = rows.map(({ id }) => String(id));
        expect(new Set(ids).size).toBe(ids.length);
        for (const { id, uid, n, at } of rows) {
          const change = JSON.stringify([String(id), uid, n, String(at)]);
          expect(changes, 'a change that was read before').not.toContain(change);
          changes.add(change);
          settled.set(String(id), { uid: String(uid), n: Number(n) });
        }
      };
      await using writers = await writing(db, random, doings);
      for (const _ of sampled(Array(100).keys(), 34)) await increment();
      await writers.stop();
      await increment();
      const now = await there(db);
      // Whoever went away, or has another key, is told to nobody.
      for (const [id, { uid }] of settled) if (!now.has(id) && writers.moved.has(uid)) settled.delete(id);
      expect(Object.fromEntries(settled)).toEqual(Object.fromEntries(now));
      expect(cut).toBeGreaterThan(0);
      expect(Math.min(writers.ended.committed, writers.ended.rolledBack)).toBeGreaterThan(5);
    },
  );
});

describe.skipIf(noOwnMariadb() !== '' || isMysql)('rows whose transactions InnoDB does not show', () => {
  const server = openedOnce(() => ownMariadb(['--plugin-load-add=ha_federatedx']));

  const far = ({ port, user, password }: OwnMariadb, { database }: TestDatabase) => `
    CREATE TABLE t (id int PRIMARY KEY, at datetime(6), KEY (at)); INSERT INTO t VALUES (1, '2024-01-01'), (2, '2024-01-02');
    CREATE OR REPLACE SERVER far FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1', PORT ${port}, DATABASE '${database}', USER '${user}', PASSWORD '${password}');
    CREATE TABLE f (id int PRIMARY KEY, at datetime(6), KEY (at)) ENGINE=FEDERATED CONNECTION='far/t';
    CREATE VIEW v AS SELECT id, at FROM f WHERE id > 0;
    CREATE VIEW \`a "view"\` AS SELECT id, at FROM v UNION ALL SELECT id, at FROM t;
    CREATE VIEW near AS SELECT id, at, 'f' AS f FROM t;
    CREATE OR REPLACE USER u IDENTIFIED BY 'u'; GRANT PROCESS ON *.* TO u; GRANT SELECT ON v TO u; GRANT SELECT ON near TO u;`;

  test('are told before any is missed, below views and queries as well', async () => {
    await using db = await mariadbDatabase(server);
    await db.sql(`${far(server, db)} GRANT SHOW VIEW ON ${db.database}.* TO ${db.user};`);
    await using homes = mysqlHomes(db);
    const sources = [
      { table: 'f' },
      { table: 'v' },
      { table: '`a "view"`' },
      { query: 'SELECT * FROM f WHERE id = 1' },
      { query: `SELECT t.* FROM t JOIN ${db.database} . \`v\` USING (id)` },
      { query: 'WITH c AS (SELECT * FROM `a "view"`) SELECT id, MAX(at) AS at FROM c GROUP BY id' },
    ];
    for (const source of sources) {
      const home = await homes.home(source);
      await expect(boundOf(home, 'at'), JSON.stringify(source)).rejects.toMatchObject({
        code: 'HYG-3547',
        why: [expect.stringContaining(`${db.database}.f uses the engine FEDERATED`)],
        tryThis: [expect.stringContaining('a separate connection'), expect.stringContaining('lag'), expect.stringContaining('safe_wait')],
      });
      expect((await boundOf(home, 'at', 60_000)).upper).toMatchObject({ text: expect.stringMatching(/^2024-01-0[12]T/) });
      const atOnce = await boundOf(await homes.home({ ...source, safe_wait: '0s' }), 'at');
      expect(atOnce.codes).toEqual(['database.transactions_unseen']);
    }
    for (const source of [{ table: 't' }, { table: 'near' }, { query: "SELECT t.*, 'f' AS s FROM t" }])
      expect(await boundOf(await homes.home(source), 'at'), JSON.stringify(source)).toMatchObject({ codes: [] });
    const side = (await findConnector('mysql'))?.home;
    const findings = await side?.probe?.(side.config.parse({ ...db.keys, table: 'v' }) as never, homes.opening);
    expect(findings?.at(-1)?.what).toContain('f uses the engine FEDERATED');
  });

  test('are told where the account can’t see what a view is made of, with the right that shows it', async () => {
    await using db = await mariadbDatabase(server);
    await db.sql(far(server, db));
    const bound = async (table: string) => {
      // What is granted on a database counts for new connections.
      await using homes = mysqlHomes(db, { user: 'u', password: 'u' });
      return boundOf(await homes.home({ table }), 'at');
    };
    const error = await bound('near').catch((thrown: unknown) => thrown as { readonly tryThis: readonly string[] });
    expect(error).toMatchObject({ code: 'HYG-3547', why: [expect.stringContaining('u@% may not see whether')] });
    await db.sql('tryThis' in error ? (error.tryThis[0] ?? '') : '');
    await expect(bound('near')).resolves.toMatchObject({ codes: [] });
    await expect(bound('v')).rejects.toMatchObject({ why: [expect.stringContaining('uses the engine FEDERATED')] });
  });
});

onMariadb('a transaction that is prepared while it is waited for', () => {
  test('is waited for when its connection is gone, until it ends', async () => {
    await using db = await mariadbDatabase();
    await db.sql('CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, n int) ENGINE = InnoDB');
    const { port, user, password, database } = db;
    const client = await createConnection({ host: '127.0.0.1', port, user, password, database });
    const xid = `'${database}'`;
    await client.query(`XA START ${xid}`);
    await client.query('INSERT INTO t (n) VALUES (1)');
    await db.sql('INSERT INTO t (n) VALUES (2)');
    await using homes = mysqlHomes(db, { safe_wait: '10m' });
    const home = await homes.home({ table: 't' });
    let isThere = false;
    const bounding = boundOf(home, 'id').finally(() => {
      isThere = true;
    });
    const watcher = await createConnection({ host: '127.0.0.1', port, user, password, database });
    /** Resolves when hygge has begun so many looks more, each by a statement of its own, or has its bound. */
    const looks = async (times: number) => {
      for (const seen = new Set<string>(); seen.size <= times && !isThere; await wait(10)) {
        // MySQL lists nothing while a statement of any test has an emoji.
        const [rows] = await watcher
          .query("SELECT INFO AS sql_text FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DO SLEEP%/* %'")
          .catch((error: { readonly errno?: number }) => (error.errno === 3854 ? [[]] : Promise.reject(error)));
        for (const { sql_text: text } of rows as { sql_text: string }[]) seen.add(text.replace(/^.*\/\*/, ''));
      }
    };
    await looks(2);
    expect(isThere).toBe(false);
    await client.query(`XA END ${xid}`);
    await client.query(`XA PREPARE ${xid}`);
    await client.end();
    await looks(3);
    const waited = !isThere;
    await db.sql(`XA COMMIT ${xid}`);
    const { upper, warnings } = await bounding;
    expect({ waited, upper: upper?.text, warnings }).toEqual({ waited: true, upper: '2', warnings: [] });
    await watcher.end();
  });
});
