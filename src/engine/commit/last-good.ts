/** Protects last good versions in a backfill. A store of files removes all rows of a range that the source lacks, even if newer versions of these rows are in quarantine. */
import type { Note } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { Plan } from '../contracts/records.ts';
import { hullOf } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { rowsOf, type Store } from '../contracts/store.ts';
import { lastGoodWouldGo } from '../errors/backfill.ts';
import { keepsLastGood } from '../plan/capabilities.ts';
import { isRepairLane } from '../plan/lane.ts';
import type { GatheredReceipts } from './gather.ts';

interface ReplacedRange {
  readonly plan: Plan;
  readonly store: Store;
  readonly gathered: Pick<GatheredReceipts, 'supersede' | 'writing' | 'parts' | 'rejected'>;
  /** By how many rows the commit makes the destination smaller. */
  readonly fewer: number;
}

/**
 * Throws HYG-2141 if a backfill would remove rows of its range that may be last good versions. For a merge it never throws, because a merge keeps
 * such rows. For a repair it never throws, because a repair has compared the rows. Two kinds of rows can’t be kept, so they are counted: rows without
 * a key, and rows of a range that each run reads again.
 */
export async function mustKeepLastGood(spec: EntitySpec, { plan, store, gathered, fewer }: ReplacedRange): Promise<readonly Note[]> {
  const { supersede, writing } = gathered;
  const keys = plan.source?.keys ?? spec.watermark?.key ?? [];
  if (supersede.what !== 'range' || isRepairLane(plan.lane) || (writing.mode === 'merge' && keepsLastGood(store)) || fewer <= 0) return [];
  const now = gathered.rejected + rowsOf(gathered.parts, ({ role }) => role === 'broken');
  const before = (await retry(async () => store.quarantine?.parts())) ?? [];
  const apart = before.reduce((sum, { rows }) => sum + rows, now);
  if (apart === 0) return [];
  if (plan.live === null || keys.length === 0) return [{ code: 'last_good_may_be_gone', rows: Math.min(fewer, apart), apart }];
  const { from, to } = hullOf(supersede.ranges);
  throw lastGoodWouldGo(spec, { fewer, apart, from: from.text, to: to?.text ?? '' });
}
