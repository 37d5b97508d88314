import { describe, expect, it } from 'vitest';
import { lateRun } from '../support/late-writers.ts';
import { pgbouncerProblem, startPgBouncer } from '../support/pgbouncer.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { SEED } from '../support/samples.ts';
import { record } from './record.ts';

const kinds = { 'in two phases (three in ten)': { twoPhase: 0.3 }, 'several in a message (one message in two)': { scripted: 0.5 } };
const ways = ['direct', 'over a pool'];
const columns = ['timestamptz not null default now()', 'timestamp not null default now()', 'bigint generated always as identity'];

describe.skipIf(noPostgres() !== '')('rows of PostgreSQL that are committed late', () => {
  it.each(Object.entries(kinds).flatMap(([name, kind]) => ways.map((way) => ({ name, kind, way }))))(
    'are read once in 40 runs: $name, $way',
    async ({ name, kind, way }) => {
      if (way !== 'direct' && pgbouncerProblem() !== '') return;
      await using db = await postgresDatabase();
      await using pooler = way === 'direct' ? undefined : await startPgBouncer(db, 10);
      const total = { committed: 0, lost: 0, doubled: 0, foreign: 0, warned: 0, runsThatLost: 0 };
      for (let n = 0; n < 40; n++) {
        const column = columns[n % columns.length] ?? '';
        const run = { ...kind, column, seed: SEED + n, writers: 8, increments: 10, holdMs: 180 };
        const one = await lateRun(db, { ...run, ...(pooler ? { through: pooler } : {}) });
        total.committed += one.committed;
        total.lost += one.lost;
        total.doubled += one.doubled;
        total.foreign += one.foreign;
        total.warned += one.warnings.length;
        if (one.lost > 0) total.runsThatLost += 1;
      }
      const { committed, ...wrong } = total;
      record(
        `late rows of PostgreSQL, ${name}, ${way}`,
        `40 runs of 11 increments next to 8 writers, ${committed.toLocaleString('en-US')} rows (seed ${SEED}): ${wrong.lost} lost, ${wrong.doubled} doubled, ${wrong.warned} warnings`,
      );
      expect(wrong).toEqual({ lost: 0, doubled: 0, foreign: 0, warned: 0, runsThatLost: 0 });
      expect(committed).toBeGreaterThan(2_000);
    },
  );
});
