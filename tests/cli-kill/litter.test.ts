import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ownIdentity } from '../../src/filesystems/disk/processes.ts';
import { temporaryName } from '../../src/filesystems/disk/temporary.ts';
import { growingFlow, growingRows, settleAndCheck } from '../support/kill-rounds.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** The name of a file that a process wrote which has ended since. */
function nameOfTheDead(): string {
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  return temporaryName({ ...ownIdentity(), pid, started: '1' });
}

describe('temporary files of a killed process', () => {
  it('stay while a command only looks, and go with the next run, wherever a run puts anything', async () => {
    using workspace = new TestWorkspace(growingFlow);
    await workspace.parquet('in/0.parquet', growingRows(0, 1_000));
    await workspace.run(['go']);
    const objects = ['plans', 'receipts', 'intents'].map((kind) => `.hygge/objects/f/f/${kind}`);
    const folders = ['.hygge/state/f', ...objects, 'lake/_hygge/f/f', 'lake/_hygge/f/f/commits'];
    workspace.write(Object.fromEntries(folders.map((folder) => [`${folder}/${nameOfTheDead()}`, 'half'])));
    const before = workspace.tree();
    await workspace.run(['go', '--dry-run']);
    await workspace.run(['status']);
    expect(workspace.tree()).toEqual(before);
    await workspace.parquet('in/1.parquet', growingRows(1_000, 2_000));
    await settleAndCheck(workspace);
  });
});
