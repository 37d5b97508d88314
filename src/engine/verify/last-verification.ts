/** The newest verdicts about an entity. The state keeps them as separate objects. */

import type { DescribedVerification } from '../../ports/answers/comparison.ts';
import { retry } from '../../ports/retry.ts';
import type { ObjectRef, StateStore } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';

/** The folder of these objects. Their names ascend with time. */
export const verdictFolder = 'verified/';

export const verdictRef = (id: string): ObjectRef => `${verdictFolder}${id}`;

/** A verdict as the state keeps it. `stands`: the id of an earlier verdict that this verdict does not replace. */
export interface KeptVerification extends DescribedVerification {
  readonly stands?: string;
  /** How many verdicts in a row, up to this one, gave no answer because a side changed meanwhile. Absent: this verdict gave an answer, or gave none for another reason. */
  readonly changes?: number;
}

export interface LastVerifications {
  readonly newest: KeptVerification;
  /** The verdict about the entity as a whole. Mostly it is the newest verdict. */
  readonly standing: DescribedVerification;
}

/** Null: the entity was never compared. Throws the errors of the state. */
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
