import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { hasNoRetriesLeft } from '../../src/engine/entity/retry.ts';
import { ConnectionError } from '../../src/errors/hygge-error.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import type { FileSystem, StagedFile } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown, retry } from '../../src/ports/retry.ts';
import { collect } from '../support/collect.ts';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import type { Bucket } from '../support/gcs-server/bucket.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { sampled } from '../support/samples.ts';
import { testNetwork } from '../support/test-network.ts';

const block = 256 * 1024;
const fresh = { ifNoneMatch: '*' } as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body);
const content = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);

let server: GcsServer;
let proxy: FaultProxy;
let bucket: Bucket;
let files: FileSystem;
let buckets = 0;

beforeAll(async () => {
  server = await startGcsServer();
  proxy = await startFaultProxy(server.url);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function open(name: string, blockBytes = block, answerWithinMs?: number): FileSystem {
  const within = answerWithinMs === undefined ? {} : { answerWithinMs };
  const shared = {
    endpoint: proxy.url,
    keys: { key_file: server.keyFile },
    random: realRandom(),
    network: testNetwork,
    blockBytes,
    waiting: noWaiting(),
    ...within,
  };
  return gcsFileSystem({ url: `gs://${name}/lake`, bucket: name, folder: 'lake', ...shared });
}

beforeEach(() => {
  const name = `bucket-${++buckets}`;
  bucket = server.bucket(name);
  files = open(name);
});
afterEach(() => {
  proxy.rule(() => undefined);
  expect(server.notTaught).toEqual([]);
});

/** The first request of a kind gets the fault, the next ones none. */
function once(isIt: (seen: SeenRequest) => boolean, fault: Fault): void {
  let hit = false;
  proxy.rule((seen) => {
    if (hit || !isIt(seen)) return undefined;
    hit = true;
    return fault;
  });
}

async function* streamOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

const stage = (body: Uint8Array, name = 'a'): Promise<StagedFile> =>
  files.stage({ staged: `_s/${name}`, final: `data/${name}` }, streamOf(body));

/** As the driver does it: a part that failed or is unknown is staged again under another name. */
async function stagedAtLast(body: Uint8Array): Promise<StagedFile> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await stage(body, `a${attempt}`);
    } catch (error) {
      const isWorthIt = error instanceof OutcomeUnknown || (error instanceof ConnectionError && error.transient);
      if (!isWorthIt || hasNoRetriesLeft(error) || attempt === 3) throw error;
    }
  }
}

const faults: readonly Fault[] = ['drop before', 'drop after', 'cut', { status: 429, retryAfter: 0 }, { status: 503 }, { status: 500 }];
const named = (fault: Fault) => (typeof fault === 'string' ? fault : 'status' in fault ? String(fault.status) : 'held');

const isMedia = ({ path }: SeenRequest) => path.includes('alt=media');
const isList = ({ method, path }: SeenRequest) => method === 'GET' && path.includes('prefix=');
const isLook = (seen: SeenRequest) => seen.method === 'GET' && !isMedia(seen) && !isList(seen);
const isWhole = ({ path }: SeenRequest) => path.includes('uploadType=multipart');
const isSession = ({ method, path }: SeenRequest) => method === 'POST' && path.includes('uploadType=resumable');
const isPiece = ({ method }: SeenRequest) => method === 'PUT';
const isMove = ({ path }: SeenRequest) => path.includes('/moveTo/');
const isRemoval = ({ method }: SeenRequest) => method === 'DELETE';

describe.each(faults.map((fault) => [named(fault), fault] as const))('a request that meets “%s” once', (_, fault) => {
  test('is a look, a listing or a read that is answered all the same', async () => {
    await files.put('a', bytes('0123456789'), fresh);
    once(isLook, fault);
    expect(await files.stat('a')).toMatchObject({ bytes: 10 });
    once(isList, fault);
    expect(await collect(files.list(''))).toHaveLength(1);
    once(isMedia, fault);
    expect(text(await files.read('a'))).toBe('0123456789');
    once(isMedia, fault);
    expect(text(await files.read('a', { start: 3, end: 6 }, { into: new Uint8Array(20) }))).toBe('345');
    once(isMedia, fault);
    expect(text((await files.get('a'))?.body)).toBe('0123456789');
  });

  test('is a conditional write that happened once, as a look tells', async () => {
    once(isWhole, fault);
    expect((await retry(() => files.put('a', bytes('one'), fresh))).outcome).toBeOneOf(['written', 'refused']);
    const first = await files.get('a');
    expect(text(first?.body)).toBe('one');
    once(isWhole, fault);
    const ifMatch = first?.etag ?? '';
    expect((await retry(() => files.put('a', bytes('two'), { ifMatch }))).outcome).toBeOneOf(['written', 'refused']);
    expect(text((await files.get('a'))?.body)).toBe('two');
  });

  test('is a publishing that happened once', async () => {
    const staged = await stage(bytes('x'));
    once(isMove, fault);
    expect(await retry(() => files.publish(staged))).toBeOneOf(['published', 'already']);
    expect(await retry(() => files.publish(staged))).toBe('already');
    expect(bucket.names('')).toEqual(['lake/data/a']);
  });

  test('is a discarding or removal that happened', async () => {
    const staged = await stage(bytes('x'));
    once(isRemoval, fault);
    await retry(() => files.discard(staged));
    expect(await files.publish(staged)).toBe('gone');
    await files.put('b', bytes('x'), fresh);
    once(isRemoval, fault);
    await retry(() => files.remove('b'));
    expect(bucket.names('')).toEqual([]);
  });
});

