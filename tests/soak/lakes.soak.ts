import { describe, expect, it } from 'vitest';
import { growingIn, growingTableIn, killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { lakeKinds } from '../support/lakes/kinds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

const wanted = process.env.LAKE;

const kinds = lakeKinds.filter(({ name }) => wanted === undefined || name === wanted);
const destinations = [
  { what: 'files', recorded: '', into: growingIn },
  { what: 'a Delta table', recorded: ', a Delta table', into: growingTableIn },
] as const;

describe.each(kinds.flatMap((kind) => destinations.map((one) => ({ ...one, kind, name: kind.name }))))(
  'real processes into $what on $name',
  ({ recorded, into, kind }) => {
    it.skipIf(kind.missing !== undefined)('killed 50 times at random moments', async () => {
      await using lake = await kind.start();
      const { flow, growing } = into(lake);
      using workspace = new TestWorkspace(flow);
      const { hit, kills, rows } = await killRounds(workspace, 50, seeded(SEED), growing);
      record(
        `kill -9 on ${kind.name}${recorded}`,
        `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left behind or unfinished`,
      );
      expect(hit).toBeGreaterThan(15);
    });

    it.skipIf(kind.missing !== undefined)('racing 200 times for one entity', async () => {
      await using lake = await kind.start();
      const { flow, growing } = into(lake);
      using workspace = new TestWorkspace(flow);
      const { held } = await raceRounds(workspace, 200, growing);
      record(
        `two at once on ${kind.name}${recorded}`,
        `200 races: one commit each, ${held} times the other was told who holds the entity; equal as multisets`,
      );
      expect(held).toBeGreaterThan(20);
    });
  },
);
