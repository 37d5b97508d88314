import { afterAll, beforeAll } from 'vitest';
import type { RemoteSystem } from '../../src/files/connectors/remote-system.ts';
import { onelake } from '../../src/files/systems/onelake.ts';
import { oneLakeFileSystem } from '../../src/filesystems/onelake/onelake.ts';
import { filesystemConformance } from '../support/filesystem-conformance.ts';
import { type AdlsStage, adlsStage, fabricPlace, realConformance } from './adls-stage.ts';

let stage: AdlsStage;
beforeAll(async () => {
  stage = await adlsStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

filesystemConformance('onelake', async () => {
  const place = fabricPlace(stage.folder());
  const [files, another] = [await oneLakeFileSystem(place, stage), await oneLakeFileSystem(place, stage)];
  return { files, another, [Symbol.asyncDispose]: async () => undefined };
});

realConformance(onelake as RemoteSystem<never>, 'HYGGE_TEST_ONELAKE');
