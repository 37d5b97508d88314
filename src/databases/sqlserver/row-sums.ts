/** Sums rows in SQL Server. Every text is summed as UTF-8 bytes under one collation, so that it does not depend on the collation of a database or column. */
import type { Session } from '../engine.ts';
import type { CanonicalText, ColumnToSum, NoCanonicalText, RowSums } from '../row-sums.ts';
import { rowTextItem, zeroBits } from '../row-sums.ts';
import { quoteName, underLocks } from './dialect.ts';

/** The collation in which `varchar` is UTF-8, and texts are compared by their code points. SQL Server has this collation from 2019 on. */
const utf8 = 'Latin1_General_100_BIN2_UTF8';

const chars = (value: string, length: number, style?: number): string =>
  `CONVERT(varchar(${length}), ${value}${style === undefined ? '' : `, ${style}`}) COLLATE ${utf8}`;
const ascii = (text: string, fixedBytes?: number): CanonicalText => ({
  text,
  isAscii: true,
  ...(fixedBytes === undefined ? {} : { fixedBytes }),
});
/** Removes trailing zeros of a fraction, and the point of an empty fraction. Before SQL Server 2022, RTRIM removes only blanks. @param digits the text of a number with a point and without blanks. */
const trimmed = (digits: string): string =>
  `REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(${digits}, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.')`;

function text({ column, specialValues }: ColumnToSum): CanonicalText | NoCanonicalText {
  const { type, sourceType = '', isDerived } = column;
  const name = quoteName(column.name);
  if (isDerived) return { unable: 'it is made of another column' };
  const [, word = '', digits] = /^(\w+)(?:\((\w+)(?:,\d+)?\))?$/.exec(sourceType) ?? [];
  switch (type.kind) {
    case 'bool':
      return ascii(`CASE ${name} WHEN 1 THEN 'true' COLLATE ${utf8} WHEN 0 THEN 'false' END`);
    case 'decimal': {
      const written = chars(name, 41, /money$/.test(word) ? 2 : undefined);
      return ascii(type.scale === 0 ? written : trimmed(written));
    }
    case 'float32':
    case 'float64': {
      const bits = `CONVERT(char(16), CONVERT(binary(8), CONVERT(float, ${name})), 2) COLLATE ${utf8}`;
      return ascii(`CASE WHEN ${name} = 0 THEN '${zeroBits}' ELSE LOWER(${bits}) END`, 16);
    }
    case 'uuid':
      if (word !== 'uniqueidentifier') return { unable: `uuids in a column of ${word} are compared while they are read` };
      return ascii(`LOWER(${chars(name, 36)})`, 36);
    case 'binary':
      return ascii(`LOWER(CONVERT(varchar(max), CONVERT(varbinary(max), ${name}), 2) COLLATE ${utf8})`);
    case 'date':
      return ascii(chars(name, 10, 23), 10);
    case 'time': {
      const written = chars(name, 16, 121);
      return ascii(digits === '0' ? written : trimmed(written));
    }
    case 'timestamp':
      if (type.unit === 'ns' && specialValues === 'to_null') return { unable: 'times outside of the years 1678 to 2261 are read as null' };
      return ascii(timestamp({ name, word, digits: Number(digits ?? 7), isCut: type.unit !== 'ns' }));
    case 'string':
      return word === 'timestamp' ? ascii(chars(`CONVERT(binary(8), ${name})`, 18, 1), 18) : characters(word, name);
    default:
      return ascii(chars(name, 20));
  }
}

interface TimestampColumn {
  /** The quoted name of the column. */
  readonly name: string;
  /** The name of the type. */
  readonly word: string;
  /** The number of digits of the fraction. */
  readonly digits: number;
  /** The time is read in microseconds, so a seventh digit is cut, and not rounded. */
  readonly isCut: boolean;
}

function timestamp({ name, word, digits: declared, isCut }: TimestampColumn): string {
  // A `datetime` has ticks of 1/300 s. Hygge reads and writes a `datetime` as milliseconds.
  const digits = word === 'datetime' ? 3 : word === 'smalldatetime' ? 0 : declared;
  const inUtc = word === 'datetimeoffset' ? `SWITCHOFFSET(${name}, '+00:00')` : name;
  const written = chars(`CONVERT(datetime2(${digits}), ${inUtc})`, 27, 121);
  const withT = `STUFF(${isCut && digits === 7 ? `LEFT(${written}, 26)` : written}, 11, 1, 'T')`;
  return digits === 0 ? withT : trimmed(withT);
}

function characters(word: string, name: string): CanonicalText | NoCanonicalText {
  const wide = `CONVERT(nvarchar(max), ${name})`;
  const written = `CONVERT(varchar(max), ${wide} COLLATE ${utf8})`;
  if (/^(char|varchar|text)$/.test(word)) return { text: written };
  // UTF-8 can’t store half of a surrogate pair, so another character would replace it. The home can’t read such a text, so it has no canonical text.
  if (/^(nchar|nvarchar|ntext|sysname)$/.test(word))
    return { text: `CASE WHEN CONVERT(nvarchar(max), ${written}) = ${wide} THEN ${written} END` };
  return { unable: `values of ${word} are compared while they are read` };
}

const md5 = (bytes: string): string => `CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', ${bytes}), 1, 8))`;
const asBytes = (value: string): string => `CONVERT(varbinary(max), ${value})`;
const decimal = (value: string): string => `CONVERT(decimal(38,0), ${value})`;

const spelt = {
  bytes: (value: string) => `CONVERT(varchar(20), DATALENGTH(${value}))`,
  concat: (...parts: readonly string[]) => parts.join(' + '),
};

/** Why a server can’t compute sums: collations with UTF-8 came with SQL Server 2019. In Azure, the version number proves nothing. */
async function whyUnableToSum(session: Session): Promise<string | undefined> {
  const [row] = await session.query(`SELECT CONVERT(varchar(12), COLLATIONPROPERTY('${utf8}', 'CodePage')) AS code_page`);
  return row?.code_page == null ? 'the server has no UTF-8, which came with SQL Server 2019' : undefined;
}

/** Codes of errors about limits: of nesting, expressions, a plan or the stack. Other codes are for a function, collation or conversion that may be missing on a server that hygge was not tested with. */
const refusals: ReadonlySet<string> = new Set(['191', '8632', '8623', '8631', '195', '446', '448', '451', '457', '468', '529']);

export const rowSums: RowSums = {
  ...{ whyUnableToSum, refusals },
  text,
  hash: ({ text: value }) => md5(asBytes(value)),
  // The first text has no limit. If all concatenated texts had a limit, the result would be cut at 8,000 bytes.
  rowHash: (texts) => md5(asBytes(["CONVERT(varchar(max), '')", ...texts.map((one) => rowTextItem(one, spelt))].join(' + '))),
  // The first 40 bits of a hash are unsigned. A literal of more than 31 bits would be a decimal, whose quotient has a fraction.
  bits: (hash, from, count) =>
    `((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), ${hash}), 1, 5)) / CONVERT(bigint, ${2 ** (40 - from - count)})) & ${2 ** count - 1})`,
  sumAsText(hash, ofNull) {
    const each = ofNull === undefined ? decimal(hash) : `ISNULL(${decimal(hash)}, ${decimal(ofNull)})`;
    return `CONVERT(varchar(41), ISNULL(SUM(${each}), 0))`;
  },
  integerAsText: (expression) => `CONVERT(varchar(20), ${expression})`,
  isolation: underLocks,
};
