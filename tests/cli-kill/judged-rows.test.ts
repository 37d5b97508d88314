import { describe, expect, test } from 'vitest';
import { judgedIntoFiles, judgedIntoSqlite } from '../support/judged-kill-rounds.ts';
import { killRounds, seeded } from '../support/kill-rounds.ts';
import { SEED, sampled } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

// Fifty kills of each in `npm run soak`.
describe('of rows under a contract, one in a hundred of which breaks it, each lies here or apart, once', () => {
  test.each(sampled(['a folder', 'a file of SQLite'] as const, 2))('after hygge was killed at random on its way to %s', async (to) => {
    using file = new SqliteTestFile();
    const { flow, growing } = to === 'a folder' ? judgedIntoFiles : judgedIntoSqlite(file);
    using workspace = new TestWorkspace(flow);
    const { hit } = await killRounds(workspace, 2, seeded(SEED), growing);
    expect(hit).toBeGreaterThan(0);
  });
});
