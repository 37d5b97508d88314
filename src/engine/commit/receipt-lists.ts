import type { ObjectRef } from '../../ports/state.ts';

/** How many references a list has. The number keeps a step’s input below 4 kB. */
export const refsPerList = 32;

/**
 * Folds references into lists, and lists into lists of lists, until few enough remain for one step’s input. It yields the references of one list; the
 * driver records the list and sends back its reference.
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
