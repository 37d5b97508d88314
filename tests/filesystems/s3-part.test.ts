import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { S3Requests } from '../../src/filesystems/s3/requests.ts';
import { Uploads } from '../../src/filesystems/s3/uploads.ts';
import * as sdk from '../../src/remote/aws/s3-sdk.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { startS3Server } from '../support/s3-server/server.ts';
import { testNetwork } from '../support/test-network.ts';
import { bytes, keysOf } from './s3-lake.ts';

test.each([false, true])(
  'a part is signed with the hash that comes with it, which is not made again (with checksums: %s)',
  async (checksums) => {
    await using server = await startS3Server();
    server.bucket('lake');
    const settings = {
      bucket: 'lake',
      region: 'us-east-1',
      endpoint: server.url,
      pathStyle: true,
      keys: keysOf(server),
      network: testNetwork,
    };
    const requests = new S3Requests(sdk, settings, { prefix: '', url: 's3://lake' }, noWaiting());
    const uploads = new Uploads(sdk, requests, { checksums });
    const { id } = await uploads.open('data/a', 'write');
    const block = bytes('block');

    expect(await uploads.part('data/a', id, 1, { block, sha256: hash('sha256', block, 'buffer') })).toEqual(
      checksums ? [expect.any(String), expect.any(String)] : [expect.any(String)],
    );
    const other = hash('sha256', bytes('other'), 'buffer');
    const refused = expect.arrayContaining([expect.stringContaining('XAmzContentSHA256Mismatch')]);
    await expect(uploads.part('data/a', id, 1, { block, sha256: other })).rejects.toMatchObject({ why: refused });
  },
);

test('all open uploads of a name are ended, on however many pages they are listed, and no other one', async () => {
  await using server = await startS3Server();
  server.bucket('lake');
  server.pageSize = 2;
  const place = { bucket: 'lake', region: 'us-east-1', endpoint: server.url, pathStyle: true };
  const settings = { ...place, keys: keysOf(server), network: testNetwork };
  const uploads = new Uploads(sdk, new S3Requests(sdk, settings, { prefix: '', url: 's3://lake' }, noWaiting()), { checksums: false });
  const ids = await Promise.all(['1', '2', '3', '4', '5'].map(async (write) => (await uploads.open('data/a', write)).id));
  const other = await uploads.open('data/ab', '6');
  await uploads.abortAll('data/a');
  expect(await Promise.all(ids.map((id) => uploads.isOpen('data/a', id)))).toEqual(ids.map(() => false));
  expect(await uploads.isOpen('data/ab', other.id)).toBe(true);
});
