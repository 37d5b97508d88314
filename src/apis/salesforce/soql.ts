/** Queries in SOQL. https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/ */
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
  /** For a query that would also return deleted records: only records that are not deleted. */
  readonly undeleted?: boolean;
  /** Records after this Id, in the order of Ids; null: from the first. Undefined: without an order. */
  readonly after?: string | null;
  readonly range?: IdRange;
  /** The clauses of a query in the config, in addition to its condition. */
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

/** All records of the window and some more, since bounds are sent in whole seconds. The reader keeps only the records of the window. */
function windowConditions({ column, lower, upper, nulls }: Query['window']): readonly string[] {
  if (column === null || (lower === null && upper === null)) return nulls === 'exclude' && column ? [`${column.column} != null`] : [];
  const { type, column: name } = column;
  const bounds = [
    ...(lower === null ? [] : [`${name} >= ${literalOf(type, lower.text, 'down')}`]),
    ...(upper === null ? [] : [`${name} <= ${literalOf(type, upper.text, 'up')}`]),
  ];
  return nulls === 'include' ? [`((${bounds.join(' AND ')}) OR ${name} = null)`] : bounds;
}

/** A value in the form of SOQL; times in whole seconds. */
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
