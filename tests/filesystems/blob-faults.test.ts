import { describe, expect, test } from 'vitest';
import { mostSends, OutcomeUnknown, retry } from '../../src/ports/retry.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import type { SeenRequest } from '../support/fault-proxy.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { bytes, filesIn } from './blob-account.ts';
import { faultyBlobs, isBlock, isCommit, isListing, isMark, isPut, stageOne, text } from './blob-faulty.ts';

const under = faultyBlobs(sharedAzurite());

const isGet = ({ method }: SeenRequest): boolean => method === 'GET';
const isHead = ({ method }: SeenRequest): boolean => method === 'HEAD';
const isRemoval = ({ method }: SeenRequest): boolean => method === 'DELETE';

const busy = { status: 503, code: 'ServerBusy', retryAfter: 3 };
/** Whether it did what it was asked it does not say. */
const late = { status: 503, code: 'OperationTimedOut', retryAfter: 3 };
const throttled = { status: 429, code: 'TooManyRequests', retryAfter: 7 };
const broken = { status: 500, code: 'InternalError' };
const unclear = ['drop before', 'drop after', late, broken] as const;
const passing = [...unclear, busy, throttled] as const;
/** Where the answer was lost, and what was asked done or not: whatever else is unclear ends as one of these. */
const lost = ['drop before', 'drop after'] as const;

describe('what may be sent again is, until it is answered', () => {
  test.each(['drop after', broken, throttled] as const)('a block (%o)', async (fault) => {
    const count = under().meet(fault, isBlock, 2);
    const staged = await stageOne(under().files, 'he', 'llo');
    expect(count.met).toBe(2);
    expect(await under().truth.publish(staged)).toBe('published');
    expect(text(await under().truth.read('data/1'))).toBe('hello');
  });

  test.each([...passing, 'cut'] as const)('a read, a look and a listing (%o)', async (fault) => {
    await under().truth.put('a', bytes('0123456789'), { ifNoneMatch: '*' });
    const got = under().meet(fault, isGet);
    expect(text((await under().files.get('a'))?.body ?? bytes(''))).toBe('0123456789');
    const ranged = under().meet(fault, isGet);
    expect(text(await under().files.read('a', { start: 2, end: 8 }))).toBe('234567');
    const looked = under().meet(fault, isHead);
    expect(await under().files.stat('a')).toMatchObject({ bytes: 10 });
    const listed = under().meet(fault, isListing);
    expect((await collect(under().files.list(''))).map(({ path }) => path)).toEqual(['a']);
    expect([got.met, ranged.met, looked.met, listed.met]).toEqual([1, 1, 1, 1]);
  });

  test.each(['drop after', busy] as const)('a removal (%o)', async (fault) => {
    await under().truth.put('a', bytes('x'), { ifNoneMatch: '*' });
    const count = under().meet(fault, isRemoval);
    await under().files.remove('a');
    expect(count.met).toBe(1);
    expect(await under().truth.stat('a')).toBeUndefined();
  });

  test('after the time that the service asks for, which grows where it asks for none', async () => {
    await under().truth.put('a', bytes('x'), { ifNoneMatch: '*' });
    under().meet(throttled, isGet, 2);
    await under().files.get('a');
    expect(under().waited).toEqual([7_000, 7_000]);
    under().meet(broken, isGet, 4);
    await under().files.get('a');
    const [first = 0, , , fourth = 0] = under().waited.slice(2);
    expect(under().waited).toHaveLength(6);
    expect(fourth).toBeGreaterThan(first);
  });

  test('but not for ever', async () => {
    await under().truth.put('a', bytes('x'), { ifNoneMatch: '*' });
    await under().files.read('a');
    const count = under().meet(broken, isGet, 100);
    await expect(under().files.read('a')).rejects.toMatchObject({ code: 'HYG-6404', transient: true, spent: true });
    expect(count.met).toBe(mostSends);
    under().meet({ ...busy, retryAfter: 600 }, isGet, 100);
    await expect(under().files.read('a')).rejects.toMatchObject({ code: 'HYG-6053', transient: true, retryAfterMs: 600_000 });
    expect(under().waited).toHaveLength(mostSends - 1);
  });

  test('an answer that breaks off goes on where it broke, in the memory that was given', async () => {
    const body = new Uint8Array(300_000).map((_, i) => (i * 7) % 251);
    await under().truth.put('large', body, { ifNoneMatch: '*' });
    under().meet('cut', isGet, 3);
    const into = new Uint8Array(400_000);
    const read = await under().files.read('large', { start: 10, end: 300_000 }, { into });
    expect(read.buffer).toBe(into.buffer);
    expect(Buffer.compare(read, body.subarray(10))).toBe(0);
    expect(under().proxy.seen.filter(isGet).length).toBeGreaterThan(3);
  });

  test('an answer that breaks off and a file that was written anew give the new one whole', async () => {
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
  test.each(unclear)('put: unknown, and the same put again tells (%o)', async (fault) => {
    const count = under().meet(fault, isPut, 9);
    await expect(under().files.put('a', bytes('x'), { ifNoneMatch: '*' })).rejects.toThrow(OutcomeUnknown);
    expect(count.met).toBe(1);
    const isThere = fault === 'drop after';
    expect((await under().truth.get('a')) !== undefined).toBe(isThere);
    under().proxy.rule(() => undefined);
    expect((await under().files.put('a', bytes('x'), { ifNoneMatch: '*' })).outcome).toBe(isThere ? 'refused' : 'written');
  });

  test.each(lost)('publish: unknown, and another try publishes it once (%o)', async (fault) => {
    const staged = await stageOne(under().truth, 'hello');
    const count = under().meet(fault, isCommit, 9);
    await expect(under().files.publish(staged)).rejects.toThrow(OutcomeUnknown);
    expect(count.met).toBe(1);
    under().meet(fault, isCommit);
    expect(await retry(() => under().files.publish(staged))).toBe(fault === 'drop after' ? 'already' : 'published');
    expect(text(await under().truth.read('data/1'))).toBe('hello');
    expect(await collect(under().truth.staged('_s'))).toEqual([]);
  });

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

  test.each([throttled, { ...busy, retryAfter: 7 }])('to slow down says that nothing was done, so it is sent again (%o)', async (fault) => {
    under().meet(fault, isPut, 2);
    expect((await under().files.put('a', bytes('x'), { ifNoneMatch: '*' })).outcome).toBe('written');
    const staged = await stageOne(under().truth, 'hello');
    under().meet(fault, isCommit, 2);
    expect(await under().files.publish(staged)).toBe('published');
    expect(under().waited).toEqual([7_000, 7_000, 7_000, 7_000]);
  });

  test('a service in trouble is left alone before anybody is told', async () => {
    under().meet(late, isPut);
    await expect(under().files.put('a', bytes('x'), { ifNoneMatch: '*' })).rejects.toMatchObject({ retryAfterMs: 3_000 });
    expect(under().waited).toEqual([3_000]);
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
