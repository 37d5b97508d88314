/** A file that is written while it is read, with its size and its time as before: only its bytes tell that from a `chmod`. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import type { Json } from '../../src/ports/values.ts';
import { everything } from '../formats/csv/files.ts';
import { duck } from '../support/duck.ts';
import { testFolder, testScratch } from '../support/parquet-files.ts';
import { whole } from '../support/samples.ts';

/** Several row groups of parquet. */
const rowsOf = (format: string) => (format === 'parquet' ? 4_200 : 1_200);

/** A file whose values are of one digit; files of two digits are equally long. */
async function written(at: string, format: string, digit: number): Promise<void> {
  const rows = rowsOf(format);
  if (format === 'parquet') {
    const query = `select cast(range + 10000000 as bigint) id, ${digit} + (range % 2) v from range(${rows})`;
    await duck(`copy (${query}) to '${at}' (format parquet, row_group_size 1024, compression uncompressed)`);
    return;
  }
  const line = (id: number) => (format === 'csv' ? `${id},${digit}\n` : `{"id":${id},"v":${digit}}\n`);
  writeFileSync(at, `${format === 'csv' ? 'id,v\n' : ''}${Array.from({ length: rows }, (_, i) => line(i + 10_000_000)).join('')}`);
}

const samples = mkdtempSync(join(tmpdir(), 'hygge-test-'));
afterAll(() => rmSync(samples, { recursive: true, force: true }));
const sample = (format: string, digit: number) => join(samples, `${digit}.${format}`);
beforeAll(async () => {
  for (const format of ['csv', 'ndjson', 'parquet']) {
    for (const digit of [3, 5]) await written(sample(format, digit), format, digit);
    expect(statSync(sample(format, 5)).size).toBe(statSync(sample(format, 3)).size);
  }
});

const suffixes: Readonly<Record<string, string>> = { 'ndjson by threads': 'ndjson' };

async function scene(kindOf: string, kind: Format) {
  const format = suffixes[kindOf] ?? kindOf;
  const root = await testFolder();
  const [at, other, same] = ['in', 'other', 'same'].map((folder) => {
    mkdirSync(join(root, folder));
    return join(root, folder, `a.${format}`);
  }) as [string, string, string];
  for (const [to, digit] of [
    [at, 3],
    [same, 3],
    [other, 5],
  ] as const) {
    copyFileSync(sample(format, digit), to);
    // A time that can be set back exactly.
    utimesSync(to, 1_700_000_000, 1_700_000_000);
  }
  const files = localFileSystem(join(root, 'in'));
  const selection = selectFiles({ files, glob: null, single: null, extensions: [`.${format}`], written: 'in', display: (path) => path });
  const more = { columns: null, exclude: null, pinned: null, frameRows: 200, clock: realClock(), scratch: testScratch(root) };
  const homeAs = (pinned: Json | null) => fileHome({ files, selection, where: 'in', format: kind, ...more, pinned });
  return { at, other, same, home: homeAs(null), homeAs };
}

type Scene = Awaited<ReturnType<typeof scene>>;

interface Moment {
  readonly when: 'planned' | 'read' | 'between slices';
  /** Other processes read the slices, each one of them, as in a function app. */
  readonly elsewhere: boolean;
}

const moments: readonly Moment[] = (['planned', 'read', 'between slices'] as const).flatMap((when) => [
  { when, elsewhere: false },
  { when, elsewhere: true },
]);

/** The sum of the values that a run reads while `change` happens, or the code of its error. */
async function readWhile({ home, homeAs, at }: Scene, most: number, { when, elsewhere }: Moment, change: () => void): Promise<Answer> {
  const described = await home.describe();
  if (!('done' in described)) throw new Error('files are described at once');
  const planned = await home.plan(everything, { sliceBytes: Math.ceil(statSync(at).size / most) });
  if (!('done' in planned)) throw new Error('a plan of files is made at once');
  // As it is kept until it is read.
  const slices = JSON.parse(JSON.stringify(planned.done.slices)) as readonly SliceRef[];
  if (when === 'planned') change();
  let [sum, frames] = [0, 0];
  try {
    for (const [i, slice] of slices.entries()) {
      if (i === 1 && when === 'between slices') change();
      const reader = elsewhere ? homeAs(described.done.pinned ?? null) : home;
      for await (const frame of reader.read(slice, everything, undefined, new AbortController().signal)) {
        if (!('schema' in frame)) continue;
        sum += Number((await asPolars(frame).collect()).getColumn('v').sum());
        if (frames++ === 0 && when === 'read') change();
      }
    }
  } catch (error) {
    return { slices: slices.length, answer: (error as { readonly code?: string }).code };
  }
  return { slices: slices.length, answer: sum };
}

