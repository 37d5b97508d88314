import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { seeded } from './kill-rounds.ts';
import { increments } from './late-rows.ts';
import { pgLiteral, type TestDatabase } from './postgres.ts';
import { postgresHomes } from './postgres-home.ts';

export interface WritersOf {
  readonly clients: readonly pg.Client[];
  readonly random: () => number;
  /** The share of transactions that are prepared before they are committed. */
  readonly twoPhase?: number;
  /** The share of messages that hold several transactions. */
  readonly scripted?: number;
  /** The longest wait inside of a transaction. */
  readonly holdMs?: number;
}

/** Sessions that insert into `t (id)` in transactions of every kind, until they are stopped. `stop` answers the ids that were committed. */
export function lateWriters({ clients, random, twoPhase = 0, scripted = 0, holdMs = 180 }: WritersOf) {
  let isOver = false;
  let next = 0;
  const committed: number[] = [];
  const holdOf = () => (random() < 0.4 ? 0 : random() * holdMs);
  const insert = (id: number) => `insert into t (id) values (${id})`;
  const ending = () => (random() < 0.85 ? 'commit' : 'rollback');

  /** Several transactions in one message. Now and then the last one goes on in the next messages. */
  const script = async (client: pg.Client) => {
    const count = 2 + Math.floor(random() * 3);
    const parts = Array.from({ length: count }, () => ({ id: ++next, ends: ending(), sleeps: [holdOf(), holdOf()] }));
    const goesOn = random() < 0.4;
    const texts = parts.map(({ id, ends, sleeps: [before = 0, after = 0] }, n) => {
      const sleep = (ms: number) => `select pg_sleep(${(ms / 1_000).toFixed(3)})`;
      const end = goesOn && n === count - 1 ? [] : [ends];
      return ['begin', sleep(before), insert(id), sleep(after), ...end].join('; ');
    });
    await client.query(texts.join('; '));
    const last = parts.at(-1);
    if (goesOn && last !== undefined) {
      await wait(holdOf());
      await client.query(last.ends);
    }
    committed.push(...parts.filter(({ ends }) => ends === 'commit').map(({ id }) => id));
  };

  const inTwoPhases = async (client: pg.Client, id: number) => {
    await client.query(`prepare transaction 'p ${id}'`);
    await wait(2 * holdOf());
    return `${ending()} prepared 'p ${id}'`;
  };

  const write = async (client: pg.Client) => {
    while (!isOver) {
      const kind = random();
      if (kind < scripted) {
        await script(client);
        continue;
      }
      const id = ++next;
      await client.query('begin');
      await wait(holdOf());
      await client.query(insert(id));
      await wait(holdOf());
      const end = kind < scripted + twoPhase ? await inTwoPhases(client, id) : ending();
      await client.query(end);
      if (end.startsWith('commit')) committed.push(id);
    }
  };

  const all = Promise.all(clients.map(write));
  return {
    async stop(): Promise<readonly number[]> {
      isOver = true;
      await all;
      return committed;
    },
  };
}

export interface LateRun extends Omit<WritersOf, 'clients' | 'random'> {
  readonly seed: number;
  /** Type and default of the watermark. */
  readonly column: string;
  readonly writers: number;
  readonly increments: number;
  /** What writers and hygge connect to, where that is no server but a pooler. */
  readonly through?: { readonly host: string; readonly port: number };
}

/** One increment after the other beside writers, and one when they have stopped. Compares what was read with what was committed. */
export async function lateRun(db: TestDatabase, run: LateRun) {
  const { host, port, user, password, database } = { ...db, ...run.through };
  await db.sql(`drop table if exists t; create table t (id bigint, at ${run.column}); create index on t (at)`);
  const clients = await Promise.all(
    Array.from({ length: run.writers }, async () => {
      const client = new pg.Client({ host, port, user, password, database });
      // A test that failed may end the server or the pooler first.
      client.on('error', () => undefined);
      await client.connect();
      return client;
    }),
  );
  const random = seeded(run.seed);
  await using homes = postgresHomes(db, { host, port, safe_wait: '60s' });
  const seen: number[] = [];
  const warnings: string[] = [];
  const next = increments(() => homes.home({ table: 't' }), 'at');
  const increment = async () => {
    const one = await next();
    warnings.push(...one.warnings);
    for (const { id } of one.rows) seen.push(Number(id));
  };
  const writers = lateWriters({ ...run, clients, random });
  for (let n = 0; n < run.increments; n++) await increment();
  const committed = await writers.stop();
  await increment();
  await Promise.all(clients.map((client) => client.end()));
  const read = new Set(seen);
  return {
    ...{ warnings, committed: committed.length },
    lost: committed.filter((id) => !read.has(id)).length,
    doubled: seen.length - read.size,
    foreign: [...read].filter((id) => !committed.includes(id)).length,
  };
}

/** A role that may read the table and nothing else. Dropped when it is disposed of. */
export async function plainReader(db: TestDatabase) {
  const [user, password] = [`reader_${db.database}`, 'r'];
  await db.sql(`create role ${user} login password ${pgLiteral(password)}`);
  return {
    user,
    password,
    [Symbol.asyncDispose]: async () => void (await db.sql(`drop owned by ${user}; drop role ${user}`)),
  };
}
