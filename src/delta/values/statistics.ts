/** Parses the `stats` of an `add`. Numbers stay texts, because JavaScript would round numbers beyond 2^53. */
import type { DeltaFile } from '../table.ts';

/** Minima, maxima or counts of nulls by physical names of columns. Numbers are texts. */
export type StatisticTree = { readonly [name: string]: StatisticValue };
export type StatisticValue = { readonly number: string } | string | boolean | null | StatisticTree | readonly StatisticValue[];

export interface Statistics {
  /** The number of rows in the data file, including deleted rows; undefined: unknown. */
  readonly numRecords: number | undefined;
  /** Whether the bounds are values of existing rows. */
  readonly isTight: boolean;
  readonly minValues: StatisticTree;
  readonly maxValues: StatisticTree;
  readonly nullCount: StatisticTree;
}

/** The statistics of a file; undefined: the log has no readable statistics. Unreadable statistics are no error, because statistics do not define the table. */
export function statisticsOf({ stats }: Pick<DeltaFile, 'stats'>): Statistics | undefined {
  if (stats === null) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(stats, numbersAsWritten as (key: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
  if (!isTree(read)) return undefined;
  return {
    numRecords: countOf(read.numRecords),
    isTight: (read.tightBounds ?? true) === true,
    minValues: treeOf(read.minValues),
    maxValues: treeOf(read.maxValues),
    nullCount: treeOf(read.nullCount),
  };
}

export function numRecords(file: Pick<DeltaFile, 'stats'>): number | undefined {
  return statisticsOf(file)?.numRecords;
}

/** A whole number from 0 on; undefined: anything else. */
export function countOf(value: StatisticValue | undefined): number | undefined {
  const text = numberOf(value);
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** The text of a number; undefined: the value is not a number. */
export function numberOf(value: StatisticValue | undefined): string | undefined {
  return isNumber(value) ? value.number : undefined;
}

class Written {
  readonly number: string;
  constructor(number: string) {
    this.number = number;
  }
}

function isNumber(value: unknown): value is Written {
  return value instanceof Written;
}

function numbersAsWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new Written(context?.source ?? '') : value;
}

function isTree(value: unknown): value is StatisticTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value);
}

function treeOf(value: StatisticValue | undefined): StatisticTree {
  return isTree(value) ? value : {};
}

/** The value for a column in a tree; undefined: the tree has no value for the column. */
export function statisticOf(tree: StatisticTree, name: string): StatisticValue | undefined {
  return Object.hasOwn(tree, name) ? tree[name] : undefined;
}

/** The number of rows of a file that are not deleted; undefined: unknown from the log. */
export function rowsIn(file: Pick<DeltaFile, 'stats' | 'vector'>): number | undefined {
  const rows = numRecords(file);
  return rows === undefined ? undefined : rows - (file.vector?.cardinality ?? 0);
}
