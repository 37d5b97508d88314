import { afterAll, beforeAll, expect } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { gcs } from '../../src/files/systems/gcs.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import type { GoogleKeys } from '../../src/remote/google/keys.ts';
import { collect } from '../support/collect.ts';
import { type FileSystemUnderTest, filesystemConformance } from '../support/filesystem-conformance.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { testNetwork } from '../support/test-network.ts';

let server: GcsServer;
let buckets = 0;

beforeAll(async () => {
  server = await startGcsServer();
});
afterAll(async () => {
  expect(server.notTaught).toEqual([]);
  await server[Symbol.asyncDispose]();
});

function filesIn(bucket: string, folder: string, { endpoint, keys }: { endpoint: string; keys: GoogleKeys }) {
  const url = `gs://${bucket}/${folder}`;
  return gcsFileSystem({ url, bucket, folder, endpoint, keys, random: realRandom(), network: testNetwork, blockBytes: 1024 * 1024 });
}

/** `gs://bucket/folder`, as whoever is signed in here. */
const real = gcs.locate(process.env.HYGGE_TEST_GCS ?? '');

if (real !== undefined) {
  filesystemConformance('a bucket in the cloud', async (): Promise<FileSystemUnderTest> => {
    const { bucket = '' } = real.keys;
    const folder = [real.path, `hygge-test-${realRandom().nonce()}`].filter((part) => part !== '').join('/');
    const open = () => gcs.open({ bucket }, folder, { random: realRandom(), network: testNetwork });
    const files = await open();
    return {
      files,
      another: await open(),
      async [Symbol.asyncDispose]() {
        for (const { path } of await collect(files.list(''))) await files.remove(path);
      },
    };
  });
}

filesystemConformance('a bucket of our own server', async (): Promise<FileSystemUnderTest> => {
  const name = `bucket-${++buckets}`;
  server.bucket(name);
  const open = () => filesIn(name, 'the/lake', { endpoint: server.url, keys: { key_file: server.keyFile } });
  return { files: open(), another: open(), [Symbol.asyncDispose]: async () => undefined };
});
