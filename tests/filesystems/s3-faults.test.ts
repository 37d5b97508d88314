import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown, retry } from '../../src/ports/retry.ts';
import { collect } from '../support/collect.ts';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import { remoteFaults, sweep } from '../support/remote-faults.ts';
import type { Bucket } from '../support/s3-server/bucket.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { bytes, lakeAt, streamOf, text } from './s3-lake.ts';

let server: S3Server;
let proxy: FaultProxy;
let bucket: Bucket;
let waits: number[];
/** By the way that loses things, and by the straight one. */
let files: FileSystem;
let straight: FileSystem;

beforeAll(async () => {
  server = await startS3Server();
  proxy = await startFaultProxy(server.url);
  bucket = server.bucket('lake');
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  waits = [];
  files = await lakeAt(server, { endpoint: proxy.url, waits });
  straight = await lakeAt(server);
});
afterEach(() => {
  proxy.rule(() => undefined);
  bucket.objects.clear();
  bucket.uploads.clear();
  expect(server.notTaught).toEqual([]);
});

const kinds = {
  mark: ({ method, path }: SeenRequest) => method === 'PUT' && path.includes('.hygge-staged-'),
  open: ({ method, path }: SeenRequest) => method === 'POST' && /\?uploads/.test(path),
  part: ({ method, path }: SeenRequest) => method === 'PUT' && path.includes('partNumber='),
  'look at the mark': ({ method, path }: SeenRequest) => method === 'GET' && path.includes('.hygge-staged-'),
  complete: ({ method, path }: SeenRequest) => method === 'POST' && path.includes('uploadId='),
  'end of the mark': ({ method, path }: SeenRequest) => method === 'DELETE' && path.includes('.hygge-staged-'),
  abort: ({ method, path }: SeenRequest) => method === 'DELETE' && path.includes('uploadId='),
  'list of parts': ({ method, path }: SeenRequest) => method === 'GET' && path.includes('uploadId='),
  put: ({ method, path }: SeenRequest) => method === 'PUT' && path.includes('/head'),
  get: ({ method, path }: SeenRequest) => method === 'GET' && path.includes('/head'),
  read: ({ method, path }: SeenRequest) => method === 'GET' && path.includes('/data/'),
  head: ({ method }: SeenRequest) => method === 'HEAD',
  list: ({ method, path }: SeenRequest) => method === 'GET' && path.includes('list-type=2'),
  remove: ({ method, path }: SeenRequest) => method === 'DELETE' && path.includes('/old.bin'),
} as const;

/** The first of a kind meets the fault; answers whether there was one. */
function once(kind: keyof typeof kinds, fault: Fault): () => boolean {
  let met = false;
  proxy.rule((seen) => {
    if (met || !kinds[kind](seen)) return undefined;
    met = true;
    return fault;
  });
  return () => met;
}

const isStaged = (key: string) => key.includes('_s/');

remoteFaults<keyof typeof kinds>('S3', {
  open: async () => ({
    files,
    straight,
    rule: (decide) => proxy.rule((seen) => decide((Object.keys(kinds) as (keyof typeof kinds)[]).find((kind) => kinds[kind](seen)))),
    left: async () => [...bucket.keys('').filter(isStaged), ...[...bucket.uploads.keys()].map((id) => `upload ${id}`)],
  }),
  kinds: Object.keys(kinds) as (keyof typeof kinds)[],
  steps: { put: 'put', publish: 'complete', stage: 'open' },
  looksItself: true,
  busy: (retryAfter) => ({ status: 503, code: 'SlowDown', retryAfter }),
  large: { bytes: 20_000 },
});

test('a request without an answer, after one that was told to slow down, waits as any without an answer', async () => {
  const met: Fault[] = [{ status: 503, code: 'SlowDown', retryAfter: 3 }, 'drop before'];
  proxy.rule((seen) => (kinds.list(seen) ? met.shift() : undefined));
  await collect(files.list(''));
  expect(waits).toEqual([3000, 500]);
});

