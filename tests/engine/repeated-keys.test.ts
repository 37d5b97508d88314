import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameTools } from '../../src/assembly/frame-tools.ts';
import type { KeyRun } from '../../src/engine/contracts/records.ts';
import { KeyRuns } from '../../src/engine/keys/key-runs.ts';
import type { Cell } from '../../src/frames/cell.ts';
import { hashesLookLike, hashWords, wideHashes } from '../../src/frames/row-sum/wide-hashes.ts';
import type { Column, DataType } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { asPolars, type PolarsFrame } from '../../src/frames/values/polars-frame.ts';
import { encodedRun } from '../../src/keys/key-run.ts';
import { findRepeats, noRepeats, type Repeats } from '../../src/keys/repeats.ts';
import { keysOfRun } from '../../src/keys/run-writer.ts';
import { duck } from '../support/duck.ts';
import { SEED } from '../support/samples.ts';

const run = { flow: 'f', entity: 'e', entityRunId: '01RUN', lineage: 'l', epoch: 1 };

/** Values of each type that differ, and some that are written otherwise and equal. */
const kinds: readonly { readonly type: DataType; readonly values: readonly Cell[] }[] = [
  { type: { kind: 'int64' }, values: [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 4_294_967_296n] },
  { type: { kind: 'float64' }, values: [0, -0, Number.NaN, 0.1, Number.POSITIVE_INFINITY, 1e300] },
  { type: { kind: 'string' }, values: ['', 'a', 'A', 'a ', 'é', 'e\u0301', '🐦', 'x'.repeat(300)] },
  { type: { kind: 'bool' }, values: [true, false] },
  { type: { kind: 'date' }, values: [0, 1, -719_162] },
  { type: { kind: 'timestamp', unit: 'us' }, values: [0n, 1n, -1n] },
  { type: { kind: 'decimal', precision: 38, scale: 2 }, values: [0n, 1n, 10n ** 37n] },
  { type: { kind: 'binary' }, values: [new Uint8Array(), new Uint8Array([0]), new Uint8Array([0, 0])] },
];

interface Table {
  readonly columns: readonly Column[];
  readonly frames: readonly { readonly slice: number; readonly frame: PolarsFrame }[];
}

interface Drawn {
  readonly columns: readonly number[];
  readonly frames: readonly { readonly slice: number; readonly rows: readonly (readonly (number | null)[])[] }[];
}

