/** What texts of each format look like, as expressions in Rust's syntax: they match a whole text or nothing. */
import type { TextFormat } from './rule.ts';

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';

/** A day of the Gregorian calendar in the years 0000 to 9999. */
const leapYear = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const monthDay = '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))';
const day = `(?:[0-9]{4}-${monthDay}|${leapYear}-02-29)`;

const hours = '(?:[01][0-9]|2[0-3])';
const sixty = '[0-5][0-9]';

const byte = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
/** The last part of a name begins with a letter: one that begins with a digit would be taken for an address of numbers. */
const hostName = '(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?\\.)*[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\\.?';
const group = '[0-9a-fA-F]{1,4}';
/** Eight groups, or fewer with `::` in the place of the others. */
const ip6 = [
  `(?:${group}:){7}${group}`,
  ...Array.from({ length: 8 }, (_, before) => {
    const left = before === 0 ? '' : `${group}(?::${group}){${before - 1}}`;
    const most = 7 - before;
    return `${left}::${most === 0 ? '' : `(?:${group}(?::${group}){0,${most - 1}})?`}`;
  }),
].join('|');
const port = '(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})';
/** Not the characters that have to be written as `%20`, nor a `%` without two digits. */
const behindHost = '(?:[^\\s\\x00-\\x20\\x7f"<>\\\\^`{|}%]|%[0-9a-fA-F]{2})*';
const user = '(?:[^\\s\\x00-\\x20\\x7f"<>\\\\^`{|}%@/?#\\[\\]]|%[0-9a-fA-F]{2})*@';

/** docs/contracts.md says the same in words. */
export const formatPatterns: Readonly<Record<TextFormat, string>> = {
  email: `^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`,
  uuid: '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  url: `^(?i:https?|ftp)://(?:${user})?(?:${hostName}|(?:${byte}\\.){3}${byte}|\\[(?:${ip6})\\])(?::${port})?(?:[/?#]${behindHost})?$`,
  date: `^${day}$`,
  datetime: `^${day}[T ]${hours}:${sixty}(?::${sixty}(?:\\.[0-9]{1,9})?)?(?:Z|[+-]${hours}:${sixty})?$`,
};
