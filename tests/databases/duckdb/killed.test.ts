import { describe, expect, test } from 'vitest';
import { day, sampled } from '../../support/day.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { growingIntoDuckdb, killRounds, raceRounds, seeded } from '../../support/kill-rounds.ts';
import { takeTurns } from '../../support/turns.ts';
import { TestWorkspace } from '../../support/workspace.ts';

takeTurns(2, { offset: 1 });

// Fifty of each and two hundred races in `npm run soak`.
describe(`a table of DuckDB has each row once (SEED=${day})`, () => {
  const ways = [
    ['increments', false],
    ['full loads', true],
  ] as const;
  test.each(sampled(ways, 2))('after hygge was killed at random, with nothing of its own left behind: in %s', async (_, full) => {
    using file = new DuckdbTestFile();
    const { flow, growing } = growingIntoDuckdb(file, full);
    using workspace = new TestWorkspace(flow);
    const { hit } = await killRounds(workspace, 5, seeded(day), growing);
    expect(hit).toBeGreaterThan(0);
  });

  test('after two processes at once: one of them is told who holds the entity', async () => {
    using file = new DuckdbTestFile();
    const { flow, growing } = growingIntoDuckdb(file);
    using workspace = new TestWorkspace(flow);
    await raceRounds(workspace, 2, growing);
  });
});
