import { expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import { Keys } from '../../src/filesystems/s3/keys.ts';
import { startGcsServer } from '../support/gcs-server/server.ts';
import { testNetwork } from '../support/test-network.ts';
import { bytes, fresh } from './s3-lake.ts';

/** A path of so many bytes with the folder `raw/` before it. */
const pathOf = (keyBytes: number) => [...Array<string>(4).fill('ä'.repeat(100)), 'x'.repeat(keyBytes - 808)].join('/');

test('a key of 1,024 bytes is made, and one of 1,025 is refused, in S3', () => {
  const keys = new Keys('raw');
  expect(Buffer.byteLength(keys.key(pathOf(1024)))).toBe(1024);
  expect(() => keys.key(pathOf(1025))).toThrow(expect.objectContaining({ code: 'HYG-4008' }));
  expect(() => keys.existing(pathOf(1025))).toThrow(expect.objectContaining({ code: 'HYG-4008' }));
});

test('a key of 1,024 bytes is made, and one of 1,025 is refused, in Google Cloud Storage', async () => {
  await using server = await startGcsServer();
  server.bucket('lake');
  const how = { endpoint: server.url, keys: { key_file: server.keyFile }, random: realRandom(), network: testNetwork };
  const files = gcsFileSystem({ url: 'gs://lake/raw', bucket: 'lake', folder: 'raw', ...how });
  await files.put(pathOf(1024), bytes('x'), fresh);
  expect(await files.stat(pathOf(1024))).toMatchObject({ bytes: 1 });
  await expect(files.put(pathOf(1025), bytes('x'), fresh)).rejects.toMatchObject({ code: 'HYG-4001' });
});
