/**
 * Follows the effects of other programs’ commits on the files that a head lists. Readers of the table see these effects, so the next run starts from the
 * changed files.
 *
 * | a commit of another program                                   | effect on the entity’s files |
 * | ------------------------------------------------------------- | -------------------------------------------------------------------------------------- |
 * | adds files                                                    | the added files are listed as foreign |
 * | combines files of the entity, without a change of rows        | the new files are the entity’s if they have exactly as many rows as the combined files |
 * | combines files of the entity with foreign files               | HYG-3923 until all files of the table are replaced: nothing distinguishes the rows |
 * | updates or deletes rows of the entity                         | the files that replace the entity’s files are now the entity’s; the caller reports the change |
 * | updates rows by vectors                                       | the added files contain the rows that the vectors mark, and are the entity’s |
 * | updates rows by vectors, and inserts rows into the added files | the inserted rows count as rows of other writers, as long as the file may have them |
 * | updates or deletes rows, and is a commit of another entity    | each file stays with its entity; the tag of a new file names the earlier file of its rows |
 * | overwrites the table, or restores an earlier version          | HYG-3923 until a full load: only files with names of the entity’s lineages are the entity’s |
 */
import { rewritesTag } from '../../delta/log/actions.ts';
import type { DeltaCommit, PathChange } from '../../delta/log/log.ts';
import type { DeltaFile, DeltaMetadata } from '../../delta/table.ts';
import { sourcesOf } from '../../engine/contracts/home.ts';
import { isData } from '../../engine/contracts/store.ts';
import { type FilesHead, type ListedFile, lineagesOf, type MovedFiles, ownFiles } from '../store/head/head-log.ts';
import { type FilePlace, partOwner } from '../store/layout.ts';
import { stagedFile } from '../store/staging/staged-parts.ts';
import { nameIn, partitionOf, rowsOf } from './active.ts';
import { type Lost, mixedWithOthers, notFoundAgain } from './errors.ts';

/** The effect of another program's commit on rows of the entity. */
export interface ForeignChange {
  readonly version: number;
  /** The other program's name of the operation: `DELETE`. Null: unknown. */
  readonly operation: string | null;
  /** True: rows may have other values, or rows are missing. False: the same rows are in other files. */
  readonly changesRows: boolean;
}

export interface Followed {
  readonly files: readonly ListedFile[];
  readonly changes: readonly ForeignChange[];
}

/** The entity’s files after the commits. @param url of the table’s folder. @param hasUnnamed whether the newest version has files to which hygge gave no name. */
export function followFiles(
  head: FilesHead,
  commits: readonly DeltaCommit[],
  {
    url,
    where,
    place,
    metadata,
    hasUnnamed,
  }: Pick<Step, 'url' | 'where' | 'metadata'> & { readonly place: FilePlace; readonly hasUnnamed: boolean },
): Followed | Lost {
  const files = new Map(ownFiles(head).map((file) => [file.name, file]));
  const lineages = lineagesOf(head);
  const isOfAnother = (name: string) => !lineages.has(partOwner(place, name)?.lineage ?? head.lineage);
  const changes: ForeignChange[] = [];
  const earlier = new Set(files.keys());
  const restored = (told: string) => {
    const why = `${told} restored an earlier version of the table.`;
    return hasUnnamed ? mixedWithOthers(where, `${why} Files of other programs may have rows of this entity.`) : notFoundAgain(where, why);
  };
  for (const commit of commits) {
    const { version, operation } = commit;
    const touched = commit.changes.filter(({ before }) => before !== null && files.has(nameIn(url, before.path)));
    const told = `Version ${version}${operation === null ? '' : ` (${operation})`}`;
    const returns = ({ before, after }: PathChange) => {
      const name = before === null && after !== null ? nameIn(url, after.path) : undefined;
      return name !== undefined && earlier.has(name) && !files.has(name);
    };
    if (commit.changes.some(returns) || (touched.length > 0 && /^RESTORE$/i.test(operation ?? ''))) return restored(told);
    if (touched.length === 0) continue;
    const changesRows = commit.changes.some(({ dataChange }) => dataChange);
    const isOverwritten = touched.some(({ after }) => after === null) && changesRows && overwrites.test(operation ?? '');
    if (isOverwritten) return notFoundAgain(where, `${told} overwrote rows of this entity.`);
    const before = touched
      .flatMap(({ before: one }) => (one === null ? [] : [files.get(nameIn(url, one.path))]))
      .filter((one) => one !== undefined);
    const mixed = follow(files, { url, where, metadata, told, commit, touched, before, changesRows, isOfAnother });
    if (mixed !== null) return mixed;
    for (const name of files.keys()) earlier.add(name);
    changes.push({ version, operation, changesRows });
  }
  return { files: [...files.values()], changes };
}

