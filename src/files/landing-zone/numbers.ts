/** The numbered files of one table in a landing zone of open mirroring: https://learn.microsoft.com/fabric/mirroring/open-mirroring-landing-zone-format. */
import { StoreError } from '../../errors/hygge-error.ts';
import type { FileSource } from '../../formats/contract/format.ts';
import type { FileInfo, FileSystem, StagedFile } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';
import type { FilesHead } from '../store/head/head-log.ts';
import { compareContent } from '../store/settled-content.ts';
import { isMaybeRemoved } from './number-record.ts';
import { rebuild } from './types.ts';

/** A table's folder, and how to read it. */
export interface LandingTable {
  readonly files: FileSystem;
  /** Relative to the root of the files: `LandingZone/orders`. */
  readonly folder: string;
}

/** A file as the source for its format. */
export function fileSource(
  files: Pick<FileSystem, 'read'>,
  { name, path, bytes }: { readonly name: string; readonly path: string; readonly bytes: number },
): FileSource {
  return { name, bytes, read: (range, into) => retry(() => files.read(path, range, { into })) };
}

/** The folders to which Fabric moves applied files. The name of a moved file is free again in the table’s folder, so these folders are checked too before a number is used. */
const takenFolders = ['_ProcessedFiles', '_FilesReadyToDelete'] as const;

const fileName = (number: number) => `${String(number).padStart(20, '0')}.parquet`;

/** The possible folders of a number’s file: the table’s folder, or a folder of applied files. Fabric moves files in this order of folders. */
const everywhere = ['', ...takenFolders] as const;

const pathIn = (folder: string, within: string, number: number) => `${folder}/${within === '' ? '' : `${within}/`}${fileName(number)}`;

export const numberedPath = ({ folder }: LandingTable, number: number) => pathIn(folder, '', number);

/** The files in a table's folder. */
export interface LandedNumbers {
  /** The numbers in ascending order: waiting files, and applied files that Fabric has not removed yet. */
  readonly numbers: readonly number[];
  /** The numbers in `numbers` whose files Fabric has moved away. Fabric moves a file some time after it was applied. */
  readonly taken: ReadonlySet<number>;
  /** Numbers of waiting files, if Fabric has already moved another file with the same number away. */
  readonly twice: readonly number[];
  /** Names of data files that are not numbers, such as the names with `LastUpdateTimeFileDetection`. */
  readonly others: readonly string[];
  readonly hasMetadata: boolean;
}

export async function listNumbers({ files, folder }: LandingTable): Promise<LandedNumbers> {
  const numbers = new Set<number>();
  const moved = new Set<number>();
  const twice: number[] = [];
  const others: string[] = [];
  let hasMetadata = false;
  for await (const { path } of files.list(folder)) {
    const name = path.slice(folder.length + 1);
    const [, taken, digits] = /^(?:(_[A-Za-z]+)\/)?(\d{20})\.parquet$/.exec(name) ?? [];
    if (digits !== undefined && (taken === undefined || takenFolders.some((one) => one === taken))) {
      if (numbers.has(Number(digits))) twice.push(Number(digits));
      numbers.add(Number(digits));
      if (taken !== undefined) moved.add(Number(digits));
    } else if (name === '_metadata.json') hasMetadata = true;
    else if (!name.startsWith('_')) others.push(name);
  }
  return { numbers: [...numbers].sort((a, b) => a - b), taken: moved, twice, others, hasMetadata };
}

/** The numbers of the last commit. */
export interface LastNumbers {
  readonly first: number;
  readonly publishedAt: Instant;
}

/**
 * The number before the number of the first waiting file, if the file of that number is missing although the last commit published it less than six days
 * ago. Fabric can’t have removed such a file. Undefined: no such number, or unknown.
 */
export function missingBeforeWaiting({ numbers, taken }: LandedNumbers, last: LastNumbers | undefined, now: Instant): number | undefined {
  const before = (numbers.find((number) => !taken.has(number)) ?? 0) - 1;
  if (last === undefined || before < last.first || numbers.includes(before)) return undefined;
  return isMaybeRemoved(now, last.publishedAt) ? undefined : before;
}

/**
 * The number that follows the largest number in the head and in the folder. @param next the next number according to the head; null: nothing settled
 * here. @param missing see `missingBeforeWaiting`. Throws StoreError HYG-4111 if another publisher has used a number. Throws HYG-4112 if a number is
 * missing, because Fabric would wait for it.
 */
