import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesystemConformance, many } from '../support/filesystem-conformance.ts';
import { type GrowingUnderTest, growingConformance } from '../support/growing-conformance.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';

async function inMemory(): Promise<GrowingUnderTest> {
  const files = new MemoryFileSystem();
  return { files, another: files, [Symbol.asyncDispose]: async () => undefined };
}

async function inFolder(): Promise<GrowingUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-files-'));
  const root = join(folder, 'not yet there');
  return {
    files: localFileSystem(root),
    another: localFileSystem(root),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

filesystemConformance('memory', inMemory, many);
growingConformance('memory', inMemory);
filesystemConformance('a local folder', inFolder, many);
growingConformance('a local folder', inFolder);
