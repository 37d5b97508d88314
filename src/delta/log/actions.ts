/** Actions of the log: the content of a commit or checkpoint, checked and in hygge's terms. By the protocol, readers ignore unknown actions and fields. */
import { isUtf8 } from 'node:buffer';
import type { FileInfo } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { DeltaFile, DeltaProtocol, DeltaTransaction, FileKey, VectorDescriptor } from '../table.ts';
import { BadAction } from './errors.ts';
import type { LogFiles } from './listing.ts';

/** `metaData` with its schema as text. Only the newest schema is parsed. */
export interface RawMetadata {
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly provider: string;
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
}

export interface AddAction {
  readonly file: DeltaFile;
  readonly dataChange: boolean;
}

export interface RemoveAction {
  readonly path: string;
  readonly vector: VectorDescriptor | null;
  readonly dataChange: boolean;
}

/** A file of the change feed. */
export interface CdcFile {
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly bytes: number;
}

export interface CommitInfo {
  /** The writer's name of the operation: `WRITE`, `RESTORE`, `OPTIMIZE`. */
  readonly operation: string | null;
  readonly inCommitTimestamp: number | null;
  /** See `DeltaCommit.insertedRows`. */
  readonly insertedRows: number | null;
  /** The id of the head that hygge's commit made; null: another program wrote the commit. */
  readonly head: string | null;
}

/** The member of `commitInfo` that names the head of hygge's commit. */
export const headMember = 'hygge.head';

/** The tag of a file that a commit of hygge rewrote: the path of the earlier file with these rows. */
export const rewritesTag = 'hygge.rewrites';

export interface Sidecar {
  readonly path: string;
  readonly bytes: number | null;
}

/** Shortens the statistics of a file, so that they fit into memory. Null: the statistics are dropped. */
export type KeepStats = (stats: string) => string | null;

/** The maximum length of all statistics. The statistics of a hundred thousand files with many columns would take most of the memory. */
const mostStatsLength = 96 * 1024 * 1024;

/** Keeps whole statistics until `most` is reached, and then only the number of records. By the protocol, statistics may be absent in any file. */
export function statsWithRoom(most = mostStatsLength): KeepStats {
  let room = most;
  return (stats) => {
    const stays = stats.length <= room ? stats : recordsAlone(stats);
    room -= stays?.length ?? 0;
    return stays;
  };
}

function recordsAlone(stats: string): string | null {
  try {
    const { numRecords } = JSON.parse(stats) as { readonly numRecords?: unknown };
    return typeof numRecords === 'number' ? JSON.stringify({ numRecords }) : null;
  } catch {
    return null;
  }
}

/** All actions of one file of the log. */
export class Actions {
  readonly #keepStats: KeepStats;
  readonly protocols: DeltaProtocol[] = [];
  readonly metadata: RawMetadata[] = [];
  readonly adds: AddAction[] = [];
  readonly removes: RemoveAction[] = [];
  readonly cdc: CdcFile[] = [];
  readonly sidecars: Sidecar[] = [];
  readonly transactions = new Map<string, DeltaTransaction>();
  commitInfo: CommitInfo | null = null;
  /** The version in `checkpointMetadata`. */
  checkpointVersion: number | null = null;

  constructor(keepStats: KeepStats) {
    this.#keepStats = keepStats;
  }

  keptStats(stats: string | null): string | null {
    return stats === null ? null : this.#keepStats(stats);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Adds the actions of a line of JSON. Throws `BadAction`. */
export function takeLine(line: string, into: Actions): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw new BadAction(`it is not JSON (${cause instanceof Error ? cause.message.slice(0, 120) : ''})`);
  }
  for (const [name, value] of Object.entries(fieldsOf(parsed, 'a line'))) if (value !== null) take(name, value, into);
}

function take(name: string, value: unknown, into: Actions): void {
  if (name === 'add') into.adds.push(addOf(fieldsOf(value, name), into));
  else if (name === 'remove') into.removes.push(removeOf(fieldsOf(value, name)));
  else if (name === 'metaData') into.metadata.push(metadataOf(fieldsOf(value, name)));
  else if (name === 'protocol') into.protocols.push(protocolOf(fieldsOf(value, name)));
  else if (name === 'cdc') into.cdc.push(cdcOf(fieldsOf(value, name)));
  else if (name === 'sidecar') into.sidecars.push(sidecarOf(fieldsOf(value, name)));
  else if (name === 'txn') takeTransaction(fieldsOf(value, name), into);
  else if (name === 'commitInfo') into.commitInfo = infoOf(fieldsOf(value, name));
  else if (name === 'checkpointMetadata') into.checkpointVersion = integer(fieldsOf(value, name), 'version', name);
}

