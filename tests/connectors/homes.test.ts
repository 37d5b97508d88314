import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { SourceDescription } from '../../src/engine/contracts/home.ts';
import { type FileHomeOptions, fileHome } from '../../src/files/home/home.ts';
import { selectFiles } from '../../src/files/home/selection.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { csvFormat } from '../../src/formats/csv/csv.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import { toArrow } from '../../src/frames/from-polars.ts';
import { asPolars } from '../../src/frames/polars-frame.ts';
import type { Json } from '../../src/ports/values.ts';
import { type HomeUnderTest, homeConformance } from '../support/connector-conformance/home.ts';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import { ApiHome, ApiServer } from '../support/sim/api-home.ts';
import { Unscheduled } from '../support/sim/at-once.ts';
import { PagesHome } from '../support/sim/pages-home.ts';
import { datedSchema, type Row, row, rowsOfFrame, rowText, withDeletes } from '../support/sim/rows.ts';
import { SimHome } from '../support/sim/sim-home.ts';
import { Source } from '../support/sim/source.ts';

const parquet = parquetFormat({});

const rows: readonly Row[] = [row(1, 1), row(2, 2), row(2, 2), row(3, 3), row(4, 4), row(5, 5), row(6, 5), row(7, null), row(8, null)];
const now = () => '2026-11-20T08:00:00.000Z';
const filled = rows.filter(({ mark }) => mark !== null);

