/**
 * For merges without deletion vectors (`merge: copy_on_write`): a file with removed rows is rewritten without these rows. The name of the new file is computed
 * from the commit, the file, and the removed rows. So finishers and later steps of the commit find the files that others have written.
 *
 * The counts of a file are kept in `_hygge/<flow>/<entity>/commits/<epoch>/<file>.json` from the time before the file is visible until the commit has ended.
 * So the log entry about the file is the same after a pause.
 */
import { hash } from 'node:crypto';
import { vectorId } from '../../../delta/log/log.ts';
import type { DeltaSnapshot } from '../../../delta/table.ts';
import type { DeletedRows } from '../../../delta/values/deleted-rows.ts';
import { schemaOf, type TableDescription } from '../../../delta/values/schema.ts';
import { namesInFiles } from '../../../delta/write/column-mapping.ts';
import { bitmapsOf } from '../../../delta/write/roaring.ts';
import { deltaField } from '../../../delta/write/types.ts';
import { uuidText } from '../../../delta/write/uuids.ts';
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { Part } from '../../../engine/contracts/store.ts';
import type { Schema } from '../../../frames/schema.ts';
import { mapConcurrent } from '../../../ports/map-concurrent.ts';
import { retry } from '../../../ports/retry.ts';
import { epochDigits, type FilePlace, finalPath, lastSegment } from '../../store/layout.ts';
import type { KeyBounds } from '../../store/merge-work.ts';
import { stagedFile } from '../../store/staging/staged-parts.ts';
import { fitsInto } from '../commit-entry.ts';
import { changedUnder, notForThisTable } from '../errors.ts';
import { besideRecords, commitsFolder } from '../records.ts';
import { KeyRanges } from './merge-keys.ts';
import type { FileToRead } from './merge-tools.ts';
import { type Commit, GoneFiles, noSlice, publishedBefore, type RowsOfFilesOptions, stagedRows, usualStep } from './staged-rows.ts';

/** A file with remaining rows. */
export interface ToRewrite {
  readonly of: FileToRead;
  /** The number of rows in the file, deleted rows included. */
  readonly rows: number;
  readonly deleted: DeletedRows;
  /** Whether the rows of the file are the entity’s. If so, the rows of the new file are the entity’s too. */
  readonly isOwn: boolean;
}

interface Counted {
  readonly schema: Schema;
  /** The names of the columns in the file, in their order: another program may give a table's column name to another column. Absent: an earlier version wrote the file. */
  readonly inFile?: readonly string[];
  readonly part: Part;
  readonly bounds: KeyBounds;
}

export interface WrittenFile {
  /** The path of the file in the table’s folder. */
  readonly name: string;
  readonly bytes: number;
  readonly rows: number;
  /** The columns of the file, and its counts. Null: another version of hygge wrote the file. */
  readonly counted: Counted | null;
}

/** A file that is not published yet. */
interface Target {
  readonly to: Commit;
  readonly name: string;
  readonly digest: string;
}

export class FileRewriter {
  readonly #options: RowsOfFilesOptions;
  /** The files that this process has written or found for one commit, by name. */
  readonly #written = new Map<string, WrittenFile>();
  #commit = '';
  /** Files that were missing when this commit tried to read them. */
  readonly #gone: GoneFiles;
  /** The bytes of the files that were rewritten in this step. */
  #bytes = 0;

  constructor(options: RowsOfFilesOptions) {
    this.#options = options;
    this.#gone = new GoneFiles(options.where);
  }

  /** Starts a step for a commit. */
  begin({ id }: Pick<Commit, 'id'>): void {
    // The files of another commit are forgotten but not removed: an entry may name them, and this process does not know the outcome.
    if (this.#commit !== id) {
      this.#written.clear();
      this.#gone.clear();
    }
    this.#commit = id;
    this.#bytes = 0;
  }

