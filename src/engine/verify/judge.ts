/** The verdict about an entity. It is made from the compared rows and their differences. */
import type { Comparison, VerifyRequest } from '../../ports/answers/comparison.ts';
import type { NotToldBecause, SameBecause } from '../../ports/state.ts';
import type { ComparedContent } from './rows/comparison.ts';

export interface JudgedRequest {
  readonly request: Pick<VerifyRequest, 'range' | 'ranges' | 'sample' | 'key'>;
  /** Whether the source or the config has a key. */
  readonly hasKey: boolean;
  /** Whether the destination keeps all versions of a row. */
  readonly keepsVersions: boolean;
  /** Whether settled rows may be earlier versions of rows that no key identifies, because the store keeps every change of a feed. */
  readonly hasUnkeyedVersions: boolean;
  /** Whether settled rows that are gone from the source stay in every run (`deletes: ignore`). */
  readonly ignoresDeletes: boolean;
  /** `TakenSource.otherContents`: whether files changed after they were taken. */
  readonly otherContents: 'append' | 'ignore' | null;
  /** How many settled rows the next comparison of keys may remove. If more are gone, it stops. */
  readonly mostDeletes: number;
  /** How many rows the destination’s head has. Null: only some of the rows were compared. */
  readonly settledRows: number | null;
}

export type Judgement = Pick<Comparison, 'verdict' | 'ok' | 'rows' | 'differences' | 'differing' | 'sums'> & {
  readonly because?: NotToldBecause | SameBecause;
};

/**
 * Judges. The verdict is `differs` only if a row certainly differs. Without a key, a difference that newer rows may explain is not certain. If all
 * rows that were looked at are versions or have become equal, differing sums of the unread rows are not certain either.
 */
export function judge(
  compared: ComparedContent,
  { request, hasKey, keepsVersions, hasUnkeyedVersions, ignoresDeletes, otherContents, mostDeletes, settledRows }: JudgedRequest,
): Judgement {
  const content = settledRows === null ? compared : withForeign(compared, settledRows);
  const { differences: found, rows } = content;
  const differ = found.only_in_source + found.only_in_destination + found.changed > 0;
  const isSame = !differ && found.all_counted;
  const { allVersionsLookedAt, apart: _, ...told } = content;
  const notTold = (because: NotToldBecause): Judgement => ({ verdict: 'not told', because, ok: false, ...told });
  const isPart = request.range !== null || request.ranges !== undefined || request.sample < 1;
  if (isSame && isPart && rows.source + rows.destination === 0) return notTold('no row');
  const mayBeExpected =
    keepsVersions || rows.deletes_due + rows.deletes_ignored + rows.kept_as_newer + rows.left_out > 0 || !allVersionsLookedAt;
  if (!differ && mayBeExpected && !(found.all_counted && allVersionsLookedAt)) return notTold('many versions');
  if (!differ && !found.all_counted && found.source_changed + found.not_visible_yet > 0) return notTold('changed meanwhile');
  if (isSame && request.key !== null && rows.updated_since > 0) return notTold('changed since');
  if (!differ && rows.deletes_due / request.sample > mostDeletes) return notTold('many deletes');
  if (isSame && rows.deletes_due > 0 && rows.unknown_keys > 0) return notTold('unknown keys');
  // The number of rows has to show that each row belongs to this entity. A source without rows is more often broken than empty.
  if (isSame && rows.deletes_ignored > 0 && (settledRows === null || rows.source === 0)) return notTold('ignored deletes');
  if (isSame) return { verdict: 'same', ok: true, ...sameBecause(rows, request), ...told };
  // Rows that only the destination has may be earlier rows of keys whose present rows can’t be read.
  const areUnknown = rows.unknown_keys > 0 && found.only_in_source + found.changed === 0 && found.all_counted;
  if (areUnknown && found.only_in_destination <= rows.unknown_keys) return notTold('unknown keys');
  const areOnlyThere = differ && found.only_in_source + found.changed === 0;
  if (areOnlyThere && hasUnkeyedVersions) return notTold('no key');
  if (areOnlyThere && ignoresDeletes && !hasKey) return notTold('ignored deletes');
  if ((differ && otherContents === 'ignore') || (areOnlyThere && otherContents === 'append')) return notTold('changed files');
  const mayBeUpdated = !hasKey && rows.not_yet_due > 0 && found.only_in_source + found.changed === 0;
  if (differ && mayBeUpdated && found.only_in_destination <= rows.not_yet_due) return notTold('changed since');
  return { verdict: 'differs', ok: false, ...told };
}

/** The judgement of a comparison that left out rows because the next run will read them. */
export function soFar(found: Judgement): Judgement {
  return found.verdict === 'same' ? { ...found, because: 'so far' } : found;
}

/** The compared content, with rows of other writers. These rows were never in the source, so a comparison of keys does not remove them. */
function withForeign(content: ComparedContent, settledRows: number): ComparedContent {
  const { rows, differences, apart } = content;
  const there = rows.destination - apart + rows.updated_since + rows.deletes_due + rows.last_good + rows.marked_deleted;
  const foreign = Math.max(0, there - settledRows);
  const due = Math.min(foreign, rows.deletes_due);
  const ignored = Math.min(foreign - due, rows.deletes_ignored);
  return {
    ...content,
    rows: {
      ...rows,
      foreign,
      deletes_due: rows.deletes_due - due,
      deletes_ignored: rows.deletes_ignored - ignored,
      destination: rows.destination + due,
    },
    differences: { ...differences, only_in_destination: differences.only_in_destination + due + ignored },
  };
}

/** Why the verdict `same` is restricted: rows wait for a run, or rows differ by design. Rows above a requested range do not count, because they do not wait for a run. */
function sameBecause(rows: ComparedContent['rows'], { range }: JudgedRequest['request']): { readonly because?: SameBecause } {
  const later = range === null ? rows.not_yet_due + rows.updated_since : 0;
  if (later + rows.deletes_due > 0) return { because: 'so far' };
  const apart = rows.earlier_versions + rows.deletes_ignored + rows.kept_as_newer + rows.marked_deleted + rows.left_out + rows.last_good;
  return apart > 0 ? { because: 'as designed' } : {};
}
