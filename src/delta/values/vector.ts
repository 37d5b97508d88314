import { crc32 } from 'node:zlib';
import type { HyggeError } from '../../errors/hygge-error.ts';
import type { FileSource } from '../../formats/contract/format.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import type { VectorDescriptor } from '../table.ts';
import type { DeletedRows } from './deleted-rows.ts';
import { valueError } from './errors.ts';
import { rowsOfBitmaps, VectorDamaged } from './roaring.ts';
import { z85Bytes } from './z85.ts';

/** The place of a vector's file: a path below the table's folder, or a URI as in the log. */
export type VectorPlace = { readonly kind: 'in table'; readonly path: string } | { readonly kind: 'absolute'; readonly uri: string };

/** Opens the file of a vector. It may throw FileNotFound, or refuse a place that it must not read. */
export type OpenVector = (place: VectorPlace) => FileSource | Promise<FileSource>;

export interface VectorRequest {
  readonly vector: VectorDescriptor;
  /** The number of rows in the data file, deleted rows included. */
  readonly rows: number;
  /** The data file, for messages. */
  readonly name: string;
  readonly open: OpenVector;
}

/** The path of a vector's file, if it has one. Throws HYG-3804 for a text that names no file. */
export function vectorPlace({ storageType, pathOrInlineDv }: VectorDescriptor, name: string): VectorPlace | undefined {
  if (storageType === 'i') return undefined;
  if (storageType === 'p') return { kind: 'absolute', uri: pathOrInlineDv };
  if (storageType !== 'u') throw damaged(name, `the storage type is ${JSON.stringify(storageType)}, which the protocol does not know`);
  const prefix = pathOrInlineDv.slice(0, -uuidLength);
  const bytes = pathOrInlineDv.length < uuidLength ? undefined : z85Bytes(pathOrInlineDv.slice(-uuidLength));
  if (bytes === undefined) throw damaged(name, `${JSON.stringify(pathOrInlineDv)} names no file`);
  if (/^\.*$/.test(prefix) ? prefix !== '' : /[/\\]/.test(prefix))
    throw damaged(name, `${JSON.stringify(prefix)} is not a folder of the table`);
  const hex = Buffer.from(bytes).toString('hex');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { kind: 'in table', path: `${prefix === '' ? '' : `${prefix}/`}deletion_vector_${uuid}.bin` };
}

/** Characters of a UUID in Z85. */
const uuidLength = 20;

