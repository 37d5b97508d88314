import { describe, expect, it } from 'vitest';
import { growingCopy, growingCopyToFile, killRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

describe('hygge copy', () => {
  it.each([
    ['to a folder', growingCopy],
    ['to one file', growingCopyToFile],
  ])('killed 50 times at random moments, %s', async (what, growing) => {
    using workspace = new TestWorkspace();
    const { hit, kills, rows } = await killRounds(workspace, 50, seeded(SEED), growing);
    record(
      `hygge copy ${what}, kill -9`,
      `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left in staging`,
    );
    expect(hit).toBeGreaterThan(15);
  });
});
