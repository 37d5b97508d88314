import { expect, test } from 'vitest';
import { DatabaseError } from '../../../src/databases/engine.ts';
import { Room } from '../../../src/databases/postgres/copy/statements.ts';
import { copyData } from '../../../src/databases/postgres/encode.ts';
import { explainWritten, meaning } from '../../../src/databases/postgres/writing-errors.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { DataFrame } from '../../../src/frames/native.ts';
import type { Column, DataType } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { inParts, toArrow } from '../../../src/frames/values/from-polars.ts';

test.each([
  ['a check', '23514', 'permanent'],
  ['a trigger', 'P0001', 'permanent'],
  ['a row of an index that is too long', '54000', 'permanent'],
  ['a lock', '55P03', 'lock_timeout'],
  ['no such table', '42P01', 'missing_object'],
  ['a deadlock', '40P01', 'transient'],
  ['a connection', '08006', 'transient'],
  ['too many clients', '53300', 'transient'],
  ['a statement that takes too long', '57014', 'needs_action'],
  ['a full disk', '53100', 'needs_action'],
  ['read only', '25006', 'needs_action'],
  ['a failure of the server’s own', 'XX000', 'needs_action'],
] as const)('%s (%s) means: %s', (_, code, means) => {
  const error = new DatabaseError('said so', { code });
  expect(meaning(error)).toBe(means);
  expect(explainWritten(error, 'postgres public.e').transient).toBe(means === 'transient' || means === 'lock_timeout');
});

test('a lock that did not become free in time names who may hold it', () => {
  const told = explainWritten(new DatabaseError('canceling statement due to lock timeout', { code: '55P03' }), 'postgres public.e');
  expect(told).toMatchObject({ code: 'HYG-4207', why: ['canceling statement due to lock timeout.'] });
});

/** As it is sent, each piece before the memory that it was made in is used again. */
async function encoded(data: DataFrame, column: Column): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (const piece of copyData([await toArrow(data)], [column], new Room())) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function columnOf(column: Column, values: Iterable<Cell>): Promise<DataFrame> {
  const builder = await frameBuilder({ columns: [column] });
  for (const value of values) builder.append([value]);
  return (await builder.take()).collect();
}

test('values are encoded the same whether their column has nulls or none, and wherever a batch begins', async () => {
  const all: readonly (readonly [DataType, readonly Cell[]])[] = [
    [{ kind: 'bool' }, [true, false]],
    [{ kind: 'int16' }, [-5, 7]],
    [{ kind: 'int32' }, [-5, 70_000]],
    [{ kind: 'uint16' }, [65_535, 0]],
    [{ kind: 'int64' }, [-(2n ** 63n), 4_294_967_297n]],
    [{ kind: 'float64' }, [-0.5, 1e300]],
    [{ kind: 'float32' }, [-0.5, 3]],
    [{ kind: 'decimal', precision: 38, scale: 3 }, [-(10n ** 37n), 12_345n]],
    [{ kind: 'string' }, ['', 'x'.repeat(100)]],
    [{ kind: 'json' }, ['{"a":1}', '[]']],
    [{ kind: 'date' }, [-1, 20_000]],
    [{ kind: 'timestamp', unit: 'us' }, [-62_135_596_800_000_000n, 1_700_000_000_000_001n]],
    [{ kind: 'timestamp', unit: 'ms' }, [-1n, 1_700_000_000_001n]],
    [{ kind: 'list', item: { kind: 'int32' } }, [[1, null], []]],
  ];
  for (const [type, [one = null, other = null]] of all) {
    const column: Column = { name: 'c', type, nullable: true };
    const bytes = async (values: readonly Cell[], from = 0) => {
      const data = await columnOf(column, values);
      return (await encoded(from === 0 ? data : data.slice(from, values.length - from), column)).subarray(19, -2).toString('hex');
    };
    const [a, b, gone] = [await bytes([one]), await bytes([other]), '0001ffffffff'];
    expect([type, await bytes([one, other, one])]).toEqual([type, a + b + a]);
    expect([type, await bytes([null, one, null, other, one])]).toEqual([type, gone + a + gone + b + a]);
    expect([type, await bytes([null, one, null, other, one], 1)]).toEqual([type, a + gone + b + a]);
  }
});

/** The unscaled values of rows with one `numeric`, read as PostgreSQL's manual says: groups of four digits, from `weight` on. */
function numerics(bytes: Buffer): readonly bigint[] {
  const found: bigint[] = [];
  for (let at = 19; bytes.readInt16BE(at) === 1; ) {
    const [count, weight, sign, scale] = [6, 8, 10, 12].map((of) => bytes.readInt16BE(at + of)) as [number, number, number, number];
    if (bytes.readInt32BE(at + 2) !== 8 + 2 * count) throw new Error('a length that is not of its value');
    let digits = 0n;
    for (let i = 0; i < count; i++) {
      const group = bytes.readInt16BE(at + 14 + 2 * i);
      if (group < 0 || group > 9999 || (i === 0 && group === 0)) throw new Error('a group that is none');
      digits = digits * 10_000n + BigInt(group);
    }
    const shift = 4 * (weight - count + 1) + scale;
    const value = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
    found.push(sign === 0x4000 ? -value : value);
    at += 14 + 2 * count;
  }
  return found;
}

