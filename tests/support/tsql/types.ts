/** Types and values of T-SQL as its documentation has them: what they are converted to, and which collation a text has. */
import type { TypeName } from './parse.ts';

/** Collation precedence. `none`: of two columns whose collations differ. */
export interface Collation {
  readonly label: 'explicit' | 'implicit' | 'coercible' | 'none';
  readonly name: string;
}

export type SqlType =
  | { readonly is: 'varchar' | 'nvarchar'; readonly length: number | 'max'; readonly collation: Collation }
  | { readonly is: 'varbinary'; readonly length: number | 'max' }
  | { readonly is: 'bit' | 'int' | 'bigint' | 'real' | 'float' | 'uniqueidentifier' | 'date' | 'money' }
  | { readonly is: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly is: 'time' | 'datetime2' | 'datetimeoffset'; readonly digits: number }
  | { readonly is: 'datetime' };

/** Text, whole numbers and unscaled decimals, floats, bytes, or moments. */
export type Raw = string | bigint | number | Buffer | Moment | null;

/** Whole days since 0001-01-01 and ticks of 100 ns since midnight, as the clock shows them there. */
export interface Moment {
  readonly day: number;
  readonly ticks: bigint;
  readonly offsetMinutes: number;
}

export const databaseCollation: Collation = { label: 'coercible', name: 'SQL_Latin1_General_CP1_CI_AS' };

/** A code page of one byte, or UTF-8. */
export const isUtf8 = ({ name }: Collation): boolean => name.endsWith('_UTF8');
export const bytesOf = (text: string, collation: Collation): Buffer =>
  isUtf8(collation) ? Buffer.from(text, 'utf8') : Buffer.from(inCodePage(text), 'latin1');

// biome-ignore lint/suspicious/noControlCharactersInRegex: what one byte holds
const inCodePage = (text: string): string => text.replace(/[^\u0000-\u007f\u00a0-\u00ff]/gu, (sign) => '?'.repeat(sign.length));

/** What a `varchar` of a collation makes of a text. */
export const heldBy = (text: string, collation: Collation): string =>
  isUtf8(collation) ? Buffer.from(text, 'utf8').toString('utf8') : inCodePage(text);

/** The collation of two texts that are put together or compared. */
export function joined(one: Collation, other: Collation): Collation {
  const ranks = ['coercible', 'implicit', 'none', 'explicit'] as const;
  if (one.label === 'explicit' && other.label === 'explicit' && one.name !== other.name)
    throw new Error(`468: cannot resolve the collation conflict between ${one.name} and ${other.name}`);
  if (one.label === 'implicit' && other.label === 'implicit' && one.name !== other.name) return { label: 'none', name: one.name };
  return ranks.indexOf(one.label) >= ranks.indexOf(other.label) ? one : other;
}

const dayMs = 86_400_000;
const ticksOfDay = 864_000_000_000n;
/** 0001-01-01, in days since 1970. */
const firstDay = -719_162;

export function momentOf(text: string): Moment {
  const [, date, hours = '0', minutes = '0', seconds = '0', fraction = '', offset] =
    /^(?:(\d{4}-\d\d-\d\d)[ T]?)?(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?(?: ?([+-]\d\d:\d\d|Z))?$/.exec(text) ?? [];
  if (date === undefined && !/^\d\d:/.test(text)) throw new Error(`241: ${text} is no date or time`);
  const day = date === undefined ? 0 : Date.parse(`${date}T00:00:00Z`) / dayMs - firstDay;
  const clock = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds);
  const [sign, offsetHours = '0', offsetMinutes = '0'] =
    offset === undefined || offset === 'Z' ? ['+'] : [offset[0], offset.slice(1, 3), offset.slice(4)];
  return {
    ...{ day, ticks: clock * 10_000_000n + BigInt(fraction.padEnd(7, '0')) },
    offsetMinutes: (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes)),
  };
}

/** Rounded to so many digits of a second, half away from zero. */
export function rounded({ day, ticks, offsetMinutes }: Moment, digits: number): Moment {
  const unit = 10n ** BigInt(7 - digits);
  const whole = ((ticks + unit / 2n) / unit) * unit;
  return whole < ticksOfDay ? { day, ticks: whole, offsetMinutes } : { day: day + 1, ticks: whole - ticksOfDay, offsetMinutes };
}

export function shifted({ day, ticks, offsetMinutes }: Moment, to: number): Moment {
  const moved = ticks + BigInt(to - offsetMinutes) * 600_000_000n;
  const days = moved < 0n ? -1n : moved / ticksOfDay;
  const later = day + Number(days);
  if (later < 0 || later > 3_652_058) throw new Error('517: an offset leads out of the years 1 to 9999');
  return { day: later, ticks: moved - days * ticksOfDay, offsetMinutes: to };
}

export const dateText = (day: number): string => new Date((day + firstDay) * dayMs).toISOString().slice(0, 10);

export function clockText(ticks: bigint, digits: number): string {
  const two = (value: bigint) => String(value).padStart(2, '0');
  const seconds = ticks / 10_000_000n;
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return digits === 0
    ? clock
    : `${clock}.${String(ticks % 10_000_000n)
        .padStart(7, '0')
        .slice(0, digits)}`;
}

export function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function unscaledOf(text: string, scale: number): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^([-+]?)(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  if (whole === '') throw new Error(`8114: ${text} is not a number`);
  const digits = BigInt(`${whole}${fraction.padEnd(scale, '0').slice(0, scale)}`);
  return sign === '-' ? -digits : digits;
}

/** A type by its declaration. Aliases of a fixed length hold their blanks and zeros. */
export function typeNamed({ name, sizes: [first, second] }: TypeName, collation = databaseCollation): SqlType {
  const length = first === 'max' ? 'max' : Number(first ?? 1);
  switch (name) {
    case 'char':
    case 'varchar':
      return { is: 'varchar', length, collation };
    case 'text':
      return { is: 'varchar', length: 'max', collation };
    case 'nchar':
    case 'nvarchar':
      return { is: 'nvarchar', length, collation };
    case 'sysname':
      return { is: 'nvarchar', length: 128, collation };
    case 'ntext':
      return { is: 'nvarchar', length: 'max', collation };
    case 'binary':
    case 'varbinary':
      return { is: 'varbinary', length };
    case 'image':
      return { is: 'varbinary', length: 'max' };
    case 'rowversion':
    case 'timestamp':
      return { is: 'varbinary', length: 8 };
    case 'tinyint':
    case 'smallint':
    case 'int':
      return { is: 'int' };
    case 'smallmoney':
      return { is: 'money' };
    case 'numeric':
    case 'decimal':
      return { is: 'decimal', precision: Number(first ?? 18), scale: Number(second ?? 0) };
    case 'smalldatetime':
      return { is: 'datetime' };
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return { is: name, digits: Number(first ?? 7) };
    case 'bit':
    case 'bigint':
    case 'real':
    case 'float':
    case 'uniqueidentifier':
    case 'date':
    case 'money':
    case 'datetime':
      return { is: name };
    default:
      throw new Error(`243: the sums of the tests have no type ${name}`);
  }
}
