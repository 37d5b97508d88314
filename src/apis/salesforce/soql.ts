/** Writes queries in SOQL. https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/ */
import type { Window } from '../../engine/contracts/home.ts';
import { floorDivide, timestampText, unitsPerSecond } from '../../frames/calendar.ts';
import type { DataType } from '../../frames/schema.ts';
import { watermarkKey } from '../../frames/watermark-text.ts';
import type { IdRange } from './id-ranges.ts';
import type { SoqlQuery } from './soql-query.ts';

export interface Query {
  readonly fields: readonly string[];
  readonly object: string;
  readonly where: string | undefined;
  readonly window: Pick<Window, 'column' | 'lower' | 'upper' | 'nulls'>;
  /** Whether a condition excludes deleted records, which the query would return too. */
  readonly undeleted?: boolean;
  /** The Id after which records are returned, in the order of Ids. Null: all records in this order. Undefined: the records have no order. */
  readonly after?: string | null;
  readonly range?: IdRange;
  /** The clauses of a query in the config, except for its condition. */
  readonly clauses?: Omit<SoqlQuery['clauses'], 'where'>;
}

export function soqlOf({ fields, object, where, window, undeleted = false, after, range = {}, clauses = {} }: Query): string {
  const conditions = [
    ...(where === undefined ? [] : [`(${where})`]),
    ...(undeleted ? ['IsDeleted = false'] : []),
    ...windowConditions(window),
    ...(range.from === undefined ? [] : [`Id >= '${range.from}'`]),
    ...(range.before === undefined ? [] : [`Id < '${range.before}'`]),
    ...(after == null ? [] : [`Id > '${after}'`]),
  ];
  const { scope, with: rule, group, having, order, limit, offset } = clauses;
  const parts = [
    ['USING SCOPE', scope],
    ['WHERE', conditions.length === 0 ? undefined : conditions.join(' AND ')],
    ['WITH', rule],
    ['GROUP BY', group],
    ['HAVING', having],
    ['ORDER BY', order ?? (after === undefined ? undefined : 'Id')],
    ['LIMIT', limit],
    ['OFFSET', offset],
  ];
  const behind = parts.flatMap(([word, text]) => (text === undefined ? [] : [` ${word} ${text}`]));
  return `SELECT ${fields.join(', ')} FROM ${object}${behind.join('')}`;
}

/** The conditions for a window. Bounds are sent in whole seconds, so the query returns all records of the window and some more records. The reader keeps only the records of the window. */
function windowConditions({ column, lower, upper, nulls }: Query['window']): readonly string[] {
  if (column === null || (lower === null && upper === null)) return nulls === 'exclude' && column ? [`${column.column} != null`] : [];
  const { type, column: name } = column;
  const bounds = [
    ...(lower === null ? [] : [`${name} >= ${literalOf(type, lower.text, 'down')}`]),
    ...(upper === null ? [] : [`${name} <= ${literalOf(type, upper.text, 'up')}`]),
  ];
  return nulls === 'include' ? [`((${bounds.join(' AND ')}) OR ${name} = null)`] : bounds;
}

/** A value in the form of SOQL. Times are written in whole seconds. */
function literalOf(type: DataType, text: string, way: 'down' | 'up'): string {
  if (type.kind === 'string') return `'${text.replace(/[\\']/g, (sign) => `\\${sign}`)}'`;
  if (type.kind !== 'timestamp') return text;
  const key = watermarkKey(type, text);
  if (typeof key === 'string') return text;
  const second = unitsPerSecond[type.unit];
  const floor = floorDivide(key, second);
  const seconds = way === 'up' && floor * second !== key ? floor + 1n : floor;
  return `${timestampText(seconds * 1_000n, 'ms').slice(0, 19)}Z`;
}
