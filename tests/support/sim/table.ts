import type { Boundary } from '../../../src/engine/contracts/boundary.ts';
import type { Ranges } from '../../../src/engine/contracts/replacing.ts';
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

/** `gone`: told as deleted. It only says which key goes. */
export interface Incoming extends TableRow {
  readonly gone: boolean;
}

/** What a commit deletes, as its WHERE says, and how many rows that is to be. */
export type Deletes =
  | { readonly where: 'nothing' | 'everything' | 'marked' }
  | { readonly where: 'boundary'; readonly boundary: Boundary }
  | { readonly where: 'sources'; readonly sources: readonly string[] }
  | { readonly where: 'range'; readonly range: Ranges };

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
function inRange({ column, ranges, group }: Ranges, row: Row): boolean {
  const value = row[column] ?? null;
  if (value === null) return group === 'whole';
  return ranges.some(({ from, to }) => {
    const [low, high] = [Number(value) - markIn(from.text), to === null ? 1 : markIn(to.text) - Number(value)];
    return (low > 0 || (low === 0 && from.inclusive)) && (high > 0 || (high === 0 && (to === null || to.inclusive)));
  });
}

export interface Written {
  readonly table: readonly TableRow[];
  readonly counts: Counts;
}

/** INSERT, or MERGE ON the key, all at once: what it inserts it does not match. A null equals nothing, not even another. */
export function written(there: readonly TableRow[], all: readonly Incoming[], { mode, key }: Writing): Written {
  const incoming = all.filter(({ gone }) => !gone);
  if (mode !== 'merge') return { table: [...there, ...incoming], counts: { inserted: incoming.length, updated: 0, deleted: 0 } };
  const kept = there.filter((one) => !all.some((by) => by.gone && sameKey(one.row, by.row, key) && removes(by, one)));
  const table = [...kept];
  let updated = 0;
  for (const one of incoming) {
    const at = kept.flatMap((there, i) => (sameKey(there.row, one.row, key) ? [i] : []));
    for (const i of at) table[i] = one;
    if (at.length === 0) table.push(one);
    updated += at.length;
  }
  return { table, counts: { inserted: table.length - kept.length, updated, deleted: there.length - kept.length } };
}

/** Not what is newer, and of others nothing, where a column tells whose it is. */
function removes(gone: Incoming, one: TableRow): boolean {
  return markOf(one) <= markOf(gone) && isMine({ marked: gone.mark }, one.mark);
}

function sameKey(a: Row, b: Row, key: readonly string[]): boolean {
  return key.every((name) => a[name] !== null && a[name] !== undefined && a[name] === b[name]);
}

/** One row of those that have a key in common: the newest. `twice`: a key whose newest row is two different ones. */
export function newest(
  incoming: readonly Incoming[],
  key: readonly string[],
): { readonly rows: readonly Incoming[]; readonly twice: string | null } {
  if (key.length === 0) return { rows: incoming, twice: null };
  const byKey = new Map<string, Incoming>();
  const twice = new Set<string>();
  for (const one of incoming) {
    const values = key.map((name) => one.row[name] ?? null);
    const text = values.includes(null) ? `${byKey.size}, null` : JSON.stringify(values);
    const other = byKey.get(text);
    const order = other ? markOf(one) - markOf(other) : 1;
    if (other && order === 0 && !saysTheSame(one, other)) twice.add(text);
    if (order <= 0) continue;
    byKey.set(text, one);
    twice.delete(text);
  }
  const [first = null] = twice;
  return { rows: [...byKey.values()], twice: first };
}

function saysTheSame(a: Incoming, b: Incoming): boolean {
  return a.gone || b.gone ? a.gone === b.gone : rowText(a.row) === rowText(b.row);
}

const markOf = ({ row }: TableRow) => row.mark ?? Number.MIN_SAFE_INTEGER;
