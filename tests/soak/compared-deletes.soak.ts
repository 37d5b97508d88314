import { describe, expect, it } from 'vitest';
import { mariadb, postgres, sqlite } from '../databases/databases.ts';
import { comparedFiles, comparedKillRounds } from '../support/compared-kill-rounds.ts';
import { startFabric } from '../support/fabric-replicator/fabric.ts';
import { comparedInFabric } from '../support/fabric-replicator/growing.ts';
import { seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { record } from './record.ts';

describe.each([postgres, mariadb, sqlite])('comparisons of keys in $name', (kind) => {
  it.skipIf(kind.missing !== '').each([
    ['apply', 'a table'],
    ['mark', 'a table'],
    ['apply', 'files'],
    ['mark', 'files'],
  ] as const)('killed 50 times at random moments: %s, in %s', async (action, place) => {
    await using database = await kind.open();
    const { hit, gone } = await comparedKillRounds(database, {
      ...(place === 'files' ? { into: comparedFiles(action) } : {}),
      ...{ rounds: 50, action, fraction: seeded(SEED) },
    });
    record(
      `deletes: { compare, then: ${action} } ${place === 'files' ? 'in files, from' : 'in'} ${kind.name}, kill -9`,
      `50 runs, ${hit} of them hit while at work (seed ${SEED}); ${gone} rows went, each once, and what is left equals the source`,
    );
    expect(hit).toBeGreaterThan(15);
  });
});

it('comparisons of keys of a mirrored table, killed 50 times at random moments', async () => {
  await using database = await sqlite.open();
  await using fabric = await startFabric({ replicator: { lastFileStays: SEED % 2 === 0, filesPerTurn: 3 } });
  await using mirrored = comparedInFabric(fabric);
  const { hit, gone } = await comparedKillRounds(database, {
    rounds: 50,
    action: 'apply',
    into: mirrored.destination,
    fraction: seeded(SEED),
  });
  record(
    'deletes: { compare, then: apply } in a mirrored table, from SQLite, kill -9',
    `50 runs, ${hit} of them hit while at work (seed ${SEED}); ${gone} rows went, ${mirrored.taken()} files, no gap, and what is left equals the source`,
  );
  expect(hit).toBeGreaterThan(15);
});