test('a decimal is exact around each power of ten, of each sign and scale', async () => {
  const powers = Array.from({ length: 38 }, (_, power) => 10n ** BigInt(power));
  const edges = [0n, 2n ** 31n, 2n ** 32n, 2n ** 52n, 2n ** 64n, 2n ** 96n].flatMap((one) => [one, one + 1n]);
  const values = [...powers.flatMap((power) => [power - 1n, power, power + 1n]), ...edges, 10n ** 38n - 1n].flatMap((one) => [one, -one]);
  for (const scale of [0, 1, 2, 3, 4, 5, 18, 38]) {
    const column: Column = { name: 'c', type: { kind: 'decimal', precision: 38, scale }, nullable: false };
    expect([scale, numerics(await encoded(await columnOf(column, values), column))]).toEqual([scale, values]);
  }
  const whole = [0n, 9999n, 10_000n, 2n ** 32n, 2n ** 52n - 1n, 2n ** 52n, 2n ** 63n, 2n ** 64n - 1n];
  const column: Column = { name: 'c', type: { kind: 'uint64' }, nullable: false };
  expect(numerics(await encoded(await columnOf(column, whole), column))).toEqual(whole);
});

test('texts of every length keep their bytes, and where they begin and end', async () => {
  const column: Column = { name: 'c', type: { kind: 'string' }, nullable: true };
  const values = Array.from({ length: 5_000 }, (_, at) => (at % 7 === 3 ? null : `${at}ä`.repeat(at % 23)));
  const data = await columnOf(column, values);
  for (const [from, rows] of [
    [0, 5_000],
    [5, 2_000],
  ] as const) {
    const found: (string | null)[] = [];
    let at = 19;
    const bytes = await encoded(data.slice(from, rows), column);
    for (; bytes.readInt16BE(at) === 1; ) {
      const length = bytes.readInt32BE(at + 2);
      found.push(length < 0 ? null : bytes.toString('utf8', at + 6, at + 6 + length));
      at += 6 + Math.max(length, 0);
    }
    expect(found).toEqual(values.slice(from, from + rows));
  }
});

test('a frame is sent the same in parts as in one', async () => {
  const column: Column = { name: 'c', type: { kind: 'string' }, nullable: true };
  const data = await columnOf(
    column,
    Array.from({ length: 40_000 }, (_, at) => (at % 5 === 0 ? null : `text ${at}`)),
  );
  const pieces: Buffer[] = [];
  for (const piece of copyData(await inParts(data), [column], new Room())) pieces.push(Buffer.from(piece));
  expect(Buffer.concat(pieces).equals(await encoded(data, column))).toBe(true);
});

test('a value that can not be sent is told with its row, whichever part it is in', async () => {
  const column: Column = { name: 'c', type: { kind: 'string' }, nullable: false };
  const data = await columnOf(
    column,
    Array.from({ length: 40_000 }, (_, at) => (at === 33_333 ? 'a\0b' : 'ab')),
  );
  const parts = await inParts(data);
  expect(() => [...copyData(parts, [column], new Room())]).toThrow(
    expect.objectContaining({ why: [expect.stringContaining('row 33,334 ')] }),
  );
});

test('a piece is good until the one after the next is made, and no longer', async () => {
  const column: Column = { name: 't', type: { kind: 'string' }, nullable: false };
  const data = await columnOf(
    column,
    Array.from({ length: 5_000 }, () => 'z'.repeat(1_000)),
  );
  const memories: ArrayBufferLike[] = [];
  for (const piece of copyData([await toArrow(data)], [column], new Room())) if (piece.length > 100) memories.push(piece.buffer);
  expect(memories.length).toBeGreaterThan(4);
  expect(memories.every((memory, at) => at < 1 || memory !== memories[at - 1])).toBe(true);
  expect(new Set(memories).size).toBe(2);
});

test('what is sent at once is bounded, whatever the rows are', async () => {
  const column: Column = { name: 't', type: { kind: 'string' }, nullable: false };
  const data = await columnOf(
    column,
    Array.from({ length: 5_000 }, (_, row) => 'z'.repeat(row === 99 ? 4_000_000 : 1_000)),
  );
  const pieces = [...copyData([await toArrow(data)], [column], new Room())];
  const sizes = pieces.map(({ byteLength }) => byteLength).sort((a, b) => a - b);
  expect(sizes.at(-1)).toBe(4_000_006);
  expect(sizes.at(-2)).toBeLessThanOrEqual(1_048_576);
  expect(sizes.length).toBeGreaterThan(5);
});
