import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../src/frames/cell.ts';
import { rowText } from '../../../src/frames/row-sum/canonical-text.ts';
import { hashOf } from '../../../src/frames/row-sum/md5-bits.ts';
import { canonicalTexts, longRowHashes, rowHashes } from '../../../src/frames/row-sum/row-hashes.ts';
import { RowWriter } from '../../../src/frames/row-sum/row-writer.ts';
import type { DataType } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { withArrow } from '../../../src/frames/values/from-polars.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { edgeColumns, edgeTexts } from '../../support/edge-values.ts';
import { cases } from '../../support/samples.ts';

type Values = readonly Cell[];

const schemaOf = (types: readonly DataType[]) => ({ columns: types.map((type, at) => ({ name: `c${at}`, type, nullable: true })) });

async function frameOf(types: readonly DataType[], rows: readonly Values[]) {
  const builder = await frameBuilder(schemaOf(types));
  for (const row of rows) builder.append(row);
  return builder.take();
}

const nodeHash = (text: string | Uint8Array): bigint => createHash('md5').update(text).digest().readBigInt64BE(0);

/** The hashes of a frame are those of its texts, by Node's MD5. */
async function expectTextsHashed(types: readonly DataType[], rows: readonly Values[]): Promise<void> {
  const frame = await frameOf(types, rows);
  const { columns } = schemaOf(types);
  const texts = await canonicalTexts(frame, columns);
  expect(Array.from(await rowHashes(frame, columns))).toEqual(texts.map((row) => nodeHash(rowText(row))));
  const long = await longRowHashes(frame, columns);
  const digests = texts.map((row) => createHash('md5').update(rowText(row)).digest());
  expect(Array.from(long)).toEqual(digests.flatMap((digest) => [4, 0, 12, 8].map((at) => digest.readInt32BE(at))));
}

const long = fc.oneof(
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc
    .tuple(fc.integer({ min: 0, max: 62 }), fc.integer({ min: -2, max: 2 }), fc.boolean())
    .map(([power, off, isBelow]) => (isBelow ? -1n : 1n) * 2n ** BigInt(power) + BigInt(off)),
  fc
    .tuple(fc.integer({ min: 0, max: 18 }), fc.integer({ min: -2, max: 2 }), fc.boolean())
    .map(([power, off, isBelow]) => (isBelow ? -1n : 1n) * 10n ** BigInt(power) + BigInt(off)),
);
const text = fc.oneof(
  fc.constantFrom(...edgeTexts),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.integer({ min: 95, max: 105 }).map((n) => 'x'.repeat(n)),
);

