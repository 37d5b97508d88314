import { describe, expect, it } from 'vitest';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { growingIntoDuckdb, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

describe('real processes and DuckDB', () => {
  it.each([
    ['increments', false],
    ['full loads', true],
  ])('killed 50 times at random moments of %s', async (what, full) => {
    using file = new DuckdbTestFile();
    const { flow, growing } = growingIntoDuckdb(file, full);
    using workspace = new TestWorkspace(flow);
    const { hit, kills, rows } = await killRounds(workspace, 50, seeded(seed), growing);
    record(
      `DuckDB, kill -9 in ${what}`,
      `${kills} runs, ${hit} of them hit while at work (seed ${seed}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left in staging`,
    );
    expect(hit).toBeGreaterThan(15);
  });

  it('racing 200 times for one entity', async () => {
    using file = new DuckdbTestFile();
    const { flow, growing } = growingIntoDuckdb(file);
    using workspace = new TestWorkspace(flow);
    const { held } = await raceRounds(workspace, 200, growing);
    record(
      'two at once into DuckDB',
      `200 races: one commit each, ${held} times the other was told who holds the entity; equal as multisets`,
    );
    expect(held).toBeGreaterThan(20);
  });
});
