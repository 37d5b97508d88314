/** Reads numbers as programs write them: digits without leading zeros, optionally with a sign and a point. JavaScript reads numbers in other forms. */
import { defineColumn, type FieldOf } from './column.ts';
import { type Digits, isPadded, minus, point, power, signed } from './digits.ts';
import { nearest } from './floats.ts';
import { writable } from './layout.ts';
import { type Code, code, f64, i32, i64, type Local, run, select, v128, type WasmBuilder, when } from './wasm.ts';

/** Adds the kernel for whole numbers from `least` to `most`. */
export function defineIntegers(module: WasmBuilder, digits: Digits): void {
  defineColumn(module, {
    name: 'integers',
    parameters: ['i64', 'i64'],
    value: 'i64',
    bytes: 8,
    store: (to, value) => i64.store(writable.values, to, value),
    field(of, [least, most], local) {
      const { end, value, known } = of;
      const written = { negative: local(), first: local(), count: local() };
      const { negative, first, count } = written;
      return [
        ...withoutSign(of, written),
        when(i32.leU(i32.sub(count, 1), 17), [
          value.set(digits(end, count)),
          known.set(i64.geS(value, i64.const(0n))),
          forbid(known, isPadded(first, count)),
          forbid(known, i32.and(negative, i64.eqz(value))),
          value.set(signed(negative, value)),
          forbid(known, i32.or(i64.ltS(value, least), i64.gtS(value, most))),
        ]),
      ];
    },
  });
}

/** Adds the kernel for decimals of `scale` with at most `most` digits (18 or fewer). A decimal is a 128-bit whole number that counts units of the last digit. */
export function defineDecimals(module: WasmBuilder, digits: Digits): void {
  defineColumn(module, {
    name: 'decimals',
    parameters: ['i32', 'i32'],
    value: 'i64',
    bytes: 16,
    store: (to, value) =>
      run(i64.store(writable.values, to, value), i64.store(writable.values, i32.add(to, 8), i64.shrS(value, i64.const(63n)))),
    field(of, [scale, most], local) {
      const { value, known } = of;
      const written = { negative: local(), first: local(), count: local() };
      const parts = { whole: local(), fraction: local(), part: local('i64'), mask: local() };
      const { whole, fraction } = parts;
      return [
        ...withoutSign(of, written),
        ...partsOf(written, parts),
        when(i32.and(i32.leU(fraction, scale), i32.and(i32.ne(whole, 0), i32.leU(i32.add(whole, scale), most))), [
          ...unscaled({ digits, of, written, parts }),
          // A whole number loses the sign before a zero, so the text -0 is left to JavaScript.
          forbid(known, i32.and(i32.and(written.negative, i64.eqz(value)), i32.eqz(fraction))),
          value.set(i64.mul(value, power(i32.sub(scale, fraction)))),
          value.set(signed(written.negative, value)),
        ]),
      ];
    },
  });
}

/**
 * Adds the kernel for the nearest float64 of a number with up to 17 digits, the most that programs write. Without a fraction, the number
 * has up to `mostWhole` digits. `exact` 1: JavaScript reads the numbers of which a float64 may not keep exactly these digits.
 */
export function defineFloats(module: WasmBuilder, digits: Digits): void {
  defineColumn(module, {
    name: 'floats',
    parameters: ['i32', 'i32'],
    value: 'f64',
    bytes: 8,
    store: (to, value) => f64.store(writable.values, to, value),
    field(of, [mostWhole, exact], local) {
      const { value, known } = of;
      const written = { negative: local(), first: local(), count: local() };
      const parts = { whole: local(), fraction: local(), part: local('i64'), mask: local() };
      const { whole, fraction } = parts;
      const number = local('i64');
      return [
        ...withoutSign(of, written),
        ...partsOf(written, parts),
        when(i32.and(i32.leU(fraction, 16), i32.and(i32.ne(whole, 0), i32.leU(i32.add(whole, fraction), 17))), [
          ...unscaled({ digits, of: { ...of, value: number }, written, parts }),
          forbid(known, i32.and(i32.eqz(fraction), i32.gtU(whole, mostWhole))),
          when(known, [
            ...nearest({ number, fraction, value }, local),
            forbid(known, i32.and(exact, i64.geS(number, mantissaOf(value)))),
            when(written.negative, [value.set(f64.neg(value))]),
          ]),
        ]),
      ];
    },
  });
}

/**
 * The 53 bits of a float64 as a whole number. If all digits of the text, as a whole number, are below this number, no other digits of the
 * same length have this nearest float64. The reason: such numbers are further apart than floats.
 */
const mantissaOf = (value: Local): Code => i64.or(i64.and(f64.bits(value), i64.const((1n << 52n) - 1n)), i64.const(1n << 52n));

export function forbid(known: Local, condition: Code): Code {
  return known.set(i32.and(known, i32.eqz(condition)));
}

interface WrittenNumber {
  readonly negative: Local;
  /** The position of the first digit. `count`: how many bytes the digits and the point have. */
  readonly first: Local;
  readonly count: Local;
}

const withoutSign = ({ start, end }: FieldOf, { negative, first, count }: WrittenNumber): readonly Code[] => [
  negative.set(i32.eq(i32.load8(start), minus)),
  first.set(i32.add(start, negative)),
  count.set(i32.sub(end, first)),
];

interface Parts {
  /** The number of digits before the point. */
  readonly whole: Local;
  /** The number of digits after the point. The number is too large if the point is the last byte. */
  readonly fraction: Local;
  readonly part: Local;
  readonly mask: Local;
}

/** Finds the point. A point after more than 15 digits is not found, so the text then does not count as digits. */
const partsOf = ({ first, count }: WrittenNumber, { whole, fraction, mask }: Parts): readonly Code[] => [
  mask.set(v128.bitmask(v128.eq(v128.load(first), v128.splat(point)))),
  whole.set(select(mask, i32.ctz(mask), count)),
  when(
    i32.ltU(whole, count),
    [fraction.set(i32.sub(i32.sub(count, whole), 1)), fraction.set(select(fraction, fraction, 99))],
    [whole.set(count.get), fraction.set(code(0))],
  ),
];

interface UnscaledOf {
  readonly digits: Digits;
  readonly of: FieldOf;
  readonly written: WrittenNumber;
  readonly parts: Parts;
}

/** The number that the digits without the point make. */
const unscaled = ({
  digits,
  of: { end, value, known },
  written: { first },
  parts: { whole, fraction, part },
}: UnscaledOf): readonly Code[] => [
  value.set(digits(i32.add(first, whole), whole)),
  known.set(i64.geS(value, i64.const(0n))),
  forbid(known, isPadded(first, whole)),
  when(fraction, [
    part.set(digits(end, fraction)),
    forbid(known, i64.ltS(part, i64.const(0n))),
    value.set(i64.add(i64.mul(value, power(fraction)), part)),
  ]),
];
