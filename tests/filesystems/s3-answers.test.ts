import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { retry } from '../../src/ports/retry.ts';
import { Secret } from '../../src/ports/secret.ts';
import { collect } from '../support/collect.ts';
import { type Answered, errorBody } from '../support/s3-server/asked.ts';
import type { Bucket } from '../support/s3-server/bucket.ts';
import { type S3Server, type Seen, startS3Server } from '../support/s3-server/server.ts';
import { bytes, fresh, keysOf, lakeAt, streamOf, text, thrownBy } from './s3-lake.ts';

let server: S3Server;
let bucket: Bucket;
let files: FileSystem;

beforeAll(async () => {
  server = await startS3Server();
  bucket = server.bucket('lake');
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  files = await lakeAt(server);
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.rule(() => undefined);
  server.forbid(() => false);
  server.region = 'us-east-1';
  server.pageSize = 100;
  server.knowsEncodings = true;
  bucket.isPublic = false;
  bucket.objects.clear();
  bucket.uploads.clear();
  expect(server.notTaught).toEqual([]);
});

const answer = (status: number, code: string): Answered => ({ status, body: errorBody({ code, more: {} }) });

/** The first of that operation is answered so, before or after it is carried out. */
function first(operation: Seen['operation'], reply: { readonly before: Answered } | { readonly after: Answered }): void {
  let met = false;
  server.rule((seen) => {
    if (met || seen.operation !== operation) return undefined;
    met = true;
    return reply;
  });
}

describe('bytes that were damaged on their way', () => {
  test.each(['BadDigest', 'XAmzContentSHA256Mismatch'])('are sent again when the service says %s', async (code) => {
    first('UploadPart', { before: answer(400, code) });
    await files.publish(await files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x')));
    expect(text(await files.read('data/a'))).toBe('x');
  });

  test('are told of when they are damaged each time', async () => {
    server.rule(({ operation }) => (operation === 'UploadPart' ? { before: answer(400, 'BadDigest') } : undefined));
    const thrown = await thrownBy(() => files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x')));
    expect(thrown).toMatchObject({ why: expect.arrayContaining([expect.stringContaining('BadDigest')]) });
    expect(await collect(files.staged('_s'))).toEqual([]);
  });
});

describe('a completion', () => {
  const stage = () => files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));

  test('that is answered 200 with an error inside, and was carried out, is seen to have been', async () => {
    const file = await stage();
    first('CompleteMultipartUpload', { after: answer(200, 'InternalError') });
    expect(await files.publish(file)).toBe('already');
    expect(text(await files.read('data/a'))).toBe('x');
  });

  test('that is answered 200 with an error inside, and was not, is asked for again', async () => {
    const file = await stage();
    first('CompleteMultipartUpload', { before: answer(200, 'InternalError') });
    await expect(files.publish(file)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(await files.publish(file)).toBe('published');
  });

  test('in conflict with another is asked for again', async () => {
    const file = await stage();
    first('CompleteMultipartUpload', { before: answer(409, 'ConditionalRequestConflict') });
    expect(await retry(() => files.publish(file))).toBe('published');
  });

  test('does not write over what came between the look and it', async () => {
    const file = await stage();
    server.rule(({ operation }) => {
      if (operation === 'CompleteMultipartUpload') bucket.objects.set('raw/data/a', plant('of someone else'));
      return undefined;
    });
    await expect(files.publish(file)).rejects.toMatchObject({ code: 'HYG-9401' });
    expect(text(bucket.object('raw/data/a').body)).toBe('of someone else');
  });
});

const plant = (content: string) => ({ body: Buffer.from(content), etag: '"planted"', at: new Date(0), metadata: {}, crc: undefined });

describe('small files', () => {
  test('in conflict with another writer are written again', async () => {
    first('PutObject', { before: answer(409, 'ConditionalRequestConflict') });
    expect(await files.put('head.json', bytes('x'), fresh)).toMatchObject({ outcome: 'written' });
  });

  test('are compared by the ETag in its quotes where the service wants that, and bare where it wants that', async () => {
    const put = await files.put('head.json', bytes('one'), fresh);
    const etag = put.outcome === 'written' ? put.etag : '';
    let bare = false;
    server.rule(({ request: { headers, key }, operation }) => {
      const wanted = headers['if-match'];
      if (operation !== 'PutObject' || wanted === undefined || key !== 'raw/head.json') return undefined;
      bare = !wanted.startsWith('"');
      return bare ? { before: { status: 200, headers: { etag: '"next"' } } } : { before: answer(412, 'PreconditionFailed') };
    });
    expect(await files.put('head.json', bytes('two'), { ifMatch: etag })).toEqual({ outcome: 'written', etag: '"next"' });
    expect(bare).toBe(true);
  });

  test('whose ETag is another are refused in either form, with nothing written', async () => {
    await files.put('head.json', bytes('one'), fresh);
    expect(await files.put('head.json', bytes('two'), { ifMatch: '"0123"' })).toEqual({ outcome: 'refused' });
    expect(await files.put('head.json', bytes('two'), { ifMatch: '0123' })).toEqual({ outcome: 'refused' });
    expect(text((await files.get('head.json'))?.body)).toBe('one');
  });
});

describe('listings', () => {
  test.each([true, false])('go on over pages, whatever the names are (the service encodes them: %s)', async (knowsEncodings) => {
    server.pageSize = 2;
    server.knowsEncodings = knowsEncodings;
    const paths = ['a b', 'a+b', 'a&b<c>', 'ü/ö', '日本/語', 'z%2Fz'];
    for (const path of paths) bucket.objects.set(`raw/${path}`, plant(path));
    const found = (await collect(files.list(''))).map(({ path }) => path);
    expect(new Set(found)).toEqual(new Set(paths));
    for (const path of paths) expect(text(await files.read(path))).toBe(path);
  });

  test('pass over the empty objects that stand for folders', async () => {
    bucket.objects.set('raw/', plant(''));
    bucket.objects.set('raw/folder/', plant(''));
    bucket.objects.set('raw/folder/file', plant('x'));
    expect((await collect(files.list(''))).map(({ path }) => path)).toEqual(['folder/file']);
  });

  test('of open uploads continue over pages, so that a twin of an upload goes too', async () => {
    server.pageSize = 1;
    first('CreateMultipartUpload', { after: answer(500, 'InternalError') });
    const file = await files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));
    await files.stage({ staged: '_s/b', final: 'data/ab' }, streamOf('y'));
    expect(bucket.uploads.size).toBe(3);
    expect(await files.publish(file)).toBe('published');
    expect([...bucket.uploads.values()].map(({ key }) => key)).toEqual(['raw/data/ab']);
  });
});

