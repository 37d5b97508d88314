import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors/hygge-error.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { brokenFileSystem } from '../support/broken-filesystem.ts';
import { collect } from '../support/collect.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { testFolder } from '../support/parquet-files.ts';
import { preparing } from '../support/prepare-request.ts';
import { decided, finalName, namesIn, run, staged, stagedName, storeOn } from './settling.ts';

describe('a commit whose parts are not what was decided', () => {
  it('publishes nothing when a staged file was cut short meanwhile', async () => {
    const folder = await testFolder();
    const files = localFileSystem(folder);
    const store = storeOn(files);
    const parts = await staged(store, run(1));
    const intent = await decided(store, run(1), parts);
    truncateSync(join(folder, stagedName(parts[0])), 5);
    expect(await store.commit(intent)).toEqual({ done: 'parts lost' });
    expect(await store.head()).toBeNull();
    expect(await namesIn(files)).toEqual([]);
  });

  it('does not move the head over a published file that was cut short', async () => {
    const folder = await testFolder();
    const files = localFileSystem(folder);
    const broken = brokenFileSystem(files, { after: (call, path) => void (call === 'publish' && writeFileSync(join(folder, path), 'x')) });
    const store = storeOn(broken);
    const intent = await decided(store, run(1), await staged(store, run(1)));
    expect(await store.commit(intent)).toEqual({ done: 'parts lost' });
    expect(await store.head()).toBeNull();
  });

  it('is committed when they are whole, and again is the same', async () => {
    const files = new MemoryFileSystem();
    const store = storeOn(files);
    const parts = await staged(store, run(1));
    const intent = await decided(store, run(1), parts);
    expect(await store.commit(intent)).toEqual({ done: 'committed' });
    expect(await store.commit(intent)).toEqual({ done: 'already' });
    expect(await namesIn(files)).toEqual([finalName(parts[0])]);
  });
});

describe('what is replaced', () => {
  it.each(['f/a//b.jsonl', 'f/Inc./b.jsonl', `f/${'n'.repeat(300)}.jsonl`, 'f/a\tb.jsonl'])(
    'and could not be removed later stops what is not decided yet: %j',
    async (name) => {
      const listing = async function* () {
        yield { path: name, bytes: 7, etag: 'e', modifiedAt: '2026-01-01T00:00:00.000Z' };
      };
      const refused = new StoreError({ code: 'HYG-4001', what: 'that is not a path', tryThis: ['Rename it.'] });
      const stat = async () => Promise.reject(refused);
      const files = new MemoryFileSystem();
      const store = storeOn(Object.assign(Object.create(files) as typeof files, { list: listing, stat, get: async () => undefined }));
      const supersede = { what: 'all', foreign: 'replace' } as const;
      await expect(store.prepare(preparing({ run: run(1), prev: null, supersede, parts: [] }))).rejects.toBe(refused);
      const keeping = await store.prepare(
        preparing({
          run: run(1),
          prev: null,
          supersede: { what: 'all', foreign: 'keep' },
          parts: [],
        }),
      );
      expect(keeping.target).toMatchObject({ removes: [] });
    },
  );
});

describe('a head whose answers never come', () => {
  it('is asked a few times, then the error goes up; the next try commits', async () => {
    const files = new MemoryFileSystem();
    let puts = 0;
    const silent = brokenFileSystem(files, {
      before: (call, path) => {
        if (call !== 'put' || !path.endsWith('current.json')) return;
        puts++;
        throw new OutcomeUnknown('no answer');
      },
    });
    const store = storeOn(silent);
    const intent = await decided(store, run(1), await staged(store, run(1)));
    await expect(store.commit(intent)).rejects.toThrow(OutcomeUnknown);
    expect(puts).toBe(8);
    expect(await storeOn(files).commit(intent)).toEqual({ done: 'committed' });
  });
});

describe('what a commit tidies', () => {
  it('dead files of its own lineage right in its folder, and nothing else', async () => {
    const files = new MemoryFileSystem();
    const store = storeOn(files);
    const epoch = '0'.repeat(19);
    const dead = [`f/${epoch}1-mine-00003-000-a.jsonl`, `f/v=${epoch}1/${epoch}1-mine-00003-000-b.jsonl`];
    const alive = [
      `f/${epoch}1-other-00000-000-c.jsonl`,
      `f/${epoch}9-mine-00000-000-d.jsonl`,
      `f/inner/${epoch}1-mine-00000-000-e.jsonl`,
      'f/README.md',
    ];
    const parts = await staged(store, run(2));
    const intent = await decided(store, run(2), parts);
    for (const path of [...dead, ...alive]) files.plant(path, 'anything');
    await store.commit(intent);
    expect((await namesIn(files)).sort()).toEqual([...alive, finalName(parts[0])].sort());
  });

  it('what another attempt of its epoch staged', async () => {
    const files = new MemoryFileSystem();
    const store = storeOn(files);
    await staged(store, run(1));
    const parts = await staged(store, run(1));
    await store.commit(await decided(store, run(1), parts));
    expect(await namesIn(files)).toEqual([finalName(parts[0])]);
    expect(await collect(files.staged('_hygge/f/f/staging'))).toEqual([]);
  });
});
