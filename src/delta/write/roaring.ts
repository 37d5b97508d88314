/** The deleted rows of a file as the bitmaps of a vector, in the portable format: 64-bit numbers as 32-bit Roaring bitmaps, each with the upper 32 bits as its key. */
import type { DeletedRows } from '../values/deleted-rows.ts';
import { portableMagic } from '../values/roaring.ts';

/** The first bytes of a bitmap without run containers. */
const cookie = 12_346;
/** The maximum of numbers in an array container. A container with more numbers is a bitmap. */
const mostInArray = 4_096;
const bitmapBytes = 8_192;
/** The number of blocks of `DeletedRows` in one 32-bit bitmap. */
const blocksOfBitmap = 65_536;

interface Container {
  readonly key: number;
  readonly count: number;
  readonly body: Uint8Array;
}

export function bitmapsOf(deleted: DeletedRows): Uint8Array {
  const blocks = deleted.blocks();
  const bitmaps = Map.groupBy(blocks, ([number]) => Math.floor(number / blocksOfBitmap));
  const head = Buffer.alloc(12);
  head.writeUInt32LE(portableMagic, 0);
  head.writeBigUInt64LE(BigInt(bitmaps.size), 4);
  const pieces: Uint8Array[] = [head];
  for (const [key, own] of bitmaps) {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(key);
    pieces.push(number, ...bitmapOf(own.map(([block, bits]) => containerOf(block % blocksOfBitmap, bits))));
  }
  return Buffer.concat(pieces);
}

/** The bytes of a bitmap: keys and counts of the containers, offsets of the containers, and the containers themselves. */
function bitmapOf(containers: readonly Container[]): readonly Uint8Array[] {
  const head = Buffer.alloc(8 + 8 * containers.length);
  head.writeUInt32LE(cookie, 0);
  head.writeUInt32LE(containers.length, 4);
  let begin = head.length;
  for (const [i, { key, count, body }] of containers.entries()) {
    head.writeUInt16LE(key, 8 + 4 * i);
    head.writeUInt16LE(count - 1, 8 + 4 * i + 2);
    head.writeUInt32LE(begin, 8 + 4 * containers.length + 4 * i);
    begin += body.length;
  }
  return [head, ...containers.map(({ body }) => body)];
}

function containerOf(key: number, bits: Uint8Array): Container {
  const numbers = new Uint16Array(mostInArray);
  let count = 0;
  for (let byte = 0; byte < bitmapBytes; byte++) {
    const eight = bits[byte] as number;
    if (eight === 0) continue;
    for (let bit = 0; bit < 8; bit++) {
      if ((eight & (1 << bit)) === 0) continue;
      if (count < mostInArray) numbers[count] = byte * 8 + bit;
      count++;
    }
  }
  if (count > mostInArray) return { key, count, body: bits };
  const body = Buffer.alloc(2 * count);
  for (let i = 0; i < count; i++) body.writeUInt16LE(numbers[i] as number, 2 * i);
  return { key, count, body };
}
