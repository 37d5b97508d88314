/** The SQL syntax of SQLite. In SQLite, times are texts. Texts in different formats may mean the same time, so times are compared in one format. */
import { fractionDigits } from '../../frames/calendar.ts';
import type { DataType, TimeUnit } from '../../frames/schema.ts';
import type { Dialect, Transaction } from '../engine.ts';
import { tableNames } from '../table-names.ts';
import type { TableName } from '../writes.ts';
import { stagedTotalsFor } from '../writes.ts';

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const names = tableNames({
  engineName: 'SQLite',
  quotePairs: ['""'],
  quote: quoteName,
  advice: { form: 'A file has no schemas: write only the name of the table.', example: 'orders, or "a.b" if the name has a dot' },
  refusal({ schema, name }) {
    const tryThis = 'Write the name like orders, or "a.b" if the name has a dot';
    if (/^sqlite_/i.test(name)) return { why: 'Names that begin with sqlite_ are reserved.', tryThis };
    return schema.toLowerCase() === 'main' ? undefined : { why: 'A file has no schemas: write only the name of the table.', tryThis };
  },
});

/** The name of a table. A file has only one schema, so the names of hygge’s tables begin with the schema that other databases would use. */
export const nameOf = ({ schema, name }: TableName): string =>
  schema === '' || schema === 'main' ? `main.${quoteName(name)}` : `main.${quoteName(`${schema}_${name}`)}`;

/** The purpose of a transaction. `undone`: the transaction writes and is rolled back, so the file is not made and keeps its journal mode. */
export type Purpose = 'reading' | 'writing' | 'undone';

export const purposeOf = ({ mode, endsInRollback }: Transaction): Purpose =>
  mode !== 'write' ? 'reading' : endsInRollback ? 'undone' : 'writing';

/** The statement that begins a transaction. A transaction that will write takes the write lock at once. If two transactions read first and write later, neither could continue. */
export const beginnings: Readonly<Record<Purpose, string>> = {
  reading: 'BEGIN',
  writing: 'BEGIN IMMEDIATE',
  undone: 'BEGIN IMMEDIATE /* undone */',
};

/** hygge’s own code of an error: `PRAGMA journal_mode = WAL` had no effect and no error, because the disk can’t share memory between processes. */
export const noLog = 'NO_WAL';

const noTime = '0000-00-00 00:00:00.000000000';

/** A time with all digits of its unit, so `2026-11-23 10:00` becomes `2026-11-23 10:00:00.000000`. Any further digits of the text are zeros. */
function filled(text: string, unit: TimeUnit): string {
  const whole = noTime.slice(0, 20 + fractionDigits[unit]);
  return `substr(replace(${text}, 'T', ' ') || substr('${whole}', length(${text}) + 1), 1, ${whole.length})`;
}

/** An instant as text in UTC, with all digits of its unit. An instant without an offset already is in UTC. */
function inUtc(x: string, unit: TimeUnit): string {
  const zulu = filled(`rtrim(${x}, 'Zz')`, unit);
  const seconds = `datetime(substr(${x}, 1, CASE substr(${x}, 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr(${x}, -6))`;
  const fraction = `CASE WHEN substr(${x}, 20, 1) = '.' THEN substr(${x}, 20, length(${x}) - 25) ELSE '' END`;
  return `CASE WHEN length(${x}) > 16 AND substr(${x}, -6, 1) IN ('+', '-') AND substr(${x}, -3, 1) = ':' THEN ${filled(`(${seconds} || ${fraction})`, unit)} ELSE ${zulu} END`;
}

// ---- decimals: texts, compared by their digits

const letters = 'jihgfedcba';
const swapped = (text: string, from: string, to: string): string =>
  [...from].reduce((sql, char, at) => `replace(${sql}, '${char}', '${to[at]}')`, text);

/** Converts a decimal such as `-12.50` to a text that sorts like the number. A text in that format stays unchanged. */
function decimalKey(x: string, precision: number): string {
  const digits = `substr('${'0'.repeat(precision + 1)}' || replace(ltrim(${x}, '-'), '.', ''), -${precision + 1})`;
  return `CASE WHEN substr(${x}, 1, 1) IN ('n', 'p') THEN ${x} WHEN ${x} LIKE '-%' THEN 'n' || ${swapped(digits, '0123456789', letters)} ELSE 'p' || ${digits} END`;
}

function decimalText(x: string, { precision, scale }: { readonly precision: number; readonly scale: number }): string {
  const key = decimalKey(x, precision);
  const digits = `CASE substr(${key}, 1, 1) WHEN 'n' THEN ${swapped(`substr(${key}, 2)`, letters, '0123456789')} ELSE substr(${key}, 2) END`;
  const whole = `coalesce(nullif(ltrim(substr(${digits}, 1, ${precision + 1 - scale}), '0'), ''), '0')`;
  const fraction = scale === 0 ? '' : ` || '.' || substr(${digits}, -${scale})`;
  return `CASE substr(${key}, 1, 1) WHEN 'n' THEN '-' ELSE '' END || ${whole}${fraction}`;
}

function keyOfDecimal(text: string, { precision, scale }: { readonly precision: number; readonly scale: number }): string {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const digits = `${whole}${fraction.padEnd(scale, '0')}`.padStart(precision + 1, '0');
  return text.startsWith('-') ? `n${[...digits].map((digit) => letters[Number(digit)]).join('')}` : `p${digits}`;
}

function sortExpression(x: string, type: DataType): string {
  switch (type.kind) {
    case 'timestamp':
      return `(${type.zone === undefined ? filled(x, type.unit) : inUtc(x, type.unit)})`;
    case 'decimal':
      return `(${decimalKey(x, type.precision)})`;
    case 'string':
    case 'uuid':
    case 'json':
      return `${x} COLLATE BINARY`;
    default:
      return x;
  }
}

const numbers: readonly DataType['kind'][] = ['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'float32', 'float64'];

export const dialect: Dialect = {
  quote: quoteName,
  quoteTable: nameOf,
  text: quoteText,
  literal(type, text) {
    if (numbers.includes(type.kind)) return text;
    if (type.kind === 'decimal') return quoteText(keyOfDecimal(text, type));
    if (type.kind === 'timestamp') return quoteText(text.replace('T', ' ').replace(/Z$/, ''));
    return quoteText(text);
  },
  sortExpression,
  canonicalText(expression, type) {
    const x = `(${expression})`;
    if (type.kind === 'timestamp') return `replace(${sortExpression(x, type)}, ' ', 'T')${type.zone === undefined ? '' : ` || 'Z'`}`;
    return type.kind === 'decimal' ? decimalText(x, type) : `CAST(${x} AS TEXT)`;
  },
  count: (of) => `count(${of})`,
  selectFirst: (list, rest, most = 1) => `SELECT ${list} ${rest} LIMIT ${most}`,
};

/** The totals that SQLite computes for a staged column. SQLite can’t sum decimals, because they are texts. Times are texts of one format, so they sort correctly. */
export const totals = stagedTotalsFor(dialect, {
  sum: {
    bool: (column) => `sum(${column})`,
    // The sum is split in two, because SQLite reports an error for a sum of more than 64 bits.
    int64: (column) => `sum(${column} >> 32) || ' ' || sum(${column} & 4294967295)`,
    // Texts are summed only if the file stores them in UTF-8, as frames do.
    string: (column) => `case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast(${column} as blob))) end`,
  },
  hasEdges: ({ kind }) => kind === 'int64' || kind === 'date' || kind === 'timestamp',
  floatEdges: (column, kind) => (kind === 'float32' ? {} : { min: `min(${column})`, max: `max(${column})` }),
});
