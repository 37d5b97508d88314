import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Checkpoint, Home, SliceRef } from '../../src/engine/contracts/home.ts';
import { fileHome } from '../../src/files/home/home.ts';
import { selectFiles } from '../../src/files/home/selection.ts';
import type { Format } from '../../src/formats/contract/format.ts';
import { jsonFormat } from '../../src/formats/json/json.ts';
import type { Rejected } from '../../src/frames/values/rejected-rows.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { but } from '../support/but.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { testFolder, testScratch, wholeFile } from '../support/parquet-files.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const framesEach = 3;

interface Reading {
  readonly home: Home;
  readonly slice: SliceRef;
  /** Files whose reading has begun, and has not ended. */
  readonly open: Set<string>;
  readonly begun: string[];
}

/** Six files in one slice, each read as three frames. `files`: what is different of the lake they lie in; `fails`: the file that can't be read. */
async function reading({
  files = {},
  fails,
  bytes = 0,
}: {
  files?: Partial<FileSystem>;
  fails?: string;
  bytes?: number;
} = {}): Promise<Reading> {
  const lake = new MemoryFileSystem();
  for (const name of names) await lake.put(`${name}.jsonl`, new TextEncoder().encode('{"id":1}\n'), { ifNoneMatch: '*' });
  const far = but<FileSystem>(lake, { readsVersions: true, ...files });
  const plain = jsonFormat('ndjson', {});
  const [open, begun] = [new Set<string>(), [] as string[]];
  const format = but<Format>(plain, {
    async *read(request) {
      const { name } = request.source;
      begun.push(name);
      open.add(name);
      try {
        for (let i = 0; i < framesEach; i++) {
          await turn();
          request.signal.throwIfAborted();
          if (name === fails) throw new RangeError(`${name} is broken`);
          yield* plain.read(request);
        }
      } finally {
        open.delete(name);
      }
    },
  });
  const display = (path: string) => path[0] ?? '';
  const chosen = selectFiles({ files: far, glob: null, single: null, extensions: ['.jsonl'], written: 'in', display });
  const more = { where: 'in', columns: null, exclude: null, pinned: null, frameRows: 1_000, clock: realClock() };
  const home = fileHome({ ...more, files: far, selection: chosen, format, scratch: testScratch(await testFolder()) });
  const { pinned } = ((await home.describe()) as { done: { pinned?: unknown } }).done;
  expect(pinned).toBeDefined();
  const planned = await home.plan(wholeFile, { sliceBytes: 1e9 });
  const parts = 'done' in planned ? planned.done.slices.flatMap(({ ref }) => ref as object[]) : [];
  expect(parts).toHaveLength(names.length);
  const ref = parts.map((part) => ({ ...part, ...(bytes > 0 ? { share: bytes } : {}) })) as unknown as SliceRef['ref'];
  return { home, slice: { ref, rows: null, bytes: null }, open, begun };
}

type Item = Frame | Checkpoint | Rejected;

const itemsOf = ({ home, slice }: Reading, from?: number, { signal } = new AbortController()) =>
  home.read(slice, wholeFile, from, signal)[Symbol.asyncIterator]();

const told = (item: IteratorResult<Item>) =>
  item.done ? 'end' : 'checkpoint' in item.value ? `checkpoint ${String(item.value.checkpoint)}` : 'rows';

/** As long as something may come of what goes on without being asked for. */
async function aWhile(): Promise<void> {
  for (let i = 0; i < 50; i++) await turn();
}

test.each([
  ['small ones three, of', 1024, ['a', 'b', 'c', 'd']],
  ['two, if three have more than 8 MB, of', 3.5 * 1024 * 1024, ['a', 'b', 'c']],
  ['one of', 15 * 1024 * 1024, ['a', 'b']],
  ['none of', 17 * 1024 * 1024, ['a']],
])('before the rows of the first file of a slice are through, others are begun: %s %d bytes each', async (_, bytes, expected) => {
  const lake = await reading({ bytes });
  const items = itemsOf(lake);
  expect(told(await items.next())).toBe('rows');
  await aWhile();
  expect(lake.begun).toEqual(expected);
  await items.return?.();
  expect(lake.open).toEqual(new Set());
});

test('never more than four files are open, and the rows come in their order with a checkpoint between files', async () => {
  const lake = await reading();
  const items = itemsOf(lake);
  const all: string[] = [];
  for (let item = await items.next(); !item.done; item = await items.next()) {
    all.push(told(item));
    await aWhile();
    expect(lake.open.size).toBeLessThanOrEqual(4);
  }
  const rows = Array.from({ length: framesEach }, () => 'rows');
  expect(all).toEqual(names.flatMap((_, i) => (i === 0 ? rows : [`checkpoint ${i}`, ...rows])));
  expect(lake.begun).toEqual(names);
  expect(lake.open.size).toBe(0);
});

test('who continues from a checkpoint begins there', async () => {
  const lake = await reading();
  const items = itemsOf(lake, 4);
  await items.next();
  await aWhile();
  expect(lake.begun).toEqual(['e', 'f']);
  for (let i = 1; i < framesEach; i++) await items.next();
  expect(told(await items.next())).toBe('checkpoint 5');
  await items.return?.();
});

test.each(['at once', 'after a while'])('who stops %s leaves nothing open', async (when) => {
  const lake = await reading();
  const items = itemsOf(lake);
  await items.next();
  if (when === 'after a while') await aWhile();
  await items.return?.();
  expect(lake.open).toEqual(new Set());
});

test('a run that is stopped leaves nothing open', async () => {
  const lake = await reading();
  const stopping = new AbortController();
  const items = itemsOf(lake, undefined, stopping);
  await items.next();
  stopping.abort(new Error('stopped'));
  await expect(items.next()).rejects.toThrow('stopped');
  expect(lake.open).toEqual(new Set());
});

test('a file that was fetched ahead and is broken is told when its turn comes', async () => {
  const lake = await reading({ fails: 'b' });
  const items = itemsOf(lake);
  for (let i = 0; i < framesEach; i++) {
    expect(told(await items.next())).toBe('rows');
    await aWhile();
  }
  expect(told(await items.next())).toBe('checkpoint 1');
  await expect(items.next()).rejects.toThrow('b is broken');
  expect(lake.open).toEqual(new Set());
});

test('a file that is broken and whose turn never comes fails nothing', async () => {
  const lake = await reading({ fails: 'b' });
  const items = itemsOf(lake);
  await items.next();
  await aWhile();
  // An unhandled rejection would fail this file.
  await items.return?.();
  expect(lake.open).toEqual(new Set());
});

test('of a disk one file is read after the other', async () => {
  const lake = await reading({ files: { localPath: (path: string) => `/nowhere/${path}` } });
  const items = itemsOf(lake);
  await items.next();
  await aWhile();
  expect(lake.begun).toEqual(['a']);
  await items.return?.();
});
