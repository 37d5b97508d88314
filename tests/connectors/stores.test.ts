import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { FilePlace } from '../../src/files/store/layout.ts';
import { fileStore } from '../../src/files/store/store.ts';
import { csvFormat } from '../../src/formats/csv/csv.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import type { StoreUnderTest } from '../support/connector-conformance/bench.ts';
import { capabilities } from '../support/connector-conformance/capabilities.ts';
import { simFrame } from '../support/connector-conformance/frames.ts';
import { placeOnDisk, storeOnDisk } from '../support/connector-conformance/on-disk.ts';
import { storeConformance } from '../support/connector-conformance/store.ts';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import { Unscheduled } from '../support/sim/at-once.ts';
import { filesDestination } from '../support/sim/destination.ts';
import { Disk, SimFileSystem } from '../support/sim/disk.ts';
import { jsonLines } from '../support/sim/jsonl-format.ts';
import { baseSchema, rowText } from '../support/sim/rows.ts';
import { rowsApart } from '../support/sim/rows-apart.ts';

type Layout = Parameters<typeof placeOnDisk>[0];

async function inMemory(layout: Layout): Promise<StoreUnderTest> {
  const disk = new Disk('memory://lake');
  const process = new Unscheduled('test', () => undefined);
  const files = new SimFileSystem(process, disk, { name: 'lake', step: () => undefined });
  const scratch = realScratch();
  const more = { targetBytes: 1_000_000, apart: rowsApart, random: realRandom(), scratch };
  const open = async (place: FilePlace = placeOnDisk(layout, jsonLines)) =>
    fileStore({ files, place, where: 'lake/crm/e', format: jsonLines, ...more });
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

const onDisk = (layout: Layout) =>
  storeOnDisk({
    format: parquetFormat({}),
    layout,
    query: (files) => `read_parquet(${files}, hive_partitioning = ${layout === 'partitioned'})`,
    async plantForeign(rows, files, folder) {
      const values = rows.map(({ id, mark }) => `(${id}::bigint, ${mark === null ? 'null' : mark}::bigint)`).join(', ');
      const theirs = join(folder, 'theirs');
      const how = layout === 'partitioned' ? ', partition_by (mark)' : ', per_thread_output';
      await duck(`copy (select * from (values ${values}) t(id, mark)) to '${theirs}' (format parquet${how})`);
      for (const path of readdirSync(theirs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet')))
        await files.put(`crm/e/${path}`, await readFile(join(theirs, path)), { ifNoneMatch: '*' });
    },
  });

const csvOnDisk = () =>
  storeOnDisk({
    format: csvFormat({ compression: 'gzip' }),
    layout: 'plain',
    query: (files) => `read_csv(${files}, header = true, columns = {id: 'bigint', mark: 'bigint'})`,
    plantForeign: (rows, files) => {
      const lines = rows.map(({ id, mark }) => `${id},${mark === null ? '' : mark}\n`);
      return files.put('crm/e/theirs.csv.gz', gzipSync(`id,mark\n${lines.join('')}`), { ifNoneMatch: '*' });
    },
  });

/** Every third one in an ordinary run, all of them in a soak. */
const stores = {
  'files in memory, plain': () => inMemory('plain'),
  'parquet on a local disk, plain': () => onDisk('plain'),
  'parquet on a local disk, versioned': () => onDisk('versioned'),
  'files in memory, versioned': () => inMemory('versioned'),
  'files in memory, partitioned': () => inMemory('partitioned'),
  'parquet on a local disk, partitioned': () => onDisk('partitioned'),
  'csv on a local disk, compressed': csvOnDisk,
};
for (const [name, make] of sampled(Object.entries(stores), 3)) storeConformance(`${name}`, make);

// The plan refuses by what a store says of itself, whatever the store is.
capabilities('files in memory', () => inMemory('plain'));
