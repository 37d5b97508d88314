import { afterEach, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { fenceHeadId } from '../../src/engine/contracts/intent.ts';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { adlsStage } from '../filesystems/adls-stage.ts';
import { faultyBlobs, isCommit } from '../filesystems/blob-faulty.ts';
import { lakeAt } from '../filesystems/s3-lake.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { startGcsServer } from '../support/gcs-server/server.ts';
import { startS3Server } from '../support/s3-server/server.ts';
import { testNetwork } from '../support/test-network.ts';
import { decided, namesIn, run, staged, storeOn } from './settling.ts';

/** A lake whose service publishes nothing while the right to is withdrawn. */
interface Lake {
  readonly files: FileSystem;
  withdraw(isWithdrawn: boolean): void;
}

const blobs = faultyBlobs(sharedAzurite());
const closing: AsyncDisposable[] = [];
// A stand-in for the internet is a proxy of the whole process while it is there.
afterEach(async () => {
  for (const one of closing.splice(0)) await one[Symbol.asyncDispose]();
});

const lakes: Readonly<Record<string, () => Promise<Lake>>> = {
  async s3() {
    const server = await startS3Server();
    closing.push(server);
    server.bucket('lake');
    const withdraw = (isWithdrawn: boolean) => server.forbid(({ operation }) => isWithdrawn && operation === 'CompleteMultipartUpload');
    return { files: await lakeAt(server), withdraw };
  },
  async gcs() {
    const server = await startGcsServer();
    closing.push(server);
    server.bucket('lake');
    const place = { url: 'gs://lake/raw', bucket: 'lake', folder: 'raw', endpoint: server.url, keys: { key_file: server.keyFile } };
    const withdraw = (isWithdrawn: boolean) => server.forbid(({ path }) => isWithdrawn && path.includes('/moveTo/'));
    return { files: gcsFileSystem({ ...place, random: realRandom(), network: testNetwork }), withdraw };
  },
  async adls() {
    const stage = await adlsStage();
    closing.push(stage);
    const refused = { status: 403, code: 'AuthorizationPermissionMismatch' } as const;
    const withdraw = (isWithdrawn: boolean) =>
      stage.azure.dfs.rule(({ headers }) => (isWithdrawn && headers['x-ms-rename-source'] !== undefined ? refused : undefined));
    return { files: await adlsFileSystem(stage.place(stage.folder()), stage), withdraw };
  },
  async blob() {
    const { files, proxy } = blobs();
    const refused = { status: 403, code: 'AuthorizationPermissionMismatch' } as const;
    return { files, withdraw: (isWithdrawn) => proxy.rule((seen) => (isWithdrawn && isCommit(seen) ? refused : undefined)) };
  },
};

describe('a right to publish that is withdrawn when all is decided', () => {
  test.each(Object.keys(lakes))('is a refusal for good in %s; the commit is given up, and the next one settles', async (name) => {
    const lake = await lakes[name]?.();
    if (lake === undefined) throw new Error(name);
    const store = storeOn(lake.files);
    const parts = [...(await staged(store, run(1))), ...(await staged(store, run(1)))];
    const intent = await decided(store, run(1), parts);
    lake.withdraw(true);
    for (const _ of [1, 2])
      expect(await store.commit(intent)).toMatchObject({ done: { outcome: 'refused', because: { code: 'HYG-6401' } } });
    expect(await namesIn(lake.files)).toEqual([]);
    lake.withdraw(false);
    expect(await store.giveUp(intent, { code: 'HYG-6401', reason: 'Forbidden.' }, 'unseen')).toEqual({ removed: [] });
    expect(await store.commit(intent)).toEqual({ done: 'given up' });
    expect((await store.head())?.id).toBe(fenceHeadId(intent));
    expect(await collect(lake.files.staged('_hygge/f/f/staging'))).toEqual([]);
    expect(await store.commit(await decided(store, run(2), await staged(store, run(2))))).toEqual({ done: 'committed' });
    expect(await namesIn(lake.files)).toHaveLength(1);
  });
});
