import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { type Home, insideSumsOf } from '../../src/engine/contracts/home.ts';
import type { OneBucketSums, SummedColumn, SumsRequest } from '../../src/engine/contracts/row-sums.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { fileStore } from '../../src/files/store/store.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { formatOf } from '../../src/formats/formats.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { place } from '../files/settling.ts';
import { loaded } from '../support/commits.ts';
import { isMysql, noMariadb } from '../support/mariadb.ts';
import { noPostgres } from '../support/postgres.ts';
import { everything, framesOf } from '../support/postgres-home.ts';
import { SEED, sampled, whole } from '../support/samples.ts';
import { summedFrames, summedTexts, textRows } from '../support/summed.ts';
import { openStore as openDuckdb } from './duckdb/support.ts';
import { openDatabase as openMariadb } from './mysql/support.ts';
import { openDatabase as openPostgres } from './postgres/support.ts';
import { openStore as openSqlite } from './sqlite/support.ts';
import { openDatabase as openSqlServer } from './sqlserver/support.ts';

const { signal } = new AbortController();

/** Numbers from 0 to below `most`, always the same of a seed. */
function drawing(seed: number): (most: number) => number {
  let state = seed >>> 0 || 1;
  return (most) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % most;
  };
}

const texts = ['', ' ', 'a', 'A', 'a ', 'é', 'é', 'ß', '𝔘𝔫𝔦 🏡', 'it\'s \\ "', 'line\r\n\t', 'x'.repeat(300)];
const micros = [-62_135_596_800_000_000n, 253_402_300_799_999_999n, -1n, 0n, 1n, 1_704_067_200_120_000n, -14_182_940_000_000_001n];

interface Kind {
  readonly type: DataType;
  readonly values: readonly Cell[];
}

/** Columns that every one of the systems can keep, and the databases can sum, with values at their edges. */
const kinds: readonly Kind[] = [
  { type: { kind: 'bool' }, values: [true, false] },
  { type: { kind: 'int16' }, values: [-32768, 32767, 0] },
  { type: { kind: 'int32' }, values: [-2147483648, 2147483647, 0] },
  { type: { kind: 'uint32' }, values: [0, 4294967295] },
  { type: { kind: 'int64' }, values: [-(2n ** 63n), 2n ** 63n - 1n, 0n] },
  { type: { kind: 'uint64' }, values: [0n, 2n ** 64n - 1n, 2n ** 63n] },
  { type: { kind: 'decimal', precision: 12, scale: 2 }, values: [0n, -1n, 110n, 10_000n, 999_999_999_999n] },
  { type: { kind: 'decimal', precision: 38, scale: 0 }, values: [10n ** 38n - 1n, -(10n ** 38n) + 1n, 100n] },
  { type: { kind: 'decimal', precision: 20, scale: 20 }, values: [1n, -(10n ** 19n), 0n] },
  { type: { kind: 'string' }, values: texts },
  { type: { kind: 'uuid' }, values: ['00000000-0000-0000-0000-000000000000', 'ffffffff-aaaa-ffff-ffff-ffffffffffff'] },
  { type: { kind: 'binary' }, values: [new Uint8Array(0), new Uint8Array([0, 255, 0, 128])] },
  { type: { kind: 'date' }, values: [-719_162, 2_932_896, -1, 0, 19_782] },
  { type: { kind: 'timestamp', unit: 'us' }, values: micros },
  { type: { kind: 'timestamp', unit: 'us', zone: 'UTC' }, values: micros },
];
/** Columns that some databases can't sum by themselves. */
const readKinds: readonly Kind[] = [
  { type: { kind: 'float64' }, values: [-0, 0, 0.1, 5e-324, 1.7976931348623157e308, -123456789.12345679] },
  { type: { kind: 'float32' }, values: [-0, 0.10000000149011612, 1.401298464324817e-45, -16777216] },
  {
    type: { kind: 'json' },
    values: ['{"b": 1.10, "a": [true, null]}', '{"a":[true,null],"b":1.1}', '{"é": "\\u00e9\\n"}', '[100, 1e2, -0.5]', '"x "', '{}'],
  },
];
const allKinds = [...kinds, ...readKinds];
const schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' } as const, nullable: false },
    ...allKinds.map(({ type }, n) => ({ name: `c${n}`, type, nullable: true })),
  ],
};

