/** Homes and stores of files on a local disk, in any format, before the conformance suites. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { type FileHomeOptions, fileHome } from '../../../src/files/home/home.ts';
import { selectFiles } from '../../../src/files/home/selection.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import { sortedRuns } from '../../../src/files/store/staging/sorted-runs.ts';
import { fileStore } from '../../../src/files/store/store.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import type { Format } from '../../../src/formats/contract/format.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { duck } from '../duck.ts';
import { type Row, row } from '../sim/rows.ts';
import type { StoreUnderTest } from './bench.ts';
import { polarsFrame } from './frames.ts';
import type { HomeUnderTest } from './home.ts';
import { plainFrame } from './plain-rows.ts';

/** Ties, a row twice, and rows without a watermark, in two files. */
export const rowsOfFiles: readonly Row[] = [
  ...[row(1, 1), row(2, 2), row(2, 2), row(3, 3)],
  ...[row(4, 4), row(5, 5), row(6, 5), row(7, null), row(8, null)],
];

async function folder() {
  const root = await mkdtemp(join(tmpdir(), 'hygge-on-disk-'));
  const scratch = realScratch({ folder: root });
  return {
    root,
    scratch,
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

interface HomeOnDisk extends Pick<FileHomeOptions, 'differingFiles'> {
  readonly format: Format;
  /** With the dot. */
  readonly extension: string;
  /** The files that hold some rows, by path; `count` times there were files before. */
  readonly written: (rows: readonly Row[], count: number, folder: string) => Promise<Readonly<Record<string, Uint8Array>>>;
  /** What a look decides goes with every later step, as the engine does it. */
  readonly isPinned?: true;
}

export async function homeOnDisk({ format, extension, written, isPinned, ...more }: HomeOnDisk): Promise<HomeUnderTest> {
  const at = await folder();
  const files = localFileSystem(join(at.root, 'in'));
  let count = 0;
  const addFile = async (some: readonly Row[]) => {
    for (const [path, body] of Object.entries(await written(some, count++, at.root))) await files.put(path, body, { ifNoneMatch: '*' });
  };
  await addFile(rowsOfFiles.slice(0, 4));
  await addFile(rowsOfFiles.slice(4));
  const selection = selectFiles({
    files,
    glob: null,
    single: null,
    extensions: [extension],
    written: 'in',
    display: (path) => `in/${path}`,
  });
  const options = { files, selection, where: 'in', format, frameRows: 2, columns: null, exclude: null, clock: realClock(), ...more };
  const { scratch } = at;
  return {
    async open() {
      const looked = isPinned && (await fileHome({ ...options, scratch, pinned: null }).describe(undefined, 'whole'));
      return fileHome({ ...options, scratch, pinned: (looked && 'done' in looked && looked.done.pinned) || null });
    },
    rows: rowsOfFiles,
    addFile,
    read: plainFrame,
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

interface StoreOnDisk {
  readonly format: Format;
  /** `partitioned`: by the watermark. */
  readonly layout: FilePlace['layout'] | 'partitioned';
  /** A query of these files, as DuckDB reads them. */
  readonly query: (files: string) => string;
  readonly plantForeign: (rows: readonly Row[], files: FileSystem, folder: string) => Promise<unknown>;
}

export function placeOnDisk(layout: StoreOnDisk['layout'], { extension }: Pick<Format, 'extension'>): FilePlace {
  const where = { type: 'test', root: 'lake', folder: 'crm/e', flow: 'f', entity: 'e', extension };
  return layout === 'partitioned' ? { ...where, layout: 'plain', partitionBy: ['mark'] } : { ...where, layout };
}

export async function storeOnDisk({ format, layout, query, plantForeign }: StoreOnDisk): Promise<StoreUnderTest> {
  const at = await folder();
  const lake = join(at.root, 'lake');
  const files = localFileSystem(lake);
  const more = { targetBytes: 1_000_000, apart: sortedRuns(), random: realRandom(), scratch: at.scratch };
  const open = async (place: FilePlace = placeOnDisk(layout, format)) => fileStore({ files, place, where: 'lake/crm/e', format, ...more });
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: polarsFrame,
    /** From exactly the files that current.json names. */
    async settled() {
      const body = await readFile(join(lake, '_hygge/f/e/current.json'), 'utf8').catch(() => '{"files":[]}');
      const names = (JSON.parse(body) as { files: { name: string }[] }).files.map(({ name }) => `'${join(lake, name)}'`);
      if (names.length === 0) return [];
      const found = await duck(`select id, mark from ${query(`[${names.join(', ')}]`)}`);
      return found.map(({ id, mark }) => `${String(id)}@${String(mark)}`).sort();
    },
    async plantForeign(rows) {
      await plantForeign(rows, files, at.root);
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}
