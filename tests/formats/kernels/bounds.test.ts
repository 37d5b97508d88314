import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KernelFunctions, Kernels, kernelsIn, newMemory } from '../../../src/formats/kernels/kernels.ts';
import { areas, mostText, writable } from '../../../src/formats/kernels/layout.ts';
import { literal } from '../../../src/formats/kernels/lines.ts';
import { cases } from '../../support/samples.ts';

const memory = newMemory();
const kernel = kernelsIn(memory);
const bytes = Buffer.from(memory.buffer);
const isWritable = (at: number): boolean => Object.values(writable).some(({ start, bytes: length }) => at >= start && at < start + length);

/** Fences: everything between the areas that kernels may write to, and a stretch of the text. */
const fences = Array.from({ length: bytes.length / 16 }, (_, i) => 16 * i).filter(
  (at) =>
    (at < areas.text ? !isWritable(at) && !isWritable(at + 15) : at < areas.text + 4096 || at > areas.text + mostText - 64) &&
    at + 16 <= bytes.length,
);

const some = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.integer(), fc.constantFrom(0, 1, 65_535, 65_536, 65_537, -1, 2 ** 31 - 1));
const place = fc.oneof(fc.integer({ min: areas.text, max: areas.text + 5_000 }), some);
const many = fc.oneof(fc.integer({ min: 60_000, max: 140_000 }), some);
const calls: { readonly [K in keyof KernelFunctions]: fc.Arbitrary<Parameters<KernelFunctions[K]>> } = {
  records: fc.tuple(
    place,
    place,
    fc.oneof(fc.integer({ min: 1, max: 300 }), some),
    fc.constant(44),
    fc.constant(10),
    fc.constant(34),
    fc.constant(-1),
    many,
    many,
    fc.constantFrom(0, 1),
  ),
  lines: fc.tuple(place, place, some, many),
  familiar: fc.tuple(place, place, some),
  integers: fc.tuple(many, some, many, fc.constant(-(2n ** 63n)), fc.constant(2n ** 63n - 1n)),
  decimals: fc.tuple(many, some, many, fc.nat(18), fc.nat(18)),
  floats: fc.tuple(many, some, many, fc.nat(17), fc.nat(1)),
  truths: fc.tuple(many, some, many),
  dates: fc.tuple(many, some, many),
  timestamps: fc.tuple(many, some, many, fc.constant(1_000_000n), fc.constant(1_000n), fc.nat(1), fc.constant(4_000_000)),
  texts: fc.tuple(many, some, many, some, fc.nat(1), fc.constantFrom(34, 97, -1)),
};

/** Text of short fields, and what a kernel may have left behind: places that lie anywhere. */
function prepare(seed: number): void {
  bytes.fill(0);
  const words = new Uint32Array(memory.buffer);
  for (let at = areas.starts / 4; at < areas.rowStarts / 4; at++)
    words[at] = seed % 3 === 0 ? Math.imul(at, seed) : areas.text + ((at * 7 + seed) % 4_000);
  for (const at of fences) bytes.fill(0xa5, at, at + 16);
  for (let at = areas.text; at < areas.text + 4096; at++) bytes[at] = [44, 10, 49, 97, 44][(at + seed) % 5] ?? 0;
  bytes.writeUInt32LE(0x2c, areas.literalPlaces + literal.first);
}

test.each(Object.keys(calls) as (keyof KernelFunctions)[])('%s writes to its own areas only, whatever it is asked', (name) => {
  fc.assert(
    fc.property(calls[name] as fc.Arbitrary<never>, fc.nat(), (given: never[], seed) => {
      prepare(seed);
      const before = Buffer.concat(fences.map((at) => bytes.subarray(at, at + 16)));
      try {
        (kernel[name] as (...of: never[]) => unknown)(...given);
      } catch (error) {
        // It stops where it would go too far.
        expect(String(error)).toMatch(/^RuntimeError: (unreachable|memory access out of bounds)/);
      }
      expect(Buffer.concat(fences.map((at) => bytes.subarray(at, at + 16))).equals(before)).toBe(true);
    }),
    cases(40),
  );
});

test('more rows than there is room for are refused before anything is made of them', () => {
  const fast = new Kernels();
  const text = fast.load(Buffer.from('a,b\n'.repeat(10))) ?? Buffer.alloc(0);
  const rows = (columns: number, before: number, capacity: number) =>
    fast.call.records(areas.text, text.length, columns, 44, 10, 34, -1, before, capacity, 1);
  expect(rows(2, 0, 4)).toBe(areas.text + 16);
  expect(rows(2, 4, 4)).toBe(areas.text);
  expect(() => rows(2, 40_000, 80_000)).toThrow(/unreachable|can not be/);
});
