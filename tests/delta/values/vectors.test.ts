import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VectorDescriptor } from '../../../src/delta/table.ts';
import { DeletedRows } from '../../../src/delta/values/deleted-rows.ts';
import { rowsOfBitmaps, VectorDamaged } from '../../../src/delta/values/roaring.ts';
import { readVector, vectorPlace } from '../../../src/delta/values/vector.ts';
import { z85Bytes } from '../../../src/delta/values/z85.ts';
import { FileNotFound } from '../../../src/ports/filesystem.ts';
import { vectorBytes as bytesOf, type ContainerKind, vectorFile, withoutRuns, z85 } from '../../support/delta/writer/roaring.ts';

/** Without runs, unless a test says so: many tests change bytes at their places. */
const vectorBytes = (rows: readonly number[], kindOf = withoutRuns) => bytesOf(rows, kindOf);

function deletedOf(deleted: DeletedRows, rows: Iterable<number>): number[] {
  return [...rows].filter((row) => deleted.isDeleted(row));
}

const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

describe('Z85', () => {
  test('it reads the example of its specification', () => {
    expect(z85Bytes('HelloWorld')).toEqual(Buffer.from([0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b]));
  });

  test.each([['Hello '], ['Hell'], ['"ello'], ['#####']])('%j is no such text', (text) => {
    expect(z85Bytes(text)).toBeUndefined();
  });
});

