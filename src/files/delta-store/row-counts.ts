/** Reads the row counts of files without statistics from the footers of the files. */
import { type DeltaCommit, type PathChange, vectorId } from '../../delta/log/log.ts';
import type { DeltaFile } from '../../delta/table.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { readFooter } from '../../formats/parquet/footer.ts';
import { FileNotFound, type FileSystem } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import { type FilesHead, namesOf, ownFiles } from '../store/head/head-log.ts';
import { nameIn, rowsOf } from './active.ts';
import type { LogCache } from './log-cache.ts';

/** The commits, with row counts in each file that replaces files of the head. Footers of other files are not read. */
export async function withRowCounts(
  files: FileSystem,
  cache: Pick<LogCache, 'rows'>,
  { head, commits }: { readonly head: FilesHead; readonly commits: readonly DeltaCommit[] },
): Promise<readonly DeltaCommit[]> {
  const own = new Set(namesOf(ownFiles(head)));
  const counted: DeltaCommit[] = [];
  for (const commit of commits) {
    const isTouched = commit.changes.some(
      ({ before, after }) => before !== null && (after === null || hasNewVector(before, after)) && own.has(nameIn(files.url, before.path)),
    );
    if (!isTouched) {
      counted.push(commit);
      continue;
    }
    const changes = await mapConcurrent(commit.changes, async (change): Promise<PathChange> => {
      const { before, after } = change;
      if (before !== null || after === null) return change;
      own.add(nameIn(files.url, after.path));
      return rowsOf(after) === null ? { ...change, after: await withRows(files, cache, after) } : change;
    });
    counted.push({ ...commit, changes });
  }
  return counted;
}

/** Whether a commit marks rows by a new vector, so that these rows may be in new files. */
const hasNewVector = (before: DeltaFile, after: DeltaFile): boolean => vectorId(before.vector) !== vectorId(after.vector);

async function withRows(files: FileSystem, cache: Pick<LogCache, 'rows'>, file: DeltaFile): Promise<DeltaFile> {
  const name = nameIn(files.url, file.path);
  // The file is outside of the table’s folder, so it can’t be read here.
  if (name.startsWith('//')) return file;
  const known = cache.rows.get(name);
  const rows = known === undefined ? await rowsInFile(files, name, file.bytes) : known;
  cache.rows.set(name, rows);
  return rows === null ? file : { ...file, stats: JSON.stringify({ numRecords: rows }) };
}

/** The number of rows in a file; null: the file is not a parquet file, or does not exist. In both cases a run that needs the rows of the file stops. */
async function rowsInFile(files: FileSystem, name: string, bytes: number): Promise<number | null> {
  try {
    return (await readFooter({ name, bytes, read: (range) => retry(() => files.read(name, range)) })).rows;
  } catch (error) {
    if (error instanceof HomeError || error instanceof FileNotFound) return null;
    throw error;
  }
}
