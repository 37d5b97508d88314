import { describe, expect, it, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import type { Window } from '../../src/engine/contracts/home.ts';
import { type FileHomeOptions, fileHome } from '../../src/files/home/home.ts';
import { selectFiles } from '../../src/files/home/selection.ts';
import { collect } from '../support/collect.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { jsonLines } from '../support/sim/jsonl-format.ts';
import { baseSchema } from '../support/sim/rows.ts';

const window: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: [], changedFiles: 'fail' };
const text = (id: number, schema = baseSchema) => `${JSON.stringify(schema)}\n{"id":${id},"mark":${id}}\n"rows 1"\n`;

function doneOf<T>(step: Step<T>): T {
  if ('again' in step) throw new Error('not done');
  return step.done;
}

/** A home over so many files of one row, that tells which of them were opened. */
function homeOf(count: number) {
  const files = new MemoryFileSystem();
  for (let i = 0; i < count; i++) files.plant(`${String(i).padStart(5, '0')}.jsonl`, text(i));
  const opened: string[] = [];
  const format = {
    ...jsonLines,
    inspect: (source: Parameters<typeof jsonLines.inspect>[0]) => {
      opened.push(source.name);
      return jsonLines.inspect(source, null);
    },
  };
  const chosen = selectFiles({ files, glob: null, single: null, extensions: ['.jsonl'], written: 'in', display: (path) => path });
  const open = (more: Partial<Pick<FileHomeOptions, 'config' | 'pinned'>> = {}) =>
    fileHome({
      files,
      selection: chosen,
      where: 'in',
      format,
      pinned: null,
      frameRows: 1000,
      columns: null,
      exclude: null,
      clock: realClock(),
      scratch: { path: async () => '', free: async () => undefined, [Symbol.asyncDispose]: async () => undefined },
      ...more,
    });
  return { files, opened, open };
}

it('a listing that was lost is asked for again by the next attempt at the step', async () => {
  const { files, open } = homeOf(3);
  const list = files.list.bind(files);
  let isLost = true;
  files.list = async function* (folder) {
    if (isLost) throw new Error('lost');
    yield* list(folder);
  };
  const home = open();
  const rows = async () =>
    (
      await collect(
        home.read(
          { ref: doneOf(await home.plan(window, { sliceBytes: 1e9 })).slices[0]?.ref ?? null, rows: null, bytes: null },
          window,
          undefined,
          new AbortController().signal,
        ),
      )
    ).length;
  await expect(rows()).rejects.toThrow('lost');
  isLost = false;
  expect(await rows()).toBeGreaterThan(0);
});

describe('a folder of many files', () => {
  it('is described by its first file, with a count that says it is an estimate', async () => {
    const { opened, open } = homeOf(300);
    const done = doneOf(await open().describe());
    expect(done).toMatchObject({ schema: baseSchema, summary: '300 files in in', rows: { exact: false } });
    expect(opened).toEqual(['00000.jsonl']);
  });

  it('is counted exactly while it is small', async () => {
    const { open } = homeOf(256);
    expect(doneOf(await open().describe()).rows).toEqual({ n: 256, exact: true });
  });

  it('of which all but one were taken opens the first and the new one', async () => {
    const { files, opened, open } = homeOf(300);
    const first = doneOf(await open().plan(window, { sliceBytes: 1_000_000 }));
    files.plant('99999.jsonl', text(7));
    opened.length = 0;
    const next = open();
    await next.describe();
    const plan = doneOf(await next.plan({ ...window, seen: first.seen?.files ?? [] }, { sliceBytes: 1_000_000 }));
    expect(plan.slices).toMatchObject([{ source: '99999.jsonl', rows: 1 }]);
    expect(plan.seen?.files).toHaveLength(301);
    expect(opened).toEqual(['00000.jsonl', '99999.jsonl']);
  });

  it('is checked for files of another shape as far as they are read', async () => {
    const { files, open } = homeOf(300);
    const other = { columns: baseSchema.columns.slice(0, 1) };
    files.plant('00200.jsonl', text(1, other));
    await expect(open().plan(window, { sliceBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'HYG-3204',
      what: expect.stringContaining('00200.jsonl'),
    });
  });
});

describe('the version of a folder', () => {
  const versionOf = async (change: (files: MemoryFileSystem) => unknown) => {
    const { files, open } = homeOf(2);
    const version = async () => doneOf(await open().describe()).version;
    const before = await version();
    await change(files);
    return [await version(), before] as const;
  };

  it('stays while no file changes', async () => {
    const [now, before] = await versionOf(() => undefined);
    expect(now).toBe(before);
  });

  it.each<[string, (files: MemoryFileSystem) => unknown]>([
    ['a file is rewritten with as many bytes', (files) => files.plant('00001.jsonl', text(7))],
    ['a file comes', (files) => files.plant('00002.jsonl', text(2))],
    ['a file goes', (files) => files.remove('00001.jsonl')],
  ])('is another one when %s', async (_, change) => {
    const [now, before] = await versionOf(change);
    expect(now).not.toBe(before);
  });
});

test('the version of a folder is another one when its files are read in another way', async () => {
  const { open } = homeOf(2);
  const version = async (...of: Parameters<typeof open>) => doneOf(await open(...of).describe()).version;
  const pinned = (delimiter: string) => ({ format: { delimiter }, partitions: [] });
  const all = [{ config: { header: true } }, { config: { header: false } }, { pinned: pinned(',') }, { pinned: pinned(';') }];
  const versions = await Promise.all(all.map((one) => version(one)));
  expect(new Set(versions).size).toBe(all.length);
  expect(await version(all[0])).toBe(versions[0]);
});

describe('a file that is another one than was planned', () => {
  const planned = async () => {
    const { files, open } = homeOf(2);
    const home = open();
    const { slices } = doneOf(await home.plan({ ...window, seen: null }, { sliceBytes: 1_000_000 }));
    const read = async function* () {
      for (const slice of slices) yield* home.read(slice, { ...window, seen: null }, undefined, new AbortController().signal);
    };
    return { files, read };
  };

  it('gives no row of it', async () => {
    const { files, read } = await planned();
    files.plant('00000.jsonl', text(7));
    const seen: object[] = [];
    const reading = async () => {
      for await (const frame of read()) seen.push(frame);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'HYG-3203', what: expect.stringContaining('00000.jsonl') });
    expect(seen).toEqual([]);
  });

  it('and is told from one that is gone', async () => {
    const { files, read } = await planned();
    await files.remove('00001.jsonl');
    await expect(collect(read())).rejects.toMatchObject({ code: 'HYG-3202', what: expect.stringContaining('00001.jsonl') });
  });

  it('and from one that is the same', async () => {
    const { read } = await planned();
    expect(await collect(read())).toMatchObject([{ rows: 1 }, { rows: 1 }]);
  });
});
