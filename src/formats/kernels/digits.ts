/** Turns digits into numbers, eight digits at a time. */
import { areas } from './layout.ts';
import { type Code, i32, i64, type Local, type Operand, run, select, type WasmBuilder, when } from './wasm.ts';

export const zero = 0x30;
export const minus = 0x2d;
export const point = 0x2e;

const k = (value: bigint): Code => i64.const(value);
const zeros = 0x3030303030303030n;

/** Whether all eight bytes are digits. */
export const areDigits = (eight: Operand): Code =>
  i64.eq(
    i64.or(
      i64.and(eight, k(0xf0f0f0f0f0f0f0f0n)),
      i64.shrU(i64.and(i64.add(eight, k(0x0606060606060606n)), k(0xf0f0f0f0f0f0f0f0n)), k(4n)),
    ),
    k(0x3333333333333333n),
  );

/** Turns eight digits, with the first one in the lowest byte, into a number. Digits are combined into pairs, pairs into fours, and the two fours into the number. */
export function numberOf(eight: Operand): Code {
  const pairs = i64.shrU(i64.mul(i64.and(eight, k(0x0f0f0f0f0f0f0f0fn)), k(2561n)), k(8n));
  const fours = i64.shrU(i64.mul(i64.and(pairs, k(0x00ff00ff00ff00ffn)), k(6553601n)), k(16n));
  return i64.shrU(i64.mul(i64.and(fours, k(0x0000ffff0000ffffn)), k(42949672960001n)), k(32n));
}

export type Digits = (end: Operand, count: Operand) => Code;

/** `digits(end, count)`: the number that is written in the `count` (1 to 18) bytes before `end`. The result is negative if a byte is not a digit. */
export function defineDigits(module: WasmBuilder): Digits {
  return module.define({ name: 'digits', parameters: ['i32', 'i32'], result: 'i64' }, ([end, count], local) => {
    const [eight, value, bad] = [local('i64'), local('i64'), local()];
    const take = (behind: number, left: Code, times: bigint): Code =>
      run(
        eight.set(lastOf(i64.load(i32.sub(end, behind + 8)), left)),
        bad.set(i32.or(bad, i32.eqz(areDigits(eight)))),
        value.set(i64.add(value, i64.mul(numberOf(eight), k(times)))),
      );
    const upToEight = (left: Code): Code => select(i32.ltU(left, 8), left, 8);
    return [
      take(0, upToEight(count.get), 1n),
      when(i32.gtU(count, 8), [
        take(8, upToEight(i32.sub(count, 8)), 100_000_000n),
        when(i32.gtU(count, 16), [take(16, i32.sub(count, 16), 10_000_000_000_000_000n)]),
      ]),
      select(bad, k(-1n), value),
    ];
  });
}

/** The last `count` (1 to 8) of eight bytes, with zeros before them. */
function lastOf(eight: Code, count: Code): Code {
  const mask = i64.shl(k(-1n), i64.extendU(i32.mul(i32.sub(8, count), 8)));
  return i64.or(i64.and(eight, mask), i64.and(k(zeros), i64.xor(mask, k(-1n))));
}

/** 10^`exponent`, for an exponent of up to 18. */
export const power = (exponent: Operand): Code => i64.load(i32.mul(exponent, 8), areas.powers);

/** Whether the number begins with a zero and has more digits after it. */
export const isPadded = (first: Operand, digits: Operand): Code => i32.and(i32.eq(i32.load8(first), zero), i32.gtU(digits, 1));

/** `value`, or -`value` if `isNegative` is set. */
export const signed = (isNegative: Local, value: Local): Code => select(isNegative, i64.sub(k(0n), value), value);
