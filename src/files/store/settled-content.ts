/** Checks whether the settled files are unchanged. Each run compares their looks. The content is compared if the looks differ, or if a command requests it. */
import { sourcesOf } from '../../engine/contracts/home.ts';
import type { ChecksumResult, SettledFiles, SettledLook } from '../../engine/contracts/store.ts';
import { contentChecksum } from '../../formats/bytes/content-checksum.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { FileNotFound, FileReplaced } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { Destination } from './destination.ts';
import { type FilesHead, type HeadLog, type ListedFile, noFiles } from './head/head-log.ts';

/** The look of a file: a text that changes if the content changes, as far as the system shows this without a read. */
export function looksOf({ identity, etag }: FileInfo): string {
  return identity ?? etag;
}

/** Whether a file has the settled size but another look. False for a file without a checksum, because its content could not be compared. */
export function looksChanged(file: ListedFile, found: FileInfo | undefined): boolean {
  return found?.bytes === file.bytes && file.checksum !== undefined && file.looks !== undefined && file.looks !== looksOf(found);
}

/** Whether the look of a file is unknown, because the file settled with a version that did not record looks. */
export function isUnknown(file: ListedFile, found: FileInfo | undefined): boolean {
  return found?.bytes === file.bytes && file.checksum !== undefined && file.looks === undefined;
}

/** The content checks of a store whose readers read the listed files. */
export function filesThatSettled({ files, log }: Pick<Destination, 'files' | 'log'>): SettledFiles {
  return {
    async *compareChecksums(names) {
      const found = await retry(() => log.read());
      const asked = found?.head.files.filter(({ name }) => names === 'all' || names.has(name)) ?? [];
      for (const file of asked) yield await compareContent(files, file);
    },
    rememberLooks: (head, looks) => rememberLooks(log, head, looks),
    async takenSources() {
      const [at, found] = await Promise.all([retry(() => log.movedAt()), retry(() => log.read())]);
      const own = found?.head.files.filter(({ role, rows }) => role !== 'foreign' && rows !== 0);
      if (at === undefined || !own || own.some(({ source, sources }) => source === undefined && sources === undefined)) return undefined;
      return { sources: own.flatMap(sourcesOf), at };
    },
  };
}

export async function compareContent(files: FileSystem, { name, bytes, checksum }: ListedFile): Promise<ChecksumResult> {
  for (;;) {
    const info = await retry(() => files.stat(name));
    if (info === undefined) return { name, bytes, found: 'missing' };
    if (info.bytes !== bytes) return { name, bytes, found: 'changed' };
    const looks = looksOf(info);
    if (checksum === undefined) return { name, bytes, found: 'unknown', looks };
    const now = await contentChecksum(files, info, checksum).catch((error: unknown) => {
      if (error instanceof FileNotFound || error instanceof FileReplaced) return 'replaced' as const;
      throw error;
    });
    if (now === 'replaced') continue;
    if (now === undefined) return { name, bytes, found: 'unknown', looks };
    return { name, bytes, found: now === checksum ? 'same' : 'changed', looks, checksum: now };
  }
}

/**
 * Records the looks in the head, by a move that leaves the head’s id unchanged. If this move comes before the move of a run, the run reads the head again
 * and still finds the predecessor that it expects. If the move of a run comes first, the next run records the looks.
 */
async function rememberLooks(log: HeadLog, head: string, seen: readonly SettledLook[]): Promise<void> {
  const now = await retry(() => log.read());
  if (now?.head.id !== head || seen.length === 0) return;
  const looks = new Map(seen.map((one) => [one.name, one.looks]));
  const known = now.head.files.map((file) => withLooks(file, looks.get(file.name)));
  const amended: FilesHead = { ...now.head, files: known };
  await retry(() => log.move(now, amended, noFiles));
}

export function withLooks(file: ListedFile, looks: string | undefined): ListedFile {
  return looks === undefined || file.checksum === undefined ? file : { ...file, looks };
}
