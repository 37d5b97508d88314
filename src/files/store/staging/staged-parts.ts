/** Finds and discards parts that were staged and are not published yet. */
import type { Part, Swept } from '../../../engine/contracts/store.ts';
import type { Schema } from '../../../frames/schema.ts';
import type { Fingerprint } from '../../../frames/watermark.ts';
import type { FileSystem, ListedStagedFile, StagedFile } from '../../../ports/filesystem.ts';
import { mapConcurrent } from '../../../ports/map-concurrent.ts';
import { retry } from '../../../ports/retry.ts';
import type { Json } from '../../../ports/values.ts';
import { type FilePlace, isStagedName, type Owner, ownerOfStaged, stagingFolder } from '../layout.ts';

/** The reference of a part: the staged file, and the other facts about the file that the head keeps. */
export interface StagedPartFile extends StagedFile {
  /** See `Format.styleOf`. */
  readonly style?: Json;
  /** See `StageRequest.setApartBy`. */
  readonly setApartBy?: string;
  /** The watermark’s column, for rows with a key. Null: the rows have no watermark. Absent: the rows have no key, or the store does not merge. */
  readonly watermark?: string | null;
  /** The fingerprint of all rows of the open group that one attempt staged. Only the first of their parts has this member. */
  readonly group?: StagedGroup;
}

/** The fingerprint of rows of the open group, computed from the settled columns. */
export interface StagedGroup extends Fingerprint {
  readonly columns: Schema['columns'];
}

export function stagedFile(part: Part): StagedPartFile {
  return part.ref as unknown as StagedPartFile;
}

/** A staged file, and the epoch and lineage of its name; undefined: the name is not of hygge's form. */
export type StagedEntry = ListedStagedFile & { readonly owner: Owner | undefined };

/** All staged files of an entity, of any epoch and lineage. */
export async function listStaged(files: FileSystem, place: FilePlace): Promise<StagedEntry[]> {
  const found: StagedEntry[] = [];
  for await (const file of files.staged(stagingFolder(place))) found.push({ ...file, owner: ownerOfStaged(place, file.staged) });
  return found;
}

/** Discards staged files in a folder. Files of other programs stay, because hygge’s file system may refuse to remove their names. */
export async function discardStaged(files: FileSystem, folder: string): Promise<void> {
  const left: ListedStagedFile[] = [];
  for await (const file of files.staged(folder)) if (isStagedName(file.staged.slice(folder.length + 1))) left.push(file);
  await mapConcurrent(left, (file) => retry(() => files.discard(file)));
}

/** Discards the files that a lineage staged in earlier epochs, because an earlier epoch can’t decide any more. Files of other programs in the folder stay and are reported. */
export async function sweepStaged(
  files: FileSystem,
  place: FilePlace,
  { lineage, before }: { lineage: string; before: number },
): Promise<Swept> {
  const all = await listStaged(files, place);
  const over = all.filter(({ owner }) => owner && owner.lineage === lineage && owner.epoch < before);
  await mapConcurrent(over, (file) => retry(() => files.discard(file)));
  const foreign = all.find(({ owner, staged }) => owner === undefined && !isFolder(place, staged));
  return foreign === undefined ? 'swept' : { leaves: foreign.staged };
}

/** Discards files with a name in hygge’s form, of any epoch and lineage. */
export async function discardOwn(files: FileSystem, staged: readonly StagedEntry[]): Promise<void> {
  const own = staged.filter(({ owner }) => owner !== undefined);
  await mapConcurrent(own, (file) => retry(() => files.discard(file)));
}

/** Whether a path is the empty file that some services keep for a folder. */
const isFolder = (place: FilePlace, staged: string): boolean =>
  /^(?:\d{20}(?:\/[0-9a-z]+)?)?$/.test(staged.slice(stagingFolder(place).length + 1));
