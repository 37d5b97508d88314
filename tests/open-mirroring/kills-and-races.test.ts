import { expect, it } from 'vitest';
import { startFabric } from '../support/fabric-replicator/fabric.ts';
import { growingIntoFabric, growingKinds } from '../support/fabric-replicator/growing.ts';
import { killAndRaceRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** One of the two each day; `npm run soak` has both, with the full figures. */
const kind = growingKinds[SEED % growingKinds.length] ?? 'keyed';

it(`real processes, killed and racing, leave Fabric with the source and no gap: rows ${kind}`, async () => {
  await using fabric = await startFabric({ replicator: { lastFileStays: SEED % 3 === 0, filesPerTurn: 3 } });
  await using mirrored = growingIntoFabric(fabric, kind);
  using workspace = new TestWorkspace(mirrored.flow);
  await killAndRaceRounds(workspace, { kills: 2, races: 1 }, seeded(SEED), mirrored.growing);
  expect(mirrored.taken()).toBeGreaterThan(1);
});
