import { describe, expect, it } from 'vitest';
import { sqlite } from '../databases/databases.ts';
import { comparedKillRounds } from '../support/compared-kill-rounds.ts';
import { day } from '../support/day.ts';
import { seeded } from '../support/kill-rounds.ts';

// The full figures are in `npm run soak`.
describe(`a run that compares keys and is killed at random moments (SEED=${day})`, () => {
  it.each([
    ['apply', {}],
    ['mark', {}],
    ['apply', { into: 'files' }],
    ['mark', { into: 'files' }],
  ] as const)('removes or marks each row that went, once, with the next run: %s, %o', async (action, into) => {
    await using database = await sqlite.open();
    const { hit, gone } = await comparedKillRounds(database, { rounds: 4, action, ...into, fraction: seeded(day) });
    expect(hit).toBeGreaterThan(0);
    expect(gone).toBeGreaterThan(10);
  });
});
