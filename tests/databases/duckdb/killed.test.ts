import { describe, expect, test } from 'vitest';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { growingIntoDuckdb, killRounds, raceRounds, seeded } from '../../support/kill-rounds.ts';
import { SEED, sampled } from '../../support/samples.ts';
import { TestWorkspace } from '../../support/workspace.ts';

// Fifty of each and two hundred races in `npm run soak`.
describe('a table of DuckDB has each row once', () => {
  const ways = [
    ['increments', false],
    ['full loads', true],
  ] as const;
  test.each(sampled(ways, 2))('after hygge was killed at random, with nothing of its own left behind: in %s', async (_, full) => {
    using file = new DuckdbTestFile();
    const { flow, growing } = growingIntoDuckdb(file, full);
    using workspace = new TestWorkspace(flow);
    const { hit } = await killRounds(workspace, 5, seeded(SEED), growing);
    expect(hit).toBeGreaterThan(0);
  });

  test('after two processes at once: one of them is told who holds the entity', async () => {
    using file = new DuckdbTestFile();
    const { flow, growing } = growingIntoDuckdb(file);
    using workspace = new TestWorkspace(flow);
    await raceRounds(workspace, 1, growing);
  });
});