/** The partition values of all files that have none, as one shared object. */
export const noValues: Readonly<Record<string, string | null>> = Object.freeze(Object.create(null));
/** Marks a file without a map of partition values in the log, which is valid only if the table has no partition columns. */
export const absentValues: Readonly<Record<string, string | null>> = Object.freeze(Object.create(null));

function addOf(add: Fields, into: Actions): AddAction {
  const path = text(add, 'path', 'add');
  const file: DeltaFile = {
    path,
    partitionValues: valuesOf(add.partitionValues, path),
    bytes: integer(add, 'size', 'add'),
    modificationTime: integer(add, 'modificationTime', 'add'),
    vector: vectorOf(add.deletionVector, path),
    stats: into.keptStats(typeof add.stats === 'string' ? add.stats : null),
    ...tagsOf(Object.entries(add.tags ?? {})),
  };
  return { file, dataChange: add.dataChange !== false };
}

function removeOf(remove: Fields): RemoveAction {
  const path = text(remove, 'path', 'remove');
  return { path, vector: vectorOf(remove.deletionVector, path), dataChange: remove.dataChange !== false };
}

function cdcOf(cdc: Fields): CdcFile {
  const path = text(cdc, 'path', 'cdc');
  return { path, partitionValues: valuesOf(cdc.partitionValues, path), bytes: integer(cdc, 'size', 'cdc') };
}

/** The tags of a file. A tag whose value is not a text is ignored. */
export function tagsOf(tags: readonly (readonly [string, unknown])[]): Pick<DeltaFile, 'tags'> {
  const texts = tags.filter((tag): tag is readonly [string, string | null] => tag[1] === null || typeof tag[1] === 'string');
  return texts.length === 0 ? {} : { tags: Object.fromEntries(texts) };
}

/** The partition values of a file. By the protocol, an empty text is null. */
function valuesOf(value: unknown, path: string): Readonly<Record<string, string | null>> {
  if (value === undefined || value === null) return absentValues;
  const entries = Object.entries(fieldsOf(value, `partitionValues of ${path}`));
  return valuesFrom(entries, path);
}

/** The partition values of a file, from the pairs of a checkpoint. */
export function valuesFrom(entries: readonly (readonly [string, unknown])[], path: string): Readonly<Record<string, string | null>> {
  if (entries.length === 0) return noValues;
  const values: Record<string, string | null> = Object.create(null);
  for (const [name, one] of entries) {
    if (one !== null && typeof one !== 'string') throw new BadAction(`partitionValues of ${path} has a value of ${name} that is not text`);
    values[name] = one === '' ? null : one;
  }
  return values;
}

function vectorOf(value: unknown, path: string): VectorDescriptor | null {
  if (value === undefined || value === null) return null;
  const of = `deletionVector of ${path}`;
  const vector = fieldsOf(value, of);
  return {
    // An unknown type is an error only for a file that is read: see `checkedFiles`.
    storageType: text(vector, 'storageType', of) as VectorDescriptor['storageType'],
    pathOrInlineDv: text(vector, 'pathOrInlineDv', of),
    offset: vector.offset === undefined || vector.offset === null ? null : integer(vector, 'offset', of),
    sizeInBytes: integer(vector, 'sizeInBytes', of),
    cardinality: integer(vector, 'cardinality', of),
  };
}

/** The protocol's id of a vector; null if there is no vector. */
export function vectorId(vector: VectorDescriptor | null): string | null {
  if (vector === null) return null;
  const { storageType, pathOrInlineDv, offset } = vector;
  return `${storageType}${pathOrInlineDv}${offset === null ? '' : `@${offset}`}`;
}

/** The key of a file. Path and vector id are separated by NUL, which no path contains. */
export function keyOf({ path, vector }: Pick<DeltaFile, 'path' | 'vector'>): FileKey {
  const id = vectorId(vector);
  return id === null ? path : `${path}\0${id}`;
}

function metadataOf(metadata: Fields): RawMetadata {
  const format = fieldsOf(metadata.format ?? {}, 'format of metaData');
  return {
    id: text(metadata, 'id', 'metaData'),
    name: typeof metadata.name === 'string' ? metadata.name : null,
    description: typeof metadata.description === 'string' ? metadata.description : null,
    provider: typeof format.provider === 'string' ? format.provider : 'parquet',
    schemaString: text(metadata, 'schemaString', 'metaData'),
    partitionColumns: texts(metadata.partitionColumns ?? [], 'partitionColumns of metaData'),
    configuration: configurationOf(Object.entries(fieldsOf(metadata.configuration ?? {}, 'configuration of metaData'))),
  };
}

export function configurationOf(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, string>> {
  const properties: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) if (typeof value === 'string') properties[name] = value;
  return properties;
}

