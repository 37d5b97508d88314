/** A file that is written while it is read, with its size and its time as before: only its bytes tell that from a `chmod`. */
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import type { SliceRef } from '../../src/engine/contracts/home.ts';
import { fileHome } from '../../src/files/home/home.ts';
import { selectFiles } from '../../src/files/home/selection.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import type { Format } from '../../src/formats/contract/format.ts';
import { csvFormat } from '../../src/formats/csv/csv.ts';
import { jsonFormat } from '../../src/formats/json/json.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import { sharedThreads } from '../../src/formats/threads/threads.ts';
import { asPolars } from '../../src/frames/polars-frame.ts';
import type { Json } from '../../src/ports/values.ts';
import { everything } from '../formats/csv/files.ts';
import { duck } from '../support/duck.ts';
import { testFolder, testScratch } from '../support/parquet-files.ts';

const rows = 5_000;

/** A file of `rows` rows whose value is one digit; files of two digits are equally long. */
async function written(at: string, format: string, digit: number): Promise<void> {
  mkdirSync(join(at, '..'), { recursive: true });
  if (format === 'parquet') {
    const query = `select cast(range + 10000000 as bigint) id, ${digit} + (range % 2) v from range(${rows})`;
    await duck(`copy (${query}) to '${at}' (format parquet, row_group_size 1024, compression uncompressed)`);
    return;
  }
  const line = (id: number) => (format === 'csv' ? `${id},${digit}\n` : `{"id":${id},"v":${digit}}\n`);
  writeFileSync(at, `${format === 'csv' ? 'id,v\n' : ''}${Array.from({ length: rows }, (_, i) => line(i + 10_000_000)).join('')}`);
}

const suffixes: Readonly<Record<string, string>> = { 'ndjson by threads': 'ndjson' };

async function scene(kindOf: string, kind: Format) {
  const format = suffixes[kindOf] ?? kindOf;
  const root = await testFolder();
  const [at, other] = [join(root, 'in', `a.${format}`), join(root, 'other', `a.${format}`)];
  await written(at, format, 3);
  await written(other, format, 5);
  expect(statSync(other).size).toBe(statSync(at).size);
  // A time that can be set back exactly.
  for (const one of [at, other]) utimesSync(one, 1_700_000_000, 1_700_000_000);
  const files = localFileSystem(join(root, 'in'));
  const selection = selectFiles({ files, glob: null, single: null, extensions: [`.${format}`], written: 'in', display: (path) => path });
  const more = { columns: null, exclude: null, pinned: null, frameRows: 500, clock: realClock(), scratch: testScratch(root) };
  const homeAs = (pinned: Json | null) => fileHome({ files, selection, where: 'in', format: kind, ...more, pinned });
  return { at, other, home: homeAs(null), homeAs };
}

type Scene = Awaited<ReturnType<typeof scene>>;

interface Moment {
  readonly when: 'planned' | 'read';
  /** Another process reads the slices, as in a function app. */
  readonly elsewhere?: boolean;
}

/** The sums of the values that a run reads, while `change` happens behind its plan or behind its first frame. */
async function readWhile({ home, homeAs, at }: Scene, { when, elsewhere = false }: Moment, change: () => void): Promise<number> {
  const { mtime } = statSync(at);
  const changed = () => {
    change();
    utimesSync(at, mtime, mtime);
  };
  const described = await home.describe();
  if (!('done' in described)) throw new Error('files are described at once');
  const planned = await home.plan(everything, { sliceBytes: 64 * 1024 * 1024 });
  if (!('done' in planned)) throw new Error('a plan of files is made at once');
  if (when === 'planned') changed();
  let [sum, frames] = [0, 0];
  const reader = elsewhere ? homeAs(described.done.pinned ?? null) : home;
  // As it is kept until it is read.
  const slices = JSON.parse(JSON.stringify(planned.done.slices)) as readonly SliceRef[];
  for (const slice of slices)
    for await (const frame of reader.read(slice, everything, undefined, new AbortController().signal)) {
      if (!('schema' in frame)) continue;
      sum += Number((await asPolars(frame).collect()).getColumn('v').sum());
      if (frames++ === 0 && when === 'read') changed();
    }
  return sum;
}

const wholeOf: Readonly<Record<string, readonly [number, number]>> = {
  csv: [3 * rows, 5 * rows],
  ndjson: [3 * rows, 5 * rows],
  'ndjson by threads': [3 * rows, 5 * rows],
  parquet: [3.5 * rows, 5.5 * rows],
};

describe.each([
  ['csv', () => csvFormat({}, { chunkBytes: 4096 })],
  ['ndjson', () => jsonFormat('ndjson', {})],
  ['ndjson by threads', () => jsonFormat('ndjson', {}, { threads: { these: sharedThreads(), from: 0 } })],
  ['parquet', () => parquetFormat({})],
])('a file of %s', (format, kind) => {
  const [old, fresh] = wholeOf[format] as readonly [number, number];

  test.each(['planned', 'read'] as const)('that is cut off where it is %s stops the run, and is not read for ever', async (when) => {
    const made = await scene(format, kind());
    const cut = readWhile(made, { when }, () => truncateSync(made.at, Math.floor(statSync(made.at).size / 3)));
    await expect(cut).rejects.toMatchObject({ code: 'HYG-3203' });
  });

  test.each([
    ['planned', { when: 'planned' }],
    ['read', { when: 'read' }],
    ['planned by another process', { when: 'planned', elsewhere: true }],
    ['read by another process than the plan', { when: 'read', elsewhere: true }],
  ] as const)('that is %s goes on through chmod, touch and a hard link', async (_, when) => {
    for (const harmless of [
      ({ at }: Scene) => chmodSync(at, 0o600),
      ({ at }: Scene) => linkSync(at, `${at}.backup`),
      ({ at }: Scene) => utimesSync(at, new Date(), statSync(at).mtime),
      ({ at }: Scene) => writeFileSync(at, readFileSync(at)),
    ]) {
      const here = await scene(format, kind());
      expect(await readWhile(here, when, () => harmless(here))).toBe(old);
    }
  });

  test.each([
    ['overwritten', ({ at, other }: Scene) => writeFileSync(at, readFileSync(other))],
    ['replaced by another', ({ at, other }: Scene) => renameSync(other, at)],
  ])('that is %s stops the run, or is read as one version', async (_, replace) => {
    for (const elsewhere of [false, true]) {
      const reading = await scene(format, kind());
      await expect(readWhile(reading, { when: 'read', elsewhere }, () => replace(reading))).rejects.toMatchObject({ code: 'HYG-3203' });
      const planned = await scene(format, kind());
      const answer = await readWhile(planned, { when: 'planned', elsewhere }, () => replace(planned)).catch(
        (error: unknown) => (error as { code?: string }).code,
      );
      expect(['HYG-3203', fresh]).toContain(answer);
    }
  });
});
