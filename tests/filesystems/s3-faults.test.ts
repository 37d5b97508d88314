import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FileSystem, StagedFile } from '../../src/ports/filesystem.ts';
import { mostSends, OutcomeUnknown, retry } from '../../src/ports/retry.ts';
import { collect } from '../support/collect.ts';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import type { Bucket } from '../support/s3-server/bucket.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { sampled } from '../support/samples.ts';
import { bytes, fresh, lakeAt, streamOf, sweep, text } from './s3-lake.ts';

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
  put: ({ method, path }: SeenRequest) => method === 'PUT' && path.includes('/head.json'),
  get: ({ method, path }: SeenRequest) => method === 'GET' && path.includes('/head.json'),
  read: ({ method, path }: SeenRequest) => method === 'GET' && path.includes('/part.bin'),
  head: ({ method }: SeenRequest) => method === 'HEAD',
  list: ({ method, path }: SeenRequest) => method === 'GET' && path.includes('list-type=2'),
  remove: ({ method, path }: SeenRequest) => method === 'DELETE' && path.includes('/old.bin'),
} as const;

const faults: Readonly<Record<string, Fault>> = {
  'is lost on its way': 'drop before',
  'is carried out and its answer lost': 'drop after',
  'is answered by half': 'cut',
  'is answered 500': { status: 500 },
  'is told to slow down': { status: 503, code: 'SlowDown', retryAfter: 2 },
};

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

let names = 0;

/** What is unknown is forgotten: the next try has names of its own. */
async function staged(final: string, ...pieces: readonly (string | Uint8Array)[]): Promise<StagedFile> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await files.stage({ staged: `_s/${++names}`, final: `${final}-${names}/part.bin` }, streamOf(...pieces));
    } catch (error) {
      if (!(error instanceof OutcomeUnknown) || attempt === 4) throw error;
    }
  }
}

/** As a commit writes: again until it is answered, and "refused" is compared. */
async function written(path: string, body: string, condition: Parameters<FileSystem['put']>[2]): Promise<string> {
  const put = await retry(() => files.put(path, bytes(body), condition));
  if (put.outcome === 'written') return put.etag;
  const found = await files.get(path);
  expect(text(found?.body)).toBe(body);
  return found?.etag ?? '';
}

/** Everything that a filesystem does, once. */
async function everything(): Promise<void> {
  const first = await staged('data', 'a part');
  expect(await retry(() => files.publish(first))).toBeOneOf(['published', 'already']);
  const etag = await written('head.json', 'one', fresh);
  await written('head.json', 'two', { ifMatch: etag });
  expect(text((await files.get('head.json'))?.body)).toBe('two');
  expect(text(await files.read(first.final, { start: 2, end: 6 }))).toBe('part');
  expect((await files.stat(first.final))?.bytes).toBe(6);
  const second = await staged('never', 'seen');
  await retry(() => files.discard(second));
  expect(await retry(() => files.publish(second))).toBe('gone');
  await files.put('old.bin', bytes('x'), fresh);
  await retry(() => files.remove('old.bin'));
  expect((await collect(files.list(''))).map(({ path }) => path)).toEqual([first.final, 'head.json']);
}

