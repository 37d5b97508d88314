import { describe, expect, test } from 'vitest';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { DataType, Schema } from '../../src/frames/schema.ts';
import { addFingerprints, emptyFingerprint, type Watermark } from '../../src/frames/watermark.ts';
import { edgeColumns } from '../support/edge-values.ts';
import { frameOf } from '../support/parquet-files.ts';

function schemaOf(type: DataType): Schema {
  return {
    columns: [
      { name: 'id', type: { kind: 'int32' }, nullable: false },
      { name: 'c', type, nullable: true },
    ],
  };
}

const rowsOf = (cells: readonly Cell[]): readonly (readonly Cell[])[] => cells.map((cell, index) => [index, cell]);
const at = (type: DataType, text: string): Watermark => ({ column: 'c', type, text });
const sizes = ({ ties, rest }: { readonly ties: Frame; readonly rest: Frame }): readonly number[] => [ties.rows, rest.rows];

describe('splitting at a watermark', () => {
  test.each<[string, DataType, readonly Cell[], string, number]>([
    ['int64 beyond 2^53', { kind: 'int64' }, [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 1n], '9007199254740993', 2],
    ['negative int64', { kind: 'int64' }, [-1n, 1n, -(2n ** 63n)], '-1', 1],
    ['uint64', { kind: 'uint64' }, [2n ** 64n - 1n, 2n ** 63n], '18446744073709551615', 1],
    ['int8', { kind: 'int8' }, [-128, 127], '-128', 1],
    [
      'nanoseconds',
      { kind: 'timestamp', unit: 'ns' },
      [1_704_067_200_123_456_789n, 1_704_067_200_123_456_788n],
      '2024-01-01T00:00:00.123456789',
      1,
    ],
    ['zoned', { kind: 'timestamp', unit: 'us', zone: 'Europe/Copenhagen' }, [0n, 1n], '1970-01-01T00:00:00.000001Z', 1],
    ['dates', { kind: 'date' }, [-719_162, 0], '0001-01-01', 1],
    ['38 digits', { kind: 'decimal', precision: 38, scale: 2 }, [10n ** 37n, 10n ** 37n + 1n], `1${'0'.repeat(35)}.01`, 1],
    ['text', { kind: 'string' }, ['a', 'A', '', 'a'], 'a', 2],
    ['empty text', { kind: 'string' }, ['', 'a'], '', 1],
  ])('is exact for %s', async (_, type, cells, text, ties) => {
    const frame = await frameOf(schemaOf(type), rowsOf(cells));
    expect(sizes(await frame.split(at(type, text), 'with rest'))).toEqual([ties, cells.length - ties]);
  });

  test('puts nulls where it is told to, and never counts them as equal', async () => {
    const type = { kind: 'int64' } as const;
    const frame = await frameOf(schemaOf(type), rowsOf([1n, null, 2n, null]));
    expect(sizes(await frame.split(at(type, '1'), 'with rest'))).toEqual([1, 3]);
    expect(sizes(await frame.split(at(type, '1'), 'with ties'))).toEqual([3, 1]);
    expect(sizes(await frame.split(at(type, '9'), 'with ties'))).toEqual([2, 2]);
  });

  test('keeps every row, and the schema, on one of the two sides', async () => {
    const type = { kind: 'date' } as const;
    const frame = await frameOf(schemaOf(type), rowsOf([1, 2, 2, null, 3]));
    const { ties, rest } = await frame.split(at(type, '1970-01-03'), 'with rest');
    expect(addFingerprints(await ties.fingerprint(), await rest.fingerprint())).toEqual(await frame.fingerprint());
    expect([ties.schema, rest.schema]).toEqual([frame.schema, frame.schema]);
  });

  test.each(['1', '5'])('at a value that all or no rows have gives an empty side (%s)', async (text) => {
    const type = { kind: 'int64' } as const;
    const frame = await frameOf(schemaOf(type), rowsOf([1n, 1n]));
    const { ties, rest } = await frame.split(at(type, text), 'with rest');
    const empty = text === '1' ? rest : ties;
    expect([empty.rows, await empty.fingerprint(), await empty.nullCounts()]).toEqual([0, emptyFingerprint, [0, 0]]);
  });

  test('at a column of another type is a defect, not an empty answer', async () => {
    const frame = await frameOf(schemaOf({ kind: 'int64' }), rowsOf([1n]));
    await expect(frame.split(at({ kind: 'int32' }, '1'), 'with rest')).rejects.toThrow('does not have with that type');
  });
});

