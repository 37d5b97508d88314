import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../src/frames/cell.ts';
import { shownText } from '../../../src/frames/row-sum/canonical-text.ts';
import { canonicalTexts, rowHashes } from '../../../src/frames/row-sum/row-hashes.ts';
import type { DataType } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';

async function frameOf(type: DataType, cells: readonly Cell[]) {
  const builder = await frameBuilder({ columns: [{ name: 'c', type, nullable: true }] });
  for (const cell of cells) builder.append([cell]);
  return builder.take();
}

const vectors: readonly (readonly [DataType, Cell, string | null])[] = [
  [{ kind: 'bool' }, true, 'true'],
  [{ kind: 'int64' }, -(2n ** 63n), '-9223372036854775808'],
  [{ kind: 'uint64' }, 2n ** 64n - 1n, '18446744073709551615'],
  [{ kind: 'decimal', precision: 9, scale: 2 }, 110n, '1.1'],
  [{ kind: 'decimal', precision: 9, scale: 2 }, -1n, '-0.01'],
  [{ kind: 'decimal', precision: 9, scale: 2 }, 100n, '1'],
  [{ kind: 'decimal', precision: 9, scale: 0 }, 100n, '100'],
  [{ kind: 'float64' }, -0, '0000000000000000'],
  [{ kind: 'float64' }, Number.NaN, '7ff8000000000000'],
  [{ kind: 'float32' }, 1.5, '3ff8000000000000'],
  [{ kind: 'string' }, 'a ', 'a '],
  [{ kind: 'uuid' }, 'ABCDEF00-0000-0000-0000-00000000000A', 'abcdef00-0000-0000-0000-00000000000a'],
  [{ kind: 'json' }, '{"b":1.0,"a":[]}', '{"a":[],"b":1e0}'],
  [{ kind: 'binary' }, Uint8Array.of(0, 255), '00ff'],
  [{ kind: 'date' }, -719_162, '0001-01-01'],
  [{ kind: 'time', unit: 'us' }, 3_600_000_000_000n + 500_000_000n, '01:00:00.5'],
  [{ kind: 'timestamp', unit: 'us' }, 0n, '1970-01-01T00:00:00'],
  [{ kind: 'timestamp', unit: 'ns', zone: 'Europe/Copenhagen' }, -1n, '1969-12-31T23:59:59.999999999'],
  [{ kind: 'duration', unit: 'ms' }, -1500n, '-1.5'],
  [{ kind: 'list', item: { kind: 'int32' } }, [1, null, -10], '[1:1n3:-10]'],
  [{ kind: 'struct', fields: [{ name: 'a', type: { kind: 'string' }, nullable: true }] }, ['é'], '{2:é}'],
  [{ kind: 'int32' }, null, null],
];

describe('the canonical text of a value', () => {
  test.each(vectors)('of $0.kind is $2', async (type, cell, text) => {
    const frame = await frameOf(type, [cell]);
    expect(await canonicalTexts(frame, [{ name: 'c', type }])).toEqual([[text]]);
    const row = text === null ? 'n' : `${Buffer.byteLength(text)}:${text}`;
    expect(await rowHashes(frame, [{ name: 'c', type }])).toEqual(
      BigInt64Array.of(createHash('md5').update(row).digest().readBigInt64BE(0)),
    );
  });

  test('is that of the type in which texts are compared', async () => {
    const frame = await frameOf({ kind: 'string' }, ['[1.0]', 'AB']);
    expect(await canonicalTexts(frame, [{ name: 'c', type: { kind: 'json' } }])).toEqual([['[1e0]'], ['!AB']]);
    expect(await canonicalTexts(frame, [{ name: 'c', type: { kind: 'uuid' } }])).toEqual([['[1.0]'], ['ab']]);
  });

  test('is refused of a type whose texts are others', async () => {
    const frame = await frameOf({ kind: 'int32' }, [1]);
    await expect(rowHashes(frame, [{ name: 'c', type: { kind: 'float64' } }])).rejects.toThrow('summed as float64');
    await expect(rowHashes(frame, [{ name: 'd', type: { kind: 'int32' } }])).rejects.toThrow('without the column');
  });
});

describe('a canonical text as people read it', () => {
  test.each([
    ['3fb999999999999a', '0.1'],
    ['3fb999999999999b', '0.10000000000000002'],
    ['3fb99999a0000000', '0.10000000149011612'],
    ['7ff8000000000000', 'NaN'],
    ['fff0000000000000', '-Infinity'],
    ['0000000000000001', '5e-324'],
  ])('is the decimal of a float: %s', (bits, decimal) => {
    expect(shownText({ kind: 'float64' }, bits)).toBe(decimal);
    expect(shownText({ kind: 'float32' }, bits)).toBe(decimal);
  });

  test('is the text itself of any other type', () => {
    expect(shownText({ kind: 'string' }, '3fb999999999999a')).toBe('3fb999999999999a');
    expect(shownText({ kind: 'float64' }, null)).toBeNull();
  });
});