/** The deleted rows of a file. Throws HYG-3804 for a vector that is damaged or of another file, HYG-3805 for a missing vector. */
export async function readVector({ vector, rows, name, open }: VectorRequest): Promise<DeletedRows> {
  const { sizeInBytes, cardinality } = vector;
  if (!isCount(sizeInBytes) || !isCount(cardinality))
    throw damaged(name, `the log says ${sizeInBytes} bytes and ${cardinality} rows for the vector`);
  if (cardinality > rows) throw damaged(name, `the log says that the vector deletes ${cardinality} rows, but the file has ${rows}`);
  if (sizeInBytes > mostBytes(rows))
    throw damaged(name, `the log says ${sizeInBytes} bytes for the vector, which is too many for ${rows} rows`);
  const place = vectorPlace(vector, name);
  const bytes = place === undefined ? inline(vector, name) : await fromFile(await opened(place, { open, name }), { vector, name });
  const deleted = rowsIn(bytes, { rows, name });
  if (deleted.count !== cardinality) throw damaged(name, `the vector deletes ${deleted.count} rows, but the log says ${cardinality}`);
  return deleted;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The maximum size of a vector: each block of 65,536 rows in its largest form, and its header. */
function mostBytes(rows: number): number {
  return 1_024 + (Math.floor(rows / 65_536) + 1) * (4 + 32_768 * 4 + 16);
}

function inline({ pathOrInlineDv, sizeInBytes }: VectorDescriptor, name: string): Uint8Array {
  const bytes = z85Bytes(pathOrInlineDv);
  if (bytes === undefined) throw damaged(name, 'the text of the vector in the log is not Base85');
  // Z85 encodes four bytes at a time, so up to three bytes are only padding.
  if (sizeInBytes > bytes.length || bytes.length - sizeInBytes > 3)
    throw damaged(name, `the text of the vector in the log has ${bytes.length} bytes, but the log says ${sizeInBytes}`);
  return bytes.subarray(0, sizeInBytes);
}

async function opened(place: VectorPlace, { open, name }: Pick<VectorRequest, 'open' | 'name'>): Promise<FileSource> {
  try {
    return await open(place);
  } catch (error) {
    throw error instanceof FileNotFound ? missing(name, place.kind === 'absolute' ? place.uri : place.path, error) : error;
  }
}

/** The file has one byte for its version. For each vector, it has four bytes for the vector’s size, the vector, and four bytes for the checksum. */
const [versionBytes, sizeBytes, checksumBytes] = [1, 4, 4];
/** If the vector starts before this offset, the file is read from its beginning, in one request instead of two. */
const nearBytes = 64 * 1024;

async function fromFile(
  file: FileSource,
  { vector, name }: { readonly vector: VectorDescriptor; readonly name: string },
): Promise<Uint8Array> {
  // By the protocol, an absent offset is 0, which is the position of the version byte.
  const { sizeInBytes } = vector;
  const offset = vector.offset ?? 0;
  if (!isCount(offset)) throw damaged(name, `the log says that the vector begins at byte ${offset} of ${file.name}`);
  const end = offset + sizeBytes + sizeInBytes + checksumBytes;
  if (end > file.bytes) throw damaged(name, `the vector ends at byte ${end} of ${file.name}, which has ${file.bytes} bytes`);
  const start = offset < nearBytes ? 0 : offset;
  const [version] = start === 0 ? [undefined] : [await ranged(file, { start: 0, end: versionBytes }, name)];
  const read = await ranged(file, { start, end }, name);
  if ((version ?? read)[0] !== 1) throw damaged(name, `${file.name} has version ${(version ?? read)[0]}, but hygge reads version 1`);
  const at = Buffer.from(read.buffer, read.byteOffset, read.length).subarray(offset - start);
  const size = at.readUInt32BE(0);
  if (size !== sizeInBytes) throw damaged(name, `the vector has ${size} bytes in ${file.name}, but the log says ${sizeInBytes}`);
  const bytes = at.subarray(sizeBytes, sizeBytes + size);
  if (crc32(bytes) !== at.readUInt32BE(sizeBytes + size))
    throw damaged(name, `the bytes of the vector in ${file.name} do not fit their checksum`);
  return bytes;
}

async function ranged(file: FileSource, range: { readonly start: number; readonly end: number }, name: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await file.read(range);
  } catch (error) {
    throw error instanceof FileNotFound ? missing(name, file.name, error) : error;
  }
  if (bytes.length !== range.end - range.start) throw damaged(name, `${file.name} ends early`);
  return bytes;
}

function rowsIn(bytes: Uint8Array, { rows, name }: Pick<VectorRequest, 'rows' | 'name'>): DeletedRows {
  try {
    return rowsOfBitmaps(bytes, rows);
  } catch (error) {
    throw error instanceof VectorDamaged ? damaged(name, error.message, error) : error;
  }
}

function damaged(name: string, why: string, cause?: unknown): HyggeError {
  return valueError('HYG-3804', `The deletion vector of ${name} is damaged.`, { why: [`${why[0]?.toUpperCase()}${why.slice(1)}.`], cause });
}

function missing(name: string, file: string, cause: unknown): HyggeError {
  return valueError('HYG-3805', `The deletion vector of ${name} is not there.`, { why: [`The vector should be in ${file}.`], cause });
}
