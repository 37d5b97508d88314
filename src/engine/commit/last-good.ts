/** A store of files removes all rows of a range that the source does not have there, whatever newer versions of them lie in quarantine. */
import { retry } from '../../ports/retry.ts';
import type { Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { rowsOf, type Store } from '../contracts/store.ts';
import { lastGoodWouldGo } from '../errors/backfill.ts';
import { isRepairLane } from '../plan/lane.ts';
import type { GatheredReceipts } from './gather.ts';

interface ReplacedRange {
  readonly plan: Plan;
  readonly store: Store;
  readonly gathered: Pick<GatheredReceipts, 'supersede' | 'writing' | 'parts' | 'rejected'>;
  /** By so many rows the destination has fewer afterwards. */
  readonly fewer: number;
}

/** Throws HYG-2141 where rows would go with the range of a backfill that may be last good versions. A merge keeps those, and a repair has compared the rows. */
export async function mustKeepLastGood(spec: EntitySpec, { plan, store, gathered, fewer }: ReplacedRange): Promise<void> {
  const { supersede, writing } = gathered;
  const isBackfill = plan.live !== null && supersede.what === 'range' && !isRepairLane(plan.lane);
  const keys = plan.source?.keys ?? spec.watermark?.key ?? [];
  if (!isBackfill || writing.mode === 'merge' || keys.length === 0 || fewer <= 0) return;
  const now = gathered.rejected + rowsOf(gathered.parts, ({ role }) => role === 'broken');
  const before = (await retry(async () => store.quarantine?.parts())) ?? [];
  const apart = before.reduce((sum, { rows }) => sum + rows, now);
  if (apart > 0) throw lastGoodWouldGo(spec, { fewer, apart, from: supersede.from.text, to: supersede.to?.text ?? '' });
}
