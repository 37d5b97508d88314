/** Writes deletion vectors from the published formats: Roaring bitmaps, 32 and 64 bits, and the file that Delta keeps them in. */
import { crc32 } from 'node:zlib';

export type ContainerKind = 'array' | 'bitmap' | 'runs';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

export function z85(bytes: Uint8Array): string {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  let text = '';
  for (let at = 0; at < padded.length; at += 4) {
    let value = padded.readUInt32BE(at);
    const five: string[] = [];
    for (let i = 0; i < 5; i++) {
      five.unshift(alphabet[value % 85] as string);
      value = Math.floor(value / 85);
    }
    text += five.join('');
  }
  return text;
}

/** @param kindOf how a container is written; an array has at most 4,096 numbers, and a bitmap more. */
export function vectorBytes(rows: readonly number[], kindOf: (count: number) => ContainerKind = smallest): Buffer {
  const buckets = grouped(rows, 2 ** 32);
  const head = Buffer.alloc(12);
  head.writeUInt32LE(1_681_511_377, 0);
  head.writeUInt32LE(buckets.length, 4);
  return Buffer.concat([head, ...buckets.flatMap(([key, values]) => [u32(key), bitmap32(values, kindOf)])]);
}

export const smallest = (count: number): ContainerKind => (count > 4_096 ? 'bitmap' : 'array');

function bitmap32(values: readonly number[], kindOf: (count: number) => ContainerKind): Buffer {
  const containers = grouped(values, 65_536).map(([key, of]) => ({ key, of, kind: kindOf(of.length) }));
  const bodies = containers.map(({ of, kind }) => bodyOf(of, kind));
  const hasRuns = containers.some(({ kind }) => kind === 'runs');
  const flags = Buffer.alloc(Math.ceil(containers.length / 8));
  for (const [i, { kind }] of containers.entries()) if (kind === 'runs') flags[i >> 3] = (flags[i >> 3] as number) | (1 << (i & 7));
  const cookie = hasRuns ? [u32(12_347 | ((containers.length - 1) << 16)), flags] : [u32(12_346), u32(containers.length)];
  const keys = containers.flatMap(({ key, of }) => [u16(key), u16(of.length - 1)]);
  const head = Buffer.concat([...cookie, ...keys]);
  const hasOffsets = !hasRuns || containers.length >= 4;
  let next = head.length + (hasOffsets ? containers.length * 4 : 0);
  const offsets = bodies.map((body) => {
    const at = next;
    next += body.length;
    return u32(at);
  });
  return Buffer.concat([head, ...(hasOffsets ? offsets : []), ...bodies]);
}

function bodyOf(values: readonly number[], kind: ContainerKind): Buffer {
  if (kind === 'array') return Buffer.concat(values.map(u16));
  if (kind === 'bitmap') {
    const bits = Buffer.alloc(8_192);
    for (const value of values) bits[value >> 3] = (bits[value >> 3] as number) | (1 << (value & 7));
    return bits;
  }
  const runs: [number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] + 1 === value) last[1]++;
    else runs.push([value, 0]);
  }
  return Buffer.concat([u16(runs.length), ...runs.flatMap(([from, more]) => [u16(from), u16(more)])]);
}

/** Numbers by their upper part, with what is left of each. */
function grouped(values: readonly number[], size: number): readonly (readonly [number, number[]])[] {
  const groups = new Map<number, number[]>();
  for (const value of values) {
    const key = Math.floor(value / size);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(value % size);
  }
  return [...groups];
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** A file of vectors, and where each begins. */
export function vectorFile(vectors: readonly Uint8Array[]): { readonly bytes: Buffer; readonly offsets: readonly number[] } {
  const pieces: Buffer[] = [Buffer.from([1])];
  const offsets: number[] = [];
  let at = 1;
  for (const vector of vectors) {
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(vector.length);
    sum.writeUInt32BE(crc32(vector));
    offsets.push(at);
    pieces.push(size, Buffer.from(vector), sum);
    at += 8 + vector.length;
  }
  return { bytes: Buffer.concat(pieces), offsets };
}