test('bytes that are not those that were written are read again', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.url);
  const aws = await lakeAt(server, { endpoint: undefined });
  await aws.put('a', bytes('whole'), fresh);
  const damaged = { 'content-length': '5', 'x-amz-checksum-crc32': 'AAAAAA==' };
  first('GetObject', { before: { status: 200, headers: damaged, body: 'hurt.' } });
  expect(text(await aws.read('a'))).toBe('whole');
});

test('a path whose key is longer than S3 takes is refused before it is sent', async () => {
  const long = Array.from({ length: 6 }, () => 'x'.repeat(200)).join('/');
  await expect(files.get(long)).rejects.toMatchObject({ code: 'HYG-4008' });
});

test('the time is that of the service', async () => {
  first('ListObjectsV2', { before: { ...answer(500, 'InternalError'), headers: { date: 'Thu, 01 Jan 2099 00:00:00 GMT' } } });
  await collect(files.list(''));
  expect(files.now?.()).toMatch(/^20(99-01-01T00:00|\d\d-)/);
});

describe('a bucket in another region', () => {
  test('is followed there once, and remembered', async () => {
    server.region = 'eu-north-1';
    const elsewhere = await lakeAt(server, { bucket: 'elsewhere', folder: '' });
    server.bucket('elsewhere').objects.set('a', plant('found'));
    const before = server.seen.length;
    expect(text(await elsewhere.read('a'))).toBe('found');
    expect(text(await elsewhere.read('a'))).toBe('found');
    expect(server.seen.length - before).toBe(3);
    expect((await elsewhere.put('b', bytes('x'), fresh)).outcome).toBe('written');
  });

  test('that does not say which is an error that asks for it', async () => {
    server.rule(() => ({ before: answer(301, 'PermanentRedirect') }));
    const error = await thrownBy(() => files.get('a'));
    expect(error).toMatchObject({ code: 'HYG-6404', transient: false, tryThis: [expect.stringContaining('region:')] });
  });
});

