import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { stateConformance } from '../support/state-conformance.ts';

stateConformance('state in files on disk', async () => {
  const root = await mkdtemp(join(tmpdir(), 'hygge-state-'));
  return {
    state: filesState({ files: localFileSystem(root) }),
    another: filesState({ files: localFileSystem(root) }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
});