type Row = readonly Cell[];
const drawn = (draw: (most: number) => number, count: number): Row[] =>
  Array.from({ length: count }, (_, id) => [
    BigInt(id),
    ...allKinds.map(({ values }): Cell => (draw(7) === 0 ? null : (values[draw(values.length)] as Cell))),
  ]);

interface Side extends AsyncDisposable {
  readonly name: string;
  /** Its numbers have 64 bits, as the engine gives them to it. */
  readonly isWide?: boolean;
  store(of: { readonly table: string; readonly entity: string }): Promise<Store>;
}

const opening: readonly { readonly name: string; readonly missing: string; readonly open: () => Promise<Omit<Side, 'name'>> }[] = [
  { name: 'PostgreSQL', missing: noPostgres(), open: openPostgres },
  { name: isMysql ? 'MySQL' : 'MariaDB', missing: noMariadb(), open: openMariadb },
  ...(isMysql
    ? []
    : [
        // The server of the tests, whose statements an interpreter reckons.
        { name: 'SQL Server', missing: '', open: openSqlServer },
        { name: 'DuckDB', missing: '', open: openDuckdb },
        { name: 'SQLite', missing: '', open: async () => ({ ...(await openSqlite()), isWide: true }) },
        ...['parquet', 'csv', 'ndjson'].map((format) => ({ name: format, missing: '', open: () => openFiles(format) })),
      ]),
];
const sides = opening.filter(({ missing }) => missing === '');
/** The first database that sums by itself, and half of the others each day. */
const compared = [...sides.slice(0, 1), ...sampled(sides.slice(1), 2)];

