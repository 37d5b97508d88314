/** `date_format` and `timestamp_format`: how dates and timestamps are written, in the notation of strptime. */
import { dayNumber } from '../../../frames/calendar.ts';
import type { ClockForm } from '../../bytes/clock-form.ts';

/** A piece of a pattern: a literal text, or the letter for a part of the time. */
type Piece = { readonly text: Uint8Array } | { readonly part: string };
export type Pattern = readonly Piece[];

const letters = 'YymdbHIMSfpz';
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The most digits of each part. All parts except the four-digit year may have fewer digits. */
const widths: Readonly<Record<string, number>> = { Y: 4, y: 2, m: 2, d: 2, H: 2, I: 2, M: 2, S: 2, f: 9 };

/** A sentence about the mistake in a pattern. Undefined: the pattern is valid. */
export function patternProblem(written: string, needs: 'date' | 'timestamp'): string | undefined {
  const parts = [...written.matchAll(/%(.?)/g)].map(([, letter = '']) => letter);
  const unknown = parts.find((letter) => letter !== '%' && !letters.includes(letter));
  if (unknown !== undefined) return `%${unknown} means nothing. Use ${[...letters].map((letter) => `%${letter}`).join(' ')} and %%.`;
  const missing = [/[Yy]/, /[mb]/, /d/].some((one) => !parts.some((letter) => one.test(letter)));
  if (missing) return 'A date needs a year (%Y), a month (%m or %b) and a day (%d).';
  const timed = parts.some((letter) => 'HIMSfpz'.includes(letter));
  if (needs === 'date' && timed) return 'A date has no time of day: use timestamp_format.';
  if (needs === 'timestamp' && !timed) return 'A timestamp needs a time of day, such as %H:%M.';
  if (parts.includes('I') !== parts.includes('p')) return '%I (hour of twelve) and %p (AM or PM) belong together.';
  return new Set(parts).size === parts.length ? undefined : 'A part occurs twice.';
}

export function patternOf(written: string): Pattern {
  const pieces: Piece[] = [];
  for (const [piece] of written.matchAll(/%.|[^%]+/gs)) {
    if (piece.startsWith('%') && piece !== '%%') pieces.push({ part: piece.charAt(1) });
    else pieces.push({ text: Buffer.from(piece === '%%' ? '%' : piece) });
  }
  return pieces;
}

/** Reads a field by the pattern, and puts the result into `clock`. False: the field does not match the whole pattern. */
export function parseByPattern(pattern: Pattern, bytes: Uint8Array, start: number, end: number, clock: ClockForm): boolean {
  const found: Record<string, number> = {};
  let at = start;
  clock.offset = Number.NaN;
  for (const piece of pattern) {
    at = 'text' in piece ? behindText(piece.text, bytes, at, end) : behindPart(piece.part, { bytes, at, end, found });
    if (at < 0) return false;
  }
  return at === end && taken(found, clock);
}

function behindText(text: Uint8Array, bytes: Uint8Array, at: number, end: number): number {
  if (at + text.length > end) return -1;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return -1;
  return at + text.length;
}

interface Place {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  readonly found: Record<string, number>;
}

function behindPart(part: string, place: Place): number {
  if (part === 'b') return behindMonth(place);
  if (part === 'p') return behindHalf(place);
  return part === 'z' ? behindOffset(place) : behindDigits(part, place);
}

function behindDigits(part: string, { bytes, at, end, found }: Place): number {
  const width = widths[part] ?? 2;
  let value = 0;
  let i = at;
  for (; i < end && i - at < width; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const digits = i - at;
  if (digits === 0 || (part === 'Y' && digits !== 4)) return -1;
  found[part] = part === 'f' ? value * 10 ** (9 - digits) : value;
  return i;
}

function wordAt({ bytes, at, end }: Place, length: number): string {
  return Buffer.from(bytes.subarray(at, Math.min(end, at + length)))
    .toString('latin1')
    .toLowerCase();
}

function behindMonth(place: Place): number {
  const month = months.indexOf(wordAt(place, 3));
  place.found.m = month + 1;
  return month < 0 ? -1 : place.at + 3;
}

function behindHalf(place: Place): number {
  const half = ['am', 'pm'].indexOf(wordAt(place, 2));
  place.found.p = half;
  return half < 0 ? -1 : place.at + 2;
}

function behindOffset(place: Place): number {
  const match = /^(?:z|([+-])(\d\d):?(\d\d)?)/.exec(wordAt(place, 6));
  if (!match) return -1;
  const [whole, sign = '+', hours = '0', minutes = '0'] = match;
  place.found.z = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  return place.at + whole.length;
}

function taken(found: Readonly<Record<string, number>>, clock: ClockForm): boolean {
  const { Y, y = 0, m = 0, d = 0, I, p = 0, M = 0, S = 0, f = 0, z } = found;
  // As in POSIX, the years 69–99 mean 1969–1999, and smaller years mean 2000–2068.
  const days = dayNumber(Y ?? (y < 69 ? 2000 + y : 1900 + y), m, d);
  const hours = I === undefined ? (found.H ?? 0) : I < 1 || I > 12 ? 24 : (I % 12) + 12 * p;
  if (Number.isNaN(days) || hours > 23 || M > 59 || S > 59) return false;
  clock.days = days;
  clock.seconds = hours * 3600 + M * 60 + S;
  clock.nanos = f;
  clock.offset = z ?? Number.NaN;
  clock.hasTime = true;
  return true;
}
