import type { FileSystem } from '../../ports/filesystem.ts';
import type { StateStore } from '../../ports/state.ts';
import { encodeSegment } from '../../workspace/names.ts';
import { mustKeepConditions } from '../conditions.ts';
import { type BeforeFirst, FilesState } from '../files.ts';
import type { JournalDamage } from '../journal.ts';
import { JournalObjects } from './journal-objects.ts';

export interface ObjectsStateRequest {
  /** The folder beside the data. */
  readonly files: FileSystem;
  /** The folder in it that is hygge's own. */
  readonly folder?: string;
  /** What stores keep in their head as the place of the state: the address of the folder. */
  readonly location?: string;
  /** Told when the journal holds what is not a row. */
  readonly onDamage?: (damage: JournalDamage) => void;
}

/**
 * State beside the data, in a tree whose files are written whole: the same files as on a disk, and a journal of an object a row. Before the first
 * entity gets a row there the tree is tried for what everything stands on, its conditional writes. Throws StateError HYG-5001…5005 and 5010,
 * `OutcomeUnknown`, and what the filesystem throws.
 */
export function objectsState({
  files,
  folder = '.hygge',
  location = files.url,
  onDamage = () => undefined,
}: ObjectsStateRequest): StateStore {
  const journal = new JournalObjects(files, `${folder}/journal`);
  return new FilesState({ files, folder, location, onDamage, journal, beforeFirst: provenOnce(files, folder) });
}

/** Kept beside the state, so that it is tried once for all who share it; by one at a time here, however many entities begin at once. */
function provenOnce(files: FileSystem, folder: string): BeforeFirst {
  const mark = `${folder}/conditions.json`;
  // A name for each try: what an interrupted one still has on its way must not meet the next.
  const tried: string[] = [];
  const isMarked = async () => (await files.get(mark)) !== undefined;
  let looking: Promise<boolean> | undefined;
  const prove = async (id: string): Promise<void> => {
    // Who was faster than this look has tried the same.
    if (await (looking ?? isMarked())) return;
    const name = `${folder}/probe-${encodeSegment(id)}-${tried.length + 1}`;
    const earlier = [...tried];
    tried.push(name);
    await mustKeepConditions(files, name);
    for (const one of earlier) await files.remove(one);
    await files.put(mark, new TextEncoder().encode('{"version":1,"conditional_writes":"kept"}\n'), { ifNoneMatch: '*' });
  };
  let proven: Promise<void> | undefined;
  return {
    look() {
      looking ??= isMarked().catch(() => false);
    },
    prove({ writeId }) {
      proven ??= prove(writeId).catch((error: unknown) => {
        proven = undefined;
        throw error;
      });
      return proven;
    },
  };
}
