import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { late } from '../../../src/databases/postgres/catalog.ts';
import { boundOf, windowOf } from '../../support/late-rows.ts';
import { lateRun, plainReader } from '../../support/late-writers.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { framesOf, type OpenedHomes, postgresHomes, rowsOf } from '../../support/postgres-home.ts';
import { SEED, sampled } from '../../support/samples.ts';

/** A bound that is being waited for. */
async function boundBeside(db: TestDatabase, homes: OpenedHomes) {
  const home = await homes.home({ table: 't' });
  let isThere = false;
  const bounding = boundOf(home, 'at').finally(() => {
    isThere = true;
  });
  return {
    ...{ home, bounding },
    isThere: () => isThere,
    /** Resolves when hygge has looked so many times more at what is open, or has its bound. */
    async looks(times: number): Promise<void> {
      const seen = new Set<string>();
      while (seen.size <= times && !isThere) {
        const rows = await db.sql(
          // A look is a transaction; its query starts again with each message of it.
          `select xact_start::text as at from pg_stat_activity where datname = current_database() and application_name like 'hygge%' and query like '%l.virtualtransaction%' and xact_start is not null and pid <> pg_backend_pid()`,
        );
        for (const { at } of rows) if (at != null) seen.add(at);
        await wait(3);
      }
    },
  };
}

const rowsBelow = async ({ home, bounding }: Awaited<ReturnType<typeof boundBeside>>) => {
  const { upper, warnings } = await bounding;
  if (upper === undefined) throw new Error('no bound');
  const rows = await rowsOf(framesOf(home, windowOf(upper)));
  return { warnings, ids: rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b) };
};

const timed = 'create table t (id bigint, at timestamptz not null default now()); create index on t (at)';

describe.skipIf(noPostgres() !== '')('a transaction that goes on under another id', () => {
  test('is waited for when its session prepares it between two looks', async () => {
    await using db = await postgresDatabase();
    await db.sql(timed);
    const writer = await db.client();
    await writer.query('begin; insert into t values (1)');
    await db.sql('insert into t values (2)');
    await using homes = postgresHomes(db, { safe_wait: '10m' });
    const reading = await boundBeside(db, homes);
    await reading.looks(2);
    await writer.query(`prepare transaction 'between'`);
    await reading.looks(3);
    expect(reading.isThere()).toBe(false);
    await writer.query(`commit prepared 'between'`);
    expect(await rowsBelow(reading)).toEqual({ warnings: [], ids: [1, 2] });
    await writer.end();
  });
});

/** Locks that the test holds: a transaction that asks for one goes on when the test lets it. */
async function gates(db: TestDatabase, count: number) {
  const holder = await db.client();
  for (let n = 1; n <= count; n++) await holder.query(`select pg_advisory_lock(${n})`);
  return {
    open: async (n: number) => void (await holder.query(`select pg_advisory_unlock(${n})`)),
    [Symbol.asyncDispose]: () => holder.end(),
  };
}

