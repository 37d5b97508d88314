/** Defines all names and folders of a file store, except for the names of the head (`head/`). protocol.md 2.3, 2.4. */
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { encodeSegment } from '../../workspace/names.ts';
import { hivePairs, isHiveFolder } from '../paths/hive.ts';

/** The address of an entity in a file store. Intents keep this address as JSON. */
export interface FilePlace {
  /** The connector that opens the store. */
  readonly type: string;
  /** The root of the filesystem, in the connector's notation. */
  readonly root: string;
  /** The data folder, relative to the root; '' is the root itself. */
  readonly folder: string;
  readonly flow: string;
  readonly entity: string;
  /** The folder that holds the records of entities, relative to the root. Absent: `_hygge`. */
  readonly records?: string;
  /** `file`: the entity is a single file in the folder, with the name in the member `file`. */
  readonly layout: 'plain' | 'versioned' | 'file';
  readonly file?: string;
  /** The extension of files, with the dot. */
  readonly extension: string;
  /** The columns whose values are in the folder names of rows, from the outside in. */
  readonly partitionBy?: readonly string[];
  /** If the entity creates a Delta table, the table has column mapping by name. Absent: no column mapping. */
  readonly columnMapping?: 'name';
  /** Times that are too fine for a Delta table are cut. Absent: such times are refused. */
  readonly timestamps?: 'truncate';
  /** A merge into a Delta table rewrites files. Absent: a merge marks rows in deletion vectors. */
  readonly merge?: 'copy_on_write';
  /** Wall-clock times settle in a Delta table as timestamps in UTC. Absent: they stay wall-clock times. */
  readonly wallClock?: 'utc';
}

/** The epoch as in file names, with a fixed number of digits so that names sort by epoch. */
export const epochDigits = (epoch: number) => String(epoch).padStart(20, '0');
const join = (...segments: readonly string[]) => segments.filter((segment) => segment !== '').join('/');

/** The folder of hygge’s own records of one entity. Spark, Fabric, Trino and hygge’s homes skip folders that begin with `_`. */
export function recordsFolder(place: FilePlace): string {
  return join(place.records ?? '_hygge', encodeSegment(place.flow), encodeSegment(place.entity));
}

export const stagingFolder = (place: FilePlace) => `${recordsFolder(place)}/staging`;
export const stagingOf = (place: FilePlace, epoch: number, lineage: string) => `${stagingFolder(place)}/${epochDigits(epoch)}/${lineage}`;

export interface PartName {
  readonly epoch: number;
  readonly lineage: string;
  readonly slice: number;
  readonly part: number;
  readonly nonce: string;
}

/** The path of a staged part. Each upload attempt uses a new name (H1, H2). Staged names have no extension, so that no reader treats staged files as data. */
export function stagedPath(place: FilePlace, name: PartName): string {
  return `${stagingOf(place, name.epoch, name.lineage)}/${name.slice}-${name.part}-${name.nonce}`;
}

/** The path of another file of a slice, next to the staged parts of the slice. */
export function asidePath(place: FilePlace, { epoch, lineage, slice, nonce }: Omit<PartName, 'part'>): string {
  return `${stagingOf(place, epoch, lineage)}/aside-${slice}-${nonce}`;
}

/** The final path of a part. @param partition the joined folders of the file’s partition. */
export function finalPath(place: FilePlace, name: PartName, partition = ''): string {
  if (place.file !== undefined) return onlyFile(place);
  return join(place.folder, place.layout === 'versioned' ? `v=${epochDigits(name.epoch)}` : '', partition, finalName(place, name));
}

/** The path of the only file with `layout: file`. */
function onlyFile({ folder, file = '' }: FilePlace): string {
  return join(folder, file);
}

/** The files that may belong to the entity: all files in its folder, or its only file. */
export async function* filesAt(files: Pick<FileSystem, 'list' | 'stat'>, place: FilePlace): AsyncGenerator<FileInfo> {
  if (place.file === undefined) return yield* files.list(place.folder);
  const found = await files.stat(onlyFile(place));
  if (found !== undefined) yield found;
}

/** The folder of rows that settle apart because they can’t be read. The rows are kept for the time of `keep`. */
export const quarantineFolder = (place: FilePlace) => `${recordsFolder(place)}/quarantine`;
export const quarantinePath = (place: FilePlace, name: PartName) => `${quarantineFolder(place)}/${finalName(place, name)}`;

/** The folder for keys that were published to a landing zone, and for keys that a merge deletes. No reader of the data reads this folder. */
export const keysFolder = (place: FilePlace) => `${recordsFolder(place)}/keys`;
export const keysPath = (place: FilePlace, name: PartName) => `${keysFolder(place)}/${finalName(place, name)}`;

function finalName(place: FilePlace, name: PartName): string {
  const [slice, part] = [String(name.slice).padStart(5, '0'), String(name.part).padStart(3, '0')];
  return `${epochDigits(name.epoch)}-${name.lineage}-${slice}-${part}-${name.nonce}${place.extension}`;
}