describe('a request that', () => {
  const cells = Object.entries(faults).flatMap(([name, fault]) =>
    (Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => ({ name, fault, kind })),
  );
  const writes = new Set(['mark', 'open', 'part', 'complete', 'end of the mark', 'abort', 'put', 'remove']);
  const isLostWrite = ({ fault, kind }: (typeof cells)[number]) => fault === 'drop after' && writes.has(kind);
  const others = cells.filter((cell) => !isLostWrite(cell));

  test.each([...cells.filter(isLostWrite), ...sampled(others, 5)])('$name: $kind', async ({ fault, kind }) => {
    const met = once(kind, fault);
    await everything();
    expect(met()).toBe(true);
    await sweep(straight);
    expect(bucket.uploads.size).toBe(0);
    expect(bucket.keys('').filter((key) => key.includes('_s/'))).toEqual([]);
  });

  test('is told to slow down is not sent before the time that it was told', async () => {
    once('list', { status: 503, code: 'SlowDown', retryAfter: 3 });
    await collect(files.list(''));
    expect(waits).toEqual([3000]);
  });

  test('may have been carried out is not sent twice by itself, and its sender learns how long to wait', async () => {
    once('put', { status: 503, code: 'InternalError', retryAfter: 3 });
    const before = proxy.seen.length;
    await expect(files.put('head.json', bytes('x'), fresh)).rejects.toMatchObject({ name: 'OutcomeUnknown', retryAfterMs: 3000 });
    expect(proxy.seen).toHaveLength(before + 1);
  });

  test('was surely not carried out, because there are too many, is sent again', async () => {
    once('put', { status: 503, code: 'SlowDown', retryAfter: 3 });
    expect((await files.put('head.json', bytes('x'), fresh)).outcome).toBe('written');
    expect(waits).toEqual([3000]);
  });

  test('is never answered is given up as transient', async () => {
    proxy.rule(() => 'drop before');
    await expect(files.get('head.json')).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
    expect(waits).toHaveLength(mostSends - 1);
  });
});

/** From request `n` on, nobody answers any more: what a process leaves that dies there. */
async function dieAfter(n: number, act: () => Promise<unknown>): Promise<boolean> {
  const from = proxy.seen.length;
  proxy.rule(({ number }) => (number > from + n ? 'drop before' : undefined));
  return act().then(
    () => false,
    () => true,
  );
}

describe('what was staged in vain', () => {
  const stage = () => files.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));

  test('keeps its mark as long as its upload may yet come to be', async () => {
    proxy.rule((seen) => (kinds.open(seen) ? { status: 500 } : undefined));
    await expect(stage()).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
    expect(await collect(straight.staged('_s'))).toEqual([{ staged: '_s/a' }]);
    await sweep(straight);
    expect(bucket.keys('')).toEqual([]);
  });

  test.each(['is lost on its way', 'is carried out and its answer lost'] as const)(
    'leaves no upload when its source breaks off after the first try to open one %s',
    async (fault) => {
      const met = once('open', faults[fault] as Fault);
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

describe('a process that dies', () => {
  test('at any request of staging leaves nothing that one sweep does not find', async () => {
    let n = 0;
    while (await dieAfter(n, () => files.stage({ staged: `_s/${n}`, final: `data/${n}` }, streamOf('content')))) {
      await sweep(straight);
      expect(bucket.uploads.size).toBe(0);
      expect(bucket.keys('raw/_s')).toEqual([]);
      n++;
    }
    expect(n).toBe(4);
  });

  test('at any request of publishing is gone on with by the next process', async () => {
    for (let n = 0; ; n++) {
      const file = await straight.stage({ staged: `_s/${n}`, final: `data/${n}` }, streamOf('content'));
      const died = await dieAfter(n, () => files.publish(file));
      expect(await straight.publish(file)).toBeOneOf(['published', 'already']);
      expect(text(await straight.read(`data/${n}`))).toBe('content');
      expect(bucket.keys('raw/_s')).toEqual([]);
      if (!died) break;
    }
  });

  test('at any request of discarding is gone on with by the next process', async () => {
    for (let n = 0; ; n++) {
      const { staged: name } = await straight.stage({ staged: `_s/${n}`, final: `data/${n}` }, streamOf('content'));
      const died = await dieAfter(n, () => files.discard({ staged: name }));
      await sweep(straight);
      expect(bucket.uploads.size).toBe(0);
      expect(bucket.keys('')).toEqual([]);
      if (!died) break;
    }
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
  test('that completes after the sweep finds its upload gone', async () => {
    const file = await straight.stage({ staged: '_s/a', final: 'data/a' }, streamOf('x'));
    const { came, release } = held('complete');
    const publishing = retry(() => files.publish(file));
    await came;
    await sweep(straight);
    release();
    expect(await publishing).toBe('gone');
    expect(bucket.keys('')).toEqual([]);
  });

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