describe('an upload that meets a fault once is whole when it is staged', () => {
  const requests = [
    { where: 'in one request', isIt: isWhole, length: 1000 },
    { where: 'when its session is opened', isIt: isSession, length: block + 5 },
    { where: 'at a piece of it', isIt: isPiece, length: 2 * block + 5 },
    { where: 'at its last piece', isIt: (seen: SeenRequest) => isPiece(seen) && seen.body.length < block, length: block + 5 },
    { where: 'when its length is told', isIt: (seen: SeenRequest) => isPiece(seen) && seen.body === '', length: block },
  ];
  const cells = faults.flatMap((fault) => requests.map((request) => ({ ...request, fault, what: named(fault) })));

  test.each(sampled(cells, 2))('$where, “$what”', async ({ isIt, length, fault }) => {
    once(isIt, fault);
    const staged = await stagedAtLast(content(length));
    expect(await files.publish(staged)).toBe('published');
    expect(Buffer.compare(await files.read(staged.final), content(length))).toBe(0);
    expect(staged.bytes).toBe(length);
  });
});

describe('a service that stays away', () => {
  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['stat', () => files.stat('a')],
    ['list', () => collect(files.list(''))],
    ['read', () => files.read('a')],
    ['get', () => files.get('a')],
    ['put', () => files.put('a', bytes('x'), fresh)],
    ['stage', () => stage(bytes('x'))],
    ['stage in a session', () => stage(content(2 * block))],
    ['publish', () => files.publish({ staged: 'a', final: 'b', bytes: 1, checksum: '', handle: { generation: '1', write: 'w' } })],
    ['discard', () => files.discard({ staged: 'a' })],
    ['remove', () => files.remove('a')],
  ];

  test.each(calls)('fails %s after some tries, as something to try again', async (_, call) => {
    for (const fault of ['drop before', { status: 503, retryAfter: 0 }] as const) {
      proxy.rule(() => fault);
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      if (error instanceof ConnectionError) expect(error).toMatchObject({ code: 'HYG-6404', transient: true });
      else expect(error).toBeInstanceOf(OutcomeUnknown);
    }
  });

  test('is left alone for as long as it asked, by all that may try again', async () => {
    proxy.rule(() => ({ status: 429, retryAfter: 600 }));
    await expect(files.stat('a')).rejects.toMatchObject({ code: 'HYG-6053', transient: true, retryAfterMs: 600_000 });
    await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject({ code: 'HYG-6053', transient: true, retryAfterMs: 600_000 });
    proxy.rule(() => ({ status: 503, retryAfter: 120 }));
    await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject({ name: 'OutcomeUnknown', retryAfterMs: 120_000 });
  });

  test('is not waited for without an end', async () => {
    const impatient = open(bucket.name, block, 20);
    let release: () => void = () => undefined;
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    proxy.rule(() => ({ hold }));
    await expect(impatient.stat('a')).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
    await expect(impatient.put('a', bytes('x'), fresh)).rejects.toThrow(OutcomeUnknown);
    release();
  });

  test('is sent a conditional write a single time', async () => {
    const before = proxy.seen.filter(isWhole).length;
    proxy.rule((seen) => (isWhole(seen) ? 'drop after' : undefined));
    await expect(files.put('a', bytes('x'), fresh)).rejects.toThrow(OutcomeUnknown);
    expect(proxy.seen.filter(isWhole)).toHaveLength(before + 1);
    const staged = { staged: 'a', final: 'b', bytes: 1, checksum: '', handle: { generation: '1', write: 'w' } };
    proxy.rule((seen) => (isMove(seen) ? { status: 503 } : undefined));
    const moves = proxy.seen.filter(isMove).length;
    await expect(files.publish(staged)).rejects.toThrow(OutcomeUnknown);
    expect(proxy.seen.filter(isMove)).toHaveLength(moves + 1);
  });
});

