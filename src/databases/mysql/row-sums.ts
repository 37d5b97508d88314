/** Sums rows in MySQL and MariaDB. Every text is summed as UTF-8 bytes, so that it depends on no collation and no character set of a session. */
import type { DataType } from '../../frames/schema.ts';
import { DatabaseError, type Session, type SourceColumn } from '../engine.ts';
import type { CanonicalText, ColumnToSum, NoCanonicalText, RowSums, RowTextSpelling } from '../row-sums.ts';
import { rowTextItem } from '../row-sums.ts';
import { instantInUtc } from '../source-columns.ts';
import { finite, quoteName } from './dialect.ts';

const bytes = (text: string): string => `CAST(CONVERT(${text} USING utf8mb4) AS BINARY)`;
const chars = (value: string): string => `CAST(${value} AS CHAR)`;
const trimmed = (digits: string): string => `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${digits}))`;
/**
 * The first 64 bits of an MD5, as an unsigned number. A session’s character set may have two or four bytes for each character. MySQL’s CONV accepts such
 * characters as digits, but reports its result as digits of one byte. So zero bytes are removed from the result.
 */
function md5(text: string): string {
  const digits = `CONVERT(SUBSTR(MD5(${text}), 1, 16) USING latin1)`;
  return `CAST(REPLACE(CAST(CONV(${digits}, 16, 10) AS BINARY), 0x00, _binary'') AS UNSIGNED)`;
}

function text({ column, specialValues }: ColumnToSum): CanonicalText | NoCanonicalText {
  const { type, sourceType = '' } = column;
  const name = quoteName(column.name);
  const [, word = '', digits = '0'] = /^(\w+)(?:\((\d+))?/.exec(sourceType.toLowerCase()) ?? [];
  const held = (value: string): CanonicalText => {
    const readIf = specialValues === 'fail' ? undefined : finite(name, type);
    return { text: bytes(value), ...(readIf === undefined ? {} : { readIf }) };
  };
  switch (type.kind) {
    case 'bool':
      return { text: bytes(`CASE ${name} + 0 WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE ${chars(`${name} + 0`)} END`) };
    case 'float32':
    case 'float64':
      return { unable: 'the server returns no bits of floating-point numbers' };
    case 'decimal':
      return { text: bytes(type.scale === 0 ? chars(`${name} + 0`) : trimmed(chars(`${name} + 0`))) };
    case 'uuid':
      return { text: bytes(`LOWER(${chars(name)})`) };
    case 'binary':
      return /binary$|blob$/.test(word)
        ? { text: bytes(`LOWER(HEX(${name}))`) }
        : { unable: `values of ${word} are compared while they are read` };
    case 'date':
      return held(chars(name));
    case 'timestamp': {
      // A TIMESTAMP is shown in the zone of the session. The seconds since 1970 do not depend on the zone.
      const value = word === 'timestamp' ? `(TIMESTAMP'1970-01-01 00:00:00' + INTERVAL UNIX_TIMESTAMP(${name}) SECOND)` : name;
      const written = `REPLACE(${chars(value)}, ' ', 'T')`;
      return held(digits === '0' ? written : trimmed(written));
    }
    case 'duration': {
      const seconds = `HOUR(${name}) * 3600 + MINUTE(${name}) * 60 + SECOND(${name})`;
      const parts = [`CASE WHEN ${name} < TIME'00:00:00' THEN '-' ELSE '' END`, seconds];
      if (digits === '0') return { text: bytes(`CONCAT(${parts.join(', ')})`) };
      return { text: bytes(trimmed(`CONCAT(${parts.join(', ')}, '.', LPAD(MICROSECOND(${name}), 6, '0'))`)) };
    }
    case 'time':
      return { text: bytes(digits === '0' ? chars(name) : trimmed(chars(name))) };
    case 'string':
      return string(word, name);
    default:
      // Adding 0 removes the leading zeros with which the column is declared.
      return { text: bytes(chars(`${name} + 0`)) };
  }
}

function string(word: string, name: string): CanonicalText | NoCanonicalText {
  // A mode of the session may pad a CHAR with blanks. Hygge reads a CHAR without the blanks.
  if (word === 'char') return { text: bytes(`TRIM(TRAILING ' ' FROM ${name})`) };
  if (/^(varchar|(tiny|medium|long)?text|enum|set)$/.test(word)) return { text: bytes(name) };
  return { unable: `values of ${word} are compared while they are read` };
}

/** Writes numbers and literals as bytes. In a session’s character set, each of their characters may have two bytes. */
const spelt: RowTextSpelling = {
  bytes: (value) => `CONVERT(LENGTH(${value}) USING utf8mb4)`,
  concat: (...parts) => `CONCAT(${parts.join(', ')})`,
  literal: (text) => `_binary'${text}'`,
};

/** Error codes for a missing function: the account lacks the right to call it, or it does not exist. */
const noFunction: ReadonlySet<string | undefined> = new Set(['1370', '1305']);

/** Why the server can’t compute MD5. MySQL 9.6 moved MD5 into a component that is not installed by default. */
async function whyUnableToSum(session: Session): Promise<string | undefined> {
  try {
    await session.query(`SELECT MD5('') AS hashed`);
    return undefined;
  } catch (error) {
    if (error instanceof DatabaseError && noFunction.has(error.code)) return 'the server has no MD5 function';
    throw error;
  }
}

export const rowSums: RowSums = {
  whyUnableToSum,
  text,
  hash: ({ text: value }) => md5(value),
  rowHash: (texts) => md5(`CONCAT(${texts.map((one) => rowTextItem(one, spelt)).join(', ')})`),
  bits: (hash, from, count) => `((${hash} >> ${64 - from - count}) & ${2 ** count - 1})`,
  sumAsText(hash, ofNull) {
    const signed = `CAST(${hash} AS SIGNED)`;
    return `CAST(COALESCE(SUM(${ofNull === undefined ? signed : `COALESCE(${signed}, ${ofNull})`}), 0) AS CHAR)`;
  },
  integerAsText: (expression) => `CAST(${expression} AS CHAR)`,
};

/** How a column of a store is read as the type that hygge stored in it. Instants are stored in a DATETIME in UTC. Times of day are stored in a TIME, which can also store lengths of time. */
export function settledAs(column: SourceColumn, type: DataType): SourceColumn | undefined {
  if (type.kind === 'time' && column.type.kind === 'duration') return { ...column, type: { kind: 'time', unit: 'us' } };
  return instantInUtc(column, type);
}