/** Operations that write the table again. If such an operation removes rows, no other file has these rows. */
const overwrites = /^(WRITE|CLONE|.*REPLACE TABLE.*|CREATE TABLE.*)$/i;

interface Step {
  readonly url: string;
  readonly where: string;
  /** The table's schema at its newest version. */
  readonly metadata: Pick<DeltaMetadata, 'schema' | 'partitionColumns'>;
  /** The commit as a text, for messages. */
  readonly told: string;
  readonly commit: DeltaCommit;
  /** The changes to files of the entity. */
  readonly touched: readonly PathChange[];
  /** The listed files before the commit. */
  readonly before: readonly ListedFile[];
  readonly changesRows: boolean;
  /** Whether a file has a name that another entity of hygge gave it. */
  isOfAnother(name: string): boolean;
}

/** Follows one commit. Null: the entity’s rows are in `files`. */
function follow(files: Map<string, ListedFile>, step: Step): Lost | null {
  const { url, where, metadata, told, commit, touched, before, changesRows, isOfAnother } = step;
  const gone = touched.filter(({ after }) => after === null);
  for (const { after } of touched)
    if (after !== null) files.set(nameIn(url, after.path), marked(files.get(nameIn(url, after.path)) as ListedFile, after));
  // No commit of hygge puts rows of two entities into one file.
  const isApart = ({ path, tags }: DeltaFile) => {
    const rewrites = tags?.[rewritesTag];
    return commit.head !== null && (rewrites == null ? isOfAnother(nameIn(url, path)) : !files.has(nameIn(url, rewrites)));
  };
  const added = commit.changes.flatMap(({ before: one, after }) => (one === null && after !== null && !isApart(after) ? [after] : []));
  const foreign = commit.changes.filter(
    ({ before: one, after }) => one !== null && after === null && !files.has(nameIn(url, one.path)) && !isApart(one),
  );
  const marks = new Map(touched.map((change) => [nameIn(url, change.before?.path ?? ''), newMarks(change)]));
  if (gone.length === 0 && (added.length === 0 || [...marks.values()].every((rows) => rows === 0))) return null;
  // An added file without the tag may have rows of any removed file.
  const isMixable = added.some(({ tags }) => commit.head === null || tags?.[rewritesTag] == null);
  if (isMixable && foreign.length > 0)
    return mixedWithOthers(where, `${told} wrote rows of this entity and rows of other writers into the same files.`);
  for (const { before: one } of gone) if (one !== null) files.delete(nameIn(url, one.path));
  // Rows that the commit marks by a vector may be in the new files, with other values.
  const from = before.flatMap((file) => {
    if (!files.has(file.name)) return [file];
    const rows = marks.get(file.name) ?? 0;
    const some = [{ ...file, rows }];
    return rows === 0 ? [] : mayHaveOthers(file) ? withInserted(some, insertedIn(some)) : some;
  });
  const ofOthers = commit.changes
    .filter(({ before: one }) => one !== null && !marks.has(nameIn(url, one.path)) && !isApart(one))
    .reduce((sum, change) => sum + newMarks(change), 0);
  const made = added.map((file) => ({ file, rows: rowsOf(file) }));
  const rowsBefore = sumOf(from.map(({ rows }) => rows));
  const rowsNow = sumOf(made.map(({ rows }) => rows));
  if (!changesRows) {
    if (rowsBefore === null || rowsBefore !== rowsNow)
      return mixedWithOthers(
        where,
        `${told} combined files with ${rowsBefore ?? 'an unknown number of'} rows, but the new files have ${rowsNow ?? 'an unknown number'}.`,
      );
  }
  const isForeign = changesRows && commit.head === null;
  const grown = rowsBefore === null || rowsNow === null ? null : Math.max(0, rowsNow - rowsBefore - ofOthers);
  const inserted = sumOf([insertedIn(from), ...(isForeign ? [insertedBy(commit, grown), ofOthers] : [])]);
  const remadeFiles = made.map(({ file, rows }) =>
    remade(from, { name: nameIn(url, file.path), file, rows, changesRows, partition: partitionOf(file, metadata) }),
  );
  const isMixed = isForeign || from.some(mayHaveOthers);
  for (const one of isMixed ? withInserted(remadeFiles, inserted) : remadeFiles) files.set(one.name, one);
  return null;
}

