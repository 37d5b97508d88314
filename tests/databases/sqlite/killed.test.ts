import { describe, expect, test } from 'vitest';
import { day } from '../../support/day.ts';
import { growingIntoSqlite, killRounds, raceRounds, seeded } from '../../support/kill-rounds.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { takeTurns } from '../../support/turns.ts';
import { TestWorkspace } from '../../support/workspace.ts';

takeTurns();

// Fifty of each and two hundred races in `npm run soak`.
describe(`a table of SQLite has each row once (SEED=${day})`, () => {
  test('after hygge was killed at random, with nothing of its own left behind', async () => {
    using file = new SqliteTestFile();
    const { flow, growing } = growingIntoSqlite(file);
    using workspace = new TestWorkspace(flow);
    const { hit } = await killRounds(workspace, 5, seeded(day), growing);
    expect(hit).toBeGreaterThan(0);
  });

  test('after two processes at once: one of them is told who holds the entity', async () => {
    using file = new SqliteTestFile();
    const { flow, growing } = growingIntoSqlite(file);
    using workspace = new TestWorkspace(flow);
    await raceRounds(workspace, 2, growing);
  });
});
