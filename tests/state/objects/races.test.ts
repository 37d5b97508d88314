import { describe, expect, test } from 'vitest';
import { sharedAzurite } from '../../support/azurite.ts';
import { growingFlow, growingRows, settleAndCheck } from '../../support/kill-rounds.ts';
import { objectPlace, objectStateAt, objectWorkspace } from '../../support/object-state.ts';

const azurite = sharedAzurite();

describe('hygge go with its state beside the data', () => {
  test('racing for one entity again and again, one works and the other is told', async () => {
    const place = await objectPlace(await azurite());
    using workspace = objectWorkspace(place, growingFlow);
    let held = 0;
    for (let round = 0; round < 3; round++) {
      await workspace.parquet(`in/${round}.parquet`, growingRows(round * 20, round * 20 + 20));
      const both = await Promise.all([workspace.runAlone(['go']), workspace.runAlone(['go'])]);
      const codes = both.map(({ code }) => code).sort();
      expect(
        [
          [0, 0],
          [0, 3],
        ],
        both.map(({ stdout, stderr }) => stdout + stderr).join('\n---\n'),
      ).toContainEqual(codes);
      held += codes.filter((code) => code === 3).length;
    }
    expect(held).toBeGreaterThan(0);
    await settleAndCheck(workspace);
    const journal = await (await objectStateAt(place)).journal({});
    expect(new Set(journal.map((row) => row.entity_run_id)).size).toBe(journal.length);
  });
});
