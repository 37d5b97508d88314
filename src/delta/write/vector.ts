/** A file of deletion vectors: one byte for its version, and for each vector its size, its bitmaps and their checksum. */
import { crc32 } from 'node:zlib';
import type { VectorDescriptor } from '../table.ts';
import type { DeletedRows } from '../values/deleted-rows.ts';
import { z85Text } from '../values/z85.ts';
import { bitmapsOf } from './roaring.ts';
import { uuidBytes, uuidText } from './uuids.ts';

const version = 1;

export class VectorFile {
  /** The path of the file in the table’s folder. */
  readonly path: string;
  readonly #id: string;
  readonly #pieces: Uint8Array[] = [Uint8Array.of(version)];
  #bytes = 1;

  /** @param of a text that identifies the commit and the version of the table, from which the file name is computed. */
  constructor(of: string) {
    const uuid = uuidBytes(`vectors of ${of}`);
    this.#id = z85Text(uuid);
    this.path = `deletion_vector_${uuidText(uuid)}.bin`;
  }

  /** Returns the descriptor of the vector for the log. */
  add(deleted: DeletedRows): VectorDescriptor {
    const body = bitmapsOf(deleted);
    const [size, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(body.length);
    checksum.writeUInt32BE(crc32(body));
    const offset = this.#bytes;
    this.#pieces.push(size, body, checksum);
    this.#bytes += size.length + body.length + checksum.length;
    return { storageType: 'u', pathOrInlineDv: this.#id, offset, sizeInBytes: body.length, cardinality: deleted.count };
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }
}

/**
 * The statistics of a file whose rows a vector marks: the number of all rows that the file has, and bounds that may be wider than the rows that stay. Numbers stay
 * as written. @param rows of the file, deleted rows included.
 */
export function statsWithVector(stats: string | null, rows: number): string {
  const read = stats === null ? {} : asObject(stats);
  return JSON.stringify({ ...read, numRecords: rows, tightBounds: false });
}

function asObject(stats: string): object {
  try {
    const read: unknown = JSON.parse(stats, asWritten as (key: string, value: unknown) => unknown);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : {};
  } catch {
    return {};
  }
}

/** Keeps numbers as written, because JavaScript would round numbers beyond 2^53. */
function asWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  return typeof value === 'number' && context?.source !== undefined ? rawJSON(context.source) : value;
}
