/** The syntax of T-SQL. */
import type { DataType } from '../../frames/schema.ts';
import type { Dialect, Transaction } from '../engine.ts';
import { tableNames } from '../table-names.ts';
import { sameSumFor, stagedTotalsFor } from '../writes.ts';

export const quoteName = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

export const names = tableNames({
  engineName: 'SQL Server',
  quotePairs: ['[]', '""'],
  quote: quoteName,
  advice: {
    form: 'A table is written as its name, or as schema and name with a dot between.',
    example: 'sales.orders, or sales.[a.b] if a name has a dot',
  },
  refusal({ schema, name }) {
    const tooLong = [name, schema].find((part) => part.length > 128);
    if (tooLong === undefined && !name.startsWith('#')) return undefined;
    return {
      why: tooLong === undefined ? 'A temporary table is gone with its connection.' : `${tooLong} is longer than 128 characters.`,
      tryThis: `Choose another name: store: { table: ${name.replaceAll(/\W+/g, '_').replace(/^_+/, '').slice(0, 20)} }`,
    };
  },
});

/** A text as a literal. A backslash at the end of a line is escaped. Unescaped, it would join that line with the next line. */
export const quoteText = (text: string): string => `N'${text.replaceAll("'", "''").replace(/\\(\r?\n)/g, "\\'+N'$1")}'`;

/** The collation that compares texts by their code points, whatever collation the database has. */
export const exactly = 'Latin1_General_100_BIN2';

/** The longest wait for a lock, in milliseconds. The error after the wait is retried. */
const lockMs = 300_000;

/** The prefix of the mark of hygge’s read-only sessions in `sys.dm_exec_sessions`, so that no run waits for these sessions. */
export const readers = Buffer.from('hygge reads');

function shown({ mode, label }: Transaction): string {
  const text = mode === 'read' ? `${readers} ${label}` : `hygge writes ${label}`;
  return `0x${Buffer.from(text).subarray(0, 128).toString('hex')}`;
}

const ofThis = 'EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND';
/** Sets the isolation level SNAPSHOT if the database allows it. Otherwise each statement sees the database as of its own time. */
const asOfOneMoment = `IF ${ofThis} snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT; ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED;`;
/**
 * The statement before the SELECT of a slice. If the database keeps no row versions, locks keep the rows unchanged from the read to the end of the transaction.
 * The locks do not begin with the transaction, because they would also lock the catalogue.
 */
export const underLocks = `IF ${ofThis} snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n`;

export function beginning(of: Transaction): string {
  const isolation = of.isolation === 'snapshot' && of.mode === 'read' ? asOfOneMoment : 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED;';
  // Settings of a session persist, so each transaction sets all of them.
  return `SET XACT_ABORT ${of.mode === 'write' ? 'ON' : 'OFF'}; SET LOCK_TIMEOUT ${lockMs}; SET CONTEXT_INFO ${shown(of)};\n${isolation}\nBEGIN TRANSACTION;`;
}

/** Cuts a canonical time to seven digits of a second, which is what SQL Server’s times have. */
const inTicks = (text: string): string => text.replace(/(\.\d{7})\d+/, '$1');

const integers: Readonly<Partial<Record<DataType['kind'], string>>> = {
  uint8: 'tinyint',
  int16: 'smallint',
  int32: 'int',
  int64: 'bigint',
};

/** A literal of the column’s own type, because a `datetime` that is compared with a finer type has an unexpected value. */
function literal(type: DataType, text: string, declared = ''): string {
  switch (type.kind) {
    case 'date':
      return `CONVERT(date, '${text}')`;
    case 'timestamp': {
      if (type.zone !== undefined) return `CONVERT(datetimeoffset(7), '${inTicks(text).replace(/Z$/, '+00:00')}')`;
      const exact = `CONVERT(datetime2(7), '${inTicks(text)}')`;
      return /^(small)?datetime$/.test(declared) ? `CONVERT(${declared}, ${exact})` : exact;
    }
    case 'decimal':
      return `CONVERT(decimal(${type.precision},${type.scale}), '${text}')`;
    case 'uuid':
      return `CONVERT(uniqueidentifier, '${text}')`;
    case 'string':
      return declared === 'timestamp' ? `CONVERT(binary(8), ${quoteText(text)}, 1)` : quoteText(text);
    default:
      return `CONVERT(${integers[type.kind] ?? 'bigint'}, '${text}')`;
  }
}

const withT = (time: string): string => `STUFF(CONVERT(varchar(27), ${time}, 121), 11, 1, 'T')`;

function canonicalText(expression: string, type: DataType, declared = ''): string {
  switch (type.kind) {
    case 'date':
      return `CONVERT(varchar(10), ${expression}, 23)`;
    case 'timestamp': {
      const padding = type.unit === 'ns' ? " + '00'" : '';
      const digits = type.unit === 'ns' ? 7 : 6;
      if (type.zone !== undefined)
        return `${withT(`CONVERT(datetime2(${digits}), SWITCHOFFSET(${expression}, '+00:00'))`)}${padding} + 'Z'`;
      // A `datetime` has ticks of 1/300 s. Hygge reads and writes a `datetime` as milliseconds.
      const shownAs = declared === 'datetime' ? `CONVERT(datetime2(3), ${expression})` : expression;
      return `${withT(`CONVERT(datetime2(${digits}), ${shownAs})`)}${padding}`;
    }
    case 'decimal':
      return `CONVERT(varchar(41), CONVERT(decimal(${type.precision},${type.scale}), ${expression}))`;
    case 'uuid':
      return `LOWER(CONVERT(char(36), ${expression}))`;
    case 'string':
      return declared === 'timestamp'
        ? `CONVERT(varchar(18), CONVERT(binary(8), ${expression}), 1)`
        : `CONVERT(nvarchar(max), ${expression})`;
    default:
      return `CONVERT(varchar(20), ${expression})`;
  }
}

export const dialect: Dialect = {
  quote: quoteName,
  text: quoteText,
  literal,
  canonicalText,
  // A row version sorts as bytes. Only hygge treats a row version as text.
  sortExpression: (expression, { kind }, declared) =>
    kind === 'string' && declared !== 'timestamp' ? `${expression} COLLATE ${exactly}` : expression,
  count: (of) => `COUNT_BIG(${of})`,
  selectFirst: (list, rest, most = 1) => `SELECT TOP (${most}) ${list} ${rest}`,
};

/** A sum as text, because the client would convert a decimal to a double. */
export const summed = (column: string, scale: number): string => `CONVERT(varchar(41), SUM(CONVERT(decimal(38,${scale}), ${column})))`;

/** The totals of a staged column. Texts have no totals, because SQL Server counts units of UTF-16, while frames count characters. */
export const totals = stagedTotalsFor(dialect, {
  sum: {
    ...sameSumFor(['bool', 'uint8', 'int16', 'int32', 'int64'], (column) => summed(column, 0)),
    decimal: (column, { scale }) => summed(column, scale),
  },
  hasEdges: ({ kind }) => ['uint8', 'int16', 'int32', 'int64', 'decimal', 'date', 'timestamp'].includes(kind),
  floatEdges: (column) => ({ min: `MIN(${column})`, max: `MAX(${column})` }),
});