export function nextNumber(landed: LandedNumbers, next: number | null, where: string, missing?: number): number {
  const { numbers, others } = landed;
  if (others[0] !== undefined) throw notOurs(where, others[0], 'Its name is not a number of 20 digits.');
  const last = numbers.at(-1) ?? 0;
  const [gap] = numbers.filter((number, i) => i > 0 && number !== (numbers[i - 1] ?? 0) + 1);
  if (gap !== undefined) throw missingNumber(where, gap - 1);
  if (next === null) return last + 1;
  if (last >= next) throw notOurs(where, fileName(last), `The next number of this entity is ${next}.`);
  if (missing !== undefined) throw missingNumber(where, missing);
  // Fabric removes files in order, seven days after they were applied. So if the folder has any file, it must have the file before the next number.
  if (last > 0 && last < next - 1) throw missingNumber(where, next - 1);
  return next;
}

/** Like `nextNumber`, for a table that may have a gap. @param unclearUntil see `FilesHead`. Throws StoreError HYG-4111. */
export function nextAfterReset(landed: LandedNumbers, next: number | null, where: string, unclearUntil = 0): number {
  const after = next ?? (landed.numbers.at(-1) ?? 0) + 1;
  mustBeOurs(landed, Math.max(after, unclearUntil), where);
  return after;
}

/** Throws StoreError HYG-4111 if the folder has files that this entity did not publish. */
export function mustBeOurs({ numbers, others }: LandedNumbers, next: number, where: string): void {
  const last = numbers.at(-1) ?? 0;
  const [other = last >= next ? fileName(last) : undefined] = others;
  if (other !== undefined) throw notOurs(where, other, `The next number of this entity is ${next}.`);
}

/**
 * Throws StoreError HYG-4112 if the table’s folder was deleted, even if files were published to a new folder since then, because Fabric would wait for the
 * earlier numbers. Missing metadata show the deletion: hygge writes metadata before its first file, and Fabric never removes them. @param isOurs whether hygge
 * has published files of the table before. @param hasBegun whether numbers of the commit from `first` on were published. @param isDecided whether the commit is
 * decided, so that it must be abandoned first.
 */
export function mustGoOn(
  { numbers, hasMetadata }: LandedNumbers,
  {
    first,
    isOurs,
    hasBegun,
    isDecided,
  }: { readonly first: number; readonly isOurs: boolean; readonly hasBegun?: boolean; readonly isDecided?: true },
  where: string,
): void {
  if (hasMetadata) return;
  const isCut = numbers.length === 0 ? first > 1 : isOurs || (first === 1 && numbers[0] !== 1);
  if (isCut || hasBegun) throw folderDeleted(where, numbers.length === 0 ? first : (numbers.at(-1) ?? 0) + 1, isDecided);
}

/** Throws StoreError HYG-4111 if a recreated folder has other files than the numbers from 1 to `count`. */
export function mustBeOwn({ numbers, others }: LandedNumbers, count: number, where: string): void {
  const [other = numbers.some((number) => number > count) ? fileName(numbers.at(-1) ?? 0) : undefined] = others;
  if (other !== undefined) throw notOurs(where, other, 'The table is recreated, and this file is not part of its first load.');
}

/** The file of a number, in the table’s folder or a folder of applied files; undefined: the file does not exist. */
export async function findFile({ files, folder }: LandingTable, number: number): Promise<FileInfo | undefined> {
  for (const path of everywhere.map((within) => pathIn(folder, within, number))) {
    const found = await retry(() => files.stat(path));
    if (found !== undefined) return { ...found, path };
  }
  return undefined;
}

/** Compares the file of a number with a staged file. `other`: the file of the number has other content. @param inside the folders of the table that are searched. */
export async function findNumber(
  { folder, files }: LandingTable,
  number: number,
  { bytes, checksum }: StagedFile,
  inside: readonly string[] = everywhere,
): Promise<'same' | 'other' | 'absent'> {
  for (const path of inside.map((within) => pathIn(folder, within, number))) {
    const { found } = await compareContent(files, { name: path, bytes, checksum, rows: null, role: 'data' });
    if (found !== 'missing') return found === 'same' ? 'same' : 'other';
  }
  return 'absent';
}

/**
 * Renames a staged file to its number, if no file has that name. A number that Fabric has applied in the meantime counts as published. `lost`: the file is neither
 * staged nor published. Throws StoreError HYG-4111 if the number has other content.
 * @param isUsed a listing shows a file of this number, in the folder or among the applied files.
 */
export async function publishNumber(
  table: LandingTable,
  file: StagedFile,
  { number, isUsed, where }: { readonly number: number; readonly isUsed: boolean; readonly where: string },
): Promise<'published' | 'already' | 'lost'> {
  if (isUsed) return publishedBefore(table, file, { number, where });
  const outcome = await retry(() => table.files.publish({ ...file, final: numberedPath(table, number) })).catch(async (error: unknown) => {
    if ((await findNumber(table, number, file)) !== 'other') throw error;
    throw otherContent(where, number);
  });
  // Another finisher published the file, and Fabric applied it, after the listing.
  return outcome === 'gone' ? publishedBefore(table, file, { number, where }) : outcome;
}

