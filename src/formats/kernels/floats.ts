/** Converts decimal numbers to binary with one rounding. If both parts are exact floats, the method is Clinger’s, else that of Eisel and Lemire ("Number Parsing at a Gigabyte per Second", 2021). */
import { areas } from './layout.ts';
import { type Code, f64, i32, i64, type Local, run, when } from './wasm.ts';

/** The smallest exponent of the powers of five in `areas.fifths`, which contains 5^-27 … 5^0. */
export const leastFifth = -27;

/** Computes an entry of the table: the 128 highest bits of 5^`exponent` for `exponent` ≤ 0, rounded as the algorithm requires. */
export function fifth(exponent: number): bigint {
  const divisor = 5n ** BigInt(-exponent);
  if (exponent === 0) return 1n << 127n;
  const bits = BigInt((divisor - 1n).toString(2).length);
  return (1n << (bits + 127n)) / divisor + 1n;
}

const k = (value: bigint): Code => i64.const(value);
const most53 = 1n << 53n;

interface NearestOf {
  /** The digits as a whole number of up to 17 digits, not negative. */
  readonly number: Local;
  /** The number of digits after the point: 0 to 16. */
  readonly fraction: Local;
  readonly value: Local;
}

/** Sets `value` to the nearest float64 of `number` / 10^`fraction`. */
export function nearest(of: NearestOf, local: (type?: 'i32' | 'i64') => Local): readonly Code[] {
  const { number, fraction, value } = of;
  const divided = f64.div(f64.convertS(number), f64.load(i32.mul(fraction, 8), areas.floatPowers));
  return [when(i64.leU(number, k(most53)), [value.set(divided)], [run(...eiselLemire(of, local))])];
}

/** The method of Eisel and Lemire. `number` has more than 53 bits, and is at most 10^17, so the result is neither very small nor very large. */
function eiselLemire({ number, fraction, value }: NearestOf, local: (type?: 'i32' | 'i64') => Local): readonly Code[] {
  const [zeros, normal, high, low, more, place] = [local('i64'), local('i64'), local('i64'), local('i64'), local('i64'), local()];
  const [upper, shift, mantissa, exponent] = [local('i64'), local('i64'), local('i64'), local('i64')];
  const product = { high, low };
  const fraction64 = i64.extendU(fraction);
  return [
    zeros.set(i64.clz(number)),
    normal.set(i64.shl(number, zeros)),
    place.set(i32.mul(i32.sub(-leastFifth, fraction), 16)),
    ...multiply(normal, i64.load(place, areas.fifths), product, local),
    // If the lower bits are not enough to decide the rounding, the lower half of the power is multiplied too.
    when(i64.eq(i64.and(high, k(0x1ffn)), k(0x1ffn)), [
      ...highOf(normal, i64.load(place, areas.fifths + 8), more, local),
      low.set(i64.add(low, more)),
      when(i64.ltU(low, more), [high.set(i64.add(high, k(1n)))]),
    ]),
    upper.set(i64.shrU(high, k(63n))),
    shift.set(i64.add(upper, k(9n))),
    mantissa.set(i64.shrU(high, shift)),
    // The exponent is floor(log2(5^-f * 2^-f)), computed in fixed point.
    exponent.set(i64.add(i64.shrS(i64.mul(k(-217706n), fraction64), k(16n)), k(63n + 1023n))),
    exponent.set(i64.sub(i64.add(exponent, upper), zeros)),
    // A number exactly between two floats is rounded to the even float.
    when(
      i32.and(
        i32.and(i64.leU(low, k(1n)), i32.leU(fraction, 4)),
        i32.and(i64.eq(i64.and(mantissa, k(3n)), k(1n)), i64.eq(i64.shl(mantissa, shift), high)),
      ),
      [mantissa.set(i64.and(mantissa, k(~1n)))],
    ),
    mantissa.set(i64.shrU(i64.add(mantissa, i64.and(mantissa, k(1n))), k(1n))),
    when(i64.geS(mantissa, k(1n << 53n)), [mantissa.set(k(1n << 52n)), exponent.set(i64.add(exponent, k(1n)))]),
    value.set(f64.fromBits(i64.or(i64.and(mantissa, k((1n << 52n) - 1n)), i64.shl(exponent, k(52n))))),
  ];
}

interface Product {
  readonly high: Local;
  readonly low: Local;
}

/** Multiplies 64 bits by 64 bits into 128 bits, half by half. */
function multiply(a: Local, b: Code, { high, low }: Product, local: (type: 'i64') => Local): readonly Code[] {
  const [factor, lowLow, highLow, lowHigh, middle] = [local('i64'), local('i64'), local('i64'), local('i64'), local('i64')];
  const lowHalf = (value: Local): Code => i64.and(value, k(0xffffffffn));
  const highHalf = (value: Local): Code => i64.shrU(value, k(32n));
  return [
    factor.set(b),
    lowLow.set(i64.mul(lowHalf(a), lowHalf(factor))),
    highLow.set(i64.mul(highHalf(a), lowHalf(factor))),
    lowHigh.set(i64.mul(lowHalf(a), highHalf(factor))),
    middle.set(i64.add(i64.add(highHalf(lowLow), lowHalf(highLow)), lowHigh)),
    high.set(i64.add(i64.add(i64.mul(highHalf(a), highHalf(factor)), highHalf(highLow)), highHalf(middle))),
    low.set(i64.or(i64.shl(middle, k(32n)), lowHalf(lowLow))),
  ];
}

function highOf(a: Local, b: Code, high: Local, local: (type: 'i64') => Local): readonly Code[] {
  return multiply(a, b, { high, low: local('i64') }, local);
}
