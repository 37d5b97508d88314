import { DeletedRows } from './deleted-rows.ts';

/** The error for bytes that are not a valid bitmap, or for a bitmap with rows that the file does not have. */
export class VectorDamaged extends Error {
  override readonly name = 'VectorDamaged';
}

/** The first bytes of a vector in the portable format: 64-bit numbers as 32-bit bitmaps, whose keys are the upper 32 bits. */
export const portableMagic = 1_681_511_377;
/** The first bytes of an earlier format, which an example of the protocol uses: bitmaps one after another with their sizes, in big-endian order. */
const nativeMagic = 1_681_511_376;

const twoTo32 = 2 ** 32;

/**
 * The deleted rows of a file from the bytes of a vector, without its size and checksum.
 * @param rows of the file: higher row numbers are an error.
 * @throws VectorDamaged
 */
export function rowsOfBitmaps(bytes: Uint8Array, rows: number): DeletedRows {
  const input = new Input(bytes);
  const deleted = new DeletedRows(rows);
  const magic = input.u32();
  if (magic === portableMagic) readPortable(input, deleted);
  else if (input.magicInReverse() === nativeMagic) readNative(input, deleted);
  else throw new VectorDamaged(`the vector begins with ${magic}, not with ${portableMagic}`);
  if (input.left > 0) throw new VectorDamaged(`${input.left} bytes follow the last bitmap`);
  return deleted;
}

function readPortable(input: Input, into: DeletedRows): void {
  const low = input.u32();
  const high = input.u32();
  // Each bitmap needs at least twelve bytes: eight, and four for its key.
  if (high !== 0 || low > input.left / 12)
    throw new VectorDamaged(`the vector says ${high * twoTo32 + low} bitmaps, which its bytes can’t contain`);
  let before = -1;
  for (let i = 0; i < low; i++) {
    const key = input.u32();
    if (key <= before || key > 0x7fff_ffff) throw new VectorDamaged('the keys of the bitmaps are not in order');
    before = key;
    readBitmap(input, { base: key * twoTo32, into });
  }
}

function readNative(input: Input, into: DeletedRows): void {
  const count = input.u32InReverse();
  if (count > input.left / 12) throw new VectorDamaged(`the vector says ${count} bitmaps, which its bytes can’t contain`);
  for (let key = 0; key < count; key++) {
    const size = input.u32InReverse();
    const before = input.left;
    readBitmap(input, { base: key * twoTo32, into });
    if (before - input.left !== size) throw new VectorDamaged('a bitmap has another size than it says');
  }
}

interface Target {
  /** The row number that corresponds to the number 0 in the bitmap. */
  readonly base: number;
  readonly into: DeletedRows;
}

const cookieWithoutRuns = 12_346;
const cookieWithRuns = 12_347;
/** If a bitmap has run containers, it lists the offsets of its containers only from this number of containers on. */
const leastWithOffsets = 4;
/** The maximum of numbers in an array container. A container with more numbers is a bitmap. */
const mostInArray = 4_096;
const containerRows = 65_536;
const bitmapBytes = containerRows / 8;

interface Container {
  readonly key: number;
  readonly count: number;
  readonly isRun: boolean;
}

/** Reads one 32-bit bitmap, by the published specification of Roaring bitmaps. */
function readBitmap(input: Input, target: Target): void {
  const start = input.at;
  const containers = containersOf(input);
  const hasRuns = containers.hasRuns;
  const offsets = !hasRuns || containers.all.length >= leastWithOffsets ? containers.all.map(() => input.u32()) : undefined;
  for (const [i, container] of containers.all.entries()) {
    if (offsets !== undefined && offsets[i] !== input.at - start)
      throw new VectorDamaged('a container begins elsewhere than its bitmap says');
    const base = target.base + container.key * containerRows;
    if (container.isRun) readRuns(input, container, { base, into: target.into });
    else if (container.count > mostInArray) readBits(input, container, { base, into: target.into });
    else readArray(input, container, { base, into: target.into });
  }
}

function containersOf(input: Input): { readonly hasRuns: boolean; readonly all: readonly Container[] } {
  const cookie = input.u32();
  const hasRuns = (cookie & 0xffff) === cookieWithRuns;
  if (!hasRuns && cookie !== cookieWithoutRuns) throw new VectorDamaged(`a bitmap begins with ${cookie}`);
  const size = hasRuns ? (cookie >>> 16) + 1 : input.u32();
  if (size > containerRows || size > input.left / 4)
    throw new VectorDamaged(`a bitmap says ${size} containers, which its bytes can't hold`);
  const runs = hasRuns ? input.bytes(Math.ceil(size / 8)) : undefined;
  const all: Container[] = [];
  for (let i = 0; i < size; i++) {
    const key = input.u16();
    if (key <= (all.at(-1)?.key ?? -1)) throw new VectorDamaged('the containers of a bitmap are not in order');
    all.push({ key, count: input.u16() + 1, isRun: runs !== undefined && ((runs[i >> 3] as number) & (1 << (i & 7))) !== 0 });
  }
  return { hasRuns, all };
}

function readArray(input: Input, { count }: Container, { base, into }: Target): void {
  let before = -1;
  for (let i = 0; i < count; i++) {
    const value = input.u16();
    if (value <= before) throw new VectorDamaged('the rows of a container are not in order');
    before = value;
    add(into, base + value, base + value + 1);
  }
}

function readBits(input: Input, { count }: Container, { base, into }: Target): void {
  const bits = input.bytes(bitmapBytes);
  let found = 0;
  for (let byte = 0; byte < bitmapBytes; byte++) {
    const eight = bits[byte] as number;
    if (eight === 0) continue;
    for (let bit = 0; bit < 8; bit++) {
      if ((eight & (1 << bit)) === 0) continue;
      const row = base + byte * 8 + bit;
      add(into, row, row + 1);
      found++;
    }
  }
  if (found !== count) throw new VectorDamaged(`a container has ${found} rows, but says ${count}`);
}

function readRuns(input: Input, { count }: Container, { base, into }: Target): void {
  const runs = input.u16();
  let end = 0;
  let found = 0;
  for (let i = 0; i < runs; i++) {
    const from = input.u16();
    const length = input.u16() + 1;
    if (from < end || from + length > containerRows) throw new VectorDamaged('the runs of a container are not in order');
    end = from + length;
    found += length;
    add(into, base + from, base + end);
  }
  if (found !== count) throw new VectorDamaged(`a container has ${found} rows, but says ${count}`);
}

function add(into: DeletedRows, from: number, to: number): void {
  if (to > into.rows) throw new VectorDamaged(`the vector deletes row ${to - 1}, but the file has ${into.rows} rows, counted from 0`);
  into.add(from, to);
}

/** Bytes that are read in order, never beyond their end. */
class Input {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** The first four bytes, read in big-endian order. */
  magicInReverse(): number {
    return this.#view.getUint32(0);
  }

  u16(): number {
    return this.#view.getUint16(this.#next(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#next(4), true);
  }

  u32InReverse(): number {
    return this.#view.getUint32(this.#next(4));
  }

  bytes(length: number): Uint8Array {
    const from = this.#next(length);
    return this.#bytes.subarray(from, from + length);
  }

  #next(length: number): number {
    if (length > this.left) throw new VectorDamaged('the vector ends too early');
    const from = this.at;
    this.at += length;
    return from;
  }
}
