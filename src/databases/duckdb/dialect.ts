import type { DataType } from '../../frames/schema.ts';
import type { Dialect, Transaction } from '../engine.ts';
import { tableNames } from '../table-names.ts';
import type { TableName } from '../writes.ts';
import { integerKinds, sameSumFor, stagedTotalsFor } from '../writes.ts';

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const nameOf = ({ schema, name }: TableName): string => `${quoteName(schema)}.${quoteName(name)}`;

export const names = tableNames({
  engineName: 'DuckDB',
  quotePairs: ['""'],
  quote: quoteName,
  advice: {
    form: 'A table is written as its name, or as schema and name with a dot between.',
    example: 'sales.orders, or "My Schema"."My.Table" if a name has a dot',
  },
});

export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const integers = {
  int8: 'TINYINT',
  int16: 'SMALLINT',
  int32: 'INTEGER',
  int64: 'BIGINT',
  uint8: 'UTINYINT',
  uint16: 'USMALLINT',
  uint32: 'UINTEGER',
  uint64: 'UBIGINT',
} as const satisfies Partial<Record<DataType['kind'], string>>;

/** DuckDB’s name for one of hygge’s types that can be a watermark. */
function wordFor(type: DataType): string {
  switch (type.kind) {
    case 'date':
      return 'DATE';
    case 'timestamp':
      if (type.zone !== undefined) return 'TIMESTAMPTZ';
      return type.unit === 'ns' ? 'TIMESTAMP_NS' : type.unit === 'ms' ? 'TIMESTAMP_MS' : 'TIMESTAMP';
    case 'uuid':
      return 'UUID';
    // HUGEINT has whole numbers of 128 bits, with more digits than a DECIMAL column.
    case 'decimal':
      return type.scale === 0 ? 'HUGEINT' : `DECIMAL(${type.precision}, ${type.scale})`;
    default:
      return type.kind in integers ? integers[type.kind as keyof typeof integers] : 'VARCHAR';
  }
}

/** The format codes of strftime for the digits of a second. */
const fractions = { ms: '%g', us: '%f', ns: '%n' } as const;

const most = '9'.repeat(38);

/** A condition for the values that hygge’s type can store. Undefined: hygge’s type can store all values. */
export function finite(expression: string, type: DataType): string | undefined {
  // A column of 128 bits may have more digits than hygge’s decimals.
  if (type.kind === 'decimal' && type.scale === 0 && type.precision === 38)
    return `${expression} BETWEEN '-${most}'::HUGEINT AND '${most}'::HUGEINT`;
  if (type.kind === 'date') return `${expression} BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE`;
  if (type.kind !== 'timestamp') return undefined;
  if (type.unit === 'ns') return `isfinite(${expression})`;
  const word = type.zone === undefined ? (type.unit === 'ms' ? 'TIMESTAMP_MS' : 'TIMESTAMP') : 'TIMESTAMPTZ';
  const zone = type.zone === undefined ? '' : '+00';
  return `${expression} >= '0001-01-01 00:00:00${zone}'::${word} AND ${expression} < '10000-01-01 00:00:00${zone}'::${word}`;
}

export const dialect: Dialect = {
  quote: quoteName,
  text: quoteText,
  literal: (type, text) => `${quoteText(text)}::${wordFor(type)}`,
  sortExpression: (expression, { kind }) => (kind === 'string' ? `${expression}::VARCHAR COLLATE C` : expression),
  canonicalText(expression, type) {
    if (type.kind !== 'timestamp') return `(${expression})::VARCHAR`;
    const zoned = type.zone !== undefined;
    const wall = zoned ? `(${expression}) AT TIME ZONE 'UTC'` : `(${expression})`;
    return `strftime(${wall}, '%Y-%m-%dT%H:%M:%S.${fractions[type.unit]}${zoned ? 'Z' : ''}')`;
  },
  count: (of) => `count(${of})`,
  selectFirst: (list, rest, most = 1) => `SELECT ${list} ${rest} LIMIT ${most}`,
};

/**
 * Transactions see the database as of their beginning, whatever isolation is requested. The SQL comment is for DuckDB’s log. The name of an entity may come
 * from the source. So the comment has no asterisks: no name can end the comment or begin another comment.
 */
export function beginning({ mode, label, stagesOnly, endsInRollback }: Transaction): string {
  if (mode === 'read') return 'BEGIN TRANSACTION READ ONLY';
  return `BEGIN TRANSACTION /* ${label.replaceAll('*', '')}${stagesOnly ? '' : ', alone'}${endsInRollback ? ', undone' : ''} */`;
}

const summed = (expression: string): string => `sum(${expression})::varchar`;

/** The totals that DuckDB computes for a staged column. DuckDB writes a timestamp of milliseconds by converting it to nanoseconds, whose range ends in 2262. */
export const totals = stagedTotalsFor(dialect, {
  sum: {
    bool: (column) => summed(`${column}::integer`),
    ...sameSumFor(['decimal', ...integerKinds], summed),
    date: (column) => summed(`${column} - date '1970-01-01'`),
    timestamp: (column, { unit }) => summed(unit === 'ms' ? `epoch_us(${column}::timestamp) // 1000` : `epoch_${unit}(${column})`),
    string: (column) => summed(`strlen(${column})`),
  },
  hasEdges: (type) =>
    (['decimal', 'date', ...integerKinds] as const).some((kind) => kind === type.kind) || (type.kind === 'timestamp' && type.unit !== 'ms'),
  floatEdges: (column) => ({ min: `min(${column})`, max: `max(${column})` }),
});
