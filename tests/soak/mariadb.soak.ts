import { describe, expect, it } from 'vitest';
import { lockSeconds } from '../../src/databases/mysql/write.ts';
import { victims } from '../support/database-kill-rounds.ts';
import { growingIntoMariadb, raceRounds, seeded } from '../support/kill-rounds.ts';
import { mariadbDatabase, noMariadb, noOwnMariadb, ownMariadb, type TestDatabase } from '../support/mariadb.ts';
import { mariadbRounds } from '../support/mariadb-kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

describe.skipIf(noMariadb() !== '')('real processes and MariaDB', () => {
  it.skipIf(noOwnMariadb() !== '').each(victims)('seven flows from and to it, 50 times with %s killed in the middle', async (victim) => {
    // What it has promised to keep, it keeps when its process is killed.
    await using server = await ownMariadb(['--innodb-flush-log-at-trx-commit=2']);
    await using db = await mariadbDatabase(server);
    await using rounds = await mariadbRounds(db, { server, step: 5_000, fraction: seeded(SEED) });
    let hit = 0;
    for (let n = 0; n < 50; n++) if (await rounds.round(victim)) hit++;
    record(
      `MariaDB, ${victim} killed`,
      `50 runs of seven flows, ${hit} of them hit while at work (seed ${SEED}); ${rounds.rows.toLocaleString('en-US')} rows each, equal as multisets after every next run, no table left in staging`,
    );
    expect(hit).toBeGreaterThan(15);
  });

  it.each([
    ['increments', false],
    ['full loads', true],
  ])('racing 100 times for one entity in %s', async (what, full) => {
    await using db = await mariadbDatabase();
    const own = { staging: `${db.database}_stg`, metadata: `${db.database}_own` };
    const { flow, growing } = growingIntoMariadb(db, { ...own, full });
    using workspace = new TestWorkspace(flow);
    const { held } = await raceRounds(workspace, 100, growing);
    await db.sql(`drop database ${own.staging}; drop database ${own.metadata}`);
    record(
      `two at once into MariaDB, ${what}`,
      `100 races: one commit each, ${held} times the other was told who holds the entity; equal as multisets, nothing left in staging`,
    );
    expect(held).toBeGreaterThan(20);
  });

  it.each([
    ['a row that a merge updates', 'merges', 'start transaction; select * from keyed_copy where id = 7 for update'],
    ['a table that a full load replaces', 'swaps', 'lock tables swapped read'],
  ])('%s is held for longer than a lock is waited for, and the run goes on afterwards', async (what, way, locking) => {
    await using db = await mariadbDatabase();
    const own = { staging: `${db.database}_stg`, metadata: `${db.database}_own` };
    using workspace = new TestWorkspace(held(db, own));
    await db.sql(`create table keyed (id bigint primary key, at datetime(6), noise longtext, key (at));
      insert into keyed select seq, timestamp'2024-01-01 00:00:00' + interval seq second, 'a' from seq_1_to_1000`);
    const env = { DB_SECRET: db.password };
    const first = await workspace.run(['go', '-f', way], { env });
    expect(first.code, first.stdout + first.stderr).toBe(0);
    await db.sql("update keyed set at = timestamp'2024-02-01 00:00:00' + interval id second, noise = 'b'");
    const seconds = lockSeconds + 8;
    const holding = db.sql(`${locking}; do sleep(${seconds})`);
    const startedAt = performance.now();
    const second = await workspace.run(['go', '-f', way], { env });
    expect(second.code, second.stdout + second.stderr).toBe(0);
    expect(performance.now() - startedAt).toBeGreaterThan((lockSeconds - 5) * 1000);
    await holding;
    const there = way === 'merges' ? 'keyed_copy' : 'swapped';
    expect((await db.sql(`select count(*), count(distinct id), min(noise) from ${there}`)).trim()).toBe('1000\t1000\tb');
    const left = await db.sql(`select TABLE_NAME from information_schema.TABLES where TABLE_SCHEMA = '${own.staging}'`);
    expect(left).toBe('');
    await db.sql(`drop database ${own.staging}; drop database ${own.metadata}`);
    record(`MariaDB, ${what} is held`, `for ${seconds} s, a lock is waited for ${lockSeconds} s: the run waited, tried again and settled`);
  });
});

function held(
  { keys }: TestDatabase,
  { staging, metadata }: { readonly staging: string; readonly metadata: string },
): Readonly<Record<string, string>> {
  const db = JSON.stringify({ type: 'mysql', ...keys, password: `\${DB_SECRET}` });
  const to = (table: string) => `{ connection: db, table: ${table}, staging_schema: ${staging}, metadata_schema: ${metadata} }`;
  return {
    'hygge.yml': `name: test\nconnections: { db: ${db} }\n`,
    'flows/merges/flow.yml': `home: { connection: db, table: keyed }\nstore: ${to('keyed_copy')}\nrun_type: incremental\nwatermark: { column: at, key: [id] }\n`,
    'flows/swaps/flow.yml': `home: { connection: db, table: keyed }\nstore: ${to('swapped')}\n`,
  };
}
