import { describe, expect, it } from 'vitest';
import { growingFlow, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { SEED } from '../support/samples.ts';
import { placeIn, type SqlPlace, sqliteFolder, sqliteInWorkspace, sqlWorkspace } from '../support/sql-state.ts';
import { finishWorker, startWorker } from '../support/worker-process.ts';
import { record } from './record.ts';

async function rounds(place: SqlPlace, name: string): Promise<void> {
  using killed = sqlWorkspace({ ...place, schema: 'killed' }, growingFlow);
  const { hit, kills, rows } = await killRounds(killed, 100, seeded(SEED));
  record(
    `kill -9, state in ${name}`,
    `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left behind`,
  );
  expect(hit).toBeGreaterThan(30);
  using raced = sqlWorkspace({ ...place, schema: 'raced' }, growingFlow);
  const { held } = await raceRounds(raced, 200);
  record(`two at once, state in ${name}`, `200 races: one commit each, ${held} times the other was told who holds the entity`);
  expect(held).toBeGreaterThan(20);
}

describe('real processes with their state in a database', () => {
  it('in SQLite: killed 100 times, racing 200 times', () => rounds(sqliteInWorkspace, 'SQLite'));

  it.skipIf(noPostgres() !== '')('in PostgreSQL: killed 100 times, racing 200 times', async () => {
    await using db = await postgresDatabase();
    await rounds(placeIn(db), 'PostgreSQL');
  });

  it('open a file of SQLite that is not there yet, six at once, 20 times', async () => {
    for (let round = 1; round <= 20; round++) {
      await using folder = await sqliteFolder();
      const workers = Array.from({ length: 6 }, () => startWorker('state-worker.ts', [JSON.stringify(folder.place), '2']));
      const said = await Promise.all(workers.map(finishWorker));
      expect(said.flat().sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    }
  });
});
