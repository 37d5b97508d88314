/** Decides which folders of the form `key=value` below a home become columns, and with which types. */

import { HomeError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { hivePairs } from '../paths/hive.ts';
import { inferPartitionType, type PartitionColumn, type PartitionValue, partitionText } from '../paths/partition-values.ts';

/** The values of `hive_partitions`: automatic, as text, never, or exactly the given columns. */
export type HiveMode = 'auto' | boolean | Readonly<Record<string, DataType>>;

export interface HiveRequest {
  readonly mode: HiveMode;
  /** The paths of the files, relative to the home’s folder. */
  readonly paths: readonly string[];
  /** The columns that an earlier run has decided on. */
  readonly pinned: readonly PartitionColumn[];
  /** The names of the columns in the files. */
  readonly inFiles: ReadonlySet<string>;
  /** A file with these columns, for messages. */
  readonly file: string;
  /** Whether files may be in folders with different keys. If so, the column of a missing key is null. */
  readonly unify: boolean;
  /** Folder keys that are also columns of the files, as earlier runs found. */
  readonly unreadFolders: readonly string[];
  readonly display: (path: string) => string;
}

export interface HiveColumns {
  readonly columns: readonly PartitionColumn[];
  /** Folder keys that are also columns of the files, so the values come from the files. */
  readonly unreadFolders: readonly string[];
  readonly notes: readonly OwnNote[];
  readonly warnings: readonly OwnNote[];
}

/** The columns from folders. Throws HYG-3207 if files have different keys, HYG-3208 for a column that is both in files and in folders, HYG-3209 for a value of another type. */
export function hiveColumns(request: HiveRequest): HiveColumns {
  const { mode, pinned } = request;
  if (mode === false) return { columns: [], unreadFolders: [], notes: [], warnings: [] };
  const found = valuesByKey(request);
  const typed = (name: string): DataType => {
    if (typeof mode === 'object') return (Object.hasOwn(mode, name) ? mode[name] : undefined) ?? { kind: 'string' };
    if (mode === true) return { kind: 'string' };
    return pinned.find((column) => column.name === name)?.type ?? inferPartitionType(found.get(name) ?? []);
  };
  const settled = typeof mode === 'object' ? [] : pinned.map(({ name }) => name);
  const names = typeof mode === 'object' ? Object.keys(mode) : [...new Set([...settled, ...found.keys()])];
  for (const name of names)
    if (request.inFiles.has(name) && (typeof mode === 'object' || settled.includes(name))) throw inBoth(name, request.file);
  const columns = names.filter((name) => !request.inFiles.has(name)).map((name) => ({ name, type: typed(name) }));
  checkKeys(request, columns);
  for (const path of request.paths) hiveValues(path, columns, request.display);
  const unreadFolders = names.filter((name) => request.inFiles.has(name));
  const isKnown = (name: string): boolean => request.unreadFolders.includes(name);
  return {
    columns,
    unreadFolders,
    notes: [...columns.map(readFromFolders), ...unreadFolders.filter(isKnown).map(readFromFiles)],
    warnings: unreadFolders.filter((name) => !isKnown(name)).map(readFromFiles),
  };
}

function readFromFolders({ name, type }: PartitionColumn): OwnNote {
  const params = { column: name, type: describeType(type) };
  return { code: 'files.from_folders', params, text: `${name} (${params.type}) is read from the names of folders` };
}

function readFromFiles(name: string): OwnNote {
  const text = `${name} is read from the files, which have this column. The values in the names of folders ${name}=… are ignored`;
  return { code: 'files.from_files', params: { column: name }, text };
}

/** All values of each folder key. */
function valuesByKey({ paths }: HiveRequest): ReadonlyMap<string, ReadonlySet<string | null>> {
  const found = new Map<string, Set<string | null>>();
  for (const path of paths) {
    for (const { key, value } of hivePairs(path)) {
      const values = found.get(key) ?? new Set();
      found.set(key, values.add(value));
    }
  }
  return found;
}

/** Throws HYG-3207 if files have different folder keys, because some rows would then lack columns. */
function checkKeys({ paths, unify, display }: HiveRequest, columns: readonly PartitionColumn[]): void {
  for (const path of paths) {
    const keys = hivePairs(path).map(({ key }) => key);
    const twice = keys.find((key, i) => keys.indexOf(key) !== i && columns.some(({ name }) => name === key));
    if (twice !== undefined) throw unequalFolders(`${display(path)} is in two folders ${twice}=….`, twice);
    const without = columns.find(({ name }) => !keys.includes(name));
    if (without === undefined || unify) continue;
    const other = paths.find((one) => hivePairs(one).some(({ key }) => key === without.name));
    const than = other === undefined ? '' : `, but ${display(other)} is`;
    throw unequalFolders(`${display(path)} is not in a folder ${without.name}=…${than}.`, without.name);
  }
}

/** The values of each column in the folders of a path. Throws HYG-3209. */
export function hiveValues(
  path: string,
  columns: readonly PartitionColumn[],
  display: (path: string) => string,
): readonly PartitionValue[] {
  if (columns.length === 0) return [];
  const pairs = new Map(hivePairs(path).map(({ key, value }) => [key, value]));
  return columns.map(({ name, type }) => {
    const written = pairs.get(name) ?? null;
    const text = written === null ? null : partitionText(type, written);
    if (text === undefined) throw notOfType({ name, type }, display(path));
    return { name, type, text };
  });
}

/** Files of one home are in folders with different keys. */
function unequalFolders(what: string, name: string): HomeError {
  return new HomeError({
    code: 'HYG-3207',
    what,
    why: ['hygge reads folders named key=value as columns, so each file must be in such a folder.'],
    tryThis: [
      'Move the file into such a folder, or use a path for the home that matches only files in such folders',
      `Or set ${name} to null in the rows of other files: differing_files: unify`,
      'Or read no columns from folders: hive_partitions: false',
    ],
  });
}

export function inBoth(name: string, file: string): HomeError {
  return new HomeError({
    code: 'HYG-3208',
    what: `Column ${name} is in ${file} and in the names of folders.`,
    why: ['The two values may differ. hygge uses the values of folders because of an earlier run or hive_partitions.'],
    tryThis: [
      `To use the files, leave ${name} out of hive_partitions. If rows have already settled, also run hygge reset FLOW.ENTITY and hygge go`,
      `Or write the files without the column ${name}`,
    ],
  });
}

function notOfType({ name, type }: PartitionColumn, file: string): HomeError {
  return new HomeError({
    code: 'HYG-3209',
    what: `The folder ${name}=… of ${file} is not a value of ${describeType(type)}.`,
    why: ['A column from folders keeps the type that it first settled with.'],
    tryThis: [
      `Read it as text: hive_partitions: {${name}: string}`,
      'Or let hygge choose a new type: hygge reset FLOW.ENTITY, then hygge go',
    ],
  });
}
