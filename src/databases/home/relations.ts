/** The parts of a relation in the catalogue that a home uses. */
import { hash } from 'node:crypto';
import type { Window } from '../../engine/contracts/home.ts';
import type { Relation, SourceColumn } from '../engine.ts';

/** The input of a slice. Conditions are SQL that hygge wrote. */
export interface Ref {
  readonly from: string;
  readonly part: string | null;
  /** The shared snapshot. Null: each slice sees the table at the time of its own read. */
  readonly snapshot: string | null;
  /** A text that changes if the columns change. */
  readonly columns: string;
}

/** The relation with only those columns that the window needs. */
export function needed(relation: Relation, { columns: names }: Window): Relation {
  if (names === undefined) return relation;
  const columns = relation.columns.filter(({ name }) => names.includes(name));
  return columns.length === 0 ? relation : { ...relation, columns };
}

/** The column without details that only the database needs. */
export function asColumn({ name, type, nullable, sourceType, numberTexts, restated }: SourceColumn) {
  return {
    ...{ name, type, nullable },
    ...(sourceType === undefined ? {} : { sourceType }),
    ...(numberTexts ? { numberTexts } : {}),
    ...(restated === undefined ? {} : { restated }),
  };
}

/** A digest of the columns that changes when the database would send different values. */
export function digestOf(columns: readonly SourceColumn[]): string {
  return hash('sha256', JSON.stringify(columns.map(({ wire, selectExpression }) => [wire, selectExpression]))).slice(0, 24);
}

/** Conditions that divide rows at these bounds of a key. Null: the rows are not divided. */
export function rangesOf(key: string, bounds: readonly string[], mayBeNull = false): readonly (string | null)[] {
  if (bounds.length === 0) return [null];
  return [null, ...bounds].map((from, n) => {
    const to = bounds[n];
    const edges = [...(from === null ? [] : [`${key} >= ${from}`]), ...(to === undefined ? [] : [`${key} < ${to}`])];
    // Rows without a value in the column belong to the first range.
    return `${edges.join(' AND ')}${from === null && mayBeNull ? ` OR ${key} IS NULL` : ''}`;
  });
}