function protocolOf(protocol: Fields): DeltaProtocol {
  const features = (name: 'readerFeatures' | 'writerFeatures') => {
    const value = protocol[name];
    return value === undefined || value === null ? null : texts(value, `${name} of protocol`);
  };
  return {
    minReaderVersion: integer(protocol, 'minReaderVersion', 'protocol'),
    minWriterVersion: integer(protocol, 'minWriterVersion', 'protocol'),
    readerFeatures: features('readerFeatures'),
    writerFeatures: features('writerFeatures'),
  };
}

function takeTransaction(txn: Fields, into: Actions): void {
  const { lastUpdated: at } = txn;
  const lastUpdated = typeof at === 'number' && Number.isSafeInteger(at) ? at : null;
  // Other applications may write versions in any form; a version that is not a number is ignored.
  if (typeof txn.version === 'number') into.transactions.set(text(txn, 'appId', 'txn'), { version: txn.version, lastUpdated });
}

function infoOf(info: Fields): CommitInfo {
  const { operation, inCommitTimestamp: time, [headMember]: head } = info;
  return {
    head: typeof head === 'string' ? head : null,
    operation: typeof operation === 'string' ? operation : null,
    inCommitTimestamp: typeof time === 'number' && Number.isSafeInteger(time) ? time : null,
    insertedRows: insertedBy(info.operationMetrics),
  };
}

/** The number of inserted rows in the metrics. Spark writes metrics as texts, and delta-rs uses other names. */
function insertedBy(metrics: unknown): number | null {
  if (typeof metrics !== 'object' || metrics === null) return null;
  const { numTargetRowsInserted, num_target_rows_inserted = numTargetRowsInserted } = metrics as Fields;
  const rows = /^\d+$/.test(String(num_target_rows_inserted)) ? Number(num_target_rows_inserted) : null;
  return rows !== null && Number.isSafeInteger(rows) ? rows : null;
}

function sidecarOf(sidecar: Fields): Sidecar {
  const { sizeInBytes: bytes } = sidecar;
  return { path: text(sidecar, 'path', 'sidecar'), bytes: typeof bytes === 'number' ? bytes : null };
}

function fieldsOf(value: unknown, of: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadAction(`${of} is not a JSON object`);
  return value as Fields;
}

function text(fields: Fields, name: string, of: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new BadAction(`${of} has no ${name}`);
  return value;
}

function texts(value: unknown, of: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) throw new BadAction(`${of} is not a list of texts`);
  return value;
}

/** A whole number that is not negative, like all numbers of the log that a reader needs. */
function integer(fields: Fields, name: string, of: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new BadAction(`${of} has no whole number ${name}`);
  return value;
}

/** The size of the ranges in which a larger file is read, so that the file is never completely in memory. Ranges fit together, because entries of the log do not change. */
const rangeBytes = 8 * 1024 * 1024;
const newline = 0x0a;

interface JsonReading {
  readonly files: LogFiles;
  readonly signal: AbortSignal;
}

/** Adds the file's actions. Throws `BadAction`, or `FileNotFound`. */
export async function readJsonFile(info: FileInfo, actions: Actions, { files, signal }: JsonReading): Promise<Actions> {
  let rest: Uint8Array = new Uint8Array(0);
  let line = 0;
  let isEmpty = true;
  const take = (bytes: Uint8Array): void => {
    line += 1;
    const text = textOf(bytes, line);
    if (text.trim() === '') return;
    isEmpty = false;
    try {
      takeLine(text, actions);
    } catch (error) {
      throw error instanceof BadAction ? new BadAction(`Line ${line}: ${error.message}.`) : error;
    }
  };
  for await (const piece of piecesOf(files, info)) {
    signal.throwIfAborted();
    let from = 0;
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, from)) {
      take(rest.length === 0 ? piece.subarray(from, at) : Buffer.concat([rest, piece.subarray(from, at)]));
      rest = new Uint8Array(0);
      from = at + 1;
    }
    rest = rest.length === 0 ? piece.slice(from) : Buffer.concat([rest, piece.subarray(from)]);
  }
  if (rest.length > 0) take(rest);
  if (isEmpty) throw new BadAction('The file contains no action: its writer was interrupted, or has just started.');
  return actions;
}

async function* piecesOf(files: LogFiles, { path, bytes }: FileInfo): AsyncGenerator<Uint8Array> {
  if (bytes <= rangeBytes) {
    yield await retry(() => files.read(path));
    return;
  }
  for (let start = 0; start < bytes; start += rangeBytes) {
    const range = { start, end: Math.min(start + rangeBytes, bytes) };
    yield await retry(() => files.read(path, range));
  }
}

function textOf(bytes: Uint8Array, line: number): string {
  if (!isUtf8(bytes)) throw new BadAction(`Line ${line} is not UTF-8.`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
