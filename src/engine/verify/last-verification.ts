/** The newest verdicts about an entity, which are kept in the state as separate objects. */

import type { DescribedVerification } from '../../ports/answers/comparison.ts';
import { retry } from '../../ports/retry.ts';
import type { ObjectRef, StateStore } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';

/** Objects of verdicts; their names rise with time. */
export const verdictFolder = 'verified/';

export const verdictRef = (id: string): ObjectRef => `${verdictFolder}${id}`;

/** A verdict as it is kept: `stands` is the id of an earlier verdict that this one does not replace. */
export interface KeptVerification extends DescribedVerification {
  readonly stands?: string;
  /** How many verdicts in a row, up to this one, gave no answer because a side changed meanwhile. Absent: this verdict gave an answer or has another reason. */
  readonly changes?: number;
}

export interface LastVerifications {
  readonly newest: KeptVerification;
  /** The verdict about the entity as a whole; mostly the newest one. */
  readonly standing: DescribedVerification;
}

/** Null: the entity was never compared. Throws what the state throws. */
export async function lastVerifications(
  state: Pick<StateStore, 'listObjects' | 'getObject'>,
  key: EntityKey,
): Promise<LastVerifications | null> {
  const last = [...(await retry(() => state.listObjects(key, verdictFolder)))].sort().at(-1);
  const read = async (ref: ObjectRef) => (await retry(() => state.getObject(key, ref))) as unknown as KeptVerification | undefined;
  const newest = last === undefined ? undefined : await read(last);
  if (newest === undefined) return null;
  const { stands, changes: _, ...own } = newest;
  return { newest, standing: (stands === undefined ? undefined : await read(verdictRef(stands))) ?? own };
}
