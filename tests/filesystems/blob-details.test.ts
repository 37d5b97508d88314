import { describe, expect, test } from 'vitest';
import type { FileSystem, PublishOutcome } from '../../src/ports/filesystem.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { blobTrees, bytes, filesIn, once } from './blob-account.ts';

const azurite = sharedAzurite();
const fresh = { ifNoneMatch: '*' } as const;

const tree = blobTrees(azurite);
const paths = async (files: FileSystem): Promise<readonly string[]> => (await collect(files.list(''))).map(({ path }) => path);

describe('what others put into the container', () => {
  test('stubs of folders, unfinished uploads and marks are no files', async () => {
    const { place, files, folder } = await tree();
    const blob = (name: string) => place.client.getBlockBlobClient(`${folder}/${name}`);
    await blob('hadoop').upload('', 0, { metadata: { hdi_isfolder: 'true' } });
    await blob('portal/').upload('', 0);
    await blob('begun').stageBlock(Buffer.from('block').toString('base64'), 'x', 1);
    await files.stage({ staged: '_s/1', final: 'data/1' }, once('x'));
    await blob('file').upload('x', 1);
    expect(await paths(files)).toEqual(['file']);
    expect([await files.stat('hadoop'), await files.stat('begun')]).toEqual([undefined, undefined]);
  });

  test('blobs with names that hygge would not make are read, and never made', async () => {
    const { place, files, folder } = await tree();
    await place.client.getBlockBlobClient(`${folder}/ends in a dot.`).upload('x', 1);
    expect(await paths(files)).toEqual(['ends in a dot.']);
    expect(Buffer.from(await files.read('ends in a dot.')).toString()).toBe('x');
    for (const path of ['dot.', 'a./b', 'back\\slash', `${'long/'.repeat(210)}x`, `${'s/'.repeat(260)}x`]) {
      const refused = { code: 'HYG-4001', tryThis: [expect.any(String)] };
      await expect(files.put(path, bytes('x'), fresh)).rejects.toMatchObject(refused);
      await expect(files.stage({ staged: '_s/1', final: path }, once('x'))).rejects.toMatchObject(refused);
      await expect(files.stage({ staged: path, final: 'data/1' }, once('x'))).rejects.toMatchObject(refused);
    }
    expect(await collect(files.staged(''))).toEqual([]);
  });

  test('a blob that another made under a final name is not taken for ours, whatever it holds', async () => {
    const { place, files, folder } = await tree();
    const staged = await files.stage({ staged: '_s/1', final: 'data/1' }, once('same'));
    await place.client.getBlockBlobClient(`${folder}/data/1`).upload('same', 4, { metadata: { hyggeupload: 'another' } });
    await expect(files.publish(staged)).rejects.toMatchObject({ code: 'HYG-9401' });
    await files.discard(staged);
    expect(await paths(files)).toEqual(['data/1']);
  });
});

