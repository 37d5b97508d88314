/** Makes the SQL that reads a source. */
import type { Edge, KeyTexts, Window } from '../engine/contracts/home.ts';
import type { DataType } from '../frames/schema.ts';
import { isTime } from '../frames/times/future.ts';
import type { Dialect, Engine, Relation, Session, SourceColumn } from './engine.ts';

/** The time of the database’s clock, as a canonical instant in microseconds. */
export async function databaseNow({ nowExpression }: Pick<Engine<never>, 'nowExpression'>, session: Session): Promise<string> {
  const [row] = await session.query(`SELECT ${nowExpression} AS now`);
  return row?.now ?? '';
}

/** Joins conditions. Each condition is on its own line, so that a comment at its end ends with the line. */
export const whereAll = (conditions: readonly (string | null | undefined)[]): string => {
  const written = conditions.filter((condition): condition is string => condition !== null && condition !== undefined && condition !== '');
  return written.length === 0 ? '' : ` WHERE ${written.map((condition) => `(\n${condition}\n)`).join(' AND ')}`;
};

/**
 * A condition for times that are read as null because they are before the range of hygge’s type. Undefined: the column has no such times. Later times than the
 * range, such as infinity, count as the future.
 */
export function readAsNullCondition(
  { dialect, finiteCondition }: Pick<Engine<never>, 'dialect' | 'finiteCondition'>,
  name: string,
  type: DataType,
): string | undefined {
  const held = isTime(type) ? finiteCondition?.(name, type) : undefined;
  return held === undefined ? undefined : `(NOT (${held}) AND ${name} <= ${dialect.literal(type, latestMomentOf(type))})`;
}

/** A condition for the rows in a window. Undefined: the window has all rows. @param isNull a condition for values of the window’s column that are read as null, in addition to nulls. */
export function windowCondition(
  dialect: Dialect,
  { column, lower, upper, nulls }: Window,
  { columns, isNull }: { readonly columns: readonly SourceColumn[]; readonly isNull?: string | undefined },
): string | undefined {
  if (column === null) return undefined;
  const { type } = column;
  const name = dialect.quote(column.column);
  const declared = columns.find((one) => one.name === column.column)?.sourceType;
  const edges = [
    ...(lower === null ? [] : [compared(dialect, { name, type, declared, edge: lower, sign: '>' })]),
    ...(upper === null ? [] : [compared(dialect, { name, type, declared, edge: upper, sign: '<' })]),
  ];
  const given = isNull === undefined ? [] : [`NOT ${isNull}`];
  if (edges.length === 0) return nulls === 'include' ? undefined : [`${name} IS NOT NULL`, ...given].join(' AND ');
  if (nulls !== 'include') return [...edges, ...given].join(' AND ');
  return [edges.join(' AND '), `${name} IS NULL`, ...(isNull === undefined ? [] : [isNull])].join(' OR ');
}

interface ComparedColumn {
  readonly name: string;
  readonly type: DataType;
  readonly declared: string | undefined;
  readonly edge: Edge;
  readonly sign: '<' | '>';
}

function compared(dialect: Dialect, { name, type, declared, edge, sign }: ComparedColumn): string {
  return `${dialect.sortExpression(name, type, declared)} ${sign}${edge.inclusive ? '=' : ''} ${dialect.literal(type, edge.text, declared)}`;
}

const isText = ({ kind }: DataType): boolean => kind === 'string' || kind === 'uuid';

/** A condition for the rows with one of these keys. Keys are compared as the database compares the columns. */
export function keysCondition(dialect: Dialect, { columns, rows }: KeyTexts, own: readonly SourceColumn[]): string {
  const sides = columns.map(({ name, type }) => {
    const declared = own.find((one) => one.name === name)?.sourceType;
    const quoted = dialect.quote(name);
    const literal = (text: string) => (isText(type) ? dialect.text(text) : dialect.literal(type, text, declared));
    return { quoted, is: (text: string | null) => (text === null ? `${quoted} IS NULL` : `${quoted} = ${literal(text)}`), literal };
  });
  const [only, ...more] = sides;
  const texts = rows.map(([text]) => text ?? null);
  if (only !== undefined && more.length === 0 && !texts.includes(null))
    return `${only.quoted} IN (${texts.map((text) => only.literal(text ?? '')).join(', ')})`;
  return rows.map((row) => `(${sides.map(({ is }, n) => is(row[n] ?? null)).join(' AND ')})`).join(' OR ');
}

/** The last moment of hygge’s type, which stands for all later values. */
export function latestMomentOf(type: DataType): string {
  if (type.kind === 'date') return '9999-12-31';
  const zone = type.kind === 'timestamp' && type.zone !== undefined ? 'Z' : '';
  // A timestamp in nanoseconds has 64 bits, so its range ends earlier.
  return `${type.kind === 'timestamp' && type.unit === 'ns' ? '2262-04-11T23:47:16.854775' : '9999-12-31T23:59:59.999999'}${zone}`;
}

/** The statement that reads a piece. */
export function selectWithSpecialCounts(
  relation: Pick<Relation, 'columns'>,
  from: string,
  conditions: readonly (string | null | undefined)[],
): string {
  const counts = relation.columns.flatMap(({ specialCount }) => specialCount ?? []);
  return `SELECT ${[...relation.columns.map(({ selectExpression }) => selectExpression), ...counts].join(', ')} FROM ${from}${whereAll(conditions)}`;
}

/** A query as a source in a FROM clause. */
export const subqueryInFrom = (query: string): string => `(\n${query.replace(/;\s*$/, '')}\n) AS hygge_query`;
