import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import type { FilePlace } from '../../src/files/store/layout.ts';
import type { MakePartitionSorter } from '../../src/files/store/staging/partition-by.ts';
import { sortedRuns } from '../../src/files/store/staging/sorted-runs.ts';
import { fileStore } from '../../src/files/store/store.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import type { Format } from '../../src/formats/contract/format.ts';
import { csvFormat } from '../../src/formats/csv/csv.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import type { Scratch } from '../../src/ports/scratch.ts';
import type { StoreUnderTest } from '../support/connector-conformance/bench.ts';
import { polarsFrame, simFrame } from '../support/connector-conformance/frames.ts';
import { storeConformance } from '../support/connector-conformance/store.ts';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import { Unscheduled } from '../support/sim/at-once.ts';
import { Coverage } from '../support/sim/coverage.ts';
import { filesDestination } from '../support/sim/destination.ts';
import { Disk, SimFileSystem } from '../support/sim/disk.ts';
import { jsonLines } from '../support/sim/jsonl-format.ts';
import { Pool } from '../support/sim/pool.ts';
import { baseSchema, rowText } from '../support/sim/rows.ts';
import { rowsApart } from '../support/sim/rows-apart.ts';
import { SqlStore } from '../support/sim/sql-store.ts';
import { World } from '../support/sim/world.ts';

const parquet = parquetFormat({});

/** `partitioned`: by the watermark. */
type Layout = FilePlace['layout'] | 'partitioned';

function placeOf(layout: Layout, format: Format): FilePlace {
  const where = { type: 'test', root: 'lake', folder: 'crm/e', flow: 'f', entity: 'e', extension: format.extension };
  return layout === 'partitioned' ? { ...where, layout: 'plain', partitionBy: ['mark'] } : { ...where, layout };
}

function storeOn(files: FileSystem, place: FilePlace, how: { format: Format; scratch: Scratch; apart: MakePartitionSorter }): Store {
  return fileStore({
    files,
    place,
    where: 'lake/crm/e',
    format: how.format,
    targetBytes: 1_000_000,
    apart: how.apart,
    random: realRandom(),
    scratch: how.scratch,
  });
}

async function inMemory(layout: Layout): Promise<StoreUnderTest> {
  const disk = new Disk('memory://lake');
  const process = new Unscheduled('test', () => undefined);
  const files = new SimFileSystem(process, disk, { name: 'lake', step: () => undefined });
  const scratch = realScratch();
  const open = async (place: FilePlace = placeOf(layout, jsonLines)) =>
    storeOn(files, place, { format: jsonLines, scratch, apart: rowsApart });
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: simFrame,
    settled: async () => filesDestination(disk, 'crm/e').rows().map(rowText).sort(),
    plantForeign: async (rows) => {
      const lines = [JSON.stringify(baseSchema), ...rows.map((one) => JSON.stringify(one)), `"rows ${rows.length}"`];
      disk.plant('crm/e/theirs.jsonl', `${lines.join('\n')}\n`);
    },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

async function onDisk(layout: Layout): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-store-'));
  const scratch = realScratch({ folder: root });
  const files = localFileSystem(join(root, 'lake'));
  const open = async (place: FilePlace = placeOf(layout, parquet)) =>
    storeOn(files, place, { format: parquet, scratch, apart: sortedRuns() });
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: polarsFrame,
    settled: () => listedRows(join(root, 'lake'), layout === 'partitioned'),
    plantForeign: async (rows) => {
      const values = rows.map(({ id, mark }) => `(${id}::bigint, ${mark === null ? 'null' : mark}::bigint)`).join(', ');
      const theirs = join(root, 'theirs');
      const how = layout === 'partitioned' ? ', partition_by (mark)' : ', per_thread_output';
      await duck(`copy (select * from (values ${values}) t(id, mark)) to '${theirs}' (format parquet${how})`);
      for (const path of readdirSync(theirs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet')))
        await files.put(`crm/e/${path}`, await readFile(join(theirs, path)), { ifNoneMatch: '*' });
    },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Read by DuckDB, from exactly the files that current.json names. */
async function listedRows(lake: string, inFolders: boolean): Promise<readonly string[]> {
  const body = await readFile(join(lake, '_hygge/f/e/current.json'), 'utf8').catch(() => '{"files":[]}');
  const names = (JSON.parse(body) as { files: { name: string }[] }).files.map(({ name }) => `'${join(lake, name)}'`);
  if (names.length === 0) return [];
  const rows = await duck(`select id, mark from read_parquet([${names.join(', ')}], hive_partitioning = ${inFolders})`);
  return rows.map(({ id, mark }) => `${String(id)}@${String(mark)}`).sort();
}

async function csvOnDisk(): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-store-'));
  const scratch = realScratch({ folder: root });
  const files = localFileSystem(join(root, 'lake'));
  const format = csvFormat({ compression: 'gzip' });
  const open = async (place: FilePlace = placeOf('plain', format)) => storeOn(files, place, { format, scratch, apart: sortedRuns() });
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: polarsFrame,
    settled: async () => {
      const body = await readFile(join(root, 'lake/_hygge/f/e/current.json'), 'utf8').catch(() => '{"files":[]}');
      const names = (JSON.parse(body) as { files: { name: string }[] }).files.map(({ name }) => `'${join(root, 'lake', name)}'`);
      if (names.length === 0) return [];
      const rows = await duck(`select * from read_csv([${names.join(', ')}], header = true, columns = {id: 'bigint', mark: 'bigint'})`);
      return rows.map(({ id, mark }) => `${String(id)}@${String(mark)}`).sort();
    },
    plantForeign: async (rows) => {
      const lines = rows.map(({ id, mark }) => `${id},${mark === null ? '' : mark}\n`);
      await files.put('crm/e/theirs.csv.gz', gzipSync(`id,mark\n${lines.join('')}`), { ifNoneMatch: '*' });
    },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function inSql(mark: string | null): Promise<StoreUnderTest> {
  const world = new World({ pair: { store: 'sql', state: 'memory' }, rows: [], home: 'slices', spec: {} }, new Coverage());
  const process = new Unscheduled('test', () => undefined);
  const pool = new Pool();
  const open = async () => new SqlStore(process, world.db, { pool, random: world.random, mark, tens: false });
  return {
    open,
    at: open,
    frame: simFrame,
    settled: async () => (world.db.head ? world.destination.rows().map(rowText).sort() : []),
    plantForeign: async (rows) => world.plantForeign(rows),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Each layout of files in memory or on a disk, and a transactional store, are among every other one. */
const stores = {
  'files in memory, plain': () => inMemory('plain'),
  'parquet on a local disk, plain': () => onDisk('plain'),
  'parquet on a local disk, versioned': () => onDisk('versioned'),
  'files in memory, versioned': () => inMemory('versioned'),
  'files in memory, partitioned': () => inMemory('partitioned'),
  'parquet on a local disk, partitioned': () => onDisk('partitioned'),
  'a transactional store': () => inSql(null),
  'a transactional store with a mark column': () => inSql('f.e'),
  'csv on a local disk, compressed': csvOnDisk,
};
for (const [name, make] of sampled(Object.entries(stores), 2)) storeConformance(`${name}`, make);