async function publishedBefore(
  table: LandingTable,
  file: StagedFile,
  { number, where }: { readonly number: number; readonly where: string },
): Promise<'already' | 'lost'> {
  const found = await findNumber(table, number, file);
  if (found === 'other') throw otherContent(where, number);
  return found === 'same' ? 'already' : 'lost';
}

/**
 * Checks published numbers once more. After the first check, another publisher may have used a number, and Fabric may have applied that file before our rename. The
 * name was then free for our rename, but Fabric applies no second file with the number. Throws StoreError HYG-4111 if this happened to a published number, HYG-4112
 * if the folder was deleted in the meantime.
 */
export async function mustHaveComeFirst(table: LandingTable, published: ReadonlyMap<number, StagedFile>, where: string): Promise<void> {
  const { twice, hasMetadata } = await retry(() => listNumbers(table));
  if (!hasMetadata && published.size > 0) throw folderDeleted(where, Math.max(...published.keys()) + 1, true);
  for (const number of twice) {
    const file = published.get(number);
    if (file !== undefined && (await findNumber(table, number, file, takenFolders)) === 'other') throw otherContent(where, number);
  }
}

function otherContent(where: string, number: number): StoreError {
  return notOurs(where, fileName(number), 'Its content differs from the file with this number.');
}

function notOurs(where: string, name: string, why: string): StoreError {
  return new StoreError({
    code: 'HYG-4111',
    what: `${where}: "${name}" was published by another writer.`,
    why: [why, 'Each number belongs to one file. Fabric would apply one of the two files, or none.'],
    tryThis: ['Stop the other publisher, and give this entity a separate table'],
  });
}

function folderDeleted(where: string, first: number, isDecided = false): StoreError {
  return new StoreError({
    code: 'HYG-4112',
    what: `${where} was deleted.`,
    why: [`The next number of this entity is ${first}, and Fabric would wait for number 1.`],
    tryThis: [
      isDecided
        ? `Give up the decided commit, and load the table again: hygge reset FLOW.ENTITY --discard, then ${rebuild}`
        : `Load the table again: ${rebuild}`,
    ],
  });
}

/** The published part of a decided commit that can't be finished. */
export interface PublishedNumbers {
  readonly first: number;
  readonly last: number;
  /** The last number that is known to exist; null: unknown. */
  readonly until: number | null;
  /** The time since when the next number may have been published. */
  readonly since: Instant;
}

export function commitNotFinished(where: string, { first, last, until, since }: PublishedNumbers): StoreError {
  const isGone = (number: number) => `The file of number ${number} is neither staged nor in the folder.`;
  const there = `${first === until ? `Number ${first} is` : `Numbers ${first} to ${until} are`} published.`;
  return new StoreError({
    code: 'HYG-4121',
    what: `A commit in ${where} was decided and can't be finished.`,
    why:
      until === null
        ? [
            `The file with number ${first} may have been published since ${since}. ${isGone(first)}`,
            'Fabric removes a file seven days after it has applied it.',
          ]
        : [`${there} ${until < last ? isGone(until + 1) : 'The files that settle next to them are gone.'}`],
    tryThis: ['Give the commit up: hygge reset FLOW.ENTITY --discard, then hygge go, which makes the table again'],
  });
}

/** The error if Fabric may have rows of an abandoned commit. Only a full load, which recreates the table, brings the table to a known state. */
export function tableUnclear(where: string): StoreError {
  return new StoreError({
    code: 'HYG-4121',
    what: `Rows of a commit that was given up may be in ${where}.`,
    why: ['Only a full load, which creates the table again, leads to exactly the rows of the source.'],
    tryThis: [`Load the table again: ${rebuild}`],
  });
}

function missingNumber(where: string, number: number): StoreError {
  return new StoreError({
    code: 'HYG-4112',
    what: `${where}: "${fileName(number)}" is missing.`,
    why: ['Fabric applies files in the order of their numbers, and waits for a missing file.'],
    tryThis: [`Restore the earlier "${fileName(number)}"`, `Or load the table again: ${rebuild}`],
  });
}

/** The numbers of the last commit. Undefined: an earlier version published the numbers, or no number was published. */
export function lastNumbers(head: FilesHead | undefined): LastNumbers | undefined {
  const { nextNumber: next, publishedAt, files = [] } = head ?? {};
  return next === undefined || publishedAt === undefined ? undefined : { first: next - files.length, publishedAt };
}

/** The number after the last number that hygge may have published; null: nothing settled here. */
export function ownUntil(head: FilesHead | undefined): number | null {
  if (head === undefined || head.nothing === true) return null;
  const { nextNumber: next, unclearUntil } = head;
  return unclearUntil === undefined ? (next ?? null) : Math.max(next ?? 1, unclearUntil);
}
