import type { ObjectRef } from '../../ports/state.ts';

/** References per list, so that a step's input stays under 4 kB. */
export const refsPerList = 32;

/**
 * Lists of lists, until few enough for one step's input: yields references that belong under one name, and is given that name. Whoever
 * drives records them.
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
