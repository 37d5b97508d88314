import { afterAll, beforeAll, expect, test } from 'vitest';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { blobFileSystem } from '../../src/filesystems/blob/blob.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { account, filesystem } from '../support/azure-hosts/azure.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { testNetwork } from '../support/test-network.ts';
import { type AdlsStage, adlsStage, keyOfAccount } from './adls-stage.ts';

let stage: AdlsStage;
beforeAll(async () => {
  stage = await adlsStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const systems: Readonly<Record<string, (folder: string) => Promise<FileSystem>>> = {
  'Azure Blob': (folder) =>
    blobFileSystem({
      accountUrl: `https://${account}.blob.core.windows.net`,
      container: filesystem,
      folder,
      keys: keyOfAccount,
      url: 'az://tests',
      random: stage.random,
      network: testNetwork,
    }),
  'Data Lake': (folder) => adlsFileSystem(stage.place(folder), stage),
};

test.each(Object.entries(systems))('%s, where only a proxy leads to it, is reached over one connection that is kept', async (_, open) => {
  const files = await open(stage.folder());
  const before = stage.azure.hosts.connections.length;
  for (let i = 0; i < 5; i++) {
    await files.put(`${i}`, new Uint8Array(i), { ifNoneMatch: '*' });
    expect(await files.read(`${i}`)).toHaveLength(i);
  }
  expect(stage.azure.hosts.connections.length - before).toBeLessThanOrEqual(1);
  expect(stage.azure.hosts.connections.length).toBeGreaterThan(0);
});

test('an emulator without TLS is asked through the proxy too, by the SDK itself', async () => {
  const files = await blobFileSystem({
    accountUrl: 'http://emulator.test:10000/acct',
    container: filesystem,
    folder: 'f',
    keys: keyOfAccount,
    url: 'az://tests',
    random: stage.random,
    network: testNetwork,
    requests: { waiting: noWaiting([]) },
  });
  await expect(files.put('a', new Uint8Array(1), { ifNoneMatch: '*' })).rejects.toThrow(OutcomeUnknown);
  expect(stage.azure.hosts.refused).toContain('emulator.test:10000');
});
