import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noPostgres, postgresDatabase } from '../../support/postgres.ts';
import { SEED, sampled, whole } from '../../support/samples.ts';
import { openSqlState, placeIn, type SqlPlace, sqliteFolder } from '../../support/sql-state.ts';
import { finishWorker, startWorker } from '../../support/worker-process.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

async function epochs(place: SqlPlace): Promise<{ row: number; journal: number[] }> {
  await using opened = await openSqlState(place);
  const row = (await opened.state.read({ flow: 'crm', entity: 'Account' }))?.row.epoch ?? 0;
  const journal = (await opened.state.journal({})).map((each) => each.epoch);
  return { row, journal: journal.sort((a, b) => a - b) };
}

async function someplace(engine: SqlPlace['engine']): Promise<{ readonly place: SqlPlace } & AsyncDisposable> {
  if (engine === 'sqlite') return sqliteFolder();
  const db = await postgresDatabase();
  return { place: placeIn(db), [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
}

const engines = [
  ['PostgreSQL', 'postgres', noPostgres()],
  ['SQLite', 'sqlite', ''],
] as const;

// On a server, what two at once make of a row is a matter of its transactions, which the suite of states holds.
describe.each(whole ? engines : engines.slice(1))('processes that share a state in %s', (_, engine, problem) => {
  describe.skipIf(problem !== '')(`(SEED=${SEED})`, () => {
    let at: Awaited<ReturnType<typeof someplace>>;
    beforeAll(async () => {
      at = await someplace(engine);
    });
    afterAll(() => at[Symbol.asyncDispose]());

    test('move one row at once: every epoch is made once, journalled once, and nothing is said on the terminal', async () => {
      await using own = await someplace(engine);
      const workers = Array.from({ length: 2 }, () => startWorker('state-worker.ts', [JSON.stringify(own.place), '6']));
      const said = await Promise.all(workers.map(finishWorker));
      expect(said.flat().sort((a, b) => Number(a) - Number(b))).toEqual(upTo(12));
      expect(await epochs(own.place)).toEqual({ row: 12, journal: upTo(12) });
    });

    test('killed at any moment: the journal has exactly the epochs that the row went through', async () => {
      for (const moves of sampled([1, 2, 3, 5, 8, 13], 6)) {
        const worker = startWorker('state-worker.ts', [JSON.stringify(at.place)]);
        let last = 0;
        let heard = 0;
        for await (const epoch of worker.said) {
          last = Number(epoch);
          heard += 1;
          if (heard === moves) worker.process.kill('SIGKILL');
        }
        await worker.ended;
        const { row, journal } = await epochs(at.place);
        expect([last, last + 1]).toContain(row);
        expect(journal).toEqual(upTo(row));
      }
    });
  });
});
