import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localFileSystem } from '../../src/filesystems/local.ts';
import { filesystemConformance } from '../support/filesystem-conformance.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';

filesystemConformance('memory', async () => {
  const files = new MemoryFileSystem();
  return { files, another: files, [Symbol.asyncDispose]: async () => undefined };
});

filesystemConformance('a local folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-files-'));
  const root = join(folder, 'not yet there');
  return {
    files: localFileSystem(root),
    another: localFileSystem(root),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
});