describe('the rows up to a watermark', () => {
  const upTo = async (frame: Frame, mark: Watermark) => {
    const { within, beyond } = await frame.upTo(mark);
    return [within.rows, beyond.rows, beyond.latest];
  };

  test.each<[string, DataType, readonly Cell[], string, readonly unknown[]]>([
    ['int64 beyond 2^53', { kind: 'int64' }, [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n], '9007199254740993', [2, 1, '9007199254740994']],
    [
      'nanoseconds',
      { kind: 'timestamp', unit: 'ns' },
      [1_704_067_200_123_456_789n, 1_704_067_200_123_456_788n, 1_704_067_200_123_456_790n],
      '2024-01-01T00:00:00.123456788',
      [1, 2, '2024-01-01T00:00:00.123456790'],
    ],
    ['dates', { kind: 'date' }, [-719_162, 0, 1], '1970-01-01', [2, 1, '1970-01-02']],
    [
      '38 digits',
      { kind: 'decimal', precision: 38, scale: 2 },
      [10n ** 37n, 10n ** 37n + 1n],
      `1${'0'.repeat(35)}.00`,
      [1, 1, `1${'0'.repeat(35)}.01`],
    ],
    ['text', { kind: 'string' }, ['a', 'b', '', 'a'], 'a', [3, 1, 'b']],
  ])('are told exactly for %s, with how many lie beyond and the largest of them', async (_, type, cells, text, expected) => {
    expect(await upTo(await frameOf(schemaOf(type), rowsOf(cells)), at(type, text))).toEqual(expected);
  });

  test('have those without a value, and are the same frame when nothing lies beyond', async () => {
    const type = { kind: 'int64' } as const;
    const frame = await frameOf(schemaOf(type), rowsOf([1n, null, 3n]));
    expect(await upTo(frame, at(type, '2'))).toEqual([2, 1, '3']);
    expect((await frame.upTo(at(type, '3'))).within).toBe(frame);
    expect(await upTo(frame, at(type, '0'))).toEqual([1, 2, '3']);
    await expect(frame.upTo(at({ kind: 'int32' }, '1'))).rejects.toThrow('does not have with that type');
  });
});

test.each<[string, DataType, readonly Cell[], boolean]>([
  ['int64 beyond 2^53', { kind: 'int64' }, [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n], true],
  ['int64 beyond 2^53, two equal', { kind: 'int64' }, [2n ** 53n + 1n, 2n ** 53n + 1n], false],
  ['the whole range of int64', { kind: 'int64' }, [-(2n ** 63n), 2n ** 63n - 1n], true],
  ['values that fall', { kind: 'int64' }, [1n, 3n, 2n], false],
  ['a null', { kind: 'int64' }, [1n, null, 3n], false],
  ['dates', { kind: 'date' }, [-1, 0, 1], true],
  ['texts', { kind: 'string' }, ['a', 'ab', 'b'], true],
  ['no rows', { kind: 'int64' }, [], true],
])('values are in strictly ascending order, or not: %s', async (_, type, cells, expected) => {
  expect(await (await frameOf(schemaOf(type), rowsOf(cells))).isAscending({ column: 'c', type })).toBe(expected);
});

test('the rows in which a column is true are told from the others, nulls among them, both without that column', async () => {
  const type = { kind: 'bool' } as const;
  const frame = await frameOf(schemaOf(type), rowsOf([true, false, null, true]));
  const { set, unset } = await frame.apart('c');
  for (const [is, ids] of [
    [set, [0, 3]],
    [unset, [1, 2]],
  ] as const) {
    const expected = await frameOf(
      { columns: schemaOf(type).columns.slice(0, 1) },
      ids.map((id) => [id]),
    );
    expect([is.rows, is.schema, await is.fingerprint()]).toEqual([2, expected.schema, await expected.fingerprint()]);
  }
});

