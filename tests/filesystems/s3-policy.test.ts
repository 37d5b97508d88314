import { expect, test } from 'vitest';
import * as z from 'zod';
import { s3 } from '../../src/files/systems/s3.ts';
import { collect } from '../support/collect.ts';
import { startS3Server } from '../support/s3-server/server.ts';
import { bytes, fresh, lakeAt, streamOf } from './s3-lake.ts';

const policy = {
  encryption: 'aws:kms',
  kmsKey: 'arn:aws:kms:eu-central-1:123456789012:key/k',
  acl: 'bucket-owner-full-control',
  storageClass: 'STANDARD_IA',
  requesterPays: true,
} as const;
const asked = {
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': policy.kmsKey,
  'x-amz-acl': 'bucket-owner-full-control',
  'x-amz-storage-class': 'STANDARD_IA',
};

test('a bucket whose policy asks for encryption, an ACL, a class and a payer gets them with all that is made, and pays for nothing', async () => {
  await using server = await startS3Server();
  const bucket = server.bucket('lake');
  // As a policy does that denies what comes without them.
  server.forbid(({ request: { method, query, headers } }) => {
    const makes = (method === 'PUT' && !query.has('partNumber')) || (method === 'POST' && query.has('uploads'));
    const isMissing = makes && Object.entries(asked).some(([name, value]) => headers[name] !== value);
    return isMissing || headers['x-amz-request-payer'] !== 'requester';
  });
  const files = await lakeAt(server, { policy });
  const put = await files.put('head.json', bytes('1'), fresh);
  expect(put).toMatchObject({ outcome: 'written' });
  expect(await files.put('head.json', bytes('2'), { ifMatch: put.outcome === 'written' ? put.etag : '' })).toMatchObject({
    outcome: 'written',
  });
  const staged = await files.stage({ staged: '_s/a', final: 'a' }, streamOf('rows'));
  expect(await files.publish(staged)).toBe('published');
  const other = await files.stage({ staged: '_s/b', final: 'b' }, streamOf('rows'));
  expect(await collect(files.staged('_s'))).toHaveLength(1);
  await files.discard(other);
  expect((await collect(files.list(''))).map(({ path }) => path)).toContain('a');
  expect(await files.stat('a')).toMatchObject({ bytes: 4 });
  expect(Buffer.from(await files.read('a', { start: 0, end: 2 })).toString()).toBe('ro');
  await files.remove('a');
  expect([...bucket.objects.keys()]).toEqual(['raw/head.json']);
  // Without them the same bucket can't be written.
  await expect((await lakeAt(server)).put('x', bytes('x'), fresh)).rejects.toMatchObject({ code: 'HYG-6401' });
});

test('an intent keeps what its bucket asks for, for the process that finishes it', () => {
  const config = { bucket: 'lake', server_side_encryption: 'aws:kms', kms_key_id: 'k', acl: 'bucket-owner-full-control' } as const;
  expect(s3.address({ ...config, access_key_id: 'AKIA' })).toEqual(config);
  expect(s3.recall(s3.address(config), null)).toEqual(config);
});

test('a key of KMS without encryption by KMS is a mistake', () => {
  expect(s3.clash?.({ bucket: 'lake', kms_key_id: 'k' })).toMatchObject({ key: 'kms_key_id' });
  expect(s3.clash?.({ bucket: 'lake', kms_key_id: 'k', server_side_encryption: 'aws:kms' })).toBeUndefined();
});

test('an access point is in the place of a bucket, by its ARN', () => {
  const arn = 'arn:aws:s3:eu-central-1:123456789012:accesspoint/lake';
  expect(s3.locate(`s3://${arn}/raw/orders`)).toEqual({ keys: { bucket: arn }, path: 'raw/orders' });
  expect(s3.url({ bucket: arn }, 'raw/orders')).toBe(`s3://${arn}/raw/orders`);
  expect(z.object(s3.keys).safeParse({ bucket: arn }).success).toBe(true);
  const needs = s3.requirements({ bucket: arn }, 'read');
  expect(needs).toContainEqual({ need: 'role', system: 's3', doing: ['read'], role: 's3:ListBucket', resource: { arn } });
  expect(needs).toContainEqual({
    need: 'role',
    system: 's3',
    doing: ['read'],
    role: 's3:GetObject',
    resource: { arn: `${arn}/object/*` },
  });
  expect(needs).toContainEqual({ need: 'host', name: 'lake-123456789012.s3-accesspoint.eu-central-1.amazonaws.com' });
});

test('debug lists the rights that a policy brings with it', () => {
  const config = { bucket: 'lake', kms_key_id: 'arn:k', server_side_encryption: 'aws:kms', acl: 'bucket-owner-full-control' } as const;
  const roles = s3.requirements(config, 'write').flatMap((one) => (one.need === 'role' ? [`${one.role} ${one.resource.arn}`] : []));
  expect(roles).toEqual(expect.arrayContaining(['s3:PutObjectAcl arn:aws:s3:::lake/*', 'kms:GenerateDataKey arn:k', 'kms:Decrypt arn:k']));
});
