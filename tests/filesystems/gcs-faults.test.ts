import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import type { FileSystem, StagedFile } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { collect } from '../support/collect.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import type { Bucket } from '../support/gcs-server/bucket.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { remoteFaults } from '../support/remote-faults.ts';
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

function open(name: string, more: { blockBytes?: number; answerWithinMs?: number; endpoint?: string } = {}): FileSystem {
  const place = { url: `gs://${name}/lake`, bucket: name, folder: 'lake', endpoint: proxy.url, keys: { key_file: server.keyFile } };
  return gcsFileSystem({ ...place, random: realRandom(), network: testNetwork, blockBytes: block, waiting: noWaiting(), ...more });
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

async function* streamOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

const stage = (body: Uint8Array, name = 'a'): Promise<StagedFile> =>
  files.stage({ staged: `_s/${name}`, final: `data/${name}` }, streamOf(body));

const kinds = {
  media: ({ path }: SeenRequest) => path.includes('alt=media'),
  list: ({ method, path }: SeenRequest) => method === 'GET' && path.includes('prefix='),
  look: ({ method }: SeenRequest) => method === 'GET',
  put: ({ path }: SeenRequest) => path.includes('uploadType=multipart') && path.includes('/head'),
  whole: ({ path }: SeenRequest) => path.includes('uploadType=multipart'),
  session: ({ method, path }: SeenRequest) => method === 'POST' && path.includes('uploadType=resumable'),
  'last piece': ({ method, body }: SeenRequest) => method === 'PUT' && body.length < block,
  piece: ({ method }: SeenRequest) => method === 'PUT',
  move: ({ path }: SeenRequest) => path.includes('/moveTo/'),
  removal: ({ method }: SeenRequest) => method === 'DELETE',
} as const;
const everyKind = Object.keys(kinds) as (keyof typeof kinds)[];

remoteFaults('Google Cloud Storage', {
  open: async () => ({
    files,
    straight: open(bucket.name, { endpoint: server.url }),
    rule: (decide) => proxy.rule((seen) => decide(everyKind.find((kind) => kinds[kind](seen)))),
    left: async () => bucket.names('').filter((name) => !/^lake\/(data\/|head)/.test(name)),
  }),
  kinds: everyKind,
  steps: { put: 'put', publish: 'move', stage: 'whole' },
  busy: (retryAfter) => ({ status: 429, retryAfter }),
  large: { bytes: 2 * block + 5, kinds: ['session', 'piece', 'last piece'] },
});

test('a service that never answers is not waited for without an end', async () => {
  const impatient = open(bucket.name, { answerWithinMs: 20 });
  const { promise: hold, resolve: release } = Promise.withResolvers<void>();
  proxy.rule(() => ({ hold }));
  await expect(impatient.stat('a')).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
  await expect(impatient.put('a', bytes('x'), fresh)).rejects.toThrow(OutcomeUnknown);
  release();
});

describe('an upload in a session', () => {
  test('continues from where the service is when it keeps less than was sent', async () => {
    const large = open(bucket.name, { blockBytes: 4 * block });
    server.uploads.keepOfNext = block;
    const sent = content(8 * block + 7);
    const before = proxy.seen.filter(kinds.piece).length;
    await files.publish(await large.stage({ staged: '_s/a', final: 'data/a' }, streamOf(sent)));
    expect(Buffer.compare(await files.read('data/a'), sent)).toBe(0);
    expect(proxy.seen.filter(kinds.piece)).toHaveLength(before + 4);
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
    proxy.rule((seen) => (kinds.piece(seen) && seen.body === '' ? { status: 308 } : undefined));
    await expect(stage(content(2 * block))).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
  });

  test('is given up when the service has less than it had', async () => {
    let pieces = 0;
    proxy.rule((seen) => (kinds.piece(seen) && ++pieces > 1 ? { status: 308 } : undefined));
    await expect(stage(content(3 * block + 1))).rejects.toMatchObject({ code: 'HYG-6404', transient: true, spent: false });
    expect(pieces).toBe(2);
    proxy.rule(() => undefined);
    expect(bucket.names('')).toEqual([]);
  });

  test('starts again under another name when the service has forgotten it', async () => {
    let hit = false;
    proxy.rule((seen) => {
      if (hit || !kinds.piece(seen)) return undefined;
      hit = true;
      return { status: 404 };
    });
    await expect(stage(content(2 * block))).rejects.toMatchObject({ code: 'HYG-6404', transient: true, spent: false });
    const staged = await stage(content(2 * block), 'b');
    expect(await files.publish(staged)).toBe('published');
  });

  test('that ends after its name was taken is refused, and existing rows stay', async () => {
    const first = await stage(bytes('first'));
    await expect(stage(content(2 * block))).rejects.toMatchObject({ code: 'HYG-9401' });
    await files.publish(first);
    expect(text(await files.read('data/a'))).toBe('first');
  });
});

describe('late requests', () => {
  test('an upload that ends after the sweep is found by the next one', async () => {
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    proxy.rule((seen) => (kinds['last piece'](seen) ? { hold } : undefined));
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
