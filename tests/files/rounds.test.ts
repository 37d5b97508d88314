import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { adding, baseSchema, row, SimFrame } from '../support/sim/rows.ts';
import { decided, run, staged, storeOn } from './settling.ts';

/** Answers together what was asked together: one round is as long as a request to a service takes, however many are on their way. */
class FarAway {
  readonly rounds: string[][] = [];
  #asked: string[] = [];
  #answered: Promise<void> | undefined;
  readonly files: FileSystem;

  constructor(near: FileSystem) {
    const one = (call: string) => this.#round(call);
    const after = <A extends unknown[], T>(name: string, act: (...args: A) => Promise<T>) => {
      return async (...args: A): Promise<T> => {
        await one(name);
        return act(...args);
      };
    };
    const afterAll = <T>(name: string, act: (folder: string) => AsyncIterable<T>) =>
      async function* (folder: string): AsyncGenerator<T> {
        await one(name);
        yield* act(folder);
      };
    this.files = {
      url: near.url,
      stat: after('stat', (path: string) => near.stat(path)),
      list: afterAll('list', (folder) => near.list(folder)),
      read: after('read', (path: string) => near.read(path)),
      get: after('get', (path: string) => near.get(path)),
      stage: after('stage', (...given: Parameters<FileSystem['stage']>) => near.stage(...given)),
      publish: after('publish', (...given: Parameters<FileSystem['publish']>) => near.publish(...given)),
      staged: afterAll('staged', (folder) => near.staged(folder)),
      discard: after('discard', (...given: Parameters<FileSystem['discard']>) => near.discard(...given)),
      put: after('put', (...given: Parameters<FileSystem['put']>) => near.put(...given)),
      remove: after('remove', (path: string) => near.remove(path)),
    };
  }

  #round(call: string): Promise<void> {
    this.#asked.push(call);
    this.#answered ??= this.#answer();
    return this.#answered;
  }

  async #answer(): Promise<void> {
    // Whoever is on the way to ask gets there first.
    for (let i = 0; i < 5; i++) await turn();
    this.rounds.push(this.#asked.sort());
    this.#asked = [];
    this.#answered = undefined;
  }
}

test('a destination is looked at in one round of requests', async () => {
  const files = new MemoryFileSystem();
  const near = storeOn(files);
  await near.commit(await decided(near, run(1), await staged(near, run(1))));
  const far = new FarAway(files);
  expect(await storeOn(far.files).inspect()).toMatchObject({ done: { content: 'ours', rows: 3, missing: [] } });
  expect(far.rounds).toEqual([['get', 'list']]);
});

test('a commit waits only for what has to come one after the other', async () => {
  const files = new MemoryFileSystem();
  const near = storeOn(files);
  const parts = [...(await staged(near, run(1))), ...(await staged(near, run(1)))];
  const intent = await decided(near, run(1), parts);
  const far = new FarAway(files);
  expect(await storeOn(far.files).commit(intent)).toEqual({ done: 'committed' });
  // One part is published alone and first: what is refused for good is refused before readers see anything.
  // The first epoch of a lineage has nobody to clean up after.
  const first = [['get', 'staged'], ['publish'], ['publish'], ['stat', 'stat'], ['put'], ['put']];
  expect(far.rounds).toEqual(first);

  const more = await decided(near, run(2), [...(await staged(near, run(2))), ...(await staged(near, run(2)))]);
  far.rounds.length = 0;
  expect(await storeOn(far.files).commit(more)).toEqual({ done: 'committed' });
  expect(far.rounds.slice(0, 7)).toEqual([...first, ['list']]);
});

test('records that are over and rows put aside go in one round; which rows the head lists is asked only where some are old enough to go', async () => {
  const far = new FarAway(new MemoryFileSystem());
  expect(await storeOn(far.files).prune('2026-01-01T00:00:00.000Z')).toBe(0);
  expect(far.rounds).toEqual([['list', 'list']]);
});

/** Rows of so many partitions. */
const manyPartitions = (count: number) =>
  (async function* () {
    const list = Array.from({ length: count }, (_, i) => row(i, i));
    yield { frame: new SimFrame(baseSchema, list), role: 'data' as const };
  })();

test('many small partitions are staged in a few rounds', async () => {
  const far = new FarAway(new MemoryFileSystem());
  const store = storeOn(far.files, { partitionBy: ['mark'] });
  const parts = await store.stage(
    { run: run(1), writing: adding, slice: 0, schema: baseSchema, watermark: null, emptyPart: false },
    manyPartitions(300),
    new AbortController().signal,
  );
  expect(parts.map(({ partition }) => partition?.mark)).toEqual(Array.from({ length: 300 }, (_, i) => String(i)));
  expect(far.rounds.flat()).toEqual(Array.from({ length: 300 }, () => 'stage'));
  expect(Math.max(...far.rounds.map((calls) => calls.length))).toBeLessThanOrEqual(16);
  expect(far.rounds.length).toBeLessThanOrEqual(Math.ceil(300 / 16) + 1);
});

test('what a full load replaces goes in a few rounds, however many files it is', async () => {
  const files = new MemoryFileSystem();
  const near = storeOn(files);
  const parts = (await Promise.all(Array.from({ length: 300 }, () => staged(near, run(1))))).flat();
  const first = await decided(near, run(1), parts);
  for (let step = await near.commit(first); 'again' in step; ) step = await near.commit(first, step.again);
  const intent = await decided(near, run(2), await staged(near, run(2)));
  const far = new FarAway(files);
  expect(await storeOn(far.files).commit(intent)).toEqual({ done: 'committed' });
  const removing = far.rounds.filter((calls) => calls.includes('remove'));
  expect(removing.flat()).toHaveLength(300);
  expect(removing.length).toBeLessThanOrEqual(Math.ceil(300 / 16));
});

test('parts that will not be published are swept in a few rounds', async () => {
  const files = new MemoryFileSystem();
  for (let i = 0; i < 300; i++) await staged(storeOn(files), run(1));
  const far = new FarAway(files);
  await storeOn(far.files).sweep({ lineage: 'mine', before: 2 });
  expect(far.rounds.flat()).toHaveLength(301);
  expect(far.rounds.length).toBeLessThanOrEqual(1 + Math.ceil(300 / 16));
});
