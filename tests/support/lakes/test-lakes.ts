import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import { type Azure, startAzure } from '../azure-hosts/azure.ts';
import { sharedAzurite } from '../azurite.ts';
import { noRadosgw, sharedRadosgw } from '../radosgw.ts';
import { adls, lakeInAzure, onelake, type Played } from './azure-lakes.ts';
import { lakeInAzurite } from './azurite-lake.ts';
import { gcsLake } from './gcs-lake.ts';
import type { LakeKind, TestLake } from './lake.ts';
import { lakeInRadosgw } from './s3-lake.ts';

/** The name of a container or bucket that nobody else uses. */
export const container = (): string => `lake-${randomBytes(6).toString('hex')}`;

/** Every lake, for a file of tests: servers that are processes are those of the whole vitest run. To be called while tests are collected. */
export function sharedLakes(): readonly LakeKind[] {
  const azurite = sharedAzurite();
  let started: Promise<Azure> | undefined;
  afterAll(async () => {
    await (await started)?.[Symbol.asyncDispose]();
  });
  const inAzure = async (played: Played): Promise<TestLake> => {
    started ??= startAzure();
    const azure = await started;
    const lake = lakeInAzure(azure, played);
    // No longer than the lake is there: the SDK reads once for a process what needs no proxy, and that may have been before.
    const here = azure.inProcess();
    return {
      ...lake,
      async [Symbol.asyncDispose]() {
        here[Symbol.dispose]();
        await lake.empty();
      },
    };
  };
  const blob = async (): Promise<TestLake> => {
    const lake = await lakeInAzurite(await azurite(), container());
    return { ...lake, [Symbol.asyncDispose]: () => lake.empty() };
  };
  const missing = noRadosgw();
  return [
    { name: 'adls', start: () => inAzure(adls) },
    { name: 'onelake', start: () => inAzure(onelake) },
    { name: 'azure_blob', start: blob },
    { name: 's3', ...(missing === '' ? {} : { missing }), start: async () => lakeInRadosgw(await sharedRadosgw(), container()) },
    gcsLake,
  ];
}
