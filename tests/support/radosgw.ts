import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { inject } from 'vitest';
import type { RadosgwAddress } from './radosgw-process.ts';

/** Why tests with radosgw are skipped; '' when they are not. */
export const noRadosgw = (): string => inject('radosgw').problem;

export interface Bucket extends RadosgwAddress {
  readonly bucket: string;
}

/** The one radosgw of this vitest run. */
export async function sharedRadosgw(): Promise<RadosgwAddress> {
  const answer = await fetch(inject('radosgw').url);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as RadosgwAddress;
}

/** A bucket of its own in the one radosgw of this vitest run. @param name lower-case letters and dashes, used once. */
export async function radosgwBucket(name: string): Promise<Bucket> {
  const address = await sharedRadosgw();
  await clientOf(address).send(new CreateBucketCommand({ Bucket: name }));
  return { ...address, bucket: name };
}

/** The SDK as it comes, for what the tests look at and plant past hygge. */
export function clientOf({ endpoint, accessKeyId, secretAccessKey }: Omit<RadosgwAddress, 'conf'>): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}
