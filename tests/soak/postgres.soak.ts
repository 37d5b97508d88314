import { describe, expect, it } from 'vitest';
import { growingIntoPostgres, raceRounds, seeded } from '../support/kill-rounds.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { postgresRounds, victims } from '../support/postgres-kill-rounds.ts';
import { startPostgres } from '../support/postgres-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

describe.skipIf(noPostgres() !== '')('real processes and PostgreSQL', () => {
  it.each(victims)('six flows from and to it, 50 times with %s killed in the middle', async (victim) => {
    await using server = await startPostgres({ conf: ['synchronous_commit = on'] });
    await using db = await postgresDatabase(server);
    await using rounds = await postgresRounds(db, { server, step: 5_000, fraction: seeded(seed) });
    let hit = 0;
    for (let n = 0; n < 50; n++) if (await rounds.round(victim)) hit++;
    record(
      `PostgreSQL, ${victim} killed`,
      `50 runs of six flows, ${hit} of them hit while at work (seed ${seed}); ${rounds.rows.toLocaleString('en-US')} rows each, equal as multisets after every next run, nothing left in staging`,
    );
    expect(hit).toBeGreaterThan(15);
  });

  it('racing 200 times for one entity', async () => {
    await using db = await postgresDatabase();
    const { flow, growing } = growingIntoPostgres(db);
    using workspace = new TestWorkspace(flow);
    const { held } = await raceRounds(workspace, 200, growing);
    record(
      'two at once into PostgreSQL',
      `200 races: one commit each, ${held} times the other was told who holds the entity; equal as multisets, nothing left in staging`,
    );
    expect(held).toBeGreaterThan(20);
  });
});
