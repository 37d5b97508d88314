import { describe, expect, it } from 'vitest';
import { startFabric } from '../support/fabric-replicator/fabric.ts';
import { growingIntoFabric, growingKinds } from '../support/fabric-replicator/growing.ts';
import { killRounds, raceRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

/** Fabric leaves the last file where it is, or moves every file away: both stand on Microsoft's pages. */
describe.each(growingKinds.map((kind, i) => ({ kind, lastFileStays: i === 0 })))(
  'real processes and a mirrored database, rows $kind',
  ({ kind, lastFileStays }) => {
    it('killed 50 times at random moments', async () => {
      await using fabric = await startFabric({ replicator: { lastFileStays, filesPerTurn: 3 } });
      await using mirrored = growingIntoFabric(fabric, kind);
      using workspace = new TestWorkspace(mirrored.flow);
      const { hit, kills, rows } = await killRounds(workspace, 50, seeded(SEED), mirrored.growing);
      record(
        `open mirroring, rows ${kind}, kill -9`,
        `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows in ${mirrored.taken()} files, the mirrored table equal as a multiset after every run that passed, no gap, no number twice, nothing left in staging`,
      );
      expect(hit).toBeGreaterThan(15);
    });

    it('racing 200 times for one entity', async () => {
      await using fabric = await startFabric({ replicator: { lastFileStays: !lastFileStays, filesPerTurn: 3 } });
      await using mirrored = growingIntoFabric(fabric, kind);
      using workspace = new TestWorkspace(mirrored.flow);
      const { held } = await raceRounds(workspace, 200, mirrored.growing);
      record(
        `open mirroring, rows ${kind}, two at once`,
        `200 races in ${mirrored.taken()} files: one commit each, ${held} times the other was told who holds the entity; the mirrored table equal as a multiset after every race, no gap, no number twice`,
      );
      expect(held).toBeGreaterThan(20);
    });
  },
);