describe('discarding', () => {
  test('uses up the blocks, and leaves neither a blob nor a block', async () => {
    const { place, files, folder } = await tree();
    const staged = await files.stage({ staged: '_s/1', final: 'data/1' }, once('x'));
    const blob = place.client.getBlockBlobClient(`${folder}/data/1`);
    expect((await blob.getBlockList('uncommitted')).uncommittedBlocks).toHaveLength(1);
    await files.discard({ staged: staged.staged });
    await expect(blob.getBlockList('uncommitted')).rejects.toMatchObject({ statusCode: 404 });
    const left = await collect(place.client.listBlobsFlat({ prefix: `${folder}/`, includeUncommitedBlobs: true }));
    expect(left).toEqual([]);
  });

  test('a published file leaves it where it is', async () => {
    const { files } = await tree();
    const [large, empty] = [
      await files.stage({ staged: '_s/1', final: 'data/1' }, once('x')),
      await files.stage({ staged: '_s/2', final: 'data/2' }, once()),
    ];
    for (const staged of [large, empty]) {
      await files.publish(staged);
      await files.discard(staged);
      expect(await files.publish(staged)).toBe('already');
    }
    expect(await paths(files)).toEqual(['data/1', 'data/2']);
  });

  test('while it is on its way, and when who did it died, a listing does not show its empty blob; the next discard removes it', async () => {
    const { place, folder } = await tree();
    await using proxy = await startFaultProxy(place.server.blobUrl);
    const files = await filesIn(place, folder, { accountUrl: proxy.url, requests: { waiting: noWaiting() } });
    const staged = await files.stage({ staged: '_s/1', final: 'data/1' }, once('x'));
    proxy.rule(({ method }) => (method === 'DELETE' ? 'drop before' : undefined));
    await expect(files.discard(staged)).rejects.toThrow();
    expect(await paths(files)).toEqual([]);
    expect(await place.client.getBlobClient(`${folder}/data/1`).exists()).toBe(true);
    expect(await files.publish(staged)).toBe('gone');
    expect(await collect(files.staged(''))).toMatchObject([{ staged: '_s/1' }]);
    proxy.rule(() => undefined);
    await files.discard(staged);
    expect(await place.client.getBlobClient(`${folder}/data/1`).exists()).toBe(false);
    expect(await collect(files.staged(''))).toEqual([]);
  });

  test.each([
    ['before it looks for blocks', /GET .*comp=blocklist/, 'published'],
    ['after it found blocks', /PUT .*comp=blocklist/, 'published'],
    ['after it used them up', /DELETE .*data/, 'gone'],
    ['when only the mark is left', /DELETE .*_s/, 'gone'],
  ] as const)('and a publish that comes %s agree on one end', async (_, request, outcome) => {
    const { files, place, folder } = await tree();
    await using proxy = await startFaultProxy(place.server.blobUrl);
    const sweeping = await filesIn(place, folder, { accountUrl: proxy.url });
    const staged = await files.stage({ staged: '_s/1', final: 'data/1' }, once('x'));
    let published: Promise<PublishOutcome> | undefined;
    proxy.rule(({ method, path }) => {
      if (published !== undefined || !request.test(`${method} ${path}`)) return undefined;
      published = files.publish(staged);
      return { hold: published.then(() => undefined) };
    });
    await sweeping.discard(staged);
    expect(await published).toBe(outcome);
    expect(await paths(files)).toEqual(outcome === 'published' ? ['data/1'] : []);
    expect(await files.publish(staged)).toBe(outcome === 'published' ? 'already' : 'gone');
    expect(await place.client.getBlobClient(`${folder}/data/1`).exists()).toBe(outcome === 'published');
    expect(await collect(files.staged(''))).toEqual([]);
  });
});

describe('publishing', () => {
  test('without what its staging answered makes nothing, neither of a file with bytes nor of one without', async () => {
    const { files } = await tree();
    for (const [i, body] of [once('x'), once()].entries()) {
      const { handle, ...staged } = await files.stage({ staged: `_s/${i}`, final: `data/${i}` }, body);
      expect(await files.publish(staged)).toBe('gone');
      expect(await files.publish({ ...staged, handle: { id: 7 } })).toBe('gone');
      expect(await files.publish({ ...staged, bytes: 1 - staged.bytes, handle: handle ?? null })).toBe('gone');
    }
    expect(await paths(files)).toEqual([]);
    expect(await collect(files.staged(''))).toHaveLength(2);
  });
});

describe('a blob of another writer over the empty one of a discard', () => {
  test('stays', async () => {
    const { place, files, folder } = await tree();
    await using proxy = await startFaultProxy(place.server.blobUrl);
    const sweeping = await filesIn(place, folder, { accountUrl: proxy.url });
    const staged = await files.stage({ staged: '_s/1', final: 'data/1' }, once('x'));
    let theirs: Promise<unknown> | undefined;
    proxy.rule(({ method, path }) => {
      if (method !== 'DELETE' || !path.includes('data')) return undefined;
      theirs ??= place.client.getBlockBlobClient(`${folder}/data/1`).upload('theirs', 6);
      return { hold: theirs.then(() => undefined) };
    });
    await sweeping.discard(staged);
    expect(theirs).toBeDefined();
    expect(await paths(files)).toEqual(['data/1']);
  });
});

describe('a staging that fails', () => {
  test('leaves neither a mark nor blocks behind', async () => {
    const { place, files, folder } = await tree();
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(9 * 1024 * 1024);
      throw new RangeError('the source broke');
    };
    await expect(files.stage({ staged: '_s/1', final: 'data/1' }, failing())).rejects.toThrow(RangeError);
    expect(await collect(place.client.listBlobsFlat({ prefix: `${folder}/`, includeUncommitedBlobs: true }))).toEqual([]);
  });
});

describe('many writers', () => {
  test('of two who stage the same name one is told', async () => {
    const { files, place, folder } = await tree();
    const another = await filesIn(place, folder);
    const names = { staged: '_s/1', final: 'data/1' };
    const outcomes = await Promise.allSettled([files.stage(names, once('a')), another.stage(names, once('b'))]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'HYG-9401' } });
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') expect(await files.publish(outcome.value)).toBe('published');
  });
});
