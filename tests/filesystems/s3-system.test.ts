import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type S3Keys, s3 } from '../../src/files/systems/s3.ts';
import { Secret } from '../../src/ports/secret.ts';

const role_arn = 'arn:aws:iam::123456789012:role/hygge';
const keys = { access_key_id: 'AKIA', secret_access_key: new Secret('of a test') };

describe('a URL of S3', () => {
  test.each([
    ['s3://lake/raw/orders', { keys: { bucket: 'lake' }, path: 'raw/orders' }],
    ['s3a://lake/raw/*.parquet', { keys: { bucket: 'lake' }, path: 'raw/*.parquet' }],
    ['s3://lake', { keys: { bucket: 'lake' }, path: '' }],
    ['s3://lake/', { keys: { bucket: 'lake' }, path: '' }],
    ['s3://lake/a b/{entity}/%41?#', { keys: { bucket: 'lake' }, path: 'a b/{entity}/%41?#' }],
    ['S3://lake/Raw', { keys: { bucket: 'lake' }, path: 'Raw' }],
  ])('%s', (url, located) => {
    expect(s3.locate(url)).toEqual(located);
  });

  test.each(['s3:/lake', 's3://', 's3b://lake', 'gs://lake/raw', 'lake/raw'])('%s is none', (url) => {
    expect(s3.locate(url)).toBeUndefined();
  });

  test('is what a place is called', () => {
    expect([s3.url({ bucket: 'lake' }, 'raw/a'), s3.url({ bucket: 'lake' }, '')]).toEqual(['s3://lake/raw/a', 's3://lake']);
  });
});

describe('what an intent keeps of a place', () => {
  const config: S3Keys = { bucket: 'lake', region: 'eu-central-1', endpoint: 'https://minio.example', path_style: true, ...keys };

  test('is where it is, and no credential', () => {
    expect(s3.address(config)).toEqual({ bucket: 'lake', region: 'eu-central-1', endpoint: 'https://minio.example', path_style: true });
    expect(s3.address({ bucket: 'lake', role_arn, entra_audience: 'api://hygge' })).toEqual({ bucket: 'lake' });
  });

  test('is entered with today’s credential for the same service, whatever bucket and folder the config has by now', () => {
    const today = { ...config, bucket: 'other', access_key_id: 'NEWER' };
    expect(s3.recall(s3.address(config), today)).toEqual({ ...config, access_key_id: 'NEWER' });
  });

  test('is the same however the address of its service is spelt', () => {
    const today = { ...config, endpoint: 'https://MinIO.example:443/' };
    const then = s3.address({ ...config, endpoint: 'https://minio.example' });
    expect(s3.recall(then, today)).toMatchObject({ endpoint: 'https://minio.example', access_key_id: config.access_key_id });
  });

  test('is never entered with a credential that was given for another service', () => {
    expect(s3.recall({ bucket: 'lake' }, config)).toEqual({ bucket: 'lake' });
    expect(s3.recall({ bucket: 'lake' }, null)).toEqual({ bucket: 'lake' });
  });
});

describe('what a config needs', () => {
  const needs = (config: object, doing: 'read' | 'write') =>
    s3
      .requirements({ bucket: 'lake', ...config }, doing)
      .map((one) => (one.need === 'role' ? `${one.role} ${one.resource.arn}` : `${one.need} ${one.name}`));

  test('to read: two rights, as narrow as the path', () => {
    expect(needs({ path: 'raw/orders/*.parquet' }, 'read')).toEqual([
      's3:ListBucket arn:aws:s3:::lake',
      's3:GetObject arn:aws:s3:::lake/raw/orders/*',
      'host lake.s3.amazonaws.com',
    ]);
  });

  test('to write: also those that open, list and end uploads', () => {
    expect(needs({ path: 'raw/orders', base: 'raw', region: 'eu-central-1' }, 'write')).toEqual([
      's3:ListBucket arn:aws:s3:::lake',
      's3:ListBucketMultipartUploads arn:aws:s3:::lake',
      ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'].map(
        (right) => `${right} arn:aws:s3:::lake/raw/*`,
      ),
      'host lake.s3.eu-central-1.amazonaws.com',
    ]);
  });

  test('of a folder, what is in it; of one file, that file and what begins like it', () => {
    expect(needs({ path: 'raw/orders' }, 'read')[1]).toBe('s3:GetObject arn:aws:s3:::lake/raw/orders/*');
    expect(needs({ path: 'raw/orders.csv' }, 'read')[1]).toBe('s3:GetObject arn:aws:s3:::lake/raw/orders.csv*');
  });

  test('of a role, the right to take it, and the hosts that give it', () => {
    expect(needs({ role_arn, entra_audience: 'api://hygge', region: 'eu-central-1' }, 'read').slice(2)).toEqual([
      `sts:AssumeRoleWithWebIdentity ${role_arn}`,
      'host lake.s3.eu-central-1.amazonaws.com',
      'host sts.eu-central-1.amazonaws.com',
      'host login.microsoftonline.com',
    ]);
  });

  test('elsewhere, the host of the endpoint; and a secret where one is written', () => {
    expect(needs({ endpoint: 'https://minio.example:9000', ...keys }, 'read').slice(2)).toEqual([
      'host minio.example:9000',
      'secret secret_access_key',
    ]);
  });
});

describe('a bucket', () => {
  const bucket = (name: string) => z.object(s3.keys).safeParse({ bucket: name }).success;

  test.each(['lake', 'my.bucket-1', 'Old_Bucket'])('may be called %s', (name) => {
    expect(bucket(name)).toBe(true);
  });

  test.each(['', 's3://lake', 'lake/raw', '-lake'])('may not be called %j', (name) => {
    expect(bucket(name)).toBe(false);
  });
});
