import { describe, expect, it } from 'vitest';
import { day } from '../support/day.ts';
import { growingCopy, growingCopyToFile, killRounds, seeded } from '../support/kill-rounds.ts';
import { TestWorkspace } from '../support/workspace.ts';

// The full figures are in `npm run soak`.
describe(`hygge copy (SEED=${day})`, () => {
  it.each([
    ['a folder', growingCopy],
    ['one file', growingCopyToFile],
  ])('killed at random moments and made again is the source, in %s', async (_what, growing) => {
    using workspace = new TestWorkspace();
    const { kills } = await killRounds(workspace, 3, seeded(day), growing);
    expect(kills).toBe(3);
  });
});
