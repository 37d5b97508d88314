import { describe, expect, it } from 'vitest';
import { growingCopy, growingCopyToFile, killRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

// The full figures are in `npm run soak`.
describe('hygge copy', () => {
  it.each([
    ['a folder', growingCopy],
    ['one file', growingCopyToFile],
  ])('killed at random moments and made again is the source, in %s', async (_what, growing) => {
    using workspace = new TestWorkspace();
    const { kills } = await killRounds(workspace, 3, seeded(SEED), growing);
    expect(kills).toBe(3);
  });
});
