import { describe, expect, test } from 'vitest';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { bytes } from './blob-account.ts';
import { faultyBlobs, isBlock, stageOne } from './blob-faulty.ts';

const under = faultyBlobs(sharedAzurite());

describe('a request that is held on its way and lands later', () => {
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
});