describe('what was staged in vain', () => {
  const stage = () => files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));

  test('keeps its mark as long as its upload may yet come to be', async () => {
    proxy.rule((seen) => (kinds.open(seen) ? { status: 500 } : undefined));
    await expect(stage()).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
    expect(await collect(straight.staged('_s'))).toEqual([{ staged: '_s/a' }]);
    await sweep(straight);
    expect(bucket.keys('')).toEqual([]);
  });

  test.each(['drop before', 'drop after'] as const)(
    'leaves no upload when its source breaks off after the first try to open one meets “%s”',
    async (fault) => {
      const met = once('open', fault);
      const breaking = async function* () {
        yield bytes('x');
        throw new RangeError('broken off');
      };
      await expect(files.stage({ staged: '_s/a', final: 'data/a' }, breaking())).rejects.toThrow('broken off');
      expect(met()).toBe(true);
      expect([bucket.uploads.size, bucket.keys('')]).toEqual([0, []]);
    },
  );

  test('leaves no upload when it is discarded after one was opened twice', async () => {
    once('open', 'drop after');
    await files.discard(await stage());
    expect([bucket.uploads.size, bucket.keys('')]).toEqual([0, []]);
  });

  test('leaves nothing when its upload was refused', async () => {
    server.forbid(({ operation }) => operation === 'CreateMultipartUpload');
    await expect(stage()).rejects.toMatchObject({ code: 'HYG-6401' });
    server.forbid(() => false);
    expect(bucket.keys('')).toEqual([]);
  });
});

function held(kind: keyof typeof kinds, at: FaultProxy = proxy): { readonly came: Promise<void>; readonly release: () => void } {
  const arrival = Promise.withResolvers<void>();
  const hold = Promise.withResolvers<void>();
  let met = false;
  at.rule((seen) => {
    if (met || !kinds[kind](seen)) return undefined;
    met = true;
    arrival.resolve();
    return { hold: hold.promise };
  });
  return { came: arrival.promise, release: hold.resolve };
}

describe('a zombie', () => {
  test.each(['open', 'part', 'look at the mark'] as const)('whose request to %s arrives after the sweep leaves nothing', async (kind) => {
    const { came, release } = held(kind);
    const staging = files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));
    await came;
    await sweep(straight);
    release();
    await expect(staging).rejects.toThrow(OutcomeUnknown);
    expect(bucket.uploads.size).toBe(0);
    expect(bucket.keys('')).toEqual([]);
  });

  test('that opens its upload while a sweep takes its mark away has nothing to publish', async () => {
    await using way = await startFaultProxy(server.url);
    const sweeper = await lakeAt(server, { endpoint: way.url });
    const opening = held('open');
    const staging = files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));
    await opening.came;
    const ending = held('end of the mark', way);
    const discarding = sweeper.discard({ staged: '_s/a' });
    await ending.came;
    opening.release();
    const file = await staging;
    ending.release();
    await discarding;
    expect(await retry(() => files.publish(file))).toBe('gone');
    expect(bucket.uploads.size).toBe(0);
    expect(bucket.keys('')).toEqual([]);
  });

  test('that discards late does not hurt what was published', async () => {
    const file = await straight.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));
    const { came, release } = held('abort');
    const discarding = files.discard(file);
    await came;
    expect(await straight.publish(file)).toBe('published');
    release();
    await discarding;
    expect(text(await straight.read('data/a'))).toBe('x');
  });
});

test('of two who complete the same upload, one whose answer is lost, both find the one file', async () => {
  const file = await straight.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));
  once('complete', 'drop after');
  const outcomes = await Promise.all([retry(() => files.publish(file)), retry(() => straight.publish(file))]);
  expect(outcomes.every((outcome) => outcome !== 'gone')).toBe(true);
  expect(bucket.keys('')).toEqual(['raw/data/a']);
});

describe('a completion whose answer is unclear', () => {
  /** The looks at what became of it: whether the upload is open, and what lies at its name. */
  const isLook = (seen: SeenRequest) => kinds['list of parts'](seen) || kinds.head(seen);

  test.each([1, 2, 3])('is no loss when a twin completes it before look %i', async (number) => {
    const file = await straight.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));
    const arrival = Promise.withResolvers<void>();
    const hold = Promise.withResolvers<void>();
    let lost = false;
    let looks = 0;
    proxy.rule((seen) => {
      if (kinds.complete(seen) && !lost) {
        lost = true;
        return 'drop before';
      }
      if (!lost || !isLook(seen) || ++looks !== number) return undefined;
      arrival.resolve();
      return { hold: hold.promise };
    });
    const publishing = retry(() => files.publish(file));
    await arrival.promise;
    expect(await straight.publish(file)).toBe('published');
    hold.resolve();
    expect(await publishing).toBe('already');
    expect(bucket.keys('')).toEqual(['raw/data/a']);
  });
});
