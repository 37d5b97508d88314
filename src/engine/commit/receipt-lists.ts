import type { ObjectRef } from '../../ports/state.ts';

/** References per list, so that a step's input stays under 4 kB. */
export const refsPerList = 32;

/**
 * Folds references into lists of lists, until they are few enough for one step's input. It yields the references of one list, which the driver records, and
 * gets the list's reference back.
 */
export function* foldIntoLists(refs: readonly ObjectRef[]): Generator<readonly ObjectRef[], readonly ObjectRef[], ObjectRef> {
  let level = refs;
  while (level.length > refsPerList) {
    const lists: ObjectRef[] = [];
    for (let i = 0; i < level.length; i += refsPerList) lists.push(yield level.slice(i, i + refsPerList));
    level = lists;
  }
  return level;
}
