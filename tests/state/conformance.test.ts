import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { stateConformance } from '../support/state-conformance.ts';

stateConformance('state in files in memory', async () => {
  const files = new MemoryFileSystem();
  return { state: filesState({ files }), another: filesState({ files }), [Symbol.asyncDispose]: async () => undefined };
});

stateConformance('state in files on disk', async () => {
  const root = await mkdtemp(join(tmpdir(), 'hygge-state-'));
  return {
    state: filesState({ files: localFileSystem(root) }),
    another: filesState({ files: localFileSystem(root) }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
});