describe('bitmaps', () => {
  test('the example of the protocol, which is in the earlier format', () => {
    const bytes = z85Bytes('wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L') as Uint8Array;
    expect(deletedOf(rowsOfBitmaps(bytes, 100), range(0, 100))).toEqual([3, 4, 7, 11, 18, 29]);
  });

  test.each<ContainerKind>(['array', 'bitmap', 'run'])('a container of kind %s holds the first and the last row of its block', (kind) => {
    const dense = kind === 'array' ? [] : range(1_000, 6_000);
    const rows = [0, ...dense, 65_535, 65_536, ...dense.map((row) => row + 65_536), 131_071];
    const deleted = rowsOfBitmaps(
      vectorBytes(rows, () => kind),
      131_072,
    );
    expect(deletedOf(deleted, range(0, 131_072))).toEqual(rows);
    expect(deleted.count).toBe(rows.length);
  });

  test('a container of 4,096 numbers is an array, and one of 4,097 a bitmap', () => {
    for (const count of [4_096, 4_097]) {
      const rows = range(0, count * 2, 2);
      expect(deletedOf(rowsOfBitmaps(vectorBytes(rows), 10_000), range(0, 10_000))).toEqual(rows);
    }
  });

  test('rows beyond 2^32 are in a bitmap of their own', () => {
    const rows = [5, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 65_536, 3 * 2 ** 32 + 7];
    const deleted = rowsOfBitmaps(vectorBytes(rows), 2 ** 34);
    expect(deletedOf(deleted, [...rows, 4, 6, 2 ** 32 + 1, 3 * 2 ** 32 + 6])).toEqual(rows);
    expect(deleted.countIn(2 ** 32, 2 ** 34)).toBe(3);
  });

  test('a bitmap of four containers with runs says where they begin, and one of three does not', () => {
    for (const blocks of [3, 4]) {
      const rows = range(0, blocks).flatMap((block) => range(block * 65_536 + 10, block * 65_536 + 20));
      const deleted = rowsOfBitmaps(
        vectorBytes(rows, () => 'run'),
        blocks * 65_536,
      );
      expect(deletedOf(deleted, range(0, blocks * 65_536))).toEqual(rows);
    }
  });

  test('no rows at all', () => {
    expect(rowsOfBitmaps(vectorBytes([]), 10).count).toBe(0);
  });

  test('any set of rows is read as it was written, in each kind of container', () => {
    const set = fc.record({
      rows: fc.uniqueArray(fc.integer({ min: 0, max: 199_999 }), { maxLength: 300 }),
      from: fc.integer({ min: 0, max: 199_000 }),
      length: fc.integer({ min: 0, max: 9_000 }),
      kinds: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
      start: fc.integer({ min: 0, max: 199_999 }),
      size: fc.integer({ min: 0, max: 70_000 }),
    });
    fc.assert(
      fc.property(set, ({ rows, from, length, kinds, start, size }) => {
        const all = [...new Set([...rows, ...range(from, Math.min(200_000, from + length))])].sort((a, b) => a - b);
        let container = 0;
        const kindOf = (count: number): ContainerKind => (kinds[container++ % kinds.length] ? 'run' : withoutRuns(count));
        const deleted = rowsOfBitmaps(vectorBytes(all, kindOf), 200_000);
        expect(deleted.count).toBe(all.length);
        const end = Math.min(200_000, start + size);
        const inside = all.filter((row) => row >= start && row < end);
        expect(deleted.countIn(start, end)).toBe(inside.length);
        const kept = deleted.kept(start, end - start);
        const gone = range(start, end).filter((row) => (((kept[(row - start) >> 3] as number) >> ((row - start) & 7)) & 1) === 0);
        expect(gone).toEqual(inside);
      }),
      { seed: 63_001, numRuns: 150 },
    );
  });

  test('bytes that were changed, cut or made longer are read as other rows of the file or refused, and never end otherwise', () => {
    const rows = [...range(0, 6_000), ...range(65_530, 65_600, 2), ...range(140_000, 140_010)];
    const kinds: readonly ContainerKind[] = ['run', 'array', 'bitmap'];
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat({ max: 3 }), fc.nat({ max: 60 }), (at, change, how, cut) => {
        let container = 0;
        const bytes = vectorBytes(rows, (count) => (how === 0 ? withoutRuns(count) : (kinds[container++ % 2] as ContainerKind)));
        const place = how === 2 ? at % 60 : at % bytes.length;
        bytes[place] = (bytes[place] as number) ^ change;
        const given = how === 3 ? bytes.subarray(0, bytes.length - cut) : bytes;
        try {
          const deleted = rowsOfBitmaps(given, 150_000);
          expect(deleted.countIn(0, 150_000)).toBe(deleted.count);
        } catch (error) {
          expect(error).toBeInstanceOf(VectorDamaged);
        }
      }),
      { seed: 63_002, numRuns: 400 },
    );
  });

  const written = (how: 'writeUInt16LE' | 'writeUInt32LE', value: number, at: number) => (bytes: Buffer) => {
    bytes[how](value, at);
    return bytes;
  };
  const damage: readonly (readonly [string, (bytes: Buffer) => Buffer, RegExp])[] = [
    ['another magic number', written('writeUInt32LE', 7, 0), /begins with 7/],
    ['more bitmaps than bytes', written('writeUInt32LE', 4_000_000, 4), /4000000 bitmaps/],
    ['a key with the highest bit', written('writeUInt32LE', 2 ** 31, 12), /keys/],
    ['a cookie of no bitmap', written('writeUInt32LE', 1, 16), /begins with 1/],
    ['more containers than bytes', written('writeUInt32LE', 65_000, 20), /65000 containers/],
    ['a place of a container that is another one', written('writeUInt32LE', 99, 28), /begins elsewhere/],
    ['rows out of order', written('writeUInt16LE', 9, 32), /not in order/],
    ['bytes behind the last bitmap', (bytes) => Buffer.concat([bytes, Buffer.alloc(3)]), /3 bytes follow the last bitmap/],
    ['too few bytes', (bytes) => bytes.subarray(0, -1), /ends too early/],
    ['no bytes', () => Buffer.alloc(0), /ends too early/],
  ];
  test.each(damage)('%s is damage', (_, change, says) => {
    expect(() => rowsOfBitmaps(change(vectorBytes([3, 5])), 100)).toThrow(says);
  });

  test('a row that the file does not have is damage', () => {
    expect(() => rowsOfBitmaps(vectorBytes([99]), 99)).toThrow(/deletes row 99, but the file has 99 rows/);
    expect(rowsOfBitmaps(vectorBytes([99]), 100).count).toBe(1);
  });

  test('runs that overlap, and containers that count wrongly, are damage', () => {
    const runs = vectorBytes(range(0, 10), () => 'run');
    const two = Buffer.concat([runs.subarray(0, -6), Buffer.from([2, 0, 0, 0, 4, 0, 3, 0, 4, 0])]);
    expect(() => rowsOfBitmaps(two, 100)).toThrow(/runs of a container/);
    const bits = vectorBytes(range(0, 5_000));
    bits[bits.length - 1] = 1;
    expect(() => rowsOfBitmaps(bits, 70_000)).toThrow(/5001 rows, but says 5000/);
  });

  test('no more memory is used than an eighth of a byte a row, however many containers there are', () => {
    const deleted = new DeletedRows(10_000_000);
    for (let row = 0; row < 10_000_000; row += 65_536) deleted.add(row, row + 1);
    expect(deleted.count).toBe(153);
    expect(() => deleted.add(9_999_999, 10_000_001)).toThrow(RangeError);
  });
});

