/** What the rows that were compared, and their differences, say of an entity. */
import type { Comparison, VerifyRequest } from '../../ports/answers/comparison.ts';
import type { NotToldBecause } from '../../ports/state.ts';
import type { ComparedContent } from './rows/comparison.ts';

export interface JudgedRequest {
  readonly request: Pick<VerifyRequest, 'range' | 'ranges' | 'sample' | 'key'>;
  /** The source or the config tells rows apart. */
  readonly hasKey: boolean;
  /** The destination keeps the versions of a row. */
  readonly keepsVersions: boolean;
  /** How many settled rows the next comparison of keys may remove; it stops where more are gone. */
  readonly mostDeletes: number;
}

export type Judgement = Pick<Comparison, 'verdict' | 'ok' | 'rows' | 'differences' | 'differing' | 'sums'> & {
  readonly because?: NotToldBecause;
};

/**
 * `differs` only where a row certainly differs. A difference that newer rows may explain is none that is certain where no key tells which rows they replace, and so
 * are sums that differ in rows that were not looked at where all those that were looked at are versions or have become equal.
 */
export function judge(content: ComparedContent, { request, hasKey, keepsVersions, mostDeletes }: JudgedRequest): Judgement {
  const { differences: found, rows } = content;
  const differ = found.only_in_source + found.only_in_destination + found.changed > 0;
  const isSame = !differ && found.all_counted;
  const { allVersionsLookedAt, ...told } = content;
  const notTold = (because: NotToldBecause): Judgement => ({ verdict: 'not told', because, ok: false, ...told });
  const isPart = request.range !== null || request.ranges !== undefined || request.sample < 1;
  if (isSame && isPart && rows.source + rows.destination === 0) return notTold('no row');
  const mayBeExpected = keepsVersions || rows.deletes_due + rows.kept_as_newer + rows.left_out > 0 || !allVersionsLookedAt;
  if (!differ && mayBeExpected && !(found.all_counted && allVersionsLookedAt)) return notTold('many versions');
  if (!differ && !found.all_counted && found.source_changed + found.not_visible_yet > 0) return notTold('still changing');
  if (isSame && request.key !== null && rows.updated_since > 0) return notTold('changed since');
  if (!differ && rows.deletes_due / request.sample > mostDeletes) return notTold('many deletes');
  if (isSame) return { verdict: 'same', ok: true, ...told };
  // They may be earlier rows of the keys of rows that can't be read.
  const areUnknown = rows.unknown_keys > 0 && found.only_in_source + found.changed === 0 && found.all_counted;
  if (areUnknown && found.only_in_destination <= rows.unknown_keys) return notTold('unknown keys');
  const mayBeUpdated = !hasKey && rows.not_yet_due > 0 && found.only_in_source + found.changed === 0;
  if (differ && mayBeUpdated && found.only_in_destination <= rows.not_yet_due) return notTold('changed since');
  return { verdict: 'differs', ok: false, ...told };
}