/** Files of one format in a folder. */
async function openFiles(format: string): Promise<Omit<Side, 'name'>> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-sums-'));
  const scratch = realScratch();
  return {
    async store({ table }) {
      const made = await formatOf(format, {});
      return fileStore({
        files: localFileSystem(join(folder, table)),
        place: { ...place, extension: made.extension },
        where: 'lake',
        format: made,
        targetBytes: 100_000,
        random: realRandom(),
        scratch,
      });
    },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Sums by the system itself where it can; else of the rows that it gives. The columns that each can sum are there. */
async function sumsOf(home: Home, request: SumsRequest): Promise<readonly OneBucketSums[]> {
  const inside = insideSumsOf(home)?.inside;
  const unable = inside?.supports(request.columns, request.division).unable ?? [];
  expect(unable.filter(({ column }) => Number(column.slice(1)) < kinds.length)).toEqual([]);
  return inside !== undefined && unable.length === 0
    ? await inside.sums(request, signal)
    : summedTexts(await textRows(framesOf(home), columns), request);
}

const widerTypes: Readonly<Partial<Record<DataType['kind'], DataType>>> = {
  ...{ int16: { kind: 'int64' }, int32: { kind: 'int64' }, uint32: { kind: 'int64' }, float32: { kind: 'float64' } },
  uint64: { kind: 'decimal', precision: 20, scale: 0 },
};

function widened(rows: readonly Row[]): { readonly schema: typeof schema; readonly rows: readonly Row[] } {
  const cell = (value: Cell, n: number): Cell =>
    typeof value === 'number' && widerTypes[(columns[n] as SummedColumn).type.kind]?.kind === 'int64' ? BigInt(value) : value;
  return {
    schema: {
      columns: schema.columns.map((column) => ({ ...column, type: widerTypes[column.type.kind] ?? column.type })),
    } as typeof schema,
    rows: rows.map((row) => row.map(cell)),
  };
}

let epoch = 0;

async function settledIn(side: Omit<Side, 'name'>, table: string, rows: readonly Row[]): Promise<Home> {
  const store = await side.store({ table, entity: table });
  // An id of a commit comes once in a database.
  const outcome = await loaded(store, { epoch: ++epoch, ...(side.isWide ? widened(rows) : { schema, rows }) });
  expect(typeof outcome === 'string' ? outcome : outcome.outcome).toBe('committed');
  const head = await store.head();
  const home = head && (await store.settled?.open(head));
  if (!home) throw new Error('nothing settled');
  await home.describe();
  return home;
}

const columns: readonly SummedColumn[] = schema.columns;

/** A request of some columns, some rows and some division. */
function requestOf(draw: (most: number) => number, rows: number): SumsRequest {
  const some = columns.filter(() => draw(3) > 0);
  const [id] = columns as [SummedColumn];
  const key = draw(2) === 0 ? [id] : [id, columns[1 + draw(kinds.length)] as SummedColumn];
  const dated = columns[kinds.length - 1] as SummedColumn;
  const parts = [
    null,
    null,
    { by: 'hash', key, bits: 2, prefix: draw(4) },
    { by: 'value', column: id, from: String(draw(rows + 1)), below: draw(2) === 0 ? null : String(draw(rows + 1)) },
    { by: 'no value', column: dated },
  ] as const;
  const divisions = [
    { by: 'nothing' },
    { by: 'hash', key, bits: draw(3) },
    {
      by: 'value',
      column: id,
      bounds: Array.from({ length: draw(32) }, () => draw(rows + 1))
        .toSorted((a, b) => a - b)
        .map(String),
    },
    { by: 'value', column: dated, bounds: ['1969-12-31T23:59:59.999999', '1970-01-01T00:00:00.000000', '2024-01-01T00:00:00.120000'] },
  ] as const;
  return {
    scope: { window: everything, part: parts[draw(parts.length)] ?? null },
    division: divisions[draw(divisions.length)] as (typeof divisions)[number],
    columns:
      some.length === 0 ? [id] : draw(2) === 0 ? some : some.filter(({ name }) => name === 'id' || Number(name.slice(1)) < kinds.length),
    of: draw(2) === 0 ? 'rows' : 'columns',
  };
}

describe.skipIf(sides.length === 0)('the sums of rows in every system', () => {
  test('are those of the rows that settled, for random rows, columns, parts and divisions', async () => {
    const draw = drawing(SEED);
    const sizes = [0, 1, 60, ...(whole ? [600, ...Array.from({ length: 300 }, () => draw(draw(10) === 0 ? 5_000 : 100))] : [200])];
    await using stack = new AsyncDisposableStack();
    const opened: { readonly name: string; readonly side: Omit<Side, 'name'> }[] = [];
    for (const { name, open } of compared) opened.push({ name, side: stack.use(await open()) });
    for (const [n, size] of sizes.entries()) {
      const rows = drawn(draw, size);
      // An open home keeps a connection of the database's few.
      await using homesOfTable = new AsyncDisposableStack();
      const homes: { readonly name: string; readonly home: Home }[] = [];
      for (const { name, side } of opened) homes.push({ name, home: homesOfTable.use(await settledIn(side, `t${n}`, rows)) });
      for (const { home } of homes) expect(await insideSumsOf(home)?.inside.whyUnable(signal)).toBeUndefined();
      const [first] = homes as [(typeof homes)[number]];
      const settled = await textRows(framesOf(first.home), columns);
      for (let tries = 0; tries < (size < 2 ? 2 : whole ? 12 : 4); tries++) {
        const request = requestOf(draw, size);
        const expected = summedTexts(settled, request);
        for (const { name, home } of homes) {
          expect(await sumsOf(home, request), name).toEqual(expected);
          const sums = insideSumsOf(home);
          if (request.scope.part === null || sums === undefined) continue;
          expect(await summedFrames(sums.readPart(request.scope, signal), request), name).toEqual(expected);
        }
      }
    }
  });
});