/** Other files ask the same server, in databases of their own. */
const waitsAtGate = `select 1 as n from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;

const pass = (gate: number) => `select pg_advisory_xact_lock_shared(${gate})`;

describe.skipIf(noPostgres() !== '')('a later transaction of one message, whose now() is older than itself,', () => {
  const part = (id: number) => `begin; insert into t values (${id}); ${pass(id)}; commit`;

  test.each([
    ['that all see', 3, true],
    ['of another role, of which the reader sees the first one after it', 2, false],
  ] as const)('is waited for: %s', async (_, count, all) => {
    await using db = await postgresDatabase();
    await db.sql(timed);
    await using role = await plainReader(db);
    await db.sql(`grant select on t to ${role.user}`);
    await using gate = await gates(db, count);
    const writer = await db.client();
    const ids = Array.from({ length: count }, (_, n) => n + 1);
    const message = writer.query(ids.map(part).join('; '));
    while ((await db.sql(waitsAtGate)).length === 0) await wait(1);
    await db.sql('insert into t values (9)');
    await using homes = postgresHomes(db, { safe_wait: '10m', ...(all ? {} : role) });
    const reading = await boundBeside(db, homes);
    for (const id of ids) {
      await reading.looks(3);
      expect([id, reading.isThere()]).toEqual([id, false]);
      await gate.open(id);
    }
    await message;
    expect(await rowsBelow(reading)).toEqual({ warnings: [], ids: [...ids, 9] });
    await writer.end();
    await homes[Symbol.asyncDispose]();
  });

  test('is waited for when it continues in later messages, and when it is prepared', async () => {
    await using db = await postgresDatabase();
    await db.sql(timed);
    await using gate = await gates(db, 1);
    const [writer, other] = [await db.client(), await db.client()];
    const message = writer.query(`${part(1)}; begin; insert into t values (2)`);
    const prepares = other.query(`${part(1).replace('(1)', '(3)')}; begin; insert into t values (4); prepare transaction 'of a message'`);
    while ((await db.sql(waitsAtGate)).length < 2) await wait(1);
    await db.sql('insert into t values (9)');
    await using homes = postgresHomes(db, { safe_wait: '10m' });
    const reading = await boundBeside(db, homes);
    await reading.looks(2);
    await gate.open(1);
    await message;
    await prepares;
    await writer.query('insert into t values (5)');
    await reading.looks(3);
    expect(reading.isThere()).toBe(false);
    await other.query(`commit prepared 'of a message'`);
    await reading.looks(3);
    expect(reading.isThere()).toBe(false);
    await writer.query('commit');
    expect(await rowsBelow(reading)).toEqual({ warnings: [], ids: [1, 2, 3, 4, 5, 9] });
    await Promise.all([writer.end(), other.end()]);
  });

  test('is not waited for when its message came after the newest value was taken', async () => {
    await using db = await postgresDatabase();
    await db.sql(timed);
    await using role = await plainReader(db);
    await db.sql(`grant select on t to ${role.user}`);
    for (const [user, after] of [
      [{}, 0],
      [role, 1],
    ] as const) {
      const writer = await db.client();
      await db.sql('insert into t values (0)');
      await writer.query('begin; insert into t values (1)');
      await using homes = postgresHomes(db, { safe_wait: '10m', ...user });
      const reading = await boundBeside(db, homes);
      await reading.looks(2);
      await writer.query('commit; begin; insert into t values (2)');
      if (after === 1) {
        // What one can't see the age of may be one of those.
        await reading.looks(3);
        expect(reading.isThere()).toBe(false);
        await writer.query('commit; begin; insert into t values (3)');
      }
      const { warnings } = await rowsBelow(reading);
      expect(warnings).toEqual([]);
      await writer.query('rollback');
      await writer.end();
    }
  });
});

describe('what is open at a look of an increment', () => {
  const seen = (id: string, of: { readonly timed: boolean; readonly early?: boolean }) => ({
    ...{ id, pid: '7', role: 'writer', application: '', since: null, age: '1' },
    ...{ timed: String(of.timed), early: String(of.early ?? false) },
  });
  const awaited = async (one: object, ids: readonly string[]) => {
    const session = { query: async () => [one] } as unknown as Parameters<typeof late.openTransactions>[0];
    const open = await late.openTransactions(session, {} as never, { ids, at: '2024-01-01T00:00:00.000000Z' });
    return open.flatMap(({ id, mayContinueAwaited }) => (ids.includes(id) || mayContinueAwaited ? [id] : []));
  };

  test('a transaction whose id was read next to the begin of the one before it is not waited for', async () => {
    const [early, later] = [seen('v5/3', { timed: true, early: true }), seen('v5/3', { timed: true })];
    expect(await awaited(seen('v5/2', { timed: true, early: true }), ['v5/2'])).toEqual(['v5/2']);
    // The session was looked at before its message came, and its locks after that.
    const torn = await awaited(early, ['v5/2']);
    expect(torn).toHaveLength(1);
    expect(await awaited(early, torn)).toEqual(torn);
    expect(await awaited(later, torn)).toEqual([]);
  });

  test('of a busy session that does not show when its transactions began, the next one is waited for, and none after it', async () => {
    const next = await awaited(seen('v5/3', { timed: false }), ['v5/2']);
    expect(next).toHaveLength(1);
    expect(await awaited(seen('v5/3', { timed: false }), next)).toEqual(next);
    expect(await awaited(seen('v5/4', { timed: false }), next)).toEqual([]);
  });
});

const columns = { 'a time that is now()': 'timestamptz not null default now()', 'an identity': 'bigint generated always as identity' };

describe.skipIf(noPostgres() !== '')('beside writers at random', () => {
  const runs = Object.entries(columns).flatMap(([name, column]) => [
    { name: `${name}, three in ten in two phases`, column, twoPhase: 0.3 },
    { name: `${name}, several transactions in a message`, column, scripted: 0.5 },
  ]);
  test.each(sampled(runs, 4))('each row is read once: $name', async ({ name: _, ...run }) => {
    await using db = await postgresDatabase();
    const { warnings, lost, doubled, foreign, committed } = await lateRun(db, { ...run, seed: SEED, writers: 4, increments: 3 });
    expect({ warnings, lost, doubled, foreign }).toEqual({ warnings: [], lost: 0, doubled: 0, foreign: 0 });
    // On a busy machine the writers get little done.
    expect(committed).toBeGreaterThan(2);
  });
});
