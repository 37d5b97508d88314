import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { s3 } from '../../src/files/systems/s3.ts';
import { type S3Options, s3FileSystem } from '../../src/filesystems/s3/s3.ts';
import { Secret } from '../../src/ports/secret.ts';
import { collect } from '../support/collect.ts';
import { type FileSystemUnderTest, filesystemConformance } from '../support/filesystem-conformance.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { noRadosgw } from '../support/radosgw.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { testNetwork } from '../support/test-network.ts';

let server: S3Server;
let trees = 0;

beforeAll(async () => {
  server = await startS3Server();
  server.bucket('lake');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});
afterEach(() => {
  vi.unstubAllEnvs();
  expect(server.notTaught).toEqual([]);
});

async function open(endpoint: string | undefined): Promise<FileSystemUnderTest> {
  const keys = { access_key_id: server.accessKeyId, secret_access_key: new Secret(server.secretAccessKey) };
  const options: S3Options = {
    ...{ bucket: 'lake', region: 'us-east-1', endpoint, pathStyle: true, keys },
    ...{ folder: `tree/${++trees}`, random: realRandom(), network: testNetwork, waiting: noWaiting() },
  };
  const [files, another] = await Promise.all([s3FileSystem(options), s3FileSystem(options)]);
  return { files, another, [Symbol.asyncDispose]: async () => undefined };
}

// Where there is a radosgw, what speaks like S3 is that.
if (noRadosgw() !== '') filesystemConformance('what speaks like S3', () => open(server.url));

// With its checksums, and with conditions that are known to be kept.
filesystemConformance('Amazon S3', () => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.url);
  return open(undefined);
});

/** A folder of a bucket that may be filled and emptied: `s3://bucket/folder`. Who may do that is whoever the environment says. */
const real = process.env.HYGGE_TEST_S3;

describe.skipIf(real === undefined)(real === undefined ? 'S3 for real (HYGGE_TEST_S3 is not set)' : 'S3 for real', () => {
  filesystemConformance(`S3 at ${real}`, async () => {
    const random = realRandom();
    const folder = random.nonce();
    const { keys, path } = s3.locate(real ?? '') ?? { keys: {}, path: '' };
    const [files, another] = await Promise.all(
      [1, 2].map(() =>
        s3.open({ bucket: '', ...keys, endpoint: process.env.HYGGE_TEST_S3_ENDPOINT }, `${path}/${folder}`, {
          random,
          network: testNetwork,
        }),
      ),
    );
    if (files === undefined || another === undefined) throw new Error('two trees were asked for');
    const emptied = async () => {
      for (const { path: left } of await collect(files.list(''))) await files.remove(left);
    };
    return { files, another, [Symbol.asyncDispose]: emptied };
  });
});
