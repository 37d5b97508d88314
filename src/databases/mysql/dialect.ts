/** The SQL syntax of MySQL and MariaDB. */
import type { DataType } from '../../frames/schema.ts';
import type { Dialect, Transaction } from '../engine.ts';
import { tableNames } from '../table-names.ts';
import { integerKinds, sameSumFor, stagedTotalsFor } from '../writes.ts';

export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/**
 * The name of a database for a `GRANT` on all its tables. In such a grant `_` and `%` are wildcards, so a grant on `crm_prod` would also cover `crm2prod`. In a
 * grant on a table, `_` and `%` are not wildcards. See https://dev.mysql.com/doc/refman/8.4/en/grant.html, "Database Privileges".
 */
export const allOfDatabase = (name: string): string => `${quoteName(name.replace(/[\\_%]/g, String.raw`\$&`))}.*`;

/** Characters that names can’t have: a blank at the end, NUL, and characters of four bytes. */
export const badInNames = /[\0\u{10000}-\u{10ffff}]|[ \t\n\v\f\r]+$/gu;

export const names = tableNames({
  engineName: 'MySQL',
  quotePairs: ['``'],
  quote: quoteName,
  advice: {
    form: 'A table is written as its name, or as database and name with a dot between.',
    example: 'sales.orders, or sales.`My.Table` if a name has a dot',
  },
  refusal({ schema, name }) {
    const bad = [name, schema].find((part) => [...part].length > 64 || part.search(badInNames) >= 0);
    if (bad === undefined) return undefined;
    return {
      why: `${JSON.stringify(bad)} is longer than 64 characters, ends with a blank, or has a character that names can't have.`,
      tryThis: `Choose another name: store: { table: ${name.replaceAll(/\W+/g, '_').slice(0, 20)} }`,
    };
  },
});

/** A quoted text where SQL accepts only a quoted literal, such as comments and accounts. */
export const quotePlainly = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** A text as the hexadecimal digits of its bytes, so that no mode of the server changes its meaning. */
export const quoteText = (text: string): string => (text === '' ? "''" : `_utf8mb4 X'${Buffer.from(text, 'utf8').toString('hex')}'`);

/** A session that reads gets its earlier SQL mode back, because writing needs another mode. */
const ownMode = 'SET sql_mode = COALESCE(@hygge_mode, @@sql_mode)';

export function beginning({ mode, isolation, label }: Transaction): readonly string[] {
  const of = `/* ${label.replace(/[^\w .:-]/g, '')} */`;
  const level = isolation === 'snapshot' ? 'REPEATABLE READ' : 'READ COMMITTED';
  if (mode === 'write') return [`SET TRANSACTION ISOLATION LEVEL ${level}`, `START TRANSACTION ${of}`];
  return isolation === 'snapshot'
    ? [ownMode, 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', `START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY ${of}`]
    : [ownMode, 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED', `START TRANSACTION READ ONLY ${of}`];
}

const instant = (text: string): string =>
  `TIMESTAMP'${text
    .replace('T', ' ')
    .replace(/Z$/, '')
    .replace(/(\.\d{6})\d+$/, '$1')}'`;

/** A condition that excludes dates of zeros, which sort before all other dates, and impossible dates. Arithmetic with an impossible date fails, or returns another day. */
export function finite(expression: string, { kind }: DataType): string | undefined {
  if (kind !== 'date' && kind !== 'timestamp') return undefined;
  return `${expression} >= DATE'0001-01-01' AND ${expression} + INTERVAL 0 DAY = ${expression}`;
}

export const dialect: Dialect = {
  quote: quoteName,
  text: quoteText,
  literal(type, text) {
    switch (type.kind) {
      case 'date':
        return `DATE'${text}'`;
      case 'timestamp':
        return instant(text);
      case 'string':
      case 'json':
      case 'uuid':
        return `CAST(${quoteText(text)} AS BINARY)`;
      default:
        return text;
    }
  },
  // Texts are compared by their bytes, because a collation treats different texts as equal, and ignores blanks at the end.
  sortExpression: (expression, { kind }) =>
    kind === 'string' || kind === 'json' || kind === 'uuid' ? `CAST(CONVERT(${expression} USING utf8mb4) AS BINARY)` : expression,
  canonicalText(expression, type: DataType, declared) {
    if (type.kind === 'date') return `DATE_FORMAT(${expression}, '%Y-%m-%d')`;
    // Bits are read as bytes, unless they are part of an arithmetic expression.
    if (type.kind !== 'timestamp') return `CAST(${declared?.startsWith('bit') ? `${expression} + 0` : expression} AS CHAR)`;
    return `DATE_FORMAT(${expression}, '%Y-%m-%dT%H:%i:%s.%f${type.zone === undefined ? '' : 'Z'}')`;
  },
  count: (of) => `COUNT(${of})`,
  selectFirst: (list, rest, most = 1) => `SELECT ${list} ${rest} LIMIT ${most}`,
};

/** Sums times in microseconds. TIMESTAMPDIFF would cost twice as much. */
const since1970 = (time: string): string => `sum((to_seconds(${time}) - 62167219200) * 1000000 + microsecond(${time}))`;

/** The totals that MySQL and MariaDB compute for a staged column. */
export const totals = stagedTotalsFor(dialect, {
  sum: {
    ...sameSumFor(['bool', 'decimal', ...integerKinds], (column) => `sum(${column})`),
    date: (column) => `sum(to_days(${column}) - 719528)`,
    timestamp: since1970,
    time: (column) => since1970(`timestamp('1970-01-01', ${column})`),
    string: (column) => `sum(length(${column}))`,
  },
  hasEdges: () => false,
  // The server shows only six digits of a bare FLOAT.
  floatEdges: (column) => ({ min: `min(${column}) + 0e0`, max: `max(${column}) + 0e0` }),
});