  /**
   * Writes the remaining rows of a file, or returns the new file if the commit has already written it. Undefined: a later step must continue, because this step has written
   * enough, or because the file is missing. Throws StoreError HYG-3922 if the later step needs the same missing file.
   */
  async file(one: ToRewrite, to: Commit): Promise<WrittenFile | undefined> {
    const { place, stepBytes = usualStep } = this.#options;
    const { of, deleted } = one;
    const digest = hash('sha256', `${to.id}\0${of.file.path}\0${vectorId(of.file.vector) ?? ''}\0${hash('sha256', bitmapsOf(deleted))}`);
    const name = `${of.name.slice(0, -lastSegment(of.name).length)}${one.isOwn ? ownName(place, to, digest) : foreignName(place, digest)}`;
    const found = this.#written.get(name) ?? (await this.#there(one, { to, name }));
    if (found === undefined && this.#bytes > 0 && this.#bytes + of.file.bytes > stepBytes) return undefined;
    const written = found ?? (await this.#write(one, { to, name, digest }).catch((error: unknown) => this.#gone.onceMore(error)));
    if (written !== undefined) this.#written.set(name, written);
    return written;
  }

  /** Whether files of the commit still exist, just before an entry names them. The vacuum of another program removes files that no entry names. The next step writes missing files again. */
  async areThere(names: ReadonlySet<string>): Promise<boolean> {
    const gone = await mapConcurrent([...names], async (name) => {
      const found = await retry(() => this.#options.files.stat(name));
      return found?.bytes === this.#written.get(name)?.bytes ? [] : [name];
    });
    for (const name of gone.flat()) this.#written.delete(name);
    return gone.flat().length === 0;
  }

  /** Removes the files of tries of the commit that did not count, from any process, and the kept counts. Called once the head has moved to the commit. */
  async removeUnused({ epoch }: Pick<Commit, 'epoch'>, used: ReadonlySet<string>): Promise<void> {
    const { files, place } = this.#options;
    this.#written.clear();
    const paths: string[] = [];
    for await (const path of besideRecords(files, place, epoch)) paths.push(path);
    await mapConcurrent(paths, async (path) => {
      const kept = await retry(() => files.get(path));
      const name = kept && stagedFile(countedIn(kept.body).part).final;
      if (name !== undefined && !used.has(name)) await retry(() => files.remove(name));
      await retry(() => files.remove(path));
    });
  }

  /** The new file, if the commit has already written it; undefined: not written yet. Throws StoreError HYG-3922 if the new file has another number of rows. */
  async #there({ of, rows, deleted }: ToRewrite, { to, name }: Omit<Target, 'digest'>): Promise<WrittenFile | undefined> {
    const { files, place, tools, where } = this.#options;
    const [found, kept] = await Promise.all([retry(() => files.stat(name)), retry(() => files.get(countedPath(place, to, name)))]);
    if (found === undefined) return undefined;
    const left = rows - deleted.count;
    const { bytes } = found;
    const counted = kept && countedIn(kept.body);
    if (counted?.part.bytes === bytes && counted.part.rows === left) return { name, bytes, rows: left, counted };
    const opened = await tools.open({ ...of, name, file: { ...of.file, path: name, bytes, vector: null, stats: null } }, null);
    if (opened.rows !== left) throw changedUnder(where, `${name} has ${opened.rows} rows, but this commit writes ${left}.`);
    return { name, bytes, rows: left, counted: null };
  }

  async #write(one: ToRewrite, target: Target): Promise<WrittenFile> {
    const { files, place, where } = this.#options;
    const { of, rows, deleted } = one;
    const { to, name } = target;
    // A file of zero bytes counts as one byte, so that each rewritten file uses up a part of the step’s limit.
    this.#bytes += Math.max(1, of.file.bytes);
    const counted = await this.#staged(one, target);
    const { part } = counted;
    const left = rows - deleted.count;
    if (part.rows !== left) throw changedUnder(where, `${of.name} has other rows than it had when the merge began.`);
    await retry(() => files.put(countedPath(place, to, name), new TextEncoder().encode(JSON.stringify(counted)), { ifNoneMatch: '*' }));
    const published = await publishedBefore(this.#options, part, () => this.#there(one, target));
    return published ?? { name, bytes: part.bytes, rows: left, counted };
  }

  async #staged({ of, deleted }: ToRewrite, { to, name, digest }: Target): Promise<Counted> {
    mustBeWritable(of.table.metadata, { where: this.#options.where, because: 'merge: copy_on_write' });
    const ranges = new KeyRanges(to.key);
    const rowsOf = async (frame: Frame, first: number) => {
      const rows = await frame.pick(Uint8Array.from({ length: frame.rows }, (_, i) => Number(!deleted.isDeleted(first + i))));
      await ranges.add(name, rows);
      return [rows];
    };
    const { schema, part } = await stagedRows(this.#options, { of, to, name, digest, more: [], rowsOf });
    const inFile = schema.columns.map(({ name: column }) => column).map(namesInFiles(of.table.metadata));
    return { schema, inFile, part, bounds: ranges.bounds()[name] ?? {} };
  }
}

const countedIn = (body: Uint8Array): Counted => JSON.parse(new TextDecoder().decode(body)) as Counted;

/** The path for the counts of a file of an unfinished commit. */
const countedPath = (place: FilePlace, { epoch }: Pick<Commit, 'epoch'>, name: string): string =>
  `${commitsFolder(place)}/${epochDigits(epoch)}/${lastSegment(name)}.json`;

const ownName = (place: FilePlace, { epoch, lineage }: Commit, digest: string): string =>
  lastSegment(finalPath({ ...place, layout: 'plain' }, { epoch, lineage, slice: noSlice, part: 0, nonce: digest.slice(0, 32) }));

/** The name of a new file with rows of other writers. With a usual name, the file would seem to be the entity’s. */
function foreignName({ extension }: FilePlace, digest: string): string {
  return `part-00000-${uuidText(Buffer.from(digest.slice(0, 32), 'hex'))}.c000${extension}`;
}

/** Throws StoreError HYG-3921 for a column whose values would change in a file that hygge rewrites. */
export function mustBeWritable(
  metadata: DeltaSnapshot['metadata'],
  { where, because }: { readonly where: string; readonly because: string },
): void {
  const read = new Map(schemaOf(metadata).columns.map((column) => [column.name, column]));
  for (const field of metadata.schema.fields) {
    const column = read.get(field.name);
    if (column !== undefined && isWritable(column, field)) continue;
    const type = typeof field.type === 'string' ? field.type : field.type.type;
    throw notForThisTable(where, `Files with its column ${field.name} (${type}) can’t be rewritten, as ${because} requires.`);
  }
}

function isWritable(column: Schema['columns'][number], field: TableDescription['metadata']['schema']['fields'][number]): boolean {
  try {
    return fitsInto(deltaField(column).type, field.type);
  } catch {
    return false;
  }
}
