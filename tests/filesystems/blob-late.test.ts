import { describe, expect, test } from 'vitest';
import type { StagedFile } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { bytes } from './blob-account.ts';
import { faultyBlobs, isBlock, isCommit, isPut, stageOne, text } from './blob-faulty.ts';

const under = faultyBlobs(sharedAzurite());

describe('a request that is held on its way and lands later', () => {
  /** Sends a publish, takes what happens meanwhile, and lets it land. */
  async function lateCommit(staged: StagedFile, meanwhile: () => Promise<unknown>): Promise<unknown> {
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const { promise: held, resolve: isHeld } = Promise.withResolvers<void>();
    under().proxy.rule((seen) => {
      if (!isCommit(seen)) return undefined;
      isHeld();
      return { hold };
    });
    const late = under().files.publish(staged);
    await held;
    await meanwhile();
    release();
    return late;
  }

  test('a publish after a discard makes nothing visible', async () => {
    const staged = await stageOne(under().truth, 'hello');
    expect(await lateCommit(staged, () => under().truth.discard(staged))).toBe('gone');
    expect(await collect(under().truth.list(''))).toEqual([]);
  });

  test('a publish after another was published and superseded brings nothing back', async () => {
    const staged = await stageOne(under().truth, 'hello');
    const meanwhile = async (): Promise<void> => {
      expect(await under().truth.publish(staged)).toBe('published');
      await under().truth.remove('data/1');
    };
    expect(await lateCommit(staged, meanwhile)).toBe('gone');
    expect(await collect(under().truth.list(''))).toEqual([]);
  });

  test('a publish after another of the same file finds it done', async () => {
    const staged = await stageOne(under().truth, 'hello');
    expect(await lateCommit(staged, () => under().truth.publish(staged))).toBe('already');
    expect(text(await under().truth.read('data/1'))).toBe('hello');
  });

  test('a block that was sent twice, of which the first lands after a discard, can’t be published', async () => {
    const sent: string[] = [];
    under().proxy.rule((seen) => {
      if (!isBlock(seen)) return undefined;
      sent.push(new URL(`http://x${seen.path}`).searchParams.get('blockid') ?? '');
      return sent.length === 1 ? 'drop before' : undefined;
    });
    const staged = await stageOne(under().files, 'hello');
    await under().files.discard(staged);
    const [first = ''] = sent;
    expect(new Set(sent).size).toBe(2);
    const blob = under().place.client.getBlockBlobClient(under().key('data/1'));
    await blob.stageBlock(first, 'hello', 5);
    expect((await blob.getBlockList('uncommitted')).uncommittedBlocks).toHaveLength(1);
    expect(await under().files.publish(staged)).toBe('gone');
    expect(await collect(under().files.list(''))).toEqual([]);
  });

  test('a staging that slept through a sweep is given up, with all that it sent', async () => {
    let swept: Promise<void> | undefined;
    under().proxy.rule((seen) => {
      if (!isBlock(seen)) return undefined;
      swept ??= under().truth.discard({ staged: '_s/1' });
      return { hold: swept };
    });
    await expect(stageOne(under().files, 'hello')).rejects.toThrow(OutcomeUnknown);
    expect(swept).toBeDefined();
    const prefix = under().key('');
    expect(await collect(under().place.client.listBlobsFlat({ prefix, includeUncommitedBlobs: true }))).toEqual([]);
  });

  test('blocks that come between a sweep’s look for them and the end of their mark go with it', async () => {
    const [marked, sent] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const body = async function* (): AsyncGenerator<Uint8Array> {
      marked.resolve();
      await sent.promise;
      yield bytes('hello');
    };
    const staging = under().truth.stage({ staged: '_s/1', final: 'data/1' }, body());
    await marked.promise;
    under().proxy.rule(({ method, path }) => {
      if (method !== 'DELETE' || !path.includes('_s')) return undefined;
      sent.resolve();
      return { hold: staging.then(() => undefined) };
    });
    await under().files.discard({ staged: '_s/1' });
    const prefix = under().key('');
    expect(await collect(under().place.client.listBlobsFlat({ prefix, includeUncommitedBlobs: true }))).toEqual([]);
    expect(await under().files.publish(await staging)).toBe('gone');
  });

  test('a put that another has overtaken changes nothing', async () => {
    const first = await under().truth.put('head', bytes('1'), { ifNoneMatch: '*' });
    const ifMatch = first.outcome === 'written' ? first.etag : '';
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    under().proxy.rule((seen) => (isPut(seen) ? { hold } : undefined));
    const late = under().files.put('head', bytes('late'), { ifMatch });
    expect((await under().truth.put('head', bytes('2'), { ifMatch })).outcome).toBe('written');
    release();
    expect(await late).toEqual({ outcome: 'refused' });
    expect(text(await under().truth.read('head'))).toBe('2');
  });
});