describe('the place of a vector', () => {
  const of = (storageType: string, pathOrInlineDv: string): VectorDescriptor => ({
    storageType: storageType as 'u',
    pathOrInlineDv,
    offset: 1,
    sizeInBytes: 40,
    cardinality: 6,
  });

  test('the examples of the protocol', () => {
    const file = 'deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin';
    expect(vectorPlace(of('u', 'ab^-aqEH.-t@S}K{vb[*k^'), 'f')).toEqual({ kind: 'in table', path: `ab/${file}` });
    expect(vectorPlace(of('u', '^-aqEH.-t@S}K{vb[*k^'), 'f')).toEqual({ kind: 'in table', path: file });
    expect(vectorPlace(of('p', `s3://mytable/${file}`), 'f')).toEqual({ kind: 'absolute', uri: `s3://mytable/${file}` });
    expect(vectorPlace(of('i', ''), 'f')).toBeUndefined();
  });

  test.each([['..^-aqEH.-t@S}K{vb[*k^'], ['../x^-aqEH.-t@S}K{vb[*k^'], ['short'], ['"-aqEH.-t@S}K{vb[*k^"']])(
    '%j names no file of the table',
    (text) => {
      expect(() => vectorPlace(of('u', text), 'f')).toThrow(expect.objectContaining({ code: 'HYG-3804' }) as Error);
    },
  );
});

