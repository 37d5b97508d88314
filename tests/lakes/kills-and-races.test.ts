import { describe, it } from 'vitest';
import { growingIn, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { lakeKinds } from '../support/lakes/kinds.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** `npm run soak` has the full figures. */
describe.each(lakeKinds)('real processes on $name', (kind) => {
  it.skipIf(kind.missing !== undefined)('killed and racing settle the source once, and leave nothing behind or unfinished', async () => {
    await using lake = await kind.start();
    const { flow, growing } = growingIn(lake);
    using killed = new TestWorkspace(flow);
    await killRounds(killed, 5, seeded(7), growing);
    await lake.empty();
    using racing = new TestWorkspace(flow);
    await raceRounds(racing, 2, growing);
  });
});