describe('an upload in a session', () => {
  test('goes on from where the service is when it keeps less than was sent', async () => {
    const large = open(bucket.name, 4 * block);
    server.uploads.keepOfNext = block;
    const sent = content(8 * block + 7);
    const before = proxy.seen.filter(isPiece).length;
    await files.publish(await large.stage({ staged: '_s/a', final: 'data/a' }, streamOf(sent)));
    expect(Buffer.compare(await files.read('data/a'), sent)).toBe(0);
    expect(proxy.seen.filter(isPiece)).toHaveLength(before + 4);
  });

  test('leaves no session behind when the stream fails', async () => {
    const open = server.uploads.open;
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield content(block + 10);
      throw new RangeError('the source broke');
    };
    await expect(files.stage({ staged: '_s/a', final: 'data/a' }, failing())).rejects.toThrow('the source broke');
    expect(server.uploads.open).toBe(open);
    expect(bucket.names('')).toEqual([]);
  });

  test('is given up when the service takes it and never ends it', async () => {
    proxy.rule((seen) => (isPiece(seen) && seen.body === '' ? { status: 308 } : undefined));
    await expect(stage(content(2 * block))).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
  });

  test('is given up when the service has less than it had', async () => {
    let pieces = 0;
    proxy.rule((seen) => (isPiece(seen) && ++pieces > 1 ? { status: 308 } : undefined));
    await expect(stage(content(3 * block + 1))).rejects.toMatchObject({ code: 'HYG-6404', transient: true, spent: false });
    expect(pieces).toBe(2);
    proxy.rule(() => undefined);
    expect(bucket.names('')).toEqual([]);
  });

  test('starts again under another name when the service has forgotten it', async () => {
    let hit = false;
    proxy.rule((seen) => {
      if (hit || !isPiece(seen)) return undefined;
      hit = true;
      return { status: 404 };
    });
    await expect(stage(content(2 * block))).rejects.toMatchObject({ code: 'HYG-6404', transient: true, spent: false });
    const staged = await stage(content(2 * block), 'b');
    expect(await files.publish(staged)).toBe('published');
  });

  test('that ends after its name was taken is refused, and what is there stays', async () => {
    const first = await stage(bytes('first'));
    await expect(stage(content(2 * block))).rejects.toMatchObject({ code: 'HYG-9401' });
    await files.publish(first);
    expect(text(await files.read('data/a'))).toBe('first');
  });
});

describe('late requests', () => {
  /** Holds the first request of a kind until it is let go. */
  function hold(isIt: (seen: SeenRequest) => boolean): () => void {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    once(isIt, { hold: held });
    return () => release();
  }

  test('a publishing that arrives after the discarding finds nothing', async () => {
    const staged = await stage(bytes('x'));
    const release = hold(isMove);
    const late = files.publish(staged);
    await files.discard({ staged: staged.staged });
    release();
    expect(await late).toBe('gone');
    expect(bucket.names('')).toEqual([]);
  });

  test('a publishing that arrives after the file was published and superseded brings nothing back', async () => {
    const staged = await stage(bytes('x'));
    const release = hold(isMove);
    const late = files.publish(staged);
    expect(await files.publish(staged)).toBe('published');
    await files.remove(staged.final);
    release();
    expect(await late).toBe('gone');
    expect(bucket.names('')).toEqual([]);
  });

  test('an upload that ends after the sweep is found by the next one', async () => {
    const release = hold((seen) => isPiece(seen) && seen.body.length < block);
    const late = stage(content(block + 5));
    expect(await collect(files.staged('_s'))).toEqual([]);
    release();
    const staged = await late;
    const found = await collect(files.staged('_s'));
    expect(found).toMatchObject([{ staged: '_s/a' }]);
    for (const one of found) await files.discard(one);
    expect(await files.publish(staged)).toBe('gone');
    expect(bucket.names('')).toEqual([]);
  });

  test('a file staged again under the name of another is not published in its place', async () => {
    const staged = await stage(bytes('x'));
    await files.discard(staged);
    const second = await stage(bytes('other'));
    expect(await files.publish(staged)).toBe('gone');
    await files.discard(staged);
    expect(await files.publish(second)).toBe('published');
  });
});

describe('damage on the way', () => {
  test.each(['seen', 'unseen'] as const)('is noticed in an upload, %s by the service, of which nothing stays', async (how) => {
    server.uploads.damageNext = how;
    await expect(stage(content(2 * block + 1))).rejects.toMatchObject({ code: 'HYG-6404', transient: true, spent: false });
    expect(bucket.names('')).toEqual([]);
  });

  test('is seen in a whole read, which is tried again and then given up', async () => {
    await files.put('a', bytes('as it was'), fresh);
    const stored = bucket.read('lake/a');
    bucket.objects.set('lake/a', { ...stored, body: Buffer.from('as it is!') });
    await expect(files.read('a')).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
    await expect(files.get('a')).rejects.toMatchObject({ code: 'HYG-6404' });
    bucket.objects.set('lake/a', stored);
    expect(text(await files.read('a'))).toBe('as it was');
  });
});
