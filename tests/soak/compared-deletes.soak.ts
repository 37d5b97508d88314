import { describe, expect, it } from 'vitest';
import { mariadb, postgres, sqlite } from '../databases/databases.ts';
import { comparedKillRounds } from '../support/compared-kill-rounds.ts';
import { seeded } from '../support/kill-rounds.ts';
import { record } from './record.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

describe.each([postgres, mariadb, sqlite])('comparisons of keys in $name', (kind) => {
  it.skipIf(kind.missing !== '').each([
    ['apply', {}],
    ['mark', {}],
    ['apply', { into: 'files' }],
    ['mark', { into: 'files' }],
  ] as const)('killed 50 times at random moments: %s, %o', async (action, into) => {
    await using database = await kind.open();
    const { hit, gone } = await comparedKillRounds(database, { rounds: 50, action, ...into, fraction: seeded(seed) });
    record(
      `deletes: { compare, then: ${action} } ${'into' in into ? 'in files, from' : 'in'} ${kind.name}, kill -9`,
      `50 runs, ${hit} of them hit while at work (seed ${seed}); ${gone} rows went, each once, and what is left equals the source`,
    );
    expect(hit).toBeGreaterThan(15);
  });
});
