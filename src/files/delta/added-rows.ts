/** Incremental by the log: which files have rows that no run has settled, and which settled rows changed. */

import type { DeltaFile, DeltaSnapshot } from '../../delta/table.ts';
import type { SeenFile, Window } from '../../engine/contracts/home.ts';
import type { Instant } from '../../ports/values.ts';
import { isOld, type LogPosition, lookOf, positionIn, seenAt, takenIn } from './position.ts';
import type { DeltaTable, TableCommit } from './table.ts';

export interface AddedRows {
  /** The files to read, maybe of versions in between. */
  readonly files: readonly DeltaFile[];
  /** The files whose settled rows are replaced. */
  readonly changed: readonly string[];
  /** The list of taken files once these have settled; undefined: nothing keeps one. */
  readonly seen: readonly SeenFile[] | undefined;
  /** `TakenFiles.movesOn`. */
  readonly movesOn: boolean;
}

interface Taken {
  readonly seen: readonly SeenFile[];
  readonly changedFiles: Window['changedFiles'];
  readonly now: Instant;
}

export async function addedRows(table: DeltaTable, snapshot: DeltaSnapshot, of: Taken): Promise<AddedRows> {
  const position = positionIn(of.seen);
  const keepsFiles = of.changedFiles === 'replace';
  const seen = seenAt(snapshot, { taken: keepsFiles ? snapshot.files : null, change: undefined });
  if (position === null) return { files: snapshot.files, changed: [], seen, movesOn: false };
  if (position.tableId !== snapshot.metadata.id) throw table.cannotGoOn('The table was dropped and made again.');
  if (position.version > snapshot.version) throw table.wentBack(position.version, snapshot);
  const movesOn = isOld(position, snapshot, of.now);
  if (keepsFiles) return { ...replacedFiles(table, snapshot, { ...of, ...position }), seen, movesOn };
  const commits = position.version === snapshot.version ? [] : await table.commits({ after: position.version, upTo: snapshot.version });
  const files = newFiles(table, commits, of.changedFiles);
  const changesRows = commits.some(({ changes }) => changes.changesRows);
  const policy = of.changedFiles === 'append' ? 'append' : 'ignore';
  const change = changesRows ? policy : position.change;
  return { files, changed: [], seen: seenAt(snapshot, { taken: null, change }), movesOn };
}

/** The destination has the rows of each file under the file's name: what is gone is replaced by what came, whatever the log says of the way there. */
function replacedFiles(
  table: DeltaTable,
  { files }: DeltaSnapshot,
  { seen, hasFiles }: Taken & LogPosition,
): Pick<AddedRows, 'files' | 'changed'> {
  if (!hasFiles)
    throw table.cannotGoOn(
      'The last run settled without changed_files: replace, so the destination does not know which rows belong to which file.',
    );
  const taken = takenIn(seen);
  const active = new Map(files.map((file) => [file.path, lookOf(file)]));
  const changed = [...taken].filter(([path, look]) => active.get(path) !== look).map(([path]) => path);
  return { files: files.filter((file) => taken.get(file.path) !== lookOf(file)), changed };
}

/** The files that commits added. An added file whose path was active before is the same file with another vector or other statistics. */
function newFiles(table: DeltaTable, commits: readonly TableCommit[], policy: Window['changedFiles']): readonly DeltaFile[] {
  const files: DeltaFile[] = [];
  for (const commit of commits) {
    const { changes } = commit;
    if (changes.changesRows && policy === 'fail') throw table.rowsChanged(commit);
    if (!changes.changesRows || policy !== 'ignore') files.push(...changes.added);
  }
  return files;
}