/**
 * The number of rows inserted by another program's commit that changed rows. Null: unknown, because neither the metrics nor the operation show the number, and other
 * rows may have been deleted. @param grown how many more rows the new files have; null: unknown.
 */
function insertedBy({ insertedRows, operation }: DeltaCommit, grown: number | null): number | null {
  const told = insertedRows ?? (/^(DELETE|UPDATE)$/i.test(operation ?? '') ? 0 : null);
  return told === null ? grown || null : Math.max(told, grown ?? 0);
}

/** The number of rows that other programs inserted into the files. Some of these rows may have been deleted since. Null: unknown. */
export const insertedIn = (files: readonly ListedFile[]): number | null => sumOf(files.map(({ inserted = 0 }) => inserted));

/** Whether rows of an entity’s file may be rows of other programs: a commit that changed rows wrote the file, and may not show how many rows it inserted. */
export const mayHaveOthers = ({ inserted }: ListedFile): boolean => inserted !== undefined;

/** The number of rows of others in a file, which is at most the number of its rows. */
export const withinRows = (rows: number | null, inserted: number): number => Math.min(inserted, rows ?? inserted);

/** The number of rows that the commit marks with a vector, in a file that stays. */
const newMarks = ({ before, after }: PathChange): number =>
  after === null ? 0 : Math.max(0, (after.vector?.cardinality ?? 0) - (before?.vector?.cardinality ?? 0));

/** The files with the number of inserted rows. The commit does not show which file has these rows. So the inserted rows are counted for the first files, at most as many per file as it has rows; in fact any of the files may have inserted rows. */
function withInserted(files: readonly ListedFile[], inserted: number | null): readonly ListedFile[] {
  if (inserted === null) return files.map((file) => ({ ...file, inserted }));
  let left = inserted;
  return files.map((file) => {
    const held = withinRows(file.rows, left);
    left -= held;
    return { ...file, inserted: held };
  });
}

/** The head with the numbers of rows from other programs, for files that a commit of the entity rewrites. */
export function keepingInserted(to: FilesHead, before: FilesHead | undefined, files: MovedFiles): FilesHead {
  const mixed = mixedAgain(before, files);
  if (mixed.length === 0) return to;
  const inserted = insertedIn(mixed);
  const { merge, carried = merge?.carried, parts } = files;
  // An earlier version did not record which parts of a commit without a key have carried rows.
  const written = new Set(carried ?? parts.filter(isData).map((part) => stagedFile(part).final));
  const kept = withInserted(
    to.files.filter(({ name }) => written.has(name)),
    inserted,
  );
  const found = new Map(kept.map((file) => [file.name, file]));
  return { ...to, files: to.files.map((file) => found.get(file.name) ?? file) };
}

/** The files that a commit of the entity rewrites and that may have rows of other programs. */
export function mixedAgain(before: FilesHead | undefined, { rewritten = {} }: Pick<MovedFiles, 'rewritten'>): readonly ListedFile[] {
  return (before?.files ?? []).filter((file) => Object.hasOwn(rewritten, file.name) && mayHaveOthers(file));
}

const sumOf = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);

/** A listed file after a vector marked some of its rows. The bounds stay valid for the other rows. */
function marked(listed: ListedFile, after: DeltaFile): ListedFile {
  const { rows: before, unmarked: _unmarked, ...file } = listed;
  const rows = rowsOf(after) ?? before;
  const vector = after.vector === null ? {} : { vector: true as const };
  const left = [{ ...file, rows, ...vector }];
  return (mayHaveOthers(listed) ? withInserted(left, insertedIn([listed])) : left)[0] as ListedFile;
}

/** A file that another program made from several files. The file gets the known facts of all earlier files. The file has the role of the open group only if all earlier files had this role. */
function remade(
  from: readonly ListedFile[],
  {
    name,
    file,
    rows,
    changesRows,
    partition: values,
  }: Pick<ListedFile, 'name' | 'rows' | 'partition'> & { readonly file: DeltaFile; readonly changesRows: boolean },
): ListedFile {
  const [first] = from;
  const isGroup = !changesRows && from.every(({ role }) => role === 'boundary');
  const sources = [...new Set(from.flatMap(sourcesOf))];
  const knowSources = from.every(({ source, sources: several }) => source !== undefined || several !== undefined);
  const partition = first?.partition === undefined || values === undefined ? {} : { partition: values };
  return {
    name,
    bytes: file.bytes,
    rows,
    role: isGroup ? 'boundary' : 'data',
    ...(knowSources && sources.length === 1 ? { source: sources[0] as string } : knowSources && sources.length > 1 ? { sources } : {}),
    ...partition,
  };
}
