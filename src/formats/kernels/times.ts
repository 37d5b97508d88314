/** Reads dates and times of ISO 8601 as programs write them. JavaScript reads other forms. */
import { firstDay, secondsPerDay } from '../../frames/calendar.ts';
import { defineColumn } from './column.ts';
import { areDigits, type Digits, numberOf, point, power } from './digits.ts';
import { areas, writable } from './layout.ts';
import { forbid } from './numbers.ts';
import { type Code, i32, i64, type Local, type WasmBuilder, when } from './wasm.ts';

const dash = 0x2d;
const colon = 0x3a;

/** Adds the kernel for dates, which reads `YYYY-MM-DD` as the number of days since 1970-01-01. */
export function defineDates(module: WasmBuilder): void {
  defineColumn(module, {
    name: 'dates',
    parameters: [],
    value: 'i32',
    bytes: 4,
    store: (to, value) => i32.store(writable.values, to, value),
    field({ start, end, value, known }, _, local) {
      return [when(i32.eq(i32.sub(end, start), 10), daysOf({ start, days: value, known }, local))];
    },
  });
}

/**
 * Adds the kernel for timestamps, which reads `YYYY-MM-DD[T ]HH:MM:SS[.f…]`, followed by a Z if `zoned` is 1. A unit is `nanos`
 * nanoseconds, and `perSecond` units are a second. Days are at most `mostDays` from 1970.
 */
export function defineTimestamps(module: WasmBuilder, digits: Digits): void {
  defineColumn(module, {
    name: 'timestamps',
    parameters: ['i64', 'i64', 'i32', 'i32'],
    value: 'i64',
    bytes: 8,
    store: (to, value) => i64.store(writable.values, to, value),
    field({ start, end, value, known }, [perSecond, nanos, zoned, mostDays], local) {
      const [days, last, fraction, part] = [local(), local(), local(), local('i64')];
      const seconds = local();
      return [
        last.set(i32.sub(end, zoned)),
        fraction.set(i32.sub(i32.sub(last, start), 20)),
        // A timestamp without a fraction has 19 bytes, and a timestamp with a fraction has at least 21.
        when(i32.or(i32.eq(fraction, -1), i32.leU(i32.sub(fraction, 1), 8)), [
          ...daysOf({ start, days, known }, local),
          forbid(known, i32.gtU(i32.add(days, mostDays), i32.mul(mostDays, 2))),
          forbid(known, i32.and(i32.ne(i32.load8(start, 10), 0x20), i32.ne(i32.load8(start, 10), 0x54))),
          forbid(known, i32.and(zoned, i32.ne(i32.load8(last), 0x5a))),
          ...secondsOf({ start, seconds, known }, local),
          part.set(i64.const(0n)),
          when(i32.gtS(fraction, 0), [
            forbid(known, i32.ne(i32.load8(start, 19), point)),
            part.set(digits(last, fraction)),
            forbid(known, i64.ltS(part, i64.const(0n))),
            part.set(i64.mul(part, power(i32.sub(9, fraction)))),
            forbid(known, i32.eqz(i64.eqz(i64.remS(part, nanos)))),
            part.set(i64.divS(part, nanos)),
          ]),
          value.set(
            i64.add(i64.mul(i64.add(i64.mul(i64.extendS(days), i64.const(BigInt(secondsPerDay))), i64.extendS(seconds)), perSecond), part),
          ),
        ]),
      ];
    },
  });
}

type NewLocal = (type?: 'i32' | 'i64') => Local;

/** Reads a time from 00:00:00 to 23:59:59, which begins at the eleventh byte. */
function secondsOf(
  { start, seconds, known }: { readonly start: Local; readonly seconds: Local; readonly known: Local },
  local: NewLocal,
): readonly Code[] {
  const [eight, number, minute, second] = [local('i64'), local(), local(), local()];
  const two = (offset: number, shift: bigint): Code => i64.shl(i64.extendU(i32.load16(start, offset)), i64.const(shift));
  return [
    eight.set(i64.or(i64.or(two(11, 16n), two(14, 32n)), i64.or(two(17, 48n), i64.const(0x3030n)))),
    forbid(known, i32.eqz(areDigits(eight))),
    forbid(known, i32.or(i32.ne(i32.load8(start, 13), colon), i32.ne(i32.load8(start, 16), colon))),
    number.set(i32.wrap(numberOf(eight))),
    second.set(i32.remU(number, 100)),
    minute.set(i32.remU(i32.divU(number, 100), 100)),
    number.set(i32.divU(number, 10_000)),
    forbid(known, i32.or(i32.gtU(number, 23), i32.or(i32.gtU(minute, 59), i32.gtU(second, 59)))),
    seconds.set(i32.add(i32.mul(number, 3600), i32.add(i32.mul(minute, 60), second))),
  ];
}

/** Reads the date in the first ten bytes. JavaScript reads dates in the year 0. */
function daysOf(
  { start, days, known }: { readonly start: Local; readonly days: Local; readonly known: Local },
  local: NewLocal,
): readonly Code[] {
  const [eight, number, year, month, day, past, leap] = [local('i64'), local(), local(), local(), local(), local(), local()];
  const divides = (by: number): Code => i32.eqz(i32.remU(year, by));
  const table = (place: number): Code => i32.load(i32.mul(month, 4), place);
  return [
    eight.set(
      i64.or(
        i64.extendU(i32.load(start)),
        i64.or(i64.shl(i64.extendU(i32.load16(start, 5)), i64.const(32n)), i64.shl(i64.extendU(i32.load16(start, 8)), i64.const(48n))),
      ),
    ),
    known.set(areDigits(eight)),
    forbid(known, i32.or(i32.ne(i32.load8(start, 4), dash), i32.ne(i32.load8(start, 7), dash))),
    number.set(i32.wrap(numberOf(eight))),
    day.set(i32.remU(number, 100)),
    month.set(i32.remU(i32.divU(number, 100), 100)),
    year.set(i32.divU(number, 10_000)),
    forbid(known, i32.or(i32.eqz(year), i32.gtU(i32.sub(month, 1), 11))),
    when(known, [
      leap.set(i32.and(divides(4), i32.or(i32.eqz(divides(100)), divides(400)))),
      forbid(known, i32.gtU(i32.sub(day, 1), i32.sub(i32.add(table(areas.monthLengths), i32.and(leap, i32.eq(month, 2))), 1))),
      past.set(i32.sub(year, 1)),
      days.set(i32.add(i32.mul(past, 365), i32.add(i32.sub(i32.divU(past, 4), i32.divU(past, 100)), i32.divU(past, 400)))),
      days.set(i32.add(days, i32.add(table(areas.monthStarts), i32.add(i32.and(leap, i32.gtU(month, 2)), day)))),
      days.set(i32.sub(days, 1 - firstDay)),
    ]),
  ];
}
