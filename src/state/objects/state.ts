import type { FileSystem } from '../../ports/filesystem.ts';
import type { StateRow, StateStore } from '../../ports/state.ts';
import { mustKeepConditions } from '../conditions.ts';
import { FilesState } from '../files.ts';
import type { JournalDamage } from '../journal.ts';
import { JournalObjects } from './journal-objects.ts';

export interface ObjectsStateRequest {
  /** The folder beside the data. */
  readonly files: FileSystem;
  /** The folder in it that is hygge's own. */
  readonly folder?: string;
  /** What stores keep in their head as the place of the state: the address of the folder. */
  readonly location?: string;
  /** Told when the journal holds what is no row. */
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

/** Kept beside the state, so that it is tried once for all who share it. */
function provenOnce(files: FileSystem, folder: string): (row: StateRow) => Promise<void> {
  const mark = `${folder}/conditions.json`;
  let known = false;
  // A name for each try: what an interrupted one still has on its way must not meet the next.
  const tried: string[] = [];
  return async ({ writeId }) => {
    if (known) return;
    if ((await files.get(mark)) === undefined) {
      const name = `${folder}/probe-${writeId}-${tried.length + 1}`;
      tried.push(name);
      await mustKeepConditions(files, name);
      for (const earlier of tried.slice(0, -1)) await files.remove(earlier);
      await files.put(mark, new TextEncoder().encode('{"version":1,"conditional_writes":"kept"}\n'), { ifNoneMatch: '*' });
    }
    known = true;
  };
}
