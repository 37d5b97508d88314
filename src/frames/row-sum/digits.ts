/** Writes numbers as decimal digits in bytes, without making strings. */

const zero = 48;
const nine = 1_000_000_000;
/** 2^32. */
const word = 4_294_967_296;

/** Writes the digits of a whole number below 2^53 from `at` on. Returns the position after the digits. */
export function putWhole(bytes: Uint8Array, at: number, value: number): number {
  if (value < nine) return putSmall(bytes, at, value);
  const above = Math.floor(value / nine);
  const end = above < nine ? putSmall(bytes, at, above) : putWhole(bytes, at, above);
  return putPadded(bytes, end, value - above * nine, 9);
}

/** Writes a number below 10^`digits`, with leading zeros. `digits` is at most 9. */
export function putPadded(bytes: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let place = at + digits - 1; place >= at; place--) {
    const tenth = (rest / 10) | 0;
    bytes[place] = zero + rest - tenth * 10;
    rest = tenth;
  }
  return at + digits;
}

/** Writes a point and a fraction of `digits` digits, without the zeros at the end. If the fraction is zero, nothing is written. */
export function putFraction(bytes: Uint8Array, at: number, fraction: number, digits: number): number {
  if (fraction === 0) return at;
  bytes[at] = 46;
  let end: number;
  if (digits <= 9) end = putPadded(bytes, at + 1, fraction, digits);
  else {
    const above = Math.floor(fraction / nine);
    end = putPadded(bytes, putPadded(bytes, at + 1, above, digits - 9), fraction - above * nine, 9);
  }
  while (bytes[end - 1] === zero) end--;
  return end;
}

/** Writes the digits of `high` · 2^32 + `low`. Both numbers are unsigned and have 32 bits. */
export function putUnsigned(bytes: Uint8Array, at: number, high: number, low: number): number {
  if (high < 0x20_0000) return putWhole(bytes, at, high * word + low);
  // The quotient is rounded, so it may be off by one. The remainder, computed in 32 bits, shows whether the quotient is off.
  let above = Math.floor((high * word + low) / nine);
  let rest = (low - Math.imul(above, nine)) | 0;
  if (rest < 0) {
    above--;
    rest += nine;
  } else if (rest >= nine) {
    above++;
    rest -= nine;
  }
  return putPadded(bytes, putWhole(bytes, at, above), rest, 9);
}

/** Writes a number of 64 bits in two’s complement. */
export function putSigned(bytes: Uint8Array, at: number, high: number, low: number): number {
  if (high >= 0) return putUnsigned(bytes, at, high, low >>> 0);
  bytes[at] = 45;
  const negated = -low >>> 0;
  return putUnsigned(bytes, at + 1, (~high + (negated === 0 ? 1 : 0)) >>> 0, negated);
}

function putSmall(bytes: Uint8Array, at: number, value: number): number {
  const digits =
    value < 1e4
      ? value < 1e2
        ? value < 10
          ? 1
          : 2
        : value < 1e3
          ? 3
          : 4
      : value < 1e6
        ? value < 1e5
          ? 5
          : 6
        : value < 1e7
          ? 7
          : value < 1e8
            ? 8
            : 9;
  return putPadded(bytes, at, value, digits);
}