describe('a vector in a file', () => {
  const rows = [1, 5, 70_000];
  const other = [2];
  const { bytes, offsets } = vectorFile([vectorBytes(other), vectorBytes(rows)]);
  const vector: VectorDescriptor = {
    storageType: 'u',
    pathOrInlineDv: '^-aqEH.-t@S}K{vb[*k^',
    offset: offsets[1] as number,
    sizeInBytes: vectorBytes(rows).length,
    cardinality: 3,
  };
  const source = (content: Uint8Array) => ({
    name: 'vectors.bin',
    bytes: content.length,
    read: async ({ start, end }: { readonly start: number; readonly end: number }) => content.subarray(start, end),
  });
  const read = (of: Partial<VectorDescriptor>, content: Uint8Array = bytes, fileRows = 100_000) =>
    readVector({ vector: { ...vector, ...of }, rows: fileRows, name: 'data.parquet', open: () => source(content) });
  const changed = (at: number, value: number): Uint8Array => {
    const copy = Buffer.from(bytes);
    copy[at] = value;
    return copy;
  };

  test('is read from where the log says', async () => {
    expect(deletedOf(await read({}), range(0, 100_000))).toEqual(rows);
    expect(deletedOf(await read({ offset: 1, sizeInBytes: vectorBytes(other).length, cardinality: 1 }), range(0, 100_000))).toEqual(other);
  });

  test('one that lies far behind is read by two ranges', async () => {
    const far = vectorFile([vectorBytes(range(0, 400_000, 2)), vectorBytes(range(1, 400_000, 2)), vectorBytes(rows)]);
    const file = source(far.bytes);
    const ranges: number[] = [];
    const open = () => ({
      ...file,
      read: async (of: { readonly start: number; readonly end: number }) => {
        ranges.push(of.end - of.start);
        return file.read(of);
      },
    });
    const offset = far.offsets[2] as number;
    expect(offset).toBeGreaterThan(64 * 1024);
    const deleted = await readVector({ vector: { ...vector, offset }, rows: 100_000, name: 'data.parquet', open });
    expect(deleted.count).toBe(3);
    expect(ranges).toEqual([1, vector.sizeInBytes + 8]);
    const copy = Buffer.from(far.bytes);
    copy[0] = 2;
    await expect(read({ offset }, copy)).rejects.toThrow(/damaged/);
  });

  test('inline, it is a text', async () => {
    const inline = { storageType: 'i', pathOrInlineDv: z85(vectorBytes(rows)), offset: null } as const;
    expect(deletedOf(await read(inline), range(0, 100_000))).toEqual(rows);
    await expect(read({ ...inline, sizeInBytes: vector.sizeInBytes - 4 })).rejects.toThrow(/damaged/);
    await expect(read({ ...inline, pathOrInlineDv: `${inline.pathOrInlineDv}"` })).rejects.toThrow(/damaged/);
  });

  const size = vectorBytes(rows).length;
  const damage: readonly (readonly [string, Partial<VectorDescriptor>, Uint8Array, number, string])[] = [
    ['another version of the file', {}, changed(0, 2), 100_000, 'version 2'],
    ['a size that is not the one in the file', { sizeInBytes: size - 1 }, bytes, 100_000, `has ${size} bytes`],
    ['an offset into another vector', { offset: 3 }, bytes, 100_000, 'but the log says'],
    ['an absent offset, which is 0', { offset: null }, bytes, 100_000, 'but the log says'],
    ['an offset beyond the end', { offset: bytes.length - 8 }, bytes, 100_000, 'which has'],
    ['a negative offset', { offset: -4 }, bytes, 100_000, 'begins at byte -4'],
    ['a negative size', { sizeInBytes: -1 }, bytes, 100_000, '-1 bytes'],
    ['a size that no such file needs', { sizeInBytes: 2 ** 31 - 1 }, bytes, 100_000, 'too many'],
    ['a bit of it is another one', {}, changed((offsets[1] as number) + 10, 0xff), 100_000, 'checksum'],
    ['a bit of the checksum is another one', {}, changed(bytes.length - 1, (bytes.at(-1) as number) ^ 1), 100_000, 'checksum'],
    ['more rows than the log says', { cardinality: 2 }, bytes, 100_000, 'deletes 3 rows, but the log says 2'],
    ['fewer rows than the log says', { cardinality: 4 }, bytes, 100_000, 'deletes 3 rows, but the log says 4'],
    ['more rows than the file has', { cardinality: 3 }, bytes, 2, 'but the file has 2'],
    ['rows that the file does not have', {}, bytes, 70_000, 'deletes row 70000'],
  ];
  test.each(damage)('%s: HYG-3804', async (_, of, content, fileRows, says) => {
    await expect(read(of, content, fileRows)).rejects.toThrow(
      expect.objectContaining({ code: 'HYG-3804', why: [expect.stringContaining(says)] }) as Error,
    );
  });

  test('a file that ends early: HYG-3804', async () => {
    const open = () => ({ ...source(bytes), read: async () => bytes.subarray(0, 5) });
    const reading = readVector({ vector, rows: 100_000, name: 'data.parquet', open });
    await expect(reading).rejects.toThrow(expect.objectContaining({ code: 'HYG-3804' }) as Error);
  });

  test('a file that is not there: HYG-3805, when it is opened and when it is read', async () => {
    const missing = () => {
      throw new FileNotFound('vectors.bin');
    };
    for (const open of [missing, () => ({ ...source(bytes), read: async () => missing() })]) {
      const reading = readVector({ vector, rows: 100_000, name: 'data.parquet', open });
      await expect(reading).rejects.toThrow(expect.objectContaining({ code: 'HYG-3805' }) as Error);
    }
  });
});