async function slices(): Promise<HomeUnderTest> {
  const source = new Source(rows);
  return {
    open: async () => new SimHome(new Unscheduled('test', () => undefined), source, now),
    rows,
    read: async (frame) => rowsOfFrame(frame).map(rowText),
    addFile: async (more) => source.setFile('more', more),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function pages(): Promise<HomeUnderTest> {
  const source = new Source(filled);
  const process = new Unscheduled('test', () => undefined);
  return {
    open: async () => new PagesHome(process, source, now, () => undefined),
    rows: filled,
    read: async (frame) => rowsOfFrame(frame).map(rowText),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function api(upper: 'observed' | 'clock', deletes = false): Promise<HomeUnderTest> {
  const rows = deletes ? filled.map((one): Row => ({ ...one, _deleted: String(one.id % 2 === 0) })) : filled;
  const source = new Source(rows);
  if (upper === 'clock') source.schema = datedSchema;
  if (deletes) source.schema = withDeletes(source.schema);
  const process = new Unscheduled('test', () => undefined);
  let now = 0;
  const server = new ApiServer({ source, nowMs: () => now, tick: (ms) => (now += ms) });
  return {
    open: async () => new ApiHome(process, server, { revealed: true, upper, deletes }),
    ...(upper === 'clock' ? { clock: () => server.now } : {}),
    rows,
    read: async (frame) => rowsOfFrame(frame).map(rowText),
    sleepUntil: (instant) => (now = Math.max(now, Date.parse(instant))),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function parquetFiles(): Promise<HomeUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-home-'));
  const scratch = realScratch({ folder: root });
  const files = localFileSystem(join(root, 'in'));
  let count = 0;
  const addFile = async (some: readonly Row[]) => {
    const path = join(root, `made-${count}.parquet`);
    const values = some.map(({ id, mark }) => `(${id}::bigint, ${mark === null ? 'null' : mark}::bigint)`).join(', ');
    await duck(`copy (select * from (values ${values}) t(id, mark)) to '${path}' (format parquet)`);
    await files.put(`${count++}.parquet`, await readFile(path), { ifNoneMatch: '*' });
  };
  await addFile(rows.slice(0, 4));
  await addFile(rows.slice(4));
  const open = async () =>
    fileHome({
      files,
      selection: selectFiles({ files, glob: null, single: null, extensions: ['.parquet'], written: 'in', display: (path) => `in/${path}` }),
      where: 'in',
      format: parquet,
      pinned: null,
      frameRows: 2,
      columns: null,
      exclude: null,
      clock: realClock(),
      scratch,
    });
  return {
    open,
    rows,
    addFile,
    read: async (frame) => {
      const table = await toArrow(await asPolars(frame).collect());
      const [ids, marks] = [table.getChild('id'), table.getChild('mark')];
      return Array.from({ length: frame.rows }, (_, i) => `${String(ids?.get(i))}@${String(marks?.get(i))}`);
    },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** How the rows of one file are laid out: files by path, a query each. */
type LaidOut = (rows: readonly Row[], count: number) => Readonly<Record<string, string>>;

const valuesOf = (rows: readonly Row[], type: string) =>
  `values ${rows.map(({ id, mark }) => `(${id}::${type}, ${mark === null ? 'null' : mark}::${type})`).join(', ')}`;

/** The watermark is nowhere but in the names of folders. */
const inFolders: LaidOut = (some, count) =>
  Object.fromEntries(
    [...new Set(some.map(({ mark }) => mark))].map((value) => [
      `mark=${value ?? '__HIVE_DEFAULT_PARTITION__'}/${count}.parquet`,
      `select id from (${valuesOf(
        some.filter(({ mark }) => mark === value),
        'bigint',
      )}) t(id, mark)`,
    ]),
  );

/** A narrower type in every other file, columns in another order, and none at all where every value is null. */
const differing: LaidOut = (some, count) => {
  const [filled, empty] = [some.filter(({ mark }) => mark !== null), some.filter(({ mark }) => mark === null)];
  const narrow = count % 2 === 1;
  const query = `select ${narrow ? 'mark, id' : 'id, mark'} from (${valuesOf(filled, narrow ? 'int' : 'bigint')}) t(id, mark)`;
  const more = empty.length > 0 ? { [`${count}-b.parquet`]: `select id from (${valuesOf(empty, 'smallint')}) t(id, mark)` } : {};
  return { [`${count}-a.parquet`]: query, ...more };
};

async function laidOut(layout: LaidOut, keys: Pick<FileHomeOptions, 'differingFiles'>): Promise<HomeUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-home-'));
  const scratch = realScratch({ folder: root });
  const files = localFileSystem(join(root, 'in'));
  let count = 0;
  const addFile = async (some: readonly Row[]) => {
    for (const [path, query] of Object.entries(layout(some, count++))) {
      const made = join(root, 'made.parquet');
      await duck(`copy (${query}) to '${made}' (format parquet)`);
      await files.put(path, await readFile(made), { ifNoneMatch: '*' });
    }
  };
  await addFile(rows.slice(0, 4));
  await addFile(rows.slice(4));
  const chosen = selectFiles({ files, glob: null, single: null, extensions: ['.parquet'], written: 'in', display: (path) => `in/${path}` });
  const more = { where: 'in', format: parquet, pinned: null, frameRows: 2, columns: null, exclude: null, clock: realClock(), scratch };
  return {
    open: async () => fileHome({ files, selection: chosen, ...more, ...keys }),
    rows,
    addFile,
    read: async (frame) => {
      const table = await toArrow(await asPolars(frame).collect());
      const [ids, marks] = [table.getChild('id'), table.getChild('mark')];
      return Array.from({ length: frame.rows }, (_, i) => `${String(ids?.get(i))}@${String(marks?.get(i))}`);
    },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function csvFiles(): Promise<HomeUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-home-'));
  const scratch = realScratch({ folder: root });
  const files = localFileSystem(join(root, 'in'));
  let count = 0;
  const addFile = async (some: readonly Row[]) => {
    const lines = some.map(({ id, mark }) => `${id},${mark === null ? '' : mark}\r\n`);
    await files.put(`${count++}.csv`, Buffer.from(`id,mark\r\n${lines.join('')}`), { ifNoneMatch: '*' });
  };
  await addFile(rows.slice(0, 4));
  await addFile(rows.slice(4));
  // Small enough that every file is several pieces and every piece several chunks.
  const format = csvFormat({}, { chunkBytes: 7, pieceBytes: 5 });
  const opened = async (pinned: Json | null) =>
    fileHome({
      files,
      selection: selectFiles({ files, glob: null, single: null, extensions: ['.csv'], written: 'in', display: (path) => `in/${path}` }),
      where: 'in',
      format,
      pinned,
      frameRows: 2,
      columns: null,
      exclude: null,
      clock: realClock(),
      scratch,
    });
  return {
    // As the engine does it: what a look at samples decided goes with every later step.
    open: async () => {
      const { done } = (await (await opened(null)).describe()) as { readonly done: SourceDescription };
      return opened(done.pinned ?? null);
    },
    rows,
    addFile,
    read: async (frame) => {
      const table = await toArrow(await asPolars(frame).collect());
      const [ids, marks] = [table.getChild('id'), table.getChild('mark')];
      return Array.from({ length: frame.rows }, (_, i) => `${String(ids?.get(i))}@${String(marks?.get(i))}`);
    },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** In an order that has a home in memory, an API, and files among every other one. */
const homes = {
  'slices in memory': slices,
  'pages in order': pages,
  'an API with quotas': () => api('observed'),
  'an API that tells deletes': () => api('observed', true),
  'an API that is read up to its clock': () => api('clock'),
  'parquet on a local disk': parquetFiles,
  'parquet in folders of its watermark': () => laidOut(inFolders, {}),
  'parquet files that differ': () => laidOut(differing, { differingFiles: 'unify' }),
  'csv on a local disk': csvFiles,
};
for (const [name, make] of sampled(Object.entries(homes), 2)) homeConformance(`${name}`, make);
