import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { deltaStore } from '../../../src/files/delta-store/store.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import { sortedRuns } from '../../../src/files/store/staging/sorted-runs.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { defined } from '../../../src/ports/values.ts';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame, simFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { OtherCommitter } from '../../support/delta/other-committer.ts';
import { duck } from '../../support/duck.ts';
import { sampled } from '../../support/samples.ts';
import { Unscheduled } from '../../support/sim/at-once.ts';
import { announceForeign, deltaDestination } from '../../support/sim/delta-destination.ts';
import { Disk, SimFileSystem } from '../../support/sim/disk.ts';
import { jsonLines } from '../../support/sim/jsonl-format.ts';
import { simulatedMerging } from '../../support/sim/merging.ts';
import { baseSchema, type Row, rowText } from '../../support/sim/rows.ts';
import { rowsApart } from '../../support/sim/rows-apart.ts';

/** The root of the files is the table's folder. */
function placeOf(extension: string, partitionBy: readonly string[] = []): FilePlace {
  const place: FilePlace = { type: 'test', root: 'lake', folder: '', flow: 'f', entity: 'e', layout: 'plain', extension };
  return partitionBy.length === 0 ? place : { ...place, partitionBy };
}

/** Logs are kept by their addresses, so each lake has an address of its own. */
let lakes = 0;

async function inMemory(partitionBy?: readonly string[]): Promise<StoreUnderTest> {
  const disk = new Disk(`memory://lake-${++lakes}`);
  const files = new SimFileSystem(new Unscheduled('test', () => undefined), disk, { name: 'lake', step: () => undefined });
  const scratch = realScratch();
  const open = async (place: FilePlace = placeOf(jsonLines.extension, partitionBy)) =>
    deltaStore({
      files,
      place,
      clock: realClock(),
      where: 'lake/crm/e',
      format: jsonLines,
      targetBytes: 1_000_000,
      apart: rowsApart,
      merging: simulatedMerging,
      random: realRandom(),
      scratch,
    });
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: simFrame,
    settled: async () => deltaDestination(disk, '').rows().map(rowText).sort(),
    ...(partitionBy === undefined
      ? {
          plantForeign: async (rows: readonly Row[]) => {
            const lines = [JSON.stringify(baseSchema), ...rows.map((one) => JSON.stringify(one)), `"rows ${rows.length}"`];
            disk.plant('theirs.jsonl', `${lines.join('\n')}\n`);
            announceForeign(disk, 'theirs.jsonl');
          },
        }
      : {}),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

/** The first entry, or one behind a fence that made the table. Partitions are in the log alone. */
async function plant(rows: readonly Row[], table: string, partitionBy: readonly string[]): Promise<void> {
  const others = new OtherCommitter(table);
  const version = others.state().version + 1;
  const field = (name: string) => ({ name, type: 'long', nullable: name !== 'id', metadata: {} });
  const schemaString = JSON.stringify({ type: 'struct', fields: [field('id'), field('mark')] });
  const format = { provider: 'parquet', options: {} };
  const made = [
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    { metaData: { id: 'theirs', format, schemaString, partitionColumns: partitionBy, configuration: {} } },
  ];
  mkdirSync(table, { recursive: true });
  const groups = partitionBy.length === 0 ? [rows] : rows.map((one) => [one]);
  const adds = await Promise.all(
    groups.map(async (some, i) => {
      const path = join(table, `theirs-${i}.parquet`);
      const values = some.map(({ id, mark }) => `(${id}::bigint, ${mark}::bigint)`).join(', ');
      const columns = partitionBy.length === 0 ? 'id, mark' : 'id';
      await duck(`copy (select ${columns} from (values ${values}) t(id, mark)) to '${path}' (format parquet)`);
      const mark = some[0]?.mark ?? null;
      return {
        add: {
          path: `theirs-${i}.parquet`,
          partitionValues: partitionBy.length === 0 ? {} : { mark: mark === null ? null : `${mark}` },
          size: statSync(path).size,
          modificationTime: 1,
          dataChange: true,
          stats: JSON.stringify({ numRecords: some.length }),
        },
      };
    }),
  );
  const lines = [{ commitInfo: { operation: 'WRITE' } }, ...(version === 0 ? made : []), ...adds];
  const entry = join(table, '_delta_log', `${String(version).padStart(20, '0')}.json`);
  mkdirSync(dirname(entry), { recursive: true });
  writeFileSync(entry, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`, { flag: 'wx' });
}

async function onDisk(partitionBy: readonly string[] = []): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-delta-store-'));
  const table = join(root, 'lake');
  const files = localFileSystem(table);
  const scratch = realScratch({ folder: root });
  const more = { clock: realClock(), targetBytes: 1_000_000, apart: sortedRuns(), random: realRandom(), scratch };
  const open = async (place: FilePlace = placeOf('.parquet', partitionBy)) =>
    deltaStore({ files, place, where: 'lake/crm/e', format: parquetFormat({}), ...more });
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: polarsFrame,
    /** From exactly the files that the log names, with the partitions that it says. */
    async settled() {
      const others = new OtherCommitter(table);
      const selects = others.state().files.map(({ path, partitionValues, deletionVector }) => {
        const mark = partitionBy.length === 0 ? 'mark' : `${partitionValues.mark ?? null} as mark`;
        const file = join(table, decodeURIComponent(path));
        if (!existsSync(file)) throw new Error(`the log names ${path}, which is not there`);
        if (readFileSync(file).length === 0) throw new Error(`${path} is empty`);
        return `select id, ${mark} from ${others.rowsOf({ path, ...defined({ deletionVector }) })}`;
      });
      if (selects.length === 0) return [];
      return (await duck(selects.join(' union all '))).map(({ id, mark }) => `${String(id)}@${String(mark)}`).sort();
    },
    plantForeign: (rows) => plant(rows, table, partitionBy),
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

const stores = {
  'a Delta table in memory, plain': () => inMemory(),
  'a Delta table of parquet on a local disk, partitioned': () => onDisk(['mark']),
  'a Delta table in memory, partitioned': () => inMemory(['mark']),
  'a Delta table of parquet on a local disk, plain': () => onDisk(),
};
for (const [name, make] of sampled(Object.entries(stores), 4)) storeConformance(name, make);
