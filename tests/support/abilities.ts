import type { Removal, Store } from '../../src/engine/contracts/store.ts';
import type { WriteMode } from '../../src/engine/contracts/writing.ts';

/** A way of writing, or rows that a commit removes. */
export type Ability = WriteMode | Removal;

const modes: ReadonlySet<Ability> = new Set<WriteMode>(['append', 'swap', 'merge', 'delete_insert']);

const changed = (store: Store, change: (one: Set<Ability>, ability: Ability) => void, ability: Ability): Partial<Store> => {
  const member = modes.has(ability) ? 'writes' : 'removes';
  const abilities = new Set<Ability>(store[member]);
  change(abilities, ability);
  return { [member]: abilities };
};

/** The members of a store that lacks the ability. */
export const without = (store: Store, ability: Ability): Partial<Store> => changed(store, (all, one) => all.delete(one), ability);

/** The members of a store that has the ability as well. */
export const having = (store: Store, ability: Ability): Partial<Store> => changed(store, (all, one) => all.add(one), ability);
