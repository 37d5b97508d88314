import { describe, expect, test } from 'vitest';
import { sharedAzurite } from '../../support/azurite.ts';
import { growingFlow, growingRows, killRounds, raceRounds, seeded, settleAndCheck } from '../../support/kill-rounds.ts';
import { SEED } from '../../support/samples.ts';
import { cloudWorkspace, placeOfItsOwn, tableStateAt } from '../../support/table-state.ts';

const azurite = sharedAzurite();

describe('hygge go with its state in Table Storage', () => {
  test('settles, goes on from there, and finds nothing new', async () => {
    const server = await azurite();
    const place = placeOfItsOwn();
    using workspace = cloudWorkspace({ ...server, ...place }, growingFlow);
    await workspace.parquet('in/0.parquet', growingRows(0, 1_000));
    expect((await workspace.run(['go'])).stdout).toContain('PASS=1');
    await workspace.parquet('in/1.parquet', growingRows(1_000, 1_500));
    expect((await workspace.run(['go'])).stdout).toContain('PASS=1');
    await settleAndCheck(workspace);
    expect([...workspace.tree('.').keys()].some((path) => path.includes('.hygge/'))).toBe(false);
    const state = await tableStateAt({ connectionString: server.connectionString, ...place });
    const journal = await state.journal({ flow: 'f' });
    expect(journal.map((row) => row.status)).toEqual(['skip', 'skip', 'pass', 'pass']);
    expect((await state.read({ flow: 'f', entity: 'f' }))?.row).toMatchObject({ owner: null, pending: null, last: { status: 'skip' } });
  });

  test('killed at random moments, it loses nothing, doubles nothing and leaves nothing behind', async () => {
    const server = await azurite();
    const place = placeOfItsOwn();
    using workspace = cloudWorkspace({ ...server, ...place }, growingFlow);
    const { hit } = await killRounds(workspace, 4, seeded(SEED));
    expect(hit).toBeGreaterThan(0);
    const state = await tableStateAt({ connectionString: server.connectionString, ...place });
    const left = await Promise.all(
      ['plans/', 'receipts/', 'intents/'].map((prefix) => state.listObjects({ flow: 'f', entity: 'f' }, prefix)),
    );
    expect(left.flat()).toEqual([]);
  });

  test('racing for one entity, one process works and the other is told', async () => {
    using workspace = cloudWorkspace({ ...(await azurite()), ...placeOfItsOwn() }, growingFlow);
    const { held } = await raceRounds(workspace, 2);
    expect(held).toBeGreaterThan(0);
  });
});
