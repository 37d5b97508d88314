import { describe, expect, it } from 'vitest';
import { sqlite } from '../databases/databases.ts';
import { comparedFiles, comparedKillRounds } from '../support/compared-kill-rounds.ts';
import { seeded } from '../support/kill-rounds.ts';
import { SEED, sampled } from '../support/samples.ts';

/** One of the four here; all with the full figures in `npm run soak`. */
const trials = [
  ['apply', 'a table'],
  ['apply', 'files'],
  ['mark', 'files'],
  ['mark', 'a table'],
] as const;

describe('a run that compares keys and is killed at random moments', () => {
  it.each(sampled(trials, 4))('removes or marks each row that went, once, with the next run: %s, in %s', async (action, place) => {
    await using database = await sqlite.open();
    const { hit, gone } = await comparedKillRounds(database, {
      ...(place === 'files' ? { into: comparedFiles(action) } : {}),
      ...{ rounds: 3, action, fraction: seeded(SEED) },
    });
    expect(hit).toBeGreaterThan(0);
    expect(gone).toBeGreaterThan(10);
  });
});
