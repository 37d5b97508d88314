/** T-SQL in SQLite: what the databases of the tests' TDS server share, whichever server of Microsoft's they stand for. */
import type { DatabaseSync } from 'node:sqlite';
import type { Part } from '../tds/session.ts';
import type { Value } from '../tds/values.ts';

export type Cells = Readonly<Record<string, string | null>>;

/** A name in brackets. */
export const name = String.raw`\[((?:[^\]]|\]\])*)\]`;
export const plain = (quoted: string): string => quoted.replaceAll(']]', ']');
export const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
export const literal = (text: string): string => text.replace(/^N?'|'$/g, '').replaceAll("''", "'");

/** What a server refuses, under its number. */
export class ServerError extends Error {
  readonly number: number;

  constructor(number: number, message: string) {
    super(message);
    this.number = number;
  }
}

/** Functions of T-SQL that SQLite lacks. */
export function addFunctions(sqlite: DatabaseSync): void {
  sqlite.function('datalength', { deterministic: true }, (text) => (text === null ? null : 2 * String(text).length));
  sqlite.function('hygge_convert', { varargs: true, deterministic: true, useBigIntArguments: true }, converted as never);
  sqlite.function('stuff', { deterministic: true }, (text, from, length, by) =>
    text === null ? null : `${String(text).slice(0, Number(from) - 1)}${by}${String(text).slice(Number(from) - 1 + Number(length))}`,
  );
  sqlite.function('switchoffset', { deterministic: true }, (text, _to) => (text === null ? null : String(text)));
  for (const [called, add] of Object.entries(aggregates))
    sqlite.aggregate(called, {
      ...{ start: null, useBigIntArguments: true },
      step: ((one: Value, value: Value) =>
        value === null ? one : one === null ? String(value) : add(String(one), String(value))) as never,
    });
}

/** How a server names its tables and compares its texts. */
export interface Translation {
  table(schema: string, table: string): string;
  collation(name: string): string;
  /** What else it says in its own way. Literals of texts are not in it. */
  more(text: string): string;
}

/** A query or a change of rows, as SQLite spells it. */
export function translated(sql: string, { table, collation, more }: Translation): string {
  const strings: string[] = [];
  const text = sql
    .replace(/N?'(?:[^']|'')*'/g, (found) => `\u0001${strings.push(found.replace(/^N/, '')) - 1}\u0002`)
    .replace(new RegExp(`${name}\\.${name}`, 'g'), (_, schema: string, called: string) => table(plain(schema), plain(called)))
    .replace(new RegExp(name, 'g'), (_, called: string) => quote(plain(called)))
    .replace(/ with \((?:tablock|tablockx, holdlock|updlock, holdlock|holdlock)\)/gi, '')
    .replace(/COUNT_BIG\(\*\)/gi, 'count(*)')
    .replace(/SYSDATETIMEOFFSET\(\)/g, `'2026-11-23 00:00:00.0000000 +00:00'`)
    .replace(/ COLLATE (\w+)/gi, (_, named: string) => ` collate ${collation(named)}`)
    .replace(/\b(?:try_)?convert\((\w+(?:\([^)]*\))?), /gi, `hygge_convert('$1', `)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what strings are kept behind
    .replace(/([)\u0002]) \+ (?=\u0001)/g, '$1 || ')
    .replace(/\bsum\((?=hygge_convert)/gi, 'hygge_sum(')
    .replace(/(hygge_convert\('decimal\([^)]*\)', )(min|max)\(/gi, '$1hygge_$2(')
    .replace(/\bcast\((.*?) as (\w+(?:\([^)]*\))?)\)/gi, (_, value: string, type: string) => `cast(${value} as ${sqliteType(type, null)})`)
    .replace(/^select top \((\d+)\) ([\s\S]*)$/i, 'select $2 limit $1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what strings are kept behind
  return more(text).replace(/\u0001(\d+)\u0002/g, (_, at: string) => strings[Number(at)] ?? '');
}

/** SQLite's own refusals under the numbers that SQL Server has for them. */
export function toldBySqlite(number: number, message: string): number {
  if (/UNIQUE constraint/.test(message)) return 2627;
  if (/NOT NULL constraint/.test(message)) return 515;
  return /no such table/.test(message) ? 208 : number;
}

export function sqliteType(type: string, collation: string | null): string {
  if (/^(bit|tinyint|smallint|int|bigint)$/i.test(type)) return 'integer';
  if (/^(float|real)$/i.test(type)) return 'real';
  if (/^varbinary/i.test(type)) return 'blob';
  return `text${collation !== null && !/BIN2$/.test(collation) ? ' collate nocase' : ''}`;
}

/** Digits behind the point, of all decimals that are added up or compared. */
const places = 38;
const scaled = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(places, '0')}`);
};

/** Of whole numbers and decimals, which lie there as texts. */
const aggregates: Readonly<Record<string, (one: string, other: string) => string>> = {
  hygge_min: (one, other) => (scaled(one) < scaled(other) ? one : other),
  hygge_max: (one, other) => (scaled(one) > scaled(other) ? one : other),
  hygge_sum(one, other) {
    const sum = scaled(one) + scaled(other);
    const digits = String(sum)
      .replace('-', '')
      .padStart(places + 1, '0');
    return `${sum < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  },
};

export function converted(type: string, value: Value): Value {
  if (value === null) return null;
  if (/^(tinyint|smallint|int|bigint)$/i.test(type)) return BigInt(String(value));
  if (/^(varbinary|binary|bit|float|real)/i.test(type)) return value;
  const text = String(value);
  const [, most] = /^n?varchar\((\d+)\)$/i.exec(type) ?? [];
  if (most !== undefined) return text.slice(0, Number(most));
  const [, kept] = /^datetime2\((\d)\)$/i.exec(type) ?? [];
  if (kept !== undefined) {
    const [whole = '', fraction = ''] = text.replace(/ [+-]\d\d:\d\d$/, '').split('.');
    return `${whole}.${fraction.padEnd(Number(kept), '0').slice(0, Number(kept))}`;
  }
  const [, scale] = /^(?:decimal|numeric)\(\d+,\s?(\d+)\)$/i.exec(type) ?? [];
  if (scale === undefined) return text;
  const [whole = '', fraction = ''] = text.split('.');
  return Number(scale) === 0 ? whole : `${whole}.${fraction.padEnd(Number(scale), '0').slice(0, Number(scale))}`;
}

export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex').toUpperCase()}` : String(value);
}

/** Texts by column, as a result set. */
export function told(rows: readonly Cells[]): Part {
  const names = Object.keys(rows[0] ?? { none: null });
  return {
    columns: Object.fromEntries(names.map((one) => [one, 'nvarchar(max)'])),
    rows: rows.map((row) => names.map((one) => row[one] ?? null)),
  };
}