export interface Owner {
  readonly epoch: number;
  readonly lineage: string;
}

/** The extensions of all formats, because files that settled before a change of format are data as well. */
const extensions = /\.(parquet|csv|ndjson|json)(\.(gz|zst))?$/;

/** The epoch and the lineage in a final name of hygge’s form, in any folder and format; undefined for other names. */
export function partOwner(place: FilePlace, path: string): Owner | undefined {
  return ownerOfName(path.slice(path.lastIndexOf('/') + 1), place.extension);
}

/** The lineage in a name of hygge's form; undefined for every other name. */
export function lineageOf(path: string): string | undefined {
  return ownerOfName(path.slice(path.lastIndexOf('/') + 1))?.lineage;
}

function ownerOfName(file: string, known?: string): Owner | undefined {
  const extension = known !== undefined && file.endsWith(known) ? known : extensions.exec(file)?.[0];
  if (extension === undefined) return undefined;
  const stem = file.slice(0, file.length - extension.length);
  const [, epoch, lineage] = /^(\d{20})-([0-9a-z]+)-\d{5,}-\d{3,}-[0-9a-z]+$/.exec(stem) ?? [];
  return epoch === undefined || lineage === undefined ? undefined : { epoch: Number(epoch), lineage };
}

/**
 * Whether a file is in a folder where this entity publishes: its own folder, a version’s folder, or the folders of a partition. Deeper files
 * belong to another entity.
 */
export function liesDirectly(place: FilePlace, path: string): boolean {
  if (place.file !== undefined) return path === onlyFile(place);
  return foldersOf(place, path).length === 0 || partitionOf(place, path) !== undefined;
}

/** The values in the folder names of a file in a partition of this entity; undefined: the file is in no partition. */
export function partitionOf(place: FilePlace, path: string): Readonly<Record<string, string | null>> | undefined {
  const { partitionBy = [] } = place;
  const folders = foldersOf(place, path);
  const pairs = hivePairs([...folders, ''].join('/'));
  const isOne = folders.length > 0 && folders.length === partitionBy.length && pairs.length === folders.length;
  if (!isOne || partitionBy.some((column, i) => pairs[i]?.key !== column)) return undefined;
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

/** The folders between the entity's folder (or a version's folder) and the file. */
function foldersOf({ folder }: FilePlace, path: string): readonly string[] {
  const folders = below(folder, path).split('/').slice(0, -1);
  return /^v=\d{20}$/.test(folders[0] ?? '') ? folders.slice(1) : folders;
}

/** Whether all of these files are in other folders. If so, the head is from another workspace with the same names, or from an earlier path. */
export function lieElsewhere(place: FilePlace, paths: readonly string[]): boolean {
  const isHere = (path: string) =>
    place.file === undefined ? place.folder === '' || path.startsWith(`${place.folder}/`) : path === onlyFile(place);
  return paths.length > 0 && !paths.some(isHere);
}

/** Whether a reader of the folder would treat the file as data. Such a file is not hidden, and has a format’s extension or was made by hygge. */
export function isData(place: FilePlace, path: string): boolean {
  if (place.file !== undefined) return path === onlyFile(place);
  if (isHidden(place.folder, path)) return false;
  return path.toLowerCase().endsWith(place.extension.toLowerCase()) || partOwner(place, path) !== undefined;
}

/** The epoch and the lineage in a staged name, or in the name of a file next to staged parts; undefined for other names, such as names of other programs’ files. */
export function ownerOfStaged(place: FilePlace, path: string): Owner | undefined {
  const [epoch, lineage, file, deeper] = path.slice(stagingFolder(place).length + 1).split('/');
  if (epoch === undefined || lineage === undefined || file === undefined || deeper !== undefined) return undefined;
  return /^\d{20}$/.test(epoch) && isStagedName(file) ? { epoch: Number(epoch), lineage } : undefined;
}

/** Whether hygge uses a name like this below a folder of `stagingOf`. */
export const isStagedName = (file: string): boolean => /^(?:aside-\d+|\d+-\d+)-[0-9a-z]+$/.test(file);

/** The number of the slice in a staged name. */
export function sliceOfStaged(path: string): number {
  return Number(/(\d+)-\d+-[0-9a-z]+$/.exec(path)?.[1] ?? 0);
}

/** Whether readers skip a path: a segment below the data folder begins with `_` or `.`. Folders of a partition (`_day=…`) are not skipped. */
export function isHidden(folder: string, path: string): boolean {
  const segments = below(folder, path).split('/');
  const isPartition = (segment: string, i: number) => i < segments.length - 1 && isHiveFolder(segment);
  // Keys in object stores can contain the segments `.` and `..`, which do not make a file hidden.
  const isDotted = (segment: string) => segment.startsWith('.') && !/^\.\.?$/.test(segment);
  return segments.some((segment, i) => isDotted(segment) || (segment.startsWith('_') && !isPartition(segment, i)));
}

function below(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}

export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
