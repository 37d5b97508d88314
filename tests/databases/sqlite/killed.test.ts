import { describe, expect, test } from 'vitest';
import { growingIntoSqlite, killRounds, raceRounds, seeded } from '../../support/kill-rounds.ts';
import { SEED } from '../../support/samples.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

// Fifty of each and two hundred races in `npm run soak`.
describe('a table of SQLite has each row once', () => {
  test('after hygge was killed at random, with nothing of its own left behind', async () => {
    using file = new SqliteTestFile();
    const { flow, growing } = growingIntoSqlite(file);
    using workspace = new TestWorkspace(flow);
    const { hit } = await killRounds(workspace, 5, seeded(SEED), growing);
    expect(hit).toBeGreaterThan(0);
  });

  test('after two processes at once: one of them is told who holds the entity', async () => {
    using file = new SqliteTestFile();
    const { flow, growing } = growingIntoSqlite(file);
    using workspace = new TestWorkspace(flow);
    await raceRounds(workspace, 1, growing);
  });
});
