/** Checks texts and ids that are watermarks: their order must be the order of the times and numbers that they mean. */
import { HomeError } from '../../errors/hygge-error.ts';
import type { Watermark } from '../watermark.ts';
import { compareWatermarkKeys } from '../watermark-text.ts';

/** Matches days that begin with the day or have no leading zeros. As text, 01.02. comes before 31.01., and 2024-10-1 before 2024-9-1. */
const unorderedDays = [
  /^\d{1,2}([./-])\d{1,2}\1\d{4}(?![\d.])/u,
  /^\d{1,2}\.\d{1,2}\.\d{2}(?![\d.])/u,
  /^\d{1,2}[ .-]{1,2}\p{L}{3,9}[ .-]{1,2}\d{2,4}(?!\d)/u,
  /^\p{L}{3,9}[. ]{1,2}\d{1,2},? \d{4}(?!\d)/u,
  /^\d{4}([./-])(?:\d\1|\d{2}\1\d(?!\d))/u,
];
/** Matches numbers without leading zeros. Longer numbers are left out, because they usually have a constant length: times since 1970, numbers of accounts. */
const unpaddedNumber = /^-?[1-9]\d{0,8}(?:[.,]\d+)?$/;
const compactDay = /^(?:19|20)\d{6}$/;

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ofVersion7 = /^[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;
/** Matches digests and UUIDs without hyphens, by the length of MD5, SHA-1 or SHA-256. A counter of this length would begin with a zero, and a random id always contains letters. */
const digestForm = /^(?=[^a-f]*[a-f])[1-9a-f](?:[0-9a-f]{31}|[0-9a-f]{39}|[0-9a-f]{63})$/i;

/** Whether a text is a UUID of version 7, which begins with the time of its creation. */
export const risesWithTime = (text: string): boolean => ofVersion7.test(text.trim());

/** Whether a text is a UUID without a time, or a digest. A new id of this form may sort before or after any existing id. */
export function isRandomId(text: string): boolean {
  const trimmed = text.trim();
  return (uuidForm.test(trimmed) || digestForm.test(trimmed)) && !risesWithTime(trimmed);
}

/** What the texts or ids are, if their order is not the order of their meaning. Undefined: hygge does not recognize such texts. */
export function unorderedAs({ type, text }: Pick<Watermark, 'type' | 'text'>): 'days' | 'numbers' | 'random' | undefined {
  if ((type.kind === 'uuid' || type.kind === 'string') && isRandomId(text)) return 'random';
  if (type.kind !== 'string') return undefined;
  const trimmed = text.trim();
  if (unorderedDays.some((form) => form.test(trimmed))) return 'days';
  return unpaddedNumber.test(trimmed) && !compactDay.test(trimmed) ? 'numbers' : undefined;
}

/** Whether the newest value is a word (`n/a`, `NULL`) that sorts above days or numbers. All later values would then be below the newest value. */
export function isWordAbove(newest: Pick<Watermark, 'type' | 'text'>, other: string): boolean {
  return newest.type.kind === 'string' && newest.text !== '' && !/\d/.test(newest.text) && /^\s*[-+]?\d/.test(other);
}

// ---- times that are written as text

interface WrittenTime {
  readonly text: string;
  /** Nanoseconds since 1970. A text without an offset is treated as UTC. */
  readonly at: bigint;
  /** The form of the day in the text. Texts with the same form of day and the same form of time sort by their times. */
  readonly day: string;
  /** The form of the text after the day. Undefined: the text is only a day, which sorts before all times of the day. */
  readonly rest: string | undefined;
}

export interface TimeTexts {
  /** Two texts in the wrong order: the text of the earlier time sorts after the text of the later time. */
  readonly swapped?: { readonly later: string; readonly earlier: string };
  /** Two texts of different forms. All texts that were read are still in order. */
  readonly mixed?: readonly [string, string];
}

const iso =
  /^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:([Tt_]| +)?(\d{1,2})([:.]?)(\d{2})(?:\7(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([AaPp])\.?[Mm]\.?)?( ?)(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/;
/** Matches a day, a month and a year. The day or the month may come first. */
const yearLast = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?: ?([AaPp])\.?[Mm]\.?)?)?$/;
const monthNamed = /^(?:\p{L}{3,9}, ?)?(?:\d{1,2}[ .-]{1,2}\p{L}{3,9}|\p{L}{3,9}[. ]{1,2}\d{1,2},?)[ .-]{1,2}\d{4}(?!\d)/u;
const nanosPerMs = 1_000_000n;

/** Whether a text is a time that begins with its year. Such texts sort by time. */
export const isSortableTime = (text: string): boolean => isoTime(text) !== undefined;

/** A text that sorts below all times of the same form from the day before on. Undefined: the text is not a time that begins with its year. */
export function dayBefore(text: string): string | undefined {
  const time = isoTime(text);
  if (time === undefined) return undefined;
  const [, dash = '-'] = /^\s*\d{4}([-/.]?)/.exec(text) ?? [];
  return new Date(Number(time.at / nanosPerMs) - 86_400_000).toISOString().slice(0, 10).replaceAll('-', dash);
}

/**
 * Throws HYG-3314 if the order of the texts is not the order of their times.
 * @param texts the same as for `timesIn`.
 * @param remedy how this home can read the column as a time.
 * @returns a warning if the texts have two forms of time, although all texts that were read are in order.
 */
export function mustBeInTimeOrder(
  texts: readonly string[],
  of: { readonly place: string; readonly column: string; readonly remedy: string },
): string | undefined {
  const { place, column, remedy } = of;
  const { swapped, mixed } = timesIn(texts);
  if (swapped) {
    const [later, earlier] = [JSON.stringify(swapped.later), JSON.stringify(swapped.earlier)];
    throw new HomeError({
      code: 'HYG-3314',
      what: `Column ${column} of ${place} is text that does not sort by time: ${later} is later than ${earlier}, but sorts before it as text.`,
      why: ['New rows may be below the watermark, and would never be read.'],
      tryThis: [
        remedy,
        'Or have all times written in one form, such as 2024-01-31T10:00:00Z',
        'Or load everything at each run: run_type: full_drop',
      ],
    });
  }
  if (mixed === undefined) return undefined;
  const [one, other] = [JSON.stringify(mixed[0]), JSON.stringify(mixed[1])];
  return `${column} is text with two forms of time, ${one} and ${other}: later times may be ordered before earlier ones, and rows would be missed`;
}

/** @param texts any values of one column, in any order. Values that are not times are ignored. */
export function timesIn(texts: readonly string[]): TimeTexts {
  const times = [...new Set(texts)].flatMap((text) => timeOf(text) ?? []).sort((a, b) => compareWatermarkKeys(b.text, a.text));
  let [earliest] = times;
  for (const time of times) {
    if (earliest && time.at > earliest.at) return { swapped: { later: time.text, earlier: earliest.text } };
    if (earliest === undefined || time.at < earliest.at) earliest = time;
  }
  const [first] = times;
  const [timed] = times.filter(({ rest }) => rest !== undefined);
  const other = times.find(({ day, rest }) => day !== first?.day || (rest !== undefined && rest !== timed?.rest));
  if (first === undefined || other === undefined) return {};
  return { mixed: [other.text, (other.day === first.day ? (timed ?? first) : first).text] };
}

function timeOf(text: string): WrittenTime | undefined {
  return isoTime(text) ?? yearLastTime(text) ?? namedTime(text);
}

function isoTime(text: string): WrittenTime | undefined {
  const match = iso.exec(text.trim());
  if (!match) return undefined;
  const [
    ,
    year = '',
    dash = '',
    month = '',
    day = '',
    between = '',
    hour,
    colon = '',
    minute,
    second,
    fraction = '',
    half,
    gap = '',
    zone = '',
  ] = match;
  // Digits without signs may be any number. Such a text is a day, or a day and a time, only if each part has two digits.
  if (dash === '' && (month.length !== 2 || day.length !== 2 || (hour !== undefined && hour.length !== 2))) return undefined;
  const ms = instantMs({ year, month, day, hour, minute, second, half });
  if (ms === undefined) return undefined;
  const at = BigInt(ms - offsetMs(zone)) * nanosPerMs + BigInt(fraction.padEnd(9, '0'));
  const isPadded = month.length === 2 && day.length === 2 && (hour === undefined || hour.length === 2);
  const lead = text.length - text.trimStart().length;
  // Before "Z", 10:00:00 sorts after 10:00:00.5, so the number of digits is a part of the form. Before "+" or "-", 10:00:00 sorts first.
  const digits = /^z/i.test(zone) ? `${second === undefined ? 0 : 1}${fraction.length}` : '';
  const rest = hour === undefined ? undefined : JSON.stringify([between.replace(/ +/, ' '), colon, half ?? '', gap, zone, digits]);
  return { text, at, day: JSON.stringify([lead, dash, isPadded]), rest };
}

function yearLastTime(text: string): WrittenTime | undefined {
  const match = yearLast.exec(text.trim());
  if (!match) return undefined;
  const [, one = '', dash, two = '', year = '', hour, minute, second, half] = match;
  const orders = [
    { month: one, day: two },
    { month: two, day: one },
  ];
  const ways = orders.flatMap((order) => instantMs({ ...order, year, hour, minute, second, half }) ?? []);
  return ways.length === 0 ? undefined : { text, at: BigInt(Math.max(...ways)) * nanosPerMs, day: `year last ${dash}`, rest: undefined };
}

function namedTime(text: string): WrittenTime | undefined {
  const written = text.trim();
  if (!monthNamed.test(written)) return undefined;
  const ms = Date.parse(/(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$/.test(written) ? written : `${written} UTC`);
  return Number.isNaN(ms) ? undefined : { text, at: BigInt(ms) * nanosPerMs, day: 'month by name', rest: undefined };
}

interface Digits {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  /** The "A" or "P" of a 12-hour clock. */
  readonly half: string | undefined;
}

function instantMs({ year, month, day, hour = '0', minute = '0', second = '0', half }: Digits): number | undefined {
  const [y, m, d, h, min, s] = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  const isClock = h <= 24 && min < 60 && s <= 60 && (half === undefined || (h >= 1 && h <= 12));
  if (y < 1000 || m < 1 || m > 12 || d < 1 || d > 31 || !isClock) return undefined;
  const hours = half === undefined ? h : (h % 12) + (/p/i.test(half) ? 12 : 0);
  return Date.UTC(y, m - 1, d, hours, min, s);
}

function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!match) return 0;
  const [, sign, hours, minutes = '0'] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
