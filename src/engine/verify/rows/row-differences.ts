/** Compares the rows of two sides key by key. It is used if their sums differ. */
import type { HashedRows } from './bucket-sums.ts';

/** The rows of one key on both sides, by their hashes. At least one row has no equal row on the other side. */
export interface DifferingKey {
  readonly key: bigint;
  readonly source: readonly bigint[];
  readonly destination: readonly bigint[];
}

export interface KeyDifferenceCounts {
  only_in_source: number;
  only_in_destination: number;
  changed: number;
  earlier_versions: number;
  /** How many settled rows are gone from the source and will be removed by the next comparison of keys. */
  deletes_due: number;
  /** How many rows of the source do not settle because a newer row of their key does. */
  kept_as_newer: number;
  /** How many settled rows stay because the source’s rows with their key do not settle. */
  last_good: number;
  /** How many settled rows are gone from the source but are never removed. */
  deletes_ignored: number;
}

export interface HowToCompare {
  /** Whether rows of one key may be versions of one row. If not, rows have no key, and each row counts as a key of its own. */
  readonly keyed: boolean;
  /** Whether the destination keeps old versions of a row beside newer ones. */
  readonly keepsVersions: boolean;
  /** Whether the destination keeps only one row of a key: the source’s newest one. */
  readonly keepsNewest: boolean;
  /** Whether a settled row whose key is gone from the source stays until a comparison of keys (`deletes: { compare }`). */
  readonly comparesDeletes: boolean;
  /** Whether settled rows whose key is gone from the source are never removed (`deletes: ignore`). */
  readonly ignoresDeletes: boolean;
  /** Whether a change feed has given each settled row a version that the source’s rows lack (SettledVersions). If not, rows are ordered by their watermark. */
  readonly knowsSettledVersions: boolean;
  /** The keys of source rows that are left out. Such a row can’t be read, breaks a rule, or is in quarantine because another row has the same key. */
  readonly leftOut: { has(key: bigint): boolean };
}

/** The rows of one key that have no equal row on the other side. */
export function leftOver({ source, destination }: Pick<DifferingKey, 'source' | 'destination'>): {
  readonly source: readonly bigint[];
  readonly destination: readonly bigint[];
} {
  const there = new Map<bigint, number>();
  for (const row of destination) there.set(row, (there.get(row) ?? 0) + 1);
  const onlySource = source.filter((row) => {
    const count = there.get(row) ?? 0;
    if (count > 0) there.set(row, count - 1);
    return count === 0;
  });
  return { source: onlySource, destination: [...there].flatMap(([row, count]) => Array.from({ length: count }, () => row)) };
}

/** Whether the watermark of a row is below the watermark of any other row in the list. */
export type IsEarlier = (row: bigint, others: readonly bigint[]) => boolean;

/** Counts the differences of one key. @param isEarlier compares watermarks; absent: no watermark is known, so any row may be earlier. */
export function countKeyDifferences(one: DifferingKey, how: HowToCompare, isEarlier?: IsEarlier): KeyDifferenceCounts {
  const counts = countDifferences(one, how, isEarlier);
  const alone = counts.only_in_destination + counts.deletes_due + counts.deletes_ignored;
  if (alone === 0 || counts.only_in_source + counts.changed > 0 || !how.leftOut.has(one.key)) return counts;
  return { ...counts, only_in_destination: 0, deletes_due: 0, deletes_ignored: 0, last_good: alone };
}

function countDifferences(one: DifferingKey, how: HowToCompare, isEarlier: IsEarlier | undefined): KeyDifferenceCounts {
  const { superseded, ...settles } = settling(one, how, isEarlier);
  const left = leftOver(settles);
  const none = {
    only_in_source: 0,
    only_in_destination: 0,
    changed: 0,
    earlier_versions: 0,
    deletes_due: 0,
    kept_as_newer: superseded,
    last_good: 0,
    deletes_ignored: 0,
  };
  if (how.comparesDeletes && one.source.length === 0) return { ...none, deletes_due: left.destination.length };
  // The versions of the settled rows are not known yet, so the rows are not counted.
  if (how.knowsSettledVersions && left.source.length === 0) return { ...none, earlier_versions: left.destination.length };
  if (how.ignoresDeletes && one.source.length === 0) return { ...none, deletes_ignored: left.destination.length };
  const earlier = earlierVersions(one, how, isEarlier).length;
  const beyond = left.destination.length - earlier;
  const changed = how.keyed ? Math.min(left.source.length, beyond) : 0;
  return {
    ...none,
    only_in_source: left.source.length - changed,
    only_in_destination: beyond - changed,
    changed,
    earlier_versions: earlier,
  };
}

/**
 * The settled rows of a key that are older than newer rows of the source. @param isEarlier as in `countKeyDifferences`; absent: a row counts as
 * earlier only if all rows of the source have settled.
 */
export function earlierVersions(one: DifferingKey, how: HowToCompare, isEarlier?: IsEarlier): readonly bigint[] {
  if (!how.keepsVersions || one.source.length === 0) return [];
  const left = leftOver(settling(one, how, isEarlier));
  if (isEarlier === undefined && left.source.length > 0) return [];
  return left.destination.filter((row) => !one.source.includes(row) && (isEarlier?.(row, one.source) ?? true));
}

/** The rows of one key, without source rows that do not settle because a newer row of the key does. @param isEarlier as in `countKeyDifferences`. */
export function settling(
  one: DifferingKey,
  how: HowToCompare,
  isEarlier?: IsEarlier,
): Pick<DifferingKey, 'source' | 'destination'> & { readonly superseded: number } {
  const { source, destination } = one;
  if (!how.keepsNewest) return { source, destination, superseded: 0 };
  const gone = leftOver(one).source.filter((row) => isSuperseded(row, one, isEarlier));
  return { source: leftOver({ source, destination: gone }).source, destination, superseded: gone.length };
}

/**
 * Whether a newer row of the key settles instead of this row. A settled row that the source lacks was changed, so only the source’s rows decide. As
 * long as no watermark is known, a row may be an earlier one if other rows of the key settled unchanged.
 */
function isSuperseded(row: bigint, { source, destination }: DifferingKey, isEarlier: IsEarlier | undefined): boolean {
  if (isEarlier !== undefined) return isEarlier(row, source);
  return destination.length > 0 && destination.every((settled) => source.includes(settled));
}

/** The keys of a bucket whose rows differ. */
export function differingKeys(source: HashedRows, destination: HashedRows): readonly DifferingKey[] {
  const keys = new Map<bigint, { readonly source: bigint[]; readonly destination: bigint[] }>();
  const of = (key: bigint) => {
    const found = keys.get(key) ?? { source: [], destination: [] };
    keys.set(key, found);
    return found;
  };
  source.keys.forEach((key, at) => void of(key).source.push(source.rows[at] as bigint));
  destination.keys.forEach((key, at) => void of(key).destination.push(destination.rows[at] as bigint));
  return [...keys].flatMap(([key, rows]) => {
    const left = leftOver(rows);
    return left.source.length + left.destination.length === 0 ? [] : [{ key, ...rows }];
  });
}

/** Whether two looks found the same rows, in any order. */
export function hasSameRowHashes(one: readonly bigint[], other: readonly bigint[]): boolean {
  const left = leftOver({ source: one, destination: other });
  return left.source.length + left.destination.length === 0;
}
