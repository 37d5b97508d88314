import { afterAll, beforeAll, describe } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import { oneLakeFileSystem } from '../../src/filesystems/onelake/onelake.ts';
import { type S3Options, s3FileSystem } from '../../src/filesystems/s3/s3.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { Secret } from '../../src/ports/secret.ts';
import { objectsState } from '../../src/state/objects/state.ts';
import { type AdlsStage, adlsStage, fabricPlace } from '../filesystems/adls-stage.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { type Bucket, noRadosgw, radosgwBucket } from '../support/radosgw.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { stateConformance } from '../support/state-conformance.ts';
import { testNetwork } from '../support/test-network.ts';

/** What every place of state must do, in every system of files that there is beside the one that CI does it in. */
const random = realRandom();

async function stateIn(open: () => Promise<FileSystem>) {
  const [files, others] = [await open(), await open()];
  return { state: objectsState({ files }), another: objectsState({ files: others }), [Symbol.asyncDispose]: async () => undefined };
}

describe('next to the data in hierarchical storage of Azure', () => {
  let stage: AdlsStage;
  beforeAll(async () => {
    stage = await adlsStage();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  stateConformance('state in ADLS', () => {
    const place = stage.place(stage.folder());
    return stateIn(() => adlsFileSystem(place, { random, network: testNetwork }));
  });
  stateConformance('state in OneLake', () => {
    const place = fabricPlace(stage.folder());
    return stateIn(() => oneLakeFileSystem(place, { random, network: testNetwork }));
  });
});

describe('next to the data in a bucket', () => {
  let gcs: GcsServer;
  let s3: S3Server;
  let buckets = 0;
  beforeAll(async () => {
    [gcs, s3] = await Promise.all([startGcsServer(), startS3Server()]);
    s3.bucket('lake');
  });
  afterAll(async () => {
    await Promise.all([gcs[Symbol.asyncDispose](), s3[Symbol.asyncDispose]()]);
  });

  stateConformance('state in GCS', () => {
    const bucket = `state-${++buckets}`;
    gcs.bucket(bucket);
    const place = { url: `gs://${bucket}/lake`, bucket, folder: 'lake', endpoint: gcs.url, keys: { key_file: gcs.keyFile } };
    return stateIn(async () => gcsFileSystem({ ...place, random, network: testNetwork }));
  });
  stateConformance('state in S3', () => {
    const keys = { access_key_id: s3.accessKeyId, secret_access_key: new Secret(s3.secretAccessKey) };
    const folder = `state/${++buckets}`;
    const options: S3Options = {
      bucket: 'lake',
      region: 'us-east-1',
      endpoint: s3.url,
      pathStyle: true,
      keys,
      folder,
      random,
      network: testNetwork,
    };
    return stateIn(() => s3FileSystem(options));
  });
});

const problem = noRadosgw();

describe.skipIf(problem !== '')(`beside the data in radosgw${problem && ` (${problem})`}`, () => {
  let bucket: Bucket;
  let folders = 0;
  beforeAll(async () => {
    bucket = await radosgwBucket('state');
  });

  stateConformance('state in radosgw', () => {
    const { endpoint, accessKeyId: access_key_id, secretAccessKey } = bucket;
    const keys = { access_key_id, secret_access_key: new Secret(secretAccessKey) };
    const options: S3Options = {
      ...{ bucket: bucket.bucket, region: undefined, endpoint, pathStyle: true, keys },
      ...{ folder: `state ${++folders}/é`, random, network: testNetwork },
    };
    return stateIn(() => s3FileSystem(options));
  });
});
