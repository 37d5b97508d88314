import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { type S3Options, s3FileSystem } from '../../src/filesystems/s3/s3.ts';
import { retry } from '../../src/ports/retry.ts';
import { Secret } from '../../src/ports/secret.ts';
import { collect } from '../support/collect.ts';
import { filesystemConformance } from '../support/filesystem-conformance.ts';
import { type Bucket, clientOf, noRadosgw, radosgwBucket } from '../support/radosgw.ts';
import { testNetwork } from '../support/test-network.ts';
import { streamOf } from './s3-lake.ts';

const problem = noRadosgw();

describe.skipIf(problem !== '')(`S3 as radosgw speaks it${problem && ` (${problem})`}`, () => {
  let bucket: Bucket;
  let trees = 0;

  beforeAll(async () => {
    bucket = await radosgwBucket('conformance');
  });

  function optionsOf(folder: string): S3Options {
    const { endpoint, accessKeyId: access_key_id, secretAccessKey } = bucket;
    const keys = { access_key_id, secret_access_key: new Secret(secretAccessKey) };
    return {
      bucket: bucket.bucket,
      region: undefined,
      endpoint,
      pathStyle: true,
      keys,
      folder,
      random: realRandom(),
      network: testNetwork,
    };
  }

  filesystemConformance('radosgw', async () => {
    const options = optionsOf(`tree ${++trees}/é`);
    const [files, another] = await Promise.all([s3FileSystem(options), s3FileSystem(options)]);
    return { files, another, [Symbol.asyncDispose]: async () => undefined };
  });

  async function openUploads(tree: string): Promise<readonly string[]> {
    const command = new ListMultipartUploadsCommand({ Bucket: bucket.bucket, Prefix: `${tree}/` });
    const { Uploads = [] } = await clientOf(bucket).send(command);
    return Uploads.map(({ Key = '' }) => Key);
  }

  test('a part that arrives after its upload was swept is refused, and so is its file', async () => {
    const files = await s3FileSystem(optionsOf('zombie'));
    const sweeping = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(7 * 1024 * 1024);
      for await (const file of files.staged('')) await files.discard(file);
      yield new Uint8Array(7 * 1024 * 1024);
    };
    await expect(files.stage({ staged: '_s/a', final: 'data/a' }, sweeping())).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(await openUploads('zombie')).toEqual([]);
    expect(await collect(files.staged(''))).toEqual([]);
  });

  test('published and discarded at once, a file is there or it is not, and nothing is open', async () => {
    const files = await s3FileSystem(optionsOf('race'));
    const one = async (i: number): Promise<void> => {
      const file = await files.stage({ staged: `_s/${i}`, final: `data/${i}` }, streamOf('x'));
      const [outcome] = await Promise.all([retry(() => files.publish(file)), retry(() => files.discard(file))]);
      expect((await files.stat(`data/${i}`)) !== undefined).toBe(outcome !== 'gone');
    };
    await Promise.all(Array.from({ length: 8 }, (_, i) => one(i)));
    expect(await openUploads('race')).toEqual([]);
    expect(await collect(files.staged(''))).toEqual([]);
  });

  test('what was staged and never published holds nothing back but its upload, until it is swept', async () => {
    const files = await s3FileSystem(optionsOf('open'));
    for (const name of ['a', 'b']) await files.stage({ staged: `_s/${name}`, final: `data/ü ${name}` }, streamOf(name));
    expect(await openUploads('open')).toEqual(['open/data/ü a', 'open/data/ü b']);
    expect(await collect(files.list(''))).toEqual([]);
    for await (const file of files.staged('_s')) await files.discard(file);
    expect(await openUploads('open')).toEqual([]);
  });
});
