import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseRounds, Victim } from '../../support/database-kill-rounds.ts';
import { seeded } from '../../support/kill-rounds.ts';
import { noPostgres, noPostgresTools, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { postgresRounds } from '../../support/postgres-kill-rounds.ts';
import { type PostgresProcess, startPostgres } from '../../support/postgres-process.ts';
import { SEED, sampled } from '../../support/samples.ts';

// Fifty of each in `npm run soak`.
describe.skipIf(noPostgres() !== '' || noPostgresTools() !== '')('flows from and to PostgreSQL settle whole with the next run', () => {
  let server: PostgresProcess;
  let db: TestDatabase;
  let rounds: DatabaseRounds;
  beforeAll(async () => {
    // What it has promised to keep, it keeps when its processes are killed.
    server = await startPostgres({ conf: ['synchronous_commit = on'] });
    db = await postgresDatabase(server);
    rounds = await postgresRounds(db, { server, step: 2_000, fraction: seeded(SEED), flows: 1 });
  });
  afterAll(async () => {
    await rounds?.[Symbol.asyncDispose]();
    await db?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const all: readonly (readonly [string, Victim])[] = [
    ['hygge is killed', 'hygge'],
    ['its sessions are ended by the server', 'sessions'],
    ['the server crashes and recovers', 'server'],
  ];
  test.each(sampled(all, 3))('after %s in the middle', async (_, victim) => {
    let hit = 0;
    for (let n = 0; n < 3; n++) if (await rounds.round(victim)) hit++;
    expect(hit).toBeGreaterThan(0);
  });
});