interface Answer {
  readonly slices: number;
  /** A sum, or the code of an error. */
  readonly answer: number | string | undefined;
}

/** The change, with the time of the last one set back as programs that copy files do. */
function unseen({ at }: Scene, change: () => void): void {
  const { mtime } = statSync(at);
  change();
  utimesSync(at, mtime, mtime);
}

const harmless: Readonly<Record<string, (at: Scene) => void>> = {
  chmod: ({ at }) => chmodSync(at, 0o600),
  'a hard link': ({ at }) => linkSync(at, `${at}.backup`),
  touch: ({ at }) => utimesSync(at, 1_700_000_100, 1_700_000_100),
  'a copy with the same content': ({ at, same }) => renameSync(same, at),
};

const harmful: Readonly<Record<string, (at: Scene) => void>> = {
  overwritten: (scene) => unseen(scene, () => copyFileSync(scene.other, scene.at)),
  'replaced by another': (scene) => unseen(scene, () => renameSync(scene.other, scene.at)),
  'cut off': (scene) => unseen(scene, () => truncateSync(scene.at, Math.floor(statSync(scene.at).size / 3))),
  grown: (scene) => unseen(scene, () => appendFileSync(scene.at, '10000001,7\n')),
  removed: ({ at }) => renameSync(at, `${at}.old`),
};

describe.each([
  ['csv', 3, 5, () => csvFormat({}, { chunkBytes: 2048 })],
  ['ndjson', 3, 5, () => jsonFormat('ndjson', {}, { pieceBytes: 2048 })],
  ['ndjson by threads', 3, 5, () => jsonFormat('ndjson', {}, { pieceBytes: 2048, threads: { these: sharedThreads(), from: 0 } })],
  ['parquet', 3.5, 5.5, () => parquetFormat({})],
])('a file of %s', (format, before, after, kind) => {
  const cuts = [1, 3] as const;
  /** By it two formats meet other moments. */
  const differs = format.length;

  /** One of the moments that a file in so many slices has, another for each change and each format. */
  function some(most: number, nth: number): readonly Moment[] {
    const possible = moments.filter(({ when }) => most > 1 || when !== 'between slices');
    return whole ? possible : [possible[(nth + differs + most) % possible.length] as Moment];
  }

  test.each(Object.entries(harmless).map(([what, change], nth) => [what, change, nth] as const))(
    'continues through %s, and has each row once',
    async (_, change, nth) => {
      for (const most of cuts)
        for (const moment of some(most, nth)) {
          const here = await scene(format, kind());
          const { slices, answer } = await readWhile(here, most, moment, () => change(here));
          expect(slices > 1).toBe(most > 1);
          // A footer says nothing of the values, so other processes can't tell whether other slices are of the same version.
          const isUnknown = format === 'parquet' && slices > 1 && moment.elsewhere;
          expect(answer, JSON.stringify(moment)).toBe(isUnknown ? 'HYG-3203' : before * rowsOf(format));
        }
    },
  );

  test.each(Object.entries(harmful).map(([what, change], nth) => [what, change, nth] as const))(
    'that is %s stops the run, or is read as one version',
    async (_, change, nth) => {
      for (const most of cuts)
        for (const moment of some(most, nth)) {
          const here = await scene(format, kind());
          const { answer } = await readWhile(here, most, moment, () => change(here));
          const other = moment.when === 'planned' ? [after * rowsOf(format)] : [];
          expect(['HYG-3203', 'HYG-3202', ...other], JSON.stringify(moment)).toContain(answer);
        }
    },
  );
});
