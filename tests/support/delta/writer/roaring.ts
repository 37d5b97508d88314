/**
 * Deletion vectors, from the published formats: sets of row numbers as 64-bit Roaring bitmaps behind Delta's magic number (`vectorBytes`), the file that holds
 * several of them (`vectorFile`), and Z85 for what is written in the log itself (`z85`).
 */
import { crc32 } from 'node:zlib';

const magic = 1681511377;
/** Without and with containers of runs. */
const [plainCookie, runCookie] = [12346, 12347];
/** With runs, the places of containers are written from so many containers on. */
const offsetsFrom = 4;
const mostInArray = 4096;
const bitmapBytes = 8192;

export type ContainerKind = 'array' | 'bitmap' | 'run';

interface Container {
  readonly key: number;
  readonly cardinality: number;
  readonly kind: ContainerKind;
  readonly body: Buffer;
}

/**
 * @param rows ascending, each once.
 * @param kindOf how a container of so many rows is written; most often the smallest kind of the three.
 */
export function vectorBytes(rows: readonly number[], kindOf?: (count: number) => ContainerKind): Buffer {
  const buckets = groupedBy(rows, 2 ** 32);
  const head = Buffer.alloc(12);
  head.writeUInt32LE(magic, 0);
  head.writeBigUInt64LE(BigInt(buckets.length), 4);
  const parts = buckets.map(([key, lows]) => {
    const at = Buffer.alloc(4);
    at.writeUInt32LE(key);
    return Buffer.concat([at, bitmap32(lows, kindOf)]);
  });
  return Buffer.concat([head, ...parts]);
}

function groupedBy(values: readonly number[], size: number): readonly (readonly [number, readonly number[]])[] {
  const groups = new Map<number, number[]>();
  for (const value of values) {
    const key = Math.floor(value / size);
    const group = groups.get(key);
    if (group) group.push(value % size);
    else groups.set(key, [value % size]);
  }
  return [...groups];
}

function bitmap32(values: readonly number[], kindOf?: (count: number) => ContainerKind): Buffer {
  const containers = groupedBy(values, 2 ** 16).map(([key, lows]) => containerOf(key, lows, kindOf?.(lows.length)));
  const count = containers.length;
  const hasRuns = containers.some(({ kind }) => kind === 'run');
  const cookie = Buffer.alloc(hasRuns ? 4 + Math.ceil(count / 8) : 8);
  if (hasRuns) {
    cookie.writeUInt32LE(runCookie + (count - 1) * 2 ** 16, 0);
    for (const [i, { kind }] of containers.entries())
      if (kind === 'run') cookie[4 + (i >> 3)] = (cookie[4 + (i >> 3)] ?? 0) | (1 << (i & 7));
  } else {
    cookie.writeUInt32LE(plainCookie, 0);
    cookie.writeUInt32LE(count, 4);
  }
  const keys = Buffer.alloc(4 * count);
  for (const [i, { key, cardinality }] of containers.entries()) {
    keys.writeUInt16LE(key, 4 * i);
    keys.writeUInt16LE(cardinality - 1, 4 * i + 2);
  }
  const places = Buffer.alloc(!hasRuns || count >= offsetsFrom ? 4 * count : 0);
  let at = cookie.length + keys.length + places.length;
  for (const [i, { body }] of containers.entries()) {
    if (places.length > 0) places.writeUInt32LE(at, 4 * i);
    at += body.length;
  }
  return Buffer.concat([cookie, keys, places, ...containers.map(({ body }) => body)]);
}

/** As the libraries choose that write no runs. */
export const withoutRuns = (count: number): ContainerKind => (count > mostInArray ? 'bitmap' : 'array');

/** Of that kind, or the smallest of the three, as the libraries choose. */
function containerOf(key: number, values: readonly number[], kind?: ContainerKind): Container {
  const runs: [start: number, length: number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === value) last[1] += 1;
    else runs.push([value, 1]);
  }
  const cardinality = values.length;
  const otherwise = cardinality <= mostInArray ? 2 * cardinality : bitmapBytes;
  const chosen = kind ?? (2 + 4 * runs.length < otherwise ? 'run' : withoutRuns(cardinality));
  if (chosen === 'run') {
    const body = Buffer.alloc(2 + 4 * runs.length);
    body.writeUInt16LE(runs.length, 0);
    for (const [i, [start, length]] of runs.entries()) {
      body.writeUInt16LE(start, 2 + 4 * i);
      body.writeUInt16LE(length - 1, 4 + 4 * i);
    }
    return { key, cardinality, kind: 'run', body };
  }
  if (chosen === 'array') {
    const body = Buffer.alloc(2 * cardinality);
    for (const [i, value] of values.entries()) body.writeUInt16LE(value, 2 * i);
    return { key, cardinality, kind: 'array', body };
  }
  const body = Buffer.alloc(bitmapBytes);
  for (const value of values) body[value >> 3] = (body[value >> 3] ?? 0) | (1 << (value & 7));
  return { key, cardinality, kind: 'bitmap', body };
}

/** A file of vectors, and where each begins in it. */
export function vectorFile(vectors: readonly Buffer[]): { readonly bytes: Buffer; readonly offsets: readonly number[] } {
  const parts: Buffer[] = [Buffer.from([1])];
  const offsets: number[] = [];
  let at = 1;
  for (const vector of vectors) {
    const [size, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(vector.length);
    checksum.writeUInt32BE(crc32(vector));
    parts.push(size, vector, checksum);
    offsets.push(at);
    at += 8 + vector.length;
  }
  return { bytes: Buffer.concat(parts), offsets };
}

const z85Digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Four bytes are five digits; what is no multiple of four is filled with zeros. */
export function z85(bytes: Uint8Array): string {
  const filled = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  let text = '';
  for (let at = 0; at < filled.length; at += 4) {
    const word = filled.readUInt32BE(at);
    for (const power of [4, 3, 2, 1, 0]) text += z85Digits[Math.floor(word / 85 ** power) % 85];
  }
  return text;
}