describe('the fingerprint', () => {
  const schema: Schema = { columns: edgeColumns.map(({ name, type }) => ({ name, type, nullable: true })) };
  const rows = Array.from({ length: 60 }, (_, index) => edgeColumns.map(({ values }) => values[index % values.length]?.[0] ?? null));
  // States hold fingerprints: no process, version or layout may give another. It changes only with the list of edge values.
  const known = 'e46956410567c31be1c62a5da8ff0b46';

  test('is the same in every process and for every version', async () => {
    expect(await (await frameOf(schema, rows)).fingerprint()).toEqual({ rows: 60, hash: known });
  });

  test('does not depend on the order of rows or on how they are cut into frames', async () => {
    const cuts = [rows.slice(40), rows.slice(0, 1), rows.slice(1, 40).toReversed()];
    const parts = await Promise.all(cuts.map(async (cut) => (await frameOf(schema, cut)).fingerprint()));
    expect(parts.reduce(addFingerprints, emptyFingerprint)).toEqual({ rows: 60, hash: known });
  });

  test('counts duplicates', async () => {
    const once = await (await frameOf(schema, rows.slice(0, 1))).fingerprint();
    const twice = await (await frameOf(schema, [rows[0] ?? [], rows[0] ?? []])).fingerprint();
    expect(twice).toEqual(addFingerprints(once, once));
    expect(twice.hash).not.toBe(once.hash);
  });

  test.each<[string, DataType, Cell, Cell]>([
    ['null and zero', { kind: 'int64' }, null, 0n],
    ['null and empty text', { kind: 'string' }, null, ''],
    ['null and an empty list', { kind: 'list', item: { kind: 'int64' } }, null, []],
    ['an empty list and a list of null', { kind: 'list', item: { kind: 'int64' } }, [], [null]],
    ['null and false', { kind: 'bool' }, null, false],
    ['null and a struct of nulls', { kind: 'struct', fields: [{ name: 'a', type: { kind: 'int32' }, nullable: true }] }, null, [null]],
    ['neighbours beyond 2^53', { kind: 'int64' }, 2n ** 53n, 2n ** 53n + 1n],
    ['0.0 and -0.0', { kind: 'float64' }, 0, -0],
    ['NaN and null', { kind: 'float64' }, Number.NaN, null],
  ])('tells %s apart', async (_, type, one, other) => {
    const prints = await Promise.all([one, other].map(async (cell) => (await frameOf(schemaOf(type), [[1, cell]])).fingerprint()));
    expect(prints[0]?.hash).not.toBe(prints[1]?.hash);
  });

  // A row is written to one buffer that grows: from 16 bytes on by native code, from 1,024 on into a larger one.
  test.each([15, 16, 17, 1_023, 1_024, 1_025, 2_048, 3_000, 100_000])('reads a cell of %i bytes to its last one', async (length) => {
    const print = async (...cells: readonly Cell[]) => (await frameOf(schemaOf({ kind: 'string' }), rowsOf(cells))).fingerprint();
    const long = 'x'.repeat(length - 1);
    expect((await print(`${long}a`)).hash).not.toBe((await print(`${long}b`)).hash);
    const binary = async (last: number) => {
      const cell = new Uint8Array(length).with(length - 1, last);
      return (await frameOf(schemaOf({ kind: 'binary' }), [[1, cell]])).fingerprint();
    };
    expect((await binary(1)).hash).not.toBe((await binary(2)).hash);
    const pair = (one: readonly Cell[], other: readonly Cell[]) => frameOf(schemaOf({ kind: 'string' }), [one, other]);
    const [shortFirst, longFirst] = [await pair([0, 'a'], [1, long]), await pair([1, long], [0, 'a'])];
    expect(await shortFirst.fingerprint()).toEqual(await longFirst.fingerprint());
  });

  test('takes every NaN for the same', async () => {
    const odd = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n, 0xfff8_0000_0000_0000n]).buffer);
    const prints = await Promise.all(
      [...odd].map(async (cell) => (await frameOf(schemaOf({ kind: 'float64' }), [[1, cell]])).fingerprint()),
    );
    expect(prints[0]).toEqual(prints[1]);
  });

  test('does not let a value slip over into the next column', async () => {
    const pair: Schema = { columns: ['a', 'b'].map((name) => ({ name, type: { kind: 'string' }, nullable: true })) };
    const prints = await Promise.all(
      [
        ['ab', 'c'],
        ['a', 'bc'],
      ].map(async (row) => (await frameOf(pair, [row])).fingerprint()),
    );
    expect(prints[0]?.hash).not.toBe(prints[1]?.hash);
  });
});

describe('a builder', () => {
  test.each<[DataType, Cell]>([
    [{ kind: 'int8' }, 128],
    [{ kind: 'int32' }, 1.5],
    [{ kind: 'int64' }, 1],
    [{ kind: 'int64' }, 2n ** 63n],
    [{ kind: 'uint64' }, -1n],
    [{ kind: 'float32' }, 0.1],
    [{ kind: 'decimal', precision: 4, scale: 2 }, 10_000n],
    [{ kind: 'string' }, 7],
    [{ kind: 'string' }, '\uD800'],
    [{ kind: 'bool' }, 'true'],
    [{ kind: 'time', unit: 'ns' }, 86_400_000_000_000n],
    [{ kind: 'struct', fields: [] }, [1]],
    [{ kind: 'null' }, 0],
  ])('for %o refuses %s instead of bending it', async (type, cell) => {
    await expect(frameOf(schemaOf(type), [[1, cell]])).rejects.toThrow("can't hold it exactly");
  });

  test('never shows the value it refuses', async () => {
    await expect(frameOf(schemaOf({ kind: 'int64' }), [[1, 'hunter2']])).rejects.not.toThrow('hunter2');
  });
});
