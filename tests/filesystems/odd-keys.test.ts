import { describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { collect } from '../support/collect.ts';
import { startGcsServer } from '../support/gcs-server/server.ts';
import { startS3Server } from '../support/s3-server/server.ts';
import { testNetwork } from '../support/test-network.ts';
import { bytes, fresh, lakeAt, text } from './s3-lake.ts';

/** What services let somebody call an object, and no local disk takes for a path. */
const odd = ['/leading.csv', 'a//b.csv', '../up.csv', 'a/../b.csv', './c.csv', 'tab\there.csv', 'bell\u0007.csv', 'x'.repeat(300)];

interface Bucket {
  readonly objects: Map<string, unknown>;
}

/** Objects that somebody else put there, each with its own key for content. */
async function fill(files: FileSystem, { objects }: Bucket): Promise<void> {
  for (const [i, path] of odd.entries()) {
    await files.put(`new-${i}`, bytes(path), fresh);
    const stored = objects.get(`raw/new-${i}`) as object;
    objects.delete(`raw/new-${i}`);
    objects.set(`raw/${path}`, { ...stored, name: `raw/${path}` });
  }
}

async function canBeReadAndRemoved(files: FileSystem, bucket: Bucket): Promise<void> {
  await fill(files, bucket);
  const listed = await collect(files.list(''));
  expect(listed.map(({ path }) => path).sort()).toEqual([...odd].sort());
  for (const { path, bytes: size, etag } of listed) {
    expect(await files.stat(path)).toMatchObject({ path, bytes: size });
    expect(text(await files.read(path, undefined, { etag }))).toBe(path);
    expect(text(await files.read(path, { start: 1, end: 3 }))).toBe(path.slice(1, 3));
    await expect(files.put(path, bytes('x'), fresh)).rejects.toMatchObject({ code: 'HYG-4001' });
  }
  for (const path of odd) await files.remove(path);
  expect(bucket.objects.size).toBe(0);
}

describe('keys that are no path of a local disk can be read and removed, and are never made', () => {
  test('in S3', async () => {
    await using server = await startS3Server();
    const bucket = server.bucket('lake');
    await canBeReadAndRemoved(await lakeAt(server), bucket as unknown as Bucket);
    expect(server.notTaught).toEqual([]);
  });

  test('in Google Cloud Storage', async () => {
    await using server = await startGcsServer();
    const bucket = server.bucket('lake');
    const how = { endpoint: server.url, keys: { key_file: server.keyFile }, random: realRandom(), network: testNetwork };
    await canBeReadAndRemoved(gcsFileSystem({ url: 'gs://lake/raw', bucket: 'lake', folder: 'raw', ...how }), bucket as unknown as Bucket);
    expect(server.notTaught).toEqual([]);
  });
});
