import { describe, expect, test } from 'vitest';
import type { DeltaType } from '../../../src/delta/table.ts';
import { schemaOf } from '../../../src/delta/values/schema.ts';
import { deltaField, deltaTypeOf, hasWallClock, heldByDelta } from '../../../src/delta/write/types.ts';
import type { DataType } from '../../../src/frames/schema.ts';

const us = { kind: 'timestamp', unit: 'us' } as const;
const struct = (...types: readonly DataType[]): DataType => ({
  kind: 'struct',
  fields: types.map((type, i) => ({ name: `f${i}`, type, nullable: i === 0 })),
});

/** Of each kind: the type that holds it, and the word of the log. */
const held: readonly (readonly [type: DataType, holds: DataType, word: DeltaType])[] = [
  [{ kind: 'bool' }, { kind: 'bool' }, 'boolean'],
  [{ kind: 'int8' }, { kind: 'int8' }, 'byte'],
  [{ kind: 'int16' }, { kind: 'int16' }, 'short'],
  [{ kind: 'int32' }, { kind: 'int32' }, 'integer'],
  [{ kind: 'int64' }, { kind: 'int64' }, 'long'],
  [{ kind: 'uint8' }, { kind: 'int16' }, 'short'],
  [{ kind: 'uint16' }, { kind: 'int32' }, 'integer'],
  [{ kind: 'uint32' }, { kind: 'int64' }, 'long'],
  [{ kind: 'uint64' }, { kind: 'decimal', precision: 20, scale: 0 }, 'decimal(20,0)'],
  [{ kind: 'float32' }, { kind: 'float32' }, 'float'],
  [{ kind: 'float64' }, { kind: 'float64' }, 'double'],
  [{ kind: 'decimal', precision: 38, scale: 6 }, { kind: 'decimal', precision: 38, scale: 6 }, 'decimal(38,6)'],
  [{ kind: 'string' }, { kind: 'string' }, 'string'],
  [{ kind: 'binary' }, { kind: 'binary' }, 'binary'],
  [{ kind: 'date' }, { kind: 'date' }, 'date'],
  [{ kind: 'time', unit: 'us' }, { kind: 'string' }, 'string'],
  [{ kind: 'uuid' }, { kind: 'string' }, 'string'],
  [{ kind: 'json' }, { kind: 'string' }, 'string'],
  [{ kind: 'null' }, { kind: 'string' }, 'string'],
  [{ kind: 'timestamp', unit: 'ms' }, us, 'timestamp_ntz'],
  [us, us, 'timestamp_ntz'],
  [{ kind: 'timestamp', unit: 'ms', zone: 'Europe/Copenhagen' }, { ...us, zone: 'UTC' }, 'timestamp'],
  [{ ...us, zone: 'UTC' }, { ...us, zone: 'UTC' }, 'timestamp'],
  [
    { kind: 'list', item: { kind: 'uint8' } },
    { kind: 'list', item: { kind: 'int16' } },
    { type: 'array', elementType: 'short', containsNull: true },
  ],
  [
    struct({ kind: 'uuid' }, { kind: 'uint16' }),
    struct({ kind: 'string' }, { kind: 'int32' }),
    {
      type: 'struct',
      fields: [
        { name: 'f0', type: 'string', nullable: true, metadata: {} },
        { name: 'f1', type: 'integer', nullable: false, metadata: {} },
      ],
    },
  ],
];

describe('the type that a Delta table has for values', () => {
  test.each(held)('%o', (type, holds, word) => {
    expect(heldByDelta(type)).toEqual(holds);
    expect(deltaTypeOf(holds)).toEqual(word);
  });

  test.each(held)('is the one that our own reader finds there: %o', (type, holds) => {
    const fields = [deltaField({ name: 'c', type: holds, nullable: true })];
    const metadata = { id: '', name: null, description: null, schema: { type: 'struct', fields }, partitionColumns: [], configuration: {} };
    expect(schemaOf(metadata as never).columns[0]?.type, JSON.stringify(type)).toEqual(holds);
  });

  test.each<DataType>([
    { kind: 'timestamp', unit: 'ns' },
    { kind: 'timestamp', unit: 'ns', zone: 'UTC' },
    { kind: 'duration', unit: 'us' },
    { kind: 'list', item: { kind: 'duration', unit: 'ms' } },
    struct({ kind: 'int8' }, { kind: 'timestamp', unit: 'ns' }),
    // Readers of such a table say that a name is there twice, and read nothing.
    { kind: 'list', item: { kind: 'struct', fields: ['x', 'X'].map((name) => ({ name, type: { kind: 'int8' }, nullable: true })) } },
  ])('is none for %o', (type) => {
    expect(heldByDelta(type)).toBeUndefined();
  });

  test('has no word for a type that no column of a table has', () => {
    expect(() => deltaTypeOf({ kind: 'uuid' })).toThrow(TypeError);
    expect(() => deltaTypeOf({ kind: 'list', item: { kind: 'uint8' } })).toThrow('uint8');
  });
});

describe('wall-clock times', () => {
  const ntz = 'timestamp_ntz';
  test.each<DeltaType>([
    ntz,
    { type: 'array', elementType: ntz, containsNull: true },
    {
      type: 'struct',
      fields: [{ name: 'a', type: { type: 'array', elementType: ntz, containsNull: true }, nullable: true, metadata: {} }],
    },
    { type: 'map', keyType: ntz, valueType: 'long', valueContainsNull: true },
    { type: 'map', keyType: 'long', valueType: ntz, valueContainsNull: true },
  ])('are found in %o', (type) => {
    expect(hasWallClock(type)).toBe(true);
  });

  test.each<DeltaType>([
    'timestamp',
    { type: 'map', keyType: 'string', valueType: 'timestamp', valueContainsNull: true },
    { type: 'struct', fields: [] },
  ])('are not in %o', (type) => {
    expect(hasWallClock(type)).toBe(false);
  });
});
