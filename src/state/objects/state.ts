import type { FileSystem } from '../../ports/filesystem.ts';
import type { StateStore } from '../../ports/state.ts';
import { encodeSegment } from '../../workspace/names.ts';
import { mustKeepConditions } from '../conditions.ts';
import { type BeforeFirst, FilesState } from '../files.ts';
import type { JournalDamage } from '../journal.ts';
import { JournalObjects } from './journal-objects.ts';

export interface ObjectsStateRequest {
  /** The folder next to the data. */
  readonly files: FileSystem;
  /** The folder of hygge’s own files in the tree. */
  readonly folder?: string;
  /** The address of the folder with the state, as stores record the address in their head. */
  readonly location?: string;
  /** Called if the journal contains something that is not a row. */
  readonly onDamage?: (damage: JournalDamage) => void;
}

/**
 * State next to the data, in a tree whose files are written whole. The files are the same as on a disk, and the journal has one object per row. Before
 * the first entity gets a row in the state, the conditional writes of the tree are tested. Throws StateError HYG-5001…5005 and 5010, `OutcomeUnknown`,
 * and the errors of the filesystem.
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

/** Runs the test of conditional writes once and records the success next to the state, for all processes that share the state. In this process, all entities that begin wait for the same test. */
function provenOnce(files: FileSystem, folder: string): BeforeFirst {
  const mark = `${folder}/conditions.json`;
  // Each test uses a new name, because late writes of an interrupted test must not disturb the next test.
  const tried: string[] = [];
  const isMarked = async () => (await files.get(mark)) !== undefined;
  let looking: Promise<boolean> | undefined;
  const prove = async (id: string): Promise<void> => {
    // Another process has completed the same test in the meantime.
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
