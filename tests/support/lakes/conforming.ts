import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { SourceDescription } from '../../../src/engine/contracts/home.ts';
import { fileHome } from '../../../src/files/home/home.ts';
import { selectFiles } from '../../../src/files/home/selection.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import { sortedRuns } from '../../../src/files/store/staging/sorted-runs.ts';
import { fileStore } from '../../../src/files/store/store.ts';
import { formatOf } from '../../../src/formats/formats.ts';
import type { Json } from '../../../src/ports/values.ts';
import type { StoreUnderTest } from '../connector-conformance/bench.ts';
import { polarsFrame } from '../connector-conformance/frames.ts';
import type { HomeUnderTest } from '../connector-conformance/home.ts';
import { rowsOfFiles } from '../connector-conformance/on-disk.ts';
import { plainFrame } from '../connector-conformance/plain-rows.ts';
import { duck } from '../duck.ts';
import type { Row } from '../sim/rows.ts';
import type { LakePlace } from './lake.ts';
import { treeIn } from './tree-in.ts';

export const formats = ['parquet', 'csv', 'ndjson', 'json'] as const;
export type FormatName = (typeof formats)[number];

const columns = `columns = {id: 'bigint', mark: 'bigint'}`;
/** How DuckDB reads and writes each. */
const inSql: Readonly<Record<FormatName, { read(files: string): string; readonly write: string }>> = {
  parquet: { read: (files) => `read_parquet(${files}, hive_partitioning = false)`, write: 'format parquet' },
  csv: { read: (files) => `read_csv(${files}, header = true, hive_partitioning = false, ${columns})`, write: 'format csv, header' },
  ndjson: { read: (files) => `read_json(${files}, format = 'newline_delimited', ${columns})`, write: 'format json' },
  json: { read: (files) => `read_json(${files}, format = 'array', ${columns})`, write: 'format json, array' },
};

const valuesOf = (rows: readonly Row[]): string =>
  `select * from (values ${rows.map(({ id, mark }) => `(${id}::bigint, ${mark === null ? 'null' : mark}::bigint)`).join(', ')}) t(id, mark)`;

async function fileOf(folder: string, rows: readonly Row[], format: FormatName): Promise<Uint8Array> {
  const path = join(folder, `made.${format}`);
  await duck(`copy (${valuesOf(rows)}) to '${path}' (${inSql[format].write})`);
  return await readFile(path);
}

let folders = 0;

/** An empty folder of a lake as a store. */
export async function storeIn(lake: LakePlace, name: FormatName): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-lake-'));
  const scratch = realScratch({ folder: root });
  const own = `store-${++folders}`;
  const [files, format] = [await treeIn(lake, own), await formatOf(name, {})];
  const where = { type: 'test', root: own, folder: 'crm/e', flow: 'f', entity: 'e', extension: format.extension, layout: 'plain' } as const;
  const open = async (place: FilePlace = where) =>
    fileStore({ files, place, where: 'crm/e', format, targetBytes: 1_000_000, apart: sortedRuns(), random: realRandom(), scratch });
  let looks = 0;
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: polarsFrame,
    async settled() {
      const to = join(root, `look-${++looks}`);
      await mkdir(to);
      await lake.download(own, to);
      const head = await readFile(join(to, '_hygge/f/e/current.json'), 'utf8').catch(() => '{"files":[]}');
      const names = (JSON.parse(head) as { files: { name: string }[] }).files.map((file) => `'${join(to, file.name)}'`);
      if (names.length === 0) return [];
      const rows = await duck(`select id, mark from ${inSql[name].read(`[${names.join(', ')}]`)}`);
      return rows.map(({ id, mark }) => `${String(id)}@${String(mark)}`).sort();
    },
    plantForeign: async (rows) => {
      await files.put(`crm/e/theirs${format.extension}`, await fileOf(root, rows, name), { ifNoneMatch: '*' });
    },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Two files in a folder of a lake, as a home. */
export async function homeIn(lake: LakePlace, name: FormatName): Promise<HomeUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-lake-'));
  const scratch = realScratch({ folder: root });
  const own = `home-${++folders}`;
  const [files, format] = [await treeIn(lake, own), await formatOf(name, {})];
  let count = 0;
  const addFile = async (some: readonly Row[]): Promise<void> => {
    await files.put(`${count++}.${name}`, await fileOf(root, some, name), { ifNoneMatch: '*' });
  };
  await addFile(rowsOfFiles.slice(0, 4));
  await addFile(rowsOfFiles.slice(4));
  const { extensions } = format;
  const chosen = selectFiles({ files, glob: null, single: null, extensions, written: own, display: (path) => `${own}/${path}` });
  const opened = async (pinned: Json | null) =>
    fileHome({
      ...{ files, selection: chosen, where: own, format, pinned, frameRows: 2, columns: null, exclude: null },
      ...{ clock: realClock(), scratch },
    });
  let pinned: Promise<Json | null> | undefined;
  const look = async (): Promise<Json | null> => {
    const { done } = (await (await opened(null)).describe()) as { readonly done: SourceDescription };
    return done.pinned ?? null;
  };
  return {
    // As the engine does it: what a look at samples decided goes with every later step.
    async open() {
      pinned ??= look();
      return opened(await pinned);
    },
    rows: rowsOfFiles,
    addFile,
    read: plainFrame,
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}
