import { describe, expect, it } from 'vitest';
import { growingIn, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { lakeKinds } from '../support/lakes/kinds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

const wanted = process.env.LAKE;

describe.each(lakeKinds.filter(({ name }) => wanted === undefined || name === wanted))('real processes on $name', (kind) => {
  it.skipIf(kind.missing !== undefined)('killed 50 times at random moments', async () => {
    await using lake = await kind.start();
    const { flow, growing } = growingIn(lake);
    using workspace = new TestWorkspace(flow);
    const { hit, kills, rows } = await killRounds(workspace, 50, seeded(SEED), growing);
    record(
      `kill -9 on ${kind.name}`,
      `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left behind or unfinished`,
    );
    expect(hit).toBeGreaterThan(15);
  });

  it.skipIf(kind.missing !== undefined)('racing 200 times for one entity', async () => {
    await using lake = await kind.start();
    const { flow, growing } = growingIn(lake);
    using workspace = new TestWorkspace(flow);
    const { held } = await raceRounds(workspace, 200, growing);
    record(
      `two at once on ${kind.name}`,
      `200 races: one commit each, ${held} times the other was told who holds the entity; equal as multisets`,
    );
    expect(held).toBeGreaterThan(20);
  });
});
