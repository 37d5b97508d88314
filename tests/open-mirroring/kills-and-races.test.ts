import { expect, it } from 'vitest';
import { day } from '../support/day.ts';
import { startFabric } from '../support/fabric-replicator/fabric.ts';
import { growingIntoFabric, growingKinds } from '../support/fabric-replicator/growing.ts';
import { killAndRaceRounds, seeded } from '../support/kill-rounds.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** One of the two each day; `npm run soak` has both, with the full figures. */
const kind = growingKinds[day % growingKinds.length] ?? 'keyed';

it(`real processes, killed and racing, leave Fabric with the source and no gap: rows ${kind} (SEED=${day})`, async () => {
  await using fabric = await startFabric({ replicator: { lastFileStays: day % 3 === 0, filesPerTurn: 3 } });
  await using mirrored = growingIntoFabric(fabric, kind);
  using workspace = new TestWorkspace(mirrored.flow);
  await killAndRaceRounds(workspace, { kills: 2, races: 1 }, seeded(day), mirrored.growing);
  expect(mirrored.taken()).toBeGreaterThan(1);
});
