import { describe, expect, it } from 'vitest';
import { growingIntoSqlite, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

describe('real processes and SQLite', () => {
  it('killed 50 times at random moments', async () => {
    using file = new SqliteTestFile();
    const { flow, growing } = growingIntoSqlite(file);
    using workspace = new TestWorkspace(flow);
    const { hit, kills, rows } = await killRounds(workspace, 50, seeded(SEED), growing);
    record(
      'SQLite, kill -9',
      `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left in staging`,
    );
    expect(hit).toBeGreaterThan(15);
  });

  it('racing 200 times for one entity', async () => {
    using file = new SqliteTestFile();
    const { flow, growing } = growingIntoSqlite(file);
    using workspace = new TestWorkspace(flow);
    const { held } = await raceRounds(workspace, 200, growing);
    record(
      'two at once into SQLite',
      `200 races: one commit each, ${held} times the other was told who holds the entity; equal as multisets`,
    );
    expect(held).toBeGreaterThan(20);
  });
});
