import { describe, it } from 'vitest';
import { growingIn, killAndRaceRounds, seeded } from '../support/kill-rounds.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { SEED, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Blob storage, whose server is a package; `npm run soak` has all of them, with the full figures. */
const lakes = sharedLakes().filter(({ name }) => whole || name === 'azure_blob');

describe.each(lakes)('real processes on $name', (kind) => {
  it.skipIf(kind.missing !== undefined)('killed and racing settle the source once, and leave nothing behind or unfinished', async () => {
    await using lake = await kind.start();
    const { flow, growing } = growingIn(lake);
    using workspace = new TestWorkspace(flow);
    await killAndRaceRounds(workspace, { kills: 3, races: 1 }, seeded(SEED), growing);
  });
});
