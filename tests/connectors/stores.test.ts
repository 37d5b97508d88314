import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { Store } from '../../src/engine/contracts.ts';
import type { Format } from '../../src/files/format.ts';
import { parquetFormat } from '../../src/files/formats/parquet/parquet.ts';
import type { FilePlace } from '../../src/files/layout.ts';
import { fileStore } from '../../src/files/store.ts';
import { localFileSystem } from '../../src/filesystems/local.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import type { Scratch } from '../../src/ports/scratch.ts';
import type { StoreUnderTest } from '../support/connector-conformance/bench.ts';
import { polarsFrame, simFrame } from '../support/connector-conformance/frames.ts';
import { storeConformance } from '../support/connector-conformance/store.ts';
import { duck } from '../support/duck.ts';
import { Unscheduled } from '../support/sim/at-once.ts';
import { Coverage } from '../support/sim/coverage.ts';
import { filesDestination } from '../support/sim/destination.ts';
import { Disk, SimFileSystem } from '../support/sim/disk.ts';
import { jsonLines } from '../support/sim/jsonl-format.ts';
import { baseSchema, rowText } from '../support/sim/rows.ts';
import { SqlStore } from '../support/sim/sql-store.ts';
import { World } from '../support/sim/world.ts';

const parquet = parquetFormat({});

type Layout = FilePlace['layout'];

function placeOf(layout: Layout, format: Format): FilePlace {
  return { type: 'test', root: 'lake', folder: 'crm/e', flow: 'f', entity: 'e', layout, extension: format.extension };
}

function storeOn(files: FileSystem, place: FilePlace, how: { format: Format; scratch: Scratch }): Store {
  return fileStore({
    files,
    place,
    where: 'lake/crm/e',
    format: how.format,
    targetBytes: 1_000_000,
    random: realRandom(),
    scratch: how.scratch,
  });
}

async function inMemory(layout: Layout): Promise<StoreUnderTest> {
  const disk = new Disk('memory://lake');
  const process = new Unscheduled('test', () => undefined);
  const files = new SimFileSystem(process, disk, { name: 'lake', step: () => undefined });
  const scratch = realScratch();
  const open = async (place: FilePlace = placeOf(layout, jsonLines)) => storeOn(files, place, { format: jsonLines, scratch });
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
  const open = async (place: FilePlace = placeOf(layout, parquet)) => storeOn(files, place, { format: parquet, scratch });
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: polarsFrame,
    settled: () => listedRows(join(root, 'lake')),
    plantForeign: async (rows) => {
      const values = rows.map(({ id, mark }) => `(${id}::bigint, ${mark === null ? 'null' : mark}::bigint)`).join(', ');
      await duck(`copy (select * from (values ${values}) t(id, mark)) to '${join(root, 'theirs.parquet')}' (format parquet)`);
      await plant(files, join(root, 'theirs.parquet'));
    },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function plant(files: FileSystem, path: string): Promise<void> {
  await files.put('crm/e/theirs.parquet', await readFile(path), { ifNoneMatch: '*' });
}

/** Read by DuckDB, from exactly the files that current.json names. */
async function listedRows(lake: string): Promise<readonly string[]> {
  const body = await readFile(join(lake, '_hygge/f/e/current.json'), 'utf8').catch(() => '{"files":[]}');
  const names = (JSON.parse(body) as { files: { name: string }[] }).files.map(({ name }) => `'${join(lake, name)}'`);
  if (names.length === 0) return [];
  const rows = await duck(`select id, mark from read_parquet([${names.join(', ')}], hive_partitioning = false)`);
  return rows.map(({ id, mark }) => `${String(id)}@${String(mark)}`).sort();
}

async function inSql(): Promise<StoreUnderTest> {
  const world = new World({ pair: { store: 'sql', state: 'memory' }, rows: [], home: 'slices', spec: {} }, new Coverage());
  const process = new Unscheduled('test', () => undefined);
  const open = async () => new SqlStore(process, world.db, world.random);
  return {
    open,
    at: open,
    frame: simFrame,
    settled: async () => (world.db.head ? world.destination.rows().map(rowText).sort() : []),
    plantForeign: async (rows) => world.plantForeign(rows),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

storeConformance('files in memory, plain', () => inMemory('plain'));
storeConformance('files in memory, versioned', () => inMemory('versioned'));
storeConformance('parquet on a local disk, plain', () => onDisk('plain'));
storeConformance('parquet on a local disk, versioned', () => onDisk('versioned'));
storeConformance('a transactional store', inSql);
