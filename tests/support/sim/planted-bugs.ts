import type { PlantedBug } from './planted-bug.ts';
import { plantedInBackfill } from './planted-in-backfill.ts';
import { plantedInClocks } from './planted-in-clocks.ts';
import { plantedInCompaction } from './planted-in-compaction.ts';
import { plantedInDatabases } from './planted-in-databases.ts';
import { plantedInEngine } from './planted-in-engine.ts';
import { plantedInLooks } from './planted-in-looks.ts';
import { plantedInMirror } from './planted-in-mirror.ts';
import { plantedInRefusals } from './planted-in-refusals.ts';
import { plantedInStores } from './planted-in-stores.ts';
import { plantedInTables } from './planted-in-tables.ts';
import { plantedInValidation } from './planted-in-validation.ts';

export const plantedBugs: readonly PlantedBug[] = [
  ...plantedInTables,
  ...plantedInEngine,
  ...plantedInStores,
  ...plantedInBackfill,
  ...plantedInCompaction,
  ...plantedInClocks,
  ...plantedInRefusals,
  ...plantedInLooks,
  ...plantedInDatabases,
  ...plantedInMirror,
  ...plantedInValidation,
];

/** Rules of the model that this code base has no place to break yet. */
export const notPlantable: Readonly<Record<string, string>> = {
  looseIntend:
    'alone it does no harm here: an idle or pending row refuses, the store moves only from prev, and what is fenced is voided. Its twins are planted: H7 with it, and the void',
  fenceLeavesStaged:
    'a fence that leaves what is staged lets a zombie publish files that only listing readers see, until the next commit removes them; the oracle looks at the exact view',
  takeBeforeGather: 'no store here gathers a commit in one folder and publishes it by one rename: all file stores publish part by part',
  refusedCountsAsSettled:
    'alone it does no harm here: a repeat is told by the id of its run in the row and the journal, never by an epoch. Its twin is planted: a refusal written as a settle',
};
