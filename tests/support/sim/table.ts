import type { Boundary } from '../../../src/engine/contracts/boundary.ts';
import type { Range } from '../../../src/engine/contracts/replacing.ts';
import type { Counts, Writing } from '../../../src/engine/contracts/writing.ts';
import { markIn } from './marks.ts';
import { type Row, rowText } from './rows.ts';

export interface TableRow {
  readonly row: Row;
  /** Whether hygge settled it, which no statement can see: only the oracle looks here. */
  readonly ours: boolean;
  /** What stands in the mark column; null: the table has none, or somebody else inserted it. */
  readonly mark: string | null;
  readonly source: string | undefined;
}

/** What a commit deletes, as its WHERE says, and how many rows that is to be. */
export type Deletes =
  | { readonly where: 'nothing' | 'everything' | 'marked' }
  | { readonly where: 'boundary'; readonly boundary: Boundary }
  | { readonly where: 'sources'; readonly sources: readonly string[] }
  | { readonly where: 'range'; readonly range: Range };

/** Fixed when a commit was prepared. `marked`: only rows with this in the mark column. */
export type SqlTarget = Deletes & { readonly count: number; readonly marked: string | null };

/** DELETE … WHERE. Of values and of the mark column alone: a statement sees nothing else. */
export function deletes(target: Deletes & { readonly marked: string | null }, { row, mark, source }: TableRow): boolean {
  switch (target.where) {
    case 'nothing':
      return false;
    case 'everything':
      return true;
    case 'marked':
      return mark === target.marked;
    case 'boundary':
      return isMine(target, mark) && isAt(target.boundary, row);
    case 'sources':
      return source !== undefined && target.sources.includes(source);
    case 'range':
      return isMine(target, mark) && inRange(target.range, row);
  }
}

const isMine = ({ marked }: { readonly marked: string | null }, mark: string | null) => marked === null || mark === marked;

function isAt({ column, text, nulls }: Boundary, row: Row): boolean {
  const value = row[column] ?? null;
  return value === null ? nulls : Number(value) === markIn(text);
}

/** Rows without a watermark are always in the open boundary group, where they are read again at all. */
function inRange({ column, from, to, group }: Range, row: Row): boolean {
  const value = row[column] ?? null;
  if (value === null) return group === 'whole';
  const [low, high] = [Number(value) - markIn(from.text), to === null ? 1 : markIn(to.text) - Number(value)];
  return (low > 0 || (low === 0 && from.inclusive)) && (high > 0 || (high === 0 && (to === null || to.inclusive)));
}

export interface Written {
  readonly table: readonly TableRow[];
  readonly counts: Counts;
}

/** INSERT, or MERGE ON the key, all at once: what it inserts it does not match. A null equals nothing, not even another. */
export function written(kept: readonly TableRow[], incoming: readonly TableRow[], { mode, key }: Writing): Written {
  if (mode !== 'merge') return { table: [...kept, ...incoming], counts: { inserted: incoming.length, updated: 0, deleted: 0 } };
  const table = [...kept];
  let updated = 0;
  for (const one of incoming) {
    const at = kept.flatMap((there, i) => (sameKey(there.row, one.row, key) ? [i] : []));
    for (const i of at) table[i] = one;
    if (at.length === 0) table.push(one);
    updated += at.length;
  }
  return { table, counts: { inserted: table.length - kept.length, updated, deleted: 0 } };
}

function sameKey(a: Row, b: Row, key: readonly string[]): boolean {
  return key.every((name) => a[name] !== null && a[name] !== undefined && a[name] === b[name]);
}

/** One row of those that have a key in common: the newest. `twice`: a key whose newest row is two different ones. */
export function newest(
  incoming: readonly TableRow[],
  key: readonly string[],
): { readonly rows: readonly TableRow[]; readonly twice: string | null } {
  if (key.length === 0) return { rows: incoming, twice: null };
  const byKey = new Map<string, TableRow>();
  let twice: string | null = null;
  for (const one of incoming) {
    const values = key.map((name) => one.row[name] ?? null);
    const text = values.includes(null) ? `${byKey.size}, null` : JSON.stringify(values);
    const other = byKey.get(text);
    const order = other ? markOf(one) - markOf(other) : 1;
    if (other && order === 0 && rowText(other.row) !== rowText(one.row)) twice = text;
    if (order > 0) byKey.set(text, one);
  }
  return { rows: [...byKey.values()], twice };
}

const markOf = ({ row }: TableRow) => row.mark ?? Number.NEGATIVE_INFINITY;
