import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { fileHome } from '../../../src/files/home/home.ts';
import { selectFiles } from '../../../src/files/home/selection.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import { sortedRuns } from '../../../src/files/store/staging/sorted-runs.ts';
import { fileStore } from '../../../src/files/store/store.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import { toArrow } from '../../../src/frames/from-polars.ts';
import { asPolars } from '../../../src/frames/polars-frame.ts';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { type HomeUnderTest, homeConformance } from '../../support/connector-conformance/home.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { duck } from '../../support/duck.ts';
import { sampled } from '../../support/samples.ts';
import { type Row, row } from '../../support/sim/rows.ts';

type Id = 'json' | 'ndjson';

const rows: readonly Row[] = [row(1, 1), row(2, 2), row(2, 2), row(3, 3), row(4, 4), row(5, 5), row(6, 5), row(7, null), row(8, null)];

const written = (id: Id, some: readonly Row[]): Buffer => {
  const records = some.map(({ id: own, mark }, i) => (mark === null ? { id: own } : i % 2 === 0 ? { id: own, mark } : { mark, id: own }));
  return Buffer.from(id === 'json' ? JSON.stringify(records) : records.map((one) => `${JSON.stringify(one)}\n`).join(''));
};

async function homeOf(id: Id): Promise<HomeUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-home-'));
  const scratch = realScratch({ folder: root });
  const files = localFileSystem(join(root, 'in'));
  const format = jsonFormat(id, { types: { id: 'int64', mark: 'int64' } });
  let count = 0;
  const addFile = (some: readonly Row[]) => files.put(`${count++}.${id}`, written(id, some), { ifNoneMatch: '*' }).then(() => undefined);
  await addFile(rows.slice(0, 4));
  await addFile(rows.slice(4));
  const chosen = selectFiles({ files, glob: null, single: null, extensions: [`.${id}`], written: 'in', display: (path) => `in/${path}` });
  const options = {
    files,
    selection: chosen,
    where: 'in',
    format,
    frameRows: 2,
    columns: null,
    exclude: null,
    clock: realClock(),
    scratch,
  };
  return {
    open: async () => {
      const looked = await fileHome({ ...options, pinned: null }).describe(undefined, 'whole');
      return fileHome({ ...options, pinned: ('done' in looked && looked.done.pinned) || null });
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

async function storeOf(id: Id, layout: FilePlace['layout'], compression: string): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-store-'));
  const scratch = realScratch({ folder: root });
  const files = localFileSystem(join(root, 'lake'));
  const format = jsonFormat(id, { compression });
  const { extension } = format;
  const own: FilePlace = { type: 'test', root: 'lake', folder: 'crm/e', flow: 'f', entity: 'e', layout, extension };
  const open = async (place: FilePlace = own) =>
    fileStore({ files, place, where: 'lake/crm/e', format, targetBytes: 1_000_000, apart: sortedRuns(), random: realRandom(), scratch });
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: polarsFrame,
    settled: () => listedRows(join(root, 'lake')),
    plantForeign: (some) =>
      files
        .put(`crm/e/theirs${extension}`, compression === 'gzip' ? gzipSync(written(id, some)) : written(id, some), { ifNoneMatch: '*' })
        .then(() => undefined),
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Read by DuckDB, from exactly the files that current.json names. */
async function listedRows(lake: string): Promise<readonly string[]> {
  const body = await readFile(join(lake, '_hygge/f/e/current.json'), 'utf8').catch(() => '{"files":[]}');
  const names = (JSON.parse(body) as { files: { name: string }[] }).files.map(({ name }) => `'${join(lake, name)}'`);
  if (names.length === 0) return [];
  const found = await duck(`select id, mark from read_json([${names.join(', ')}], columns = {id: 'BIGINT', mark: 'BIGINT'})`);
  return found.map(({ id, mark }) => `${String(id)}@${String(mark)}`).sort();
}

for (const format of sampled(['ndjson', 'json'] as const, 2)) homeConformance(`${format} on a local disk`, () => homeOf(format));
const stores = {
  'ndjson on a local disk, plain': () => storeOf('ndjson', 'plain', 'none'),
  'ndjson with gzip on a local disk, versioned': () => storeOf('ndjson', 'versioned', 'gzip'),
  'json on a local disk, plain': () => storeOf('json', 'plain', 'none'),
};
for (const [name, make] of sampled(Object.entries(stores), 2)) storeConformance(`${name}`, make);
