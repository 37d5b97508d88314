import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { type RadosgwAddress, radosgwProblem, startRadosgw } from '../radosgw-process.ts';
import type { LakeKind, TestLake } from './lake.ts';

const usual = 'lake';

/** A new bucket. @param address where hygge finds the service, if not where it is: a proxy's. */
export async function lakeInRadosgw(radosgw: RadosgwAddress, Bucket = usual, address = radosgw.endpoint): Promise<TestLake> {
  const { endpoint, accessKeyId, secretAccessKey } = radosgw;
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  await client.send(new CreateBucketCommand({ Bucket }));
  async function* keys(Prefix: string): AsyncGenerator<string> {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix }))
      for (const { Key } of Contents) if (Key !== undefined) yield Key;
  }
  return {
    side: (path, more) =>
      `{ type: s3, bucket: ${Bucket}, region: us-east-1, endpoint: "${address}", access_key_id: "${accessKeyId}", secret_access_key: "\${LAKE_KEY}", path: "${path}"${more === undefined ? '' : `, ${more}`} }`,
    env: { LAKE_KEY: secretAccessKey },
    sdk: { kind: 's3', endpoint, region: 'us-east-1', bucket: Bucket, accessKeyId, secretAccessKey },
    async download(folder, to) {
      const prefix = folder === '' ? '' : `${folder}/`;
      for await (const Key of keys(prefix)) {
        const path = join(to, Key.slice(prefix.length));
        await mkdir(dirname(path), { recursive: true });
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        if (!(Body instanceof Readable)) throw new Error(`${Key} has no body`);
        await pipeline(Body, createWriteStream(path));
      }
    },
    async unfinished() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
      return Uploads.map(({ Key = '', UploadId = '' }) => `${Key} (${UploadId})`);
    },
    async empty() {
      for await (const Key of keys('')) await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
}

async function start(): Promise<TestLake> {
  const radosgw = await startRadosgw();
  const lake = await lakeInRadosgw(radosgw);
  return {
    ...lake,
    async [Symbol.asyncDispose]() {
      await lake[Symbol.asyncDispose]();
      await radosgw[Symbol.asyncDispose]();
    },
  };
}

const missing = radosgwProblem();

/** Amazon S3, played by Ceph's radosgw. */
export const s3Lake: LakeKind = { name: 's3', ...(missing === '' ? {} : { missing }), start };
