/** The newest verdict about an entity, which lies in the state as an object of its own. */

import type { DescribedVerification } from '../../ports/answers/comparison.ts';
import { retry } from '../../ports/retry.ts';
import type { StateStore } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';

/** Objects of verdicts; their names rise with time. */
export const verdictFolder = 'verified/';

/** Null: the entity was never compared. Throws what the state throws. */
export async function lastVerification(
  state: Pick<StateStore, 'listObjects' | 'getObject'>,
  key: EntityKey,
): Promise<DescribedVerification | null> {
  const newest = [...(await retry(() => state.listObjects(key, verdictFolder)))].sort().at(-1);
  const found = newest === undefined ? undefined : await retry(() => state.getObject(key, newest));
  return found === undefined ? null : (found as unknown as DescribedVerification);
}