describe('who is refused', () => {
  test.each([
    ['reading', 'GetObject', 's3:GetObject on arn:aws:s3:::lake/raw/*', () => files.read('a')],
    ['looking', 'HeadObject', 's3:GetObject on arn:aws:s3:::lake/raw/*', () => files.stat('a')],
    ['listing', 'ListObjectsV2', 's3:ListBucket on arn:aws:s3:::lake', () => collect(files.list(''))],
    ['writing', 'PutObject', 's3:PutObject on arn:aws:s3:::lake/raw/*', () => files.put('a', bytes('x'), fresh)],
    ['removing', 'DeleteObject', 's3:DeleteObject on arn:aws:s3:::lake/raw/*', () => files.remove('a')],
  ] as const)('%s is told the permission that is missing', async (_, operation, right, call) => {
    const related = operation === 'HeadObject' ? ['HeadObject', 'GetObject'] : [operation];
    server.forbid((seen) => related.includes(seen.operation));
    const error = await thrownBy(call);
    expect(error).toMatchObject({ code: 'HYG-6401', transient: false });
    expect((error as HyggeError).tryThis[0]).toContain(right);
  });

  test.each([
    ['AbortMultipartUpload', 's3:AbortMultipartUpload on arn:aws:s3:::lake/raw/*'],
    ['ListMultipartUploads', 's3:ListBucketMultipartUploads on arn:aws:s3:::lake.'],
    ['ListParts', 's3:ListMultipartUploadParts on arn:aws:s3:::lake/raw/*'],
  ] as const)('sweeping without the right to %s is told so', async (operation, right) => {
    const { staged } = await files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));
    server.forbid((seen) => seen.operation === operation);
    const error = await thrownBy(() => files.discard({ staged }));
    expect(error).toMatchObject({ code: 'HYG-6401' });
    expect((error as HyggeError).tryThis[0]).toContain(right);
  });

  test('a wrong secret is no missing right, and is not shown', async () => {
    const keys = { access_key_id: server.accessKeyId, secret_access_key: new Secret('tip of the hat') };
    const wrong = await lakeAt(server, { keys });
    for (const call of [() => wrong.stat('a'), () => wrong.get('a'), () => wrong.put('a', bytes('x'), fresh)]) {
      const error = await thrownBy(call);
      expect(error).toMatchObject({ code: 'HYG-6402', tryThis: [expect.stringContaining('secret_access_key'), expect.any(String)] });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/tip of the hat|AWS4-HMAC/);
    }
  });

  test('an unknown key is told how to sign in', async () => {
    const unknown = await lakeAt(server, { keys: { ...keysOf(server), access_key_id: 'AKIANOBODY' } });
    await expect(collect(unknown.list(''))).rejects.toMatchObject({ code: 'HYG-6402' });
  });

  test('a key or token with a line break at its end is told to be whole, at once', async () => {
    const read = `${keysOf(server).access_key_id}\n`;
    for (const keys of [
      { ...keysOf(server), access_key_id: read },
      { ...keysOf(server), session_token: new Secret('from a file\n') },
    ]) {
      const broken = await lakeAt(server, { keys });
      for (const call of [() => broken.get('a'), () => broken.put('a', bytes('x'), fresh)])
        expect(await thrownBy(call)).toMatchObject({
          code: 'HYG-6402',
          transient: false,
          tryThis: [expect.stringContaining('whole'), expect.any(String)],
        });
    }
  });

  test('anonymously one reads what is public, and is told so of the rest', async () => {
    const anonymous = await lakeAt(server, { keys: { credential: 'anonymous' } });
    await files.put('a', bytes('for all'), fresh);
    const error = await thrownBy(() => anonymous.get('a'));
    expect(error).toMatchObject({ code: 'HYG-6401' });
    bucket.isPublic = true;
    expect(text(await anonymous.read('a'))).toBe('for all');
    expect(await collect(anonymous.list(''))).toHaveLength(1);
    await expect(anonymous.put('b', bytes('x'), fresh)).rejects.toMatchObject({ code: 'HYG-6401' });
  });

  test('a file in an archive is no missing right', async () => {
    first('GetObject', { before: answer(403, 'InvalidObjectState') });
    const error = await thrownBy(() => files.read('a'));
    expect(error).toMatchObject({ code: 'HYG-6404', transient: false, tryThis: [expect.stringContaining('Restore')] });
  });

  test('a clock that is wrong is asked about again, then told', async () => {
    first('GetObject', { before: answer(403, 'RequestTimeTooSkewed') });
    expect(await files.get('a')).toBeUndefined();
    server.rule(() => ({ before: answer(403, 'RequestTimeTooSkewed') }));
    await expect(files.get('a')).rejects.toMatchObject({ code: 'HYG-6402', what: expect.stringContaining('s3://lake/raw') });
  });

  test('is told what a page is, and that it changes; of other files nothing', async () => {
    await files.put('hygge/status.html', bytes('x'), fresh);
    await files.put('head.json', bytes('x'), fresh);
    const sent = server.seen.slice(-2).map(({ request: { headers } }) => [headers['content-type'], headers['cache-control']]);
    expect(sent).toEqual([
      ['text/html; charset=utf-8', 'no-cache'],
      ['application/octet-stream', undefined],
    ]);
  });

  test('a bucket that is not there is named', async () => {
    const nowhere = await lakeAt(server, { bucket: 'nowhere-at-all' });
    for (const call of [() => nowhere.get('a'), () => nowhere.put('a', bytes('x'), fresh), () => collect(nowhere.list(''))]) {
      const error = await thrownBy(call);
      expect(error).toMatchObject({ code: 'HYG-6403', what: expect.stringContaining('nowhere-at-all') });
    }
  });

  test('a service that is not there is no unknown outcome: nothing was sent', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => closed.once('listening', listening));
    const { port } = closed.address() as { port: number };
    await new Promise((gone) => closed.close(gone));
    const nobody = await lakeAt(server, { endpoint: `http://127.0.0.1:${port}` });
    const error = await thrownBy(() => nobody.put('a', bytes('x'), fresh));
    expect(error).toBeInstanceOf(HyggeError);
    expect(error).toMatchObject({ code: 'HYG-6404', transient: true });
  });
});
