/** Columns of every type, and any values that they can hold. */
import fc from 'fast-check';
import type { Cell } from '../../src/frames/cell.ts';
import type { DataType, TimeUnit } from '../../src/frames/schema.ts';

const units: readonly TimeUnit[] = ['ms', 'us', 'ns'];
const perDay: Readonly<Record<TimeUnit, bigint>> = { ms: 86_400_000n, us: 86_400_000_000n, ns: 86_400_000_000_000n };
const nanosPer: Readonly<Record<TimeUnit, bigint>> = { ms: 1_000_000n, us: 1_000n, ns: 1n };

interface Kind {
  readonly type: DataType;
  readonly cell: fc.Arbitrary<Cell>;
}

const whole = (kind: 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32', min: number, max: number): Kind => ({
  type: { kind },
  cell: fc.integer({ min, max }),
});
const long = (min: bigint, max: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min, max });
const int64 = long(-(2n ** 63n), 2n ** 63n - 1n);
const text = fc.string({ unit: 'binary', maxLength: 20 });
const document = fc.json();

const plain: readonly Kind[] = [
  { type: { kind: 'bool' }, cell: fc.boolean() },
  ...[whole('int8', -128, 127), whole('int16', -32_768, 32_767), whole('int32', -(2 ** 31), 2 ** 31 - 1)],
  ...[whole('uint8', 0, 255), whole('uint16', 0, 65_535), whole('uint32', 0, 2 ** 32 - 1)],
  { type: { kind: 'int64' }, cell: int64 },
  { type: { kind: 'uint64' }, cell: long(0n, 2n ** 64n - 1n) },
  { type: { kind: 'float64' }, cell: fc.double() },
  { type: { kind: 'float32' }, cell: fc.float() },
  { type: { kind: 'string' }, cell: text },
  { type: { kind: 'json' }, cell: document },
  { type: { kind: 'uuid' }, cell: fc.uuid() },
  { type: { kind: 'binary' }, cell: fc.uint8Array({ maxLength: 12 }).map((bytes) => Uint8Array.from(bytes)) },
  { type: { kind: 'date' }, cell: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
];

const time = (unit: TimeUnit): Kind => ({
  type: { kind: 'time', unit },
  cell: long(0n, perDay[unit] - 1n).map((value) => value * nanosPer[unit]),
});
const zones: readonly (string | undefined)[] = [undefined, 'UTC', 'Europe/Copenhagen', 'Asia/Kathmandu'];

const timed: readonly Kind[] = units.flatMap((unit): readonly Kind[] => [
  time(unit),
  { type: { kind: 'duration', unit }, cell: int64 },
  ...zones.map((zone): Kind => ({ type: { kind: 'timestamp', unit, ...(zone === undefined ? {} : { zone }) }, cell: int64 })),
]);

const decimal: fc.Arbitrary<Kind> = fc.integer({ min: 1, max: 38 }).chain((precision) =>
  fc.integer({ min: 0, max: precision }).map((scale): Kind => {
    const most = 10n ** BigInt(precision) - 1n;
    return { type: { kind: 'decimal', precision, scale }, cell: long(-most, most) };
  }),
);

const leaf: fc.Arbitrary<Kind> = fc.oneof(fc.constantFrom(...plain, ...timed), decimal);
const nullable = (cell: fc.Arbitrary<Cell>): fc.Arbitrary<Cell> => fc.option(cell, { nil: null, freq: 4 });
const fieldNames = fc.uniqueArray(fc.constantFrom('a', 'B', 'a b', '1', '__proto__', 'é"'), { minLength: 1, maxLength: 3 });

const nested = (depth: number): fc.Arbitrary<Kind> => {
  if (depth === 0) return leaf;
  const within = nested(depth - 1);
  const list = within.map(
    ({ type, cell }): Kind => ({ type: { kind: 'list', item: type }, cell: fc.array(nullable(cell), { maxLength: 3 }) }),
  );
  const struct = fieldNames.chain((names) =>
    fc.array(within, { minLength: names.length, maxLength: names.length }).map((kinds): Kind => {
      const fields = names.map((name, at) => ({ name, type: kinds[at]?.type ?? { kind: 'bool' as const }, nullable: true }));
      return { type: { kind: 'struct', fields }, cell: fc.tuple(...kinds.map(({ cell }) => nullable(cell))) };
    }),
  );
  return fc.oneof({ arbitrary: leaf, weight: 4 }, { arbitrary: list, weight: 1 }, { arbitrary: struct, weight: 1 });
};

/** A type, and values of a column of it. */
export const anyColumn: fc.Arbitrary<{ readonly type: DataType; readonly values: readonly Cell[] }> = nested(2).chain(({ type, cell }) =>
  fc.array(nullable(cell), { minLength: 1, maxLength: 8 }).map((values) => ({ type, values })),
);
