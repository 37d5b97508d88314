import { describe, expect, test } from 'vitest';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import type { SeenRequest } from '../support/fault-proxy.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { remoteFaults } from '../support/remote-faults.ts';
import { bytes, filesIn } from './blob-account.ts';
import { faultyBlobs, isBlock, isCommit, isListing, isMark, isPut, stageOne } from './blob-faulty.ts';

const under = faultyBlobs(sharedAzurite());

const isGet = ({ method }: SeenRequest): boolean => method === 'GET';
const isHead = ({ method }: SeenRequest): boolean => method === 'HEAD';
const isRemoval = ({ method }: SeenRequest): boolean => method === 'DELETE';

const kinds = {
  list: isListing,
  read: isGet,
  look: isHead,
  removal: isRemoval,
  mark: isMark,
  block: isBlock,
  commit: isCommit,
  put: isPut,
} as const;
const everyKind = Object.keys(kinds) as (keyof typeof kinds)[];

remoteFaults('blobs of Azure', {
  open: async () => ({
    files: under().files,
    straight: under().truth,
    rule: (decide) => under().proxy.rule((seen) => decide(everyKind.find((kind) => kinds[kind](seen)))),
    async left() {
      const names = await collect(under().place.client.listBlobsFlat({ prefix: under().key(''), includeUncommitedBlobs: true }));
      return names.map(({ name }) => name).filter((name) => !/\/(data\/\d+|head(\.json)?)$/.test(name));
    },
  }),
  kinds: everyKind,
  steps: { put: 'put', publish: 'commit', stage: 'mark' },
  busy: (retryAfter) => ({ status: 429, code: 'TooManyRequests', retryAfter }),
  large: { bytes: 5 * 1024 * 1024 },
});

const broken = { status: 500, code: 'InternalError' };
/** Where the answer was lost, and what was asked done or not. */
const lost = ['drop before', 'drop after'] as const;

describe('a read whose answer breaks off', () => {
  test('continues where it broke, in the memory that was given', async () => {
    const body = new Uint8Array(300_000).map((_, i) => (i * 7) % 251);
    await under().truth.put('large', body, { ifNoneMatch: '*' });
    under().meet('cut', isGet, 3);
    const into = new Uint8Array(400_000);
    const read = await under().files.read('large', { start: 10, end: 300_000 }, { into });
    expect(read.buffer).toBe(into.buffer);
    expect(Buffer.compare(read, body.subarray(10))).toBe(0);
    expect(under().proxy.seen.filter(isGet).length).toBeGreaterThan(3);
  });

  test('of a file that was rewritten meanwhile gives the new one whole', async () => {
    const first = await under().truth.put('head', new Uint8Array(200_000).fill(1), { ifNoneMatch: '*' });
    const { promise: cut, resolve: isCut } = Promise.withResolvers<void>();
    let gets = 0;
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    under().proxy.rule((seen) => {
      if (!isGet(seen)) return undefined;
      gets++;
      if (gets === 2) isCut();
      return gets === 1 ? 'cut' : { hold };
    });
    const reading = under().files.get('head');
    await cut;
    await under().truth.put('head', new Uint8Array(100_000).fill(2), { ifMatch: first.outcome === 'written' ? first.etag : '' });
    release();
    const got = await reading;
    expect(got?.body.byteLength).toBe(100_000);
    expect(got?.body.every((byte) => byte === 2)).toBe(true);
    expect(got?.etag).toBe((await under().truth.get('head'))?.etag);
  });
});

describe('a write that must not be done twice is sent once', () => {
  test.each(lost)('publish of a file without a byte (%o)', async (fault) => {
    const staged = await stageOne(under().truth);
    const count = under().meet(fault, isPut, 9);
    await expect(under().files.publish(staged)).rejects.toThrow(OutcomeUnknown);
    expect(count.met).toBe(1);
    under().proxy.rule(() => undefined);
    expect(await under().files.publish(staged)).toBe(fault === 'drop after' ? 'already' : 'published');
    await under().truth.remove('data/1');
    expect(await under().files.publish(staged)).toBe('gone');
  });

  test.each(lost)('the mark of a staged file: unknown, that name is given up, and a sweep finds what there is (%o)', async (fault) => {
    const count = under().meet(fault, isMark, 9);
    await expect(stageOne(under().files, 'hello')).rejects.toThrow(OutcomeUnknown);
    expect(count.met).toBe(1);
    under().proxy.rule(() => undefined);
    const left = await collect(under().files.staged('_s'));
    expect(left).toHaveLength(fault === 'drop after' ? 1 : 0);
    for (const one of left) await under().files.discard(one);
    expect(await collect(under().files.staged(''))).toEqual([]);
    expect(await collect(under().truth.list(''))).toEqual([]);
  });

  test.each(lost)('discarding: unknown, and the same again takes the file away (%o)', async (fault) => {
    const staged = await stageOne(under().truth, 'hello');
    const count = under().meet(fault, isCommit, 9);
    await expect(under().files.discard(staged)).rejects.toThrow(OutcomeUnknown);
    expect(count.met).toBe(1);
    under().proxy.rule(() => undefined);
    await under().files.discard(staged);
    expect(await under().files.publish(staged)).toBe('gone');
    expect(await under().place.client.getBlobClient(under().key('data/1')).exists()).toBe(false);
    expect(await collect(under().truth.list(''))).toEqual([]);
    expect(await collect(under().truth.staged(''))).toEqual([]);
  });

  test('a publish whose mark stays because its removal is refused is finished by the next', async () => {
    const staged = await stageOne(under().truth, 'hello');
    under().meet(broken, isRemoval, 100);
    await expect(under().files.publish(staged)).rejects.toThrow(OutcomeUnknown);
    under().proxy.rule(() => undefined);
    expect(await under().files.publish(staged)).toBe('already');
    expect(await collect(under().truth.staged(''))).toEqual([]);
  });
});

describe('an answer that never comes', () => {
  test('is waited for so long, and then unknown to a write and an error of a read', async () => {
    const files = await filesIn(under().place, 'never', {
      accountUrl: under().proxy.url,
      requests: { waiting: noWaiting(), quietMs: 100 },
    });
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    under().proxy.rule(() => ({ hold }));
    await expect(files.put('a', bytes('x'), { ifNoneMatch: '*' })).rejects.toThrow(OutcomeUnknown);
    await expect(files.get('a')).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
    release();
  });
});

test('the time is that of the service', async () => {
  await under().files.stat('a');
  const { date } = await under().place.client.getProperties();
  const behindMs = (date?.getTime() ?? 0) - Date.parse(under().files.now?.() ?? '');
  expect(Math.abs(behindMs)).toBeLessThan(60_000);
});
