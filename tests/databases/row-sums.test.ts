import { describe, expect, test } from 'vitest';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { SummedColumn, SumsRequest } from '../../src/engine/contracts/row-sums.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { loaded } from '../support/commits.ts';
import { day, sampled, whole } from '../support/day.ts';
import { isMysql, noMariadb } from '../support/mariadb.ts';
import { noPostgres } from '../support/postgres.ts';
import { everything, framesOf } from '../support/postgres-home.ts';
import { summedFrames, summedTexts, textRows } from '../support/summed.ts';
import { openStore as openDuckdb } from './duckdb/support.ts';
import { openDatabase as openMariadb } from './mysql/support.ts';
import { openDatabase as openPostgres } from './postgres/support.ts';

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

/** Columns that every one of the systems can keep, with values at their edges. */
const kinds: readonly { readonly type: DataType; readonly values: readonly Cell[] }[] = [
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
const schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' } as const, nullable: false },
    ...kinds.map(({ type }, n) => ({ name: `c${n}`, type, nullable: true })),
  ],
};

type Row = readonly Cell[];
const drawn = (draw: (most: number) => number, count: number): Row[] =>
  Array.from({ length: count }, (_, id) => [
    BigInt(id),
    ...kinds.map(({ values }): Cell => (draw(7) === 0 ? null : (values[draw(values.length)] as Cell))),
  ]);

interface Side extends AsyncDisposable {
  readonly name: string;
  store(of: { readonly table: string; readonly entity: string }): Promise<Store>;
}

const opening: readonly { readonly name: string; readonly missing: string; readonly open: () => Promise<Omit<Side, 'name'>> }[] = [
  { name: 'PostgreSQL', missing: noPostgres(), open: openPostgres },
  { name: isMysql ? 'MySQL' : 'MariaDB', missing: noMariadb(), open: openMariadb },
  { name: 'DuckDB', missing: isMysql ? 'asked before' : '', open: openDuckdb },
];
const sides = opening.filter(({ missing }) => missing === '');

let epoch = 0;

async function settledIn(side: Omit<Side, 'name'>, table: string, rows: readonly Row[]): Promise<Home> {
  const store = await side.store({ table, entity: table });
  // An id of a commit comes once in a database.
  expect(await loaded(store, { epoch: ++epoch, schema, rows })).toMatchObject({ outcome: 'committed' });
  const head = await store.head();
  const home = head && (await store.openSettled?.(head));
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
  const dated = columns[1 + kinds.length - 2] as SummedColumn;
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
    columns: some.length === 0 ? [id] : some,
    of: draw(2) === 0 ? 'rows' : 'columns',
  };
}

/** Each changes one thing of the rows, as a careless copy would. */
const planted: Readonly<Record<string, (rows: Row[]) => void>> = {
  'a lost row': (rows) => void rows.splice(3, 1),
  'a doubled row': (rows) => void rows.push(rows[3] as Row),
  'swapped values of two rows': (rows) => {
    const at = 1 + kinds.findIndex(({ type }) => type.kind === 'string');
    [rows[3], rows[4]] = [withValue(rows[3] as Row, at, 'one'), withValue(rows[4] as Row, at, 'two')];
  },
  'a time that is cut': (rows) => void rows.splice(0, 1, withValue(rows[0] as Row, kinds.length - 1, 1_704_067_200_000_000n)),
  'empty text for null': (rows) => void rows.splice(1, 1, withValue(rows[1] as Row, 10, '')),
  'a blank at the end': (rows) => void rows.splice(2, 1, withValue(rows[2] as Row, 10, 'a ')),
  'another case': (rows) => void rows.splice(2, 1, withValue(rows[2] as Row, 10, 'A')),
};
const withValue = (row: Row, at: number, value: Cell): Row => row.map((own, n) => (n === at ? value : own));
/** What the planted rows are compared with. */
const before = (rows: readonly Row[]): Row[] => {
  const fixed = [...rows];
  fixed[0] = withValue(rows[0] as Row, kinds.length - 1, 1_704_067_200_120_000n);
  fixed[1] = withValue(rows[1] as Row, 10, null);
  fixed[2] = withValue(rows[2] as Row, 10, 'a');
  fixed[3] = withValue(rows[3] as Row, 10, 'two');
  fixed[4] = withValue(rows[4] as Row, 10, 'one');
  return fixed;
};

describe.skipIf(sides.length === 0)(`the sums of rows in every database (SEED=${day})`, () => {
  test('are those of the rows that settled, for random rows, columns, parts and divisions', async () => {
    const draw = drawing(day);
    const sizes = [0, 1, 60, whole ? 5_000 : 600];
    const open: Home[] = [];
    const opened = await Promise.all(sides.map(async ({ name, open }) => ({ name, side: await open() })));
    try {
      for (const [n, size] of sizes.entries()) {
        const rows = drawn(draw, size);
        const homes = await Promise.all(opened.map(async ({ name, side }) => ({ name, home: await settledIn(side, `t${n}`, rows) })));
        open.push(...homes.map(({ home }) => home));
        for (const { home } of homes) expect(await home.inside?.whyUnable(signal)).toBeUndefined();
        const [first] = homes as [(typeof homes)[number]];
        const settled = await textRows(framesOf(first.home), columns);
        for (let tries = 0; tries < (whole ? 200 : size < 2 ? 2 : 8); tries++) {
          const request = requestOf(draw, size);
          const expected = summedTexts(settled, request);
          for (const { name, home } of homes) {
            expect(home.inside?.supports(request.columns, request.division).unable, name).toEqual([]);
            expect(await home.inside?.sums(request, signal), name).toEqual(expected);
            if (request.scope.part === null) continue;
            const inPart = home.readPart?.(request.scope, signal);
            expect(inPart && (await summedFrames(inPart, request)), name).toEqual(expected);
          }
        }
      }
    } finally {
      for (const home of open) await home[Symbol.asyncDispose]();
      for (const { side } of opened) await side[Symbol.asyncDispose]();
    }
  });

  for (const { name, open } of sampled(sides, sides.length))
    test(`differ in ${name} for each planted difference`, async () => {
      await using side = await open();
      const request: SumsRequest = { scope: { window: everything, part: null }, division: { by: 'nothing' }, columns, of: 'rows' };
      const rows = before(drawn(drawing(day), 20));
      const sumsOf = async (table: string, of: readonly Row[]) => {
        await using home = await settledIn(side, table, of);
        return await home.inside?.sums(request, signal);
      };
      const sums = await sumsOf('t', rows);
      expect(await sumsOf('same', rows.toReversed())).toEqual(sums);
      for (const [n, change] of Object.values(planted).entries()) {
        const changed = [...rows];
        change(changed);
        expect(await sumsOf(`t${n}`, changed)).not.toEqual(sums);
      }
    });
});