const shape: fc.Arbitrary<Drawn> = fc.record({
  columns: fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 3 }),
  /** The rows of each frame, with the number of a value for each column; null: a null. */
  frames: fc.array(
    fc.record({
      slice: fc.nat(2),
      rows: fc.array(fc.array(fc.option(fc.nat(7), { freq: 8 }), { minLength: 3, maxLength: 3 }), { maxLength: 40 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

async function tableOf({ columns: picked, frames }: Drawn): Promise<Table> {
  const columns = picked.map((kind, at): Column => ({ name: `c${at}`, type: kinds[kind]?.type ?? { kind: 'bool' }, nullable: true }));
  const made: { slice: number; frame: PolarsFrame }[] = [];
  for (const { slice, rows } of frames) {
    const builder = await frameBuilder({ columns });
    for (const row of rows)
      builder.append(
        picked.map((kind, at) => {
          const { values } = kinds[kind] ?? { values: [] };
          const value = row[at];
          return value == null ? null : (values[value % values.length] ?? null);
        }),
      );
    made.push({ slice, frame: await builder.take() });
  }
  return { columns, frames: made };
}

/** Runs of all slices, in memory, and their bytes. */
async function leftAside({
  columns,
  frames,
}: Table): Promise<{ readonly runs: readonly (KeyRun & { slice: number })[]; readonly bytes: readonly Uint8Array[] }> {
  const bytes: Uint8Array[] = [];
  const runs: (KeyRun & { slice: number })[] = [];
  const aside = { leave: async (_: unknown, run: Uint8Array) => bytes.push(run) - 1, read: async () => undefined };
  for (const slice of new Set(frames.map((one) => one.slice))) {
    const left = new KeyRuns({ aside, hashing: frameTools.wide, run, slice, keys: [columns.map(({ name }) => name)] });
    for (const one of frames) if (one.slice === slice) await left.add(one.frame);
    runs.push(...(await left.end()).map((one) => ({ ...one, slice })));
  }
  return { runs, bytes };
}

async function repeatsIn(
  table: Table,
  keysAtOnce: number,
): Promise<{ readonly keys: number; readonly rows: number; readonly steps: number }> {
  const { runs, bytes } = await leftAside(table);
  const readable = runs.map((one) => ({
    ...one,
    read: async ({ start, end }: { start: number; end: number }) => (bytes[Number(one.ref)] ?? new Uint8Array()).slice(start, end),
  }));
  let so: Repeats = noRepeats;
  let steps = 0;
  // As steps do it that end after each range.
  for (; !so.isOver; steps++)
    so = await findRepeats({ runs: readable, so: JSON.parse(JSON.stringify(so)) as Repeats, goesOn: () => false, keysAtOnce });
  return { keys: so.keys, rows: so.rows + runs.reduce((sum, { surplus }) => sum + surplus, 0), steps };
}

async function repeatsByDuck({ columns, frames }: Table): Promise<{ readonly keys: number; readonly rows: number }> {
  const file = join(tmpdir(), `hygge-repeated-${process.pid}.parquet`);
  const none = await (await frameBuilder({ columns })).take();
  const all = await none.followedBy(frames.map(({ frame }) => frame));
  (await asPolars(all).collect()).writeParquet(file);
  const names = columns.map(({ name }) => name);
  const known = names.map((name) => `${name} is not null`).join(' and ');
  const [row] = await duck(
    `select count(*) as keys, coalesce(sum(n - 1), 0) as more from (select count(*) as n from '${file}' where ${known} group by ${names.join(', ')} having count(*) > 1)`,
  );
  await rm(file);
  return { keys: Number(row?.keys), rows: Number(row?.more) };
}

describe('keys that come more than once', () => {
  test('are those that DuckDB finds, whatever slices and frames they come in', async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.constantFrom(4, 16, 1_000_000), async (of, keysAtOnce) => {
        const table = await tableOf(of);
        const { keys, rows } = await repeatsIn(table, keysAtOnce);
        expect({ keys, rows }).toEqual(await repeatsByDuck(table));
      }),
      { seed: SEED, numRuns: 6 },
    );
  });

  test('are counted as often as they come, where most rows have one of few values', async () => {
    const words = new Uint32Array(hashWords * 10_000);
    for (let key = 0; key < 10_000; key++) words.set([key % 3, (key % 3) * 2 ** 30, 7, key % 3 === 2 ? key : 1], hashWords * key);
    const { layout, surplus, bytes } = encodedRun(words, 4);
    expect(layout.keys + surplus).toBe(10_000);
    expect(bytes.byteLength).toBeLessThan(4 * hashWords * 4_000);
    const other = encodedRun(Uint32Array.of(0, 0, 7, 1), 4);
    const runs = [
      { ...layout, slice: 0, read: async ({ start, end }: { start: number; end: number }) => bytes.slice(start, end) },
      { ...other.layout, slice: 1, read: async ({ start, end }: { start: number; end: number }) => other.bytes.slice(start, end) },
    ];
    const { keys, rows } = await findRepeats({ runs, so: noRepeats, goesOn: () => true });
    expect([keys, rows + surplus]).toEqual([2, 3_333 + 3_333]);
  });

  test('are found in runs that are full, and in the one that is not', async () => {
    const builder = await frameBuilder({ columns: [{ name: 'c0', type: { kind: 'int64' }, nullable: false }] });
    for (let n = 0n; n < BigInt(keysOfRun) + 5n; n++) builder.append([n === BigInt(keysOfRun) ? 0n : n]);
    const frame = await builder.take();
    const table = { columns: frame.schema.columns, frames: [{ slice: 0, frame }] };
    expect((await leftAside(table)).runs.map(({ keys }) => keys)).toEqual([keysOfRun, 5]);
    expect(await repeatsIn(table, 1_000_000)).toMatchObject({ keys: 1, rows: 1 });
  });
});

describe('hashes of 128 bits', () => {
  test('look alike in another process, for the same seed only', async () => {
    expect(await hashesLookLike('a')).toBe(await hashesLookLike('a'));
    expect(await hashesLookLike('a')).not.toBe(await hashesLookLike('b'));
    const { stdout } = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { hashesLookLike } from './src/frames/row-sum/wide-hashes.ts'; console.log(await hashesLookLike('a'))`,
      ],
      { encoding: 'utf8' },
    );
    expect(stdout.trim()).toBe(await hashesLookLike('a'));
  });

  test('differ for the numbers of a dense key of two columns, in each half', async () => {
    const builder = await frameBuilder({
      columns: [
        { name: 'a', type: { kind: 'int64' }, nullable: false },
        { name: 'b', type: { kind: 'int64' }, nullable: false },
      ],
    });
    for (let n = 0; n < 20_000; n++) builder.append([BigInt(n % 300), BigInt(Math.floor(n / 300))]);
    const words = await wideHashes(await builder.take(), ['a', 'b'], 'seed');
    const halves = [0, 2].map(
      (from) => new Set(Array.from({ length: 20_000 }, (_, n) => `${words[4 * n + from]} ${words[4 * n + from + 1]}`)),
    );
    expect(halves.map(({ size }) => size)).toEqual([20_000, 20_000]);
  });
});
