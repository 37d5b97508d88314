import { afterAll, beforeAll } from 'vitest';
import type { RemoteSystem } from '../../src/files/connectors/remote-system.ts';
import { adls } from '../../src/files/systems/adls.ts';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { filesystemConformance } from '../support/filesystem-conformance.ts';
import { type AdlsStage, adlsStage, realConformance } from './adls-stage.ts';

let stage: AdlsStage;
beforeAll(async () => {
  stage = await adlsStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

filesystemConformance('adls', async () => {
  const folder = stage.folder();
  const open = (): Promise<FileSystem> => adlsFileSystem(stage.place(folder), stage);
  return { files: await open(), another: await open(), [Symbol.asyncDispose]: async () => undefined };
});

realConformance(adls as RemoteSystem<never>, 'HYGGE_TEST_ADLS');
