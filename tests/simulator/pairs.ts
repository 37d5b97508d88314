import type { Pair } from '../support/sim/world.ts';

const stores = ['sql', 'plain', 'versioned'] as const;

/** Every store with every state backend. */
export const pairs: readonly Pair[] = stores.flatMap((store) => [{ store, state: 'memory' } as const, { store, state: 'files' } as const]);

export const inMemory = pairs.filter(({ state }) => state === 'memory');

export const pairName = ({ store, state }: Pair): string => `${store} store, state in ${state}`;
