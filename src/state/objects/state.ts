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
  /** The folder in it with hygge's own files. */
  readonly folder?: string;
  /** The place of the state, as stores record it in their head: the address of the folder. */
  readonly location?: string;
  /** Called if the journal contains something that is not a row. */
  readonly onDamage?: (damage: JournalDamage) => void;
}

/**
 * State next to the data, in a tree whose files are written whole: the same files as on a disk, and a journal with one object per row. Before the first
 * entity gets a row there, the conditional writes of the tree are tested. Throws StateError HYG-5001…5005 and 5010, `OutcomeUnknown`, and the errors of
 * the filesystem.
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

/** Recorded next to the state, so that the test runs once for all who share it; and once at a time in this process, however many entities begin. */
function provenOnce(files: FileSystem, folder: string): BeforeFirst {
  const mark = `${folder}/conditions.json`;
  // A new name for each test: an interrupted test may still have writes under way, which must not disturb the next.
  const tried: string[] = [];
  const isMarked = async () => (await files.get(mark)) !== undefined;
  let looking: Promise<boolean> | undefined;
  const prove = async (id: string): Promise<void> => {
    // Another process was faster and has done the same test.
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