/** Ten columns, and rows for them. */
const table = fc
  .record({
    precision: fc.integer({ min: 1, max: 38 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    unit: fc.constantFrom('ms' as const, 'us' as const, 'ns' as const),
  })
  .chain(({ precision, part, unit }) => {
    const most = 10n ** BigInt(precision) - 1n;
    const decimal = { kind: 'decimal', precision, scale: Math.floor(part * precision) } as const;
    const types: readonly (readonly [DataType, fc.Arbitrary<Cell>])[] = [
      [{ kind: 'int64' }, long],
      [{ kind: 'uint64' }, long.map((value) => BigInt.asUintN(64, value))],
      [{ kind: 'int32' }, fc.integer()],
      [
        decimal,
        fc.oneof(
          fc.bigInt(-most, most),
          fc.bigInt(-10n, 10n).filter((value) => value <= most && -value <= most),
        ),
      ],
      [{ kind: 'timestamp', unit }, long],
      [{ kind: 'timestamp', unit, zone: 'Europe/Copenhagen' }, fc.bigInt(-(2n ** 60n), 2n ** 60n)],
      [{ kind: 'duration', unit }, long],
      [{ kind: 'time', unit: 'ns' }, fc.bigInt(0n, 86_399_999_999_999n)],
      [{ kind: 'date' }, fc.integer({ min: -1_000_000, max: 4_000_000 })],
      [{ kind: 'float64' }, fc.double()],
      [{ kind: 'string' }, text],
      [{ kind: 'binary' }, fc.uint8Array({ maxLength: 60 })],
    ];
    const row = fc.tuple(...types.map(([, value]) => fc.option(value, { nil: null })));
    return fc.array(row, { maxLength: 30 }).map((rows) => ({ types: types.map(([type]) => type), rows }));
  });

describe('the hash of a row', () => {
  test.each(edgeColumns)('is MD5 of its text: $name', ({ type, values }) =>
    expectTextsHashed(
      [type],
      values.map(([cell]) => [cell]),
    ),
  );

  test('is MD5 of its text, of any values', async () => {
    await fc.assert(
      fc.asyncProperty(table, ({ types, rows }) => expectTextsHashed(types, rows)),
      cases(500),
    );
  });

  test('is the same wherever a frame ends, and whatever rows are next to it', async () => {
    const types: readonly DataType[] = [{ kind: 'int64' }, { kind: 'string' }, { kind: 'bool' }];
    const { columns } = schemaOf(types);
    const rows = Array.from(
      { length: 5_000 },
      (_, n): Values => [BigInt(n), n % 3 === 0 ? null : (edgeTexts[n % edgeTexts.length] ?? ''), n % 5 === 0 ? null : n % 2 === 0],
    );
    const whole = await rowHashes(await frameOf(types, rows), columns);
    const pieces: bigint[] = [];
    for (let from = 0, size = 1; from < rows.length; from += size, size = size * 2 + 1)
      pieces.push(...(await rowHashes(await frameOf(types, rows.slice(from, from + size)), columns)));
    expect(pieces).toEqual(Array.from(whole));
    const others = await rowHashes(await frameOf(types, rows.toReversed()), columns);
    expect(Array.from(others).reverse()).toEqual(pieces);
    expect(new Set(pieces).size).toBe(rows.length);
  });

  test('is another one of every other value', async () => {
    const types: readonly DataType[] = [
      { kind: 'string' },
      { kind: 'string' },
      { kind: 'float64' },
      { kind: 'decimal', precision: 9, scale: 2 },
    ];
    const rows: readonly Values[] = [
      ['ab', 'c', 0.1, 110n],
      ['a', 'bc', 0.1, 110n],
      ['ab ', 'c', 0.1, 110n],
      ['AB', 'c', 0.1, 110n],
      ['', 'c', 0.1, 110n],
      [null, 'c', 0.1, 110n],
      ['n', 'c', 0.1, 110n],
      ['c', 'ab', 0.1, 110n],
      ['ab', 'c', 0.1 + 2 ** -56, 110n],
      ['ab', 'c', 0.1, 111n],
    ];
    expect(new Set(await rowHashes(await frameOf(types, rows), schemaOf(types).columns)).size).toBe(rows.length);
  });

  test('is the same of a part of a batch, whose texts begin behind those of other rows', async () => {
    const types: readonly DataType[] = [{ kind: 'string' }, { kind: 'binary' }, { kind: 'uuid' }];
    const rows = ['', 'ä', 'x'.repeat(120), null, 'end'].map((one) => [one, one === null ? null : Buffer.from(one), one]);
    const frame = await frameOf(types, rows);
    const expected = await rowHashes(frame, schemaOf(types).columns);
    await withArrow(await asPolars(frame).collect(), ({ batches: [batch] }) => {
      for (let from = 0; from < rows.length; from++) {
        const writer = new RowWriter();
        writer.begin(types, batch?.data.slice(from, rows.length - from).children ?? []);
        const hash = new BigInt64Array(1);
        for (let row = 0; row < rows.length - from; row++) {
          writer.hash(row, new Int32Array(hash.buffer), 0);
          expect(hash[0]).toBe(expected[from + row]);
        }
      }
    });
  });

  test('is reckoned of values longer than any buffer is at first', () =>
    expectTextsHashed(
      [{ kind: 'string' }, { kind: 'binary' }, { kind: 'json' }],
      [
        ['é'.repeat(70_000), new Uint8Array(50_000).fill(7), `["${'x'.repeat(9_000)}"]`],
        ['x', new Uint8Array(), null],
      ],
    ));
});

describe('MD5', () => {
  test('is that of Node, at every length', () => {
    const bytes = Buffer.from(Array.from({ length: 700 }, (_, at) => (at * 7 + 3) % 256));
    for (let size = 0; size <= bytes.length; size++) expect(hashOf(bytes.subarray(0, size))).toBe(nodeHash(bytes.subarray(0, size)));
  });
});
