import { pairName } from '../support/sim/sample.ts';
import { databaseKinds, type Pair } from '../support/sim/world.ts';

export { pairName };

const stores = ['sql', 'plain', 'versioned', 'partitioned', 'uploads'] as const;

export const inMemory: readonly Pair[] = stores.map((store) => ({ store, state: 'memory' }));

/** The store of databases itself. */
export const databasePairs: readonly Pair[] = databaseKinds.map((store) => ({ store, state: 'memory' }));

/** A landing zone, which only scenarios of its own are about. */
export const mirrored: Pair = { store: 'mirrored', state: 'memory' };

/** Every store with state in memory, and three of them with state in files or in objects, which costs ten times as much to look at. */
export const pairs: readonly Pair[] = [
  ...inMemory,
  ...stores.slice(0, 3).map((store) => ({ store, state: 'files' }) as const),
  { store: 'plain', state: 'objects' },
];
