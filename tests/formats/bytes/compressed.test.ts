import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Compressor, compressionOf, plainBytes } from '../../../src/formats/bytes/compression.ts';
import { ZstdFrames } from '../../../src/formats/bytes/zstd-frames.ts';
import type { FileSource } from '../../../src/formats/contract/format.ts';
import { duck } from '../../support/duck.ts';
import { SEED, sampled } from '../../support/samples.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const text = Buffer.from(Array.from({ length: 100_000 }, (_, i) => `${i * 7919} row\n`).join(''));

const fileOf = (bytes: Uint8Array): FileSource => ({
  name: 'x.gz',
  bytes: bytes.length,
  read: async ({ start, end }) => bytes.subarray(start, end),
});

async function gathered(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

const compressedBy = new Map<string, Promise<Buffer>>();
/** The text, compressed once by each. */
function compressed(how: 'none' | 'gzip' | 'zstd'): Promise<Buffer> {
  const made = compressedBy.get(how) ?? compress(how);
  compressedBy.set(how, made);
  return made;
}

async function compress(how: 'none' | 'gzip' | 'zstd'): Promise<Buffer> {
  const compressing = new Compressor(how);
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length; at += 1_000_000) parts.push(await gathered(compressing.write(text.subarray(at, at + 1_000_000))));
  parts.push(await gathered(compressing.end()));
  return Buffer.concat(parts);
}

describe.each(['none', 'gzip', 'zstd'] as const)('compressed by %s', (how) => {
  test('bytes come back as they were, and the file says how', async () => {
    const source = fileOf(await compressed(how));
    expect(await compressionOf(source, 'auto')).toBe(how);
    expect((await gathered(plainBytes(source, how))).equals(text)).toBe(true);
  });

  test('a reader that stops in the middle holds nothing up', async () => {
    for await (const part of plainBytes(fileOf(await compressed(how)), how)) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
  });
});

describe.each(['gzip', 'zstd'] as const)('%s that', (how) => {
  test('ends too early is torn, at whatever byte', async () => {
    const whole = await compressed(how);
    for (const length of [3, whole.length >> 1, whole.length - 1])
      await expect(gathered(plainBytes(fileOf(whole.subarray(0, length)), how))).rejects.toMatchObject({ code: 'HYG-3301' });
  });

  test('is something else is refused', async () => {
    await expect(gathered(plainBytes(fileOf(text), how))).rejects.toThrow(`x.gz can't be decompressed as ${how}`);
  });
});

const framed = { gzip: gzipSync, zstd: zstdCompressSync } as const;
const skippable = (kind: number, bytes: number): Buffer => {
  const frame = Buffer.alloc(8 + bytes, 0x28);
  frame.writeUInt32LE(0x184d2a50 + kind, 0);
  frame.writeUInt32LE(bytes, 4);
  return frame;
};
/** A piece without content, of so many bytes: a gzip member with a long name, a skippable frame. */
const padded = {
  gzip: (bytes: number): Buffer => {
    const empty = gzipSync(Buffer.alloc(0));
    const head = Buffer.from([...empty.subarray(0, 3), 8, ...empty.subarray(4, 10)]);
    return Buffer.concat([head, Buffer.alloc(bytes - empty.length - 1, 'n'), Buffer.alloc(1), empty.subarray(10)]);
  },
  zstd: (bytes: number): Buffer => skippable(3, bytes - 8),
} as const;
/** A frame of everything that a frame can have: a checksum, blocks as they are, repeated and compressed, more than one window. */
const checksummed = zstdCompressSync(Buffer.concat([text, Buffer.alloc(400_000, 7), Buffer.from(text).reverse()]), {
  params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_contentSizeFlag]: 0, [constants.ZSTD_c_windowLog]: 12 },
});

describe.each(['gzip', 'zstd'] as const)('%s in more than one piece', (how) => {
  const piece = framed[how];
  const readBytes = 4 * 1024 * 1024;

  test('is read to its end: pieces larger than the buffers, thousands of small ones, empty ones', async () => {
    const lines = text
      .toString()
      .slice(0, 25_000)
      .split(/(?<=\n)/);
    const small = lines.map((line) => piece(Buffer.from(line)));
    const whole = Buffer.concat([
      piece(text),
      ...small,
      piece(Buffer.alloc(0)),
      piece(Buffer.alloc(9_000_000, 65)),
      piece(Buffer.alloc(0)),
    ]);
    const plain = Buffer.concat([text, text.subarray(0, 25_000), Buffer.alloc(9_000_000, 65)]);
    expect((await gathered(plainBytes(fileOf(whole), how))).equals(plain)).toBe(true);
  });

  test('is read to its end wherever a read ends', async () => {
    const [first, last] = [piece(Buffer.from('1,2\n')), piece(Buffer.from('3,4\n'))];
    for (let before = 0; before <= last.length; before += 4) {
      const padding = padded[how](readBytes - before - first.length);
      const whole = Buffer.concat([first, padding, last]);
      expect(whole.length - last.length).toBe(readBytes - before);
      expect((await gathered(plainBytes(fileOf(whole), how))).toString()).toBe('1,2\n3,4\n');
    }
  });

  test('with something else behind it is refused, and so is a last piece that is torn', async () => {
    const whole = Buffer.concat([piece(text), piece(text)]);
    for (const more of ['x', 'id,n\n1,2\n', '\0\0\0\0\0\0\0\0x'])
      await expect(gathered(plainBytes(fileOf(Buffer.concat([whole, Buffer.from(more)])), how))).rejects.toMatchObject({
        code: 'HYG-3301',
      });
    const [first, last] = [piece(Buffer.from('1,2\n')), piece(Buffer.from('3,4\n'))];
    for (let bytes = 1; bytes < last.length; bytes++)
      await expect(gathered(plainBytes(fileOf(Buffer.concat([first, last.subarray(0, bytes)])), how))).rejects.toMatchObject({
        code: 'HYG-3301',
      });
  });
});

describe('gzip', () => {
  const member = gzipSync(Buffer.from('1,2\n'));
  const followed = (zeros: number, ...more: readonly Uint8Array[]) => fileOf(Buffer.concat([member, Buffer.alloc(zeros), ...more]));

  test('with zeros behind it, as tapes leave them, is whole', async () => {
    for (const zeros of [1, 511, 5_000_000]) expect((await gathered(plainBytes(followed(zeros), 'gzip'))).toString()).toBe('1,2\n');
  });

  test('with something behind the zeros is refused, near or far', async () => {
    for (const zeros of [1, 511, 5_000_000])
      await expect(gathered(plainBytes(followed(zeros, member), 'gzip'))).rejects.toThrow('x.gz has other data after its gzip data');
  });
});

describe('zstd', () => {
  const frame = zstdCompressSync(Buffer.from('1,2\n'));

  test('with skippable frames is known by its first bytes, and they are passed over', async () => {
    const whole = Buffer.concat([skippable(0, 0), skippable(15, 5_000_000), checksummed, skippable(7, 3), frame, skippable(1, 1)]);
    expect(await compressionOf(fileOf(whole), 'auto')).toBe('zstd');
    const plain = Buffer.concat([text, Buffer.alloc(400_000, 7), Buffer.from(text).reverse(), Buffer.from('1,2\n')]);
    expect((await gathered(plainBytes(fileOf(whole), 'zstd'))).equals(plain)).toBe(true);
    await expect(gathered(plainBytes(fileOf(whole.subarray(0, -1)), 'zstd'))).rejects.toThrow('x.gz is torn');
  });

  test('is cut into its frames at whatever byte its reads end', () => {
    const small = zstdCompressSync(Buffer.from('abcabcabc'), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    const parts = [frame, skippable(3, 5), small, skippable(0, 0), frame];
    const whole = Buffer.concat(parts);
    const ends = parts.map((_, i) => Buffer.concat(parts.slice(0, i + 1)).length);
    for (let cut = 1; cut < whole.length; cut++)
      for (let next = cut; next < whole.length; next++) {
        const frames = new ZstdFrames();
        const sizes = [whole.subarray(0, cut), whole.subarray(cut, next), whole.subarray(next)].flatMap((chunk) =>
          [...frames.cut(chunk)].map((piece) => piece?.length ?? Number.NaN),
        );
        const at = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0));
        expect(at).toEqual([...new Set([...ends, cut, next])].sort((a, b) => a - b));
        expect([frames.begun, frames.isBetween]).toEqual([5, true]);
      }
  });

  test('whose checksum is wrong is refused in whatever frame', async () => {
    const wrong = Buffer.from(checksummed);
    wrong.writeUInt8(wrong.readUInt8(wrong.length - 1) ^ 1, wrong.length - 1);
    for (const parts of [
      [wrong, frame],
      [frame, wrong],
      [frame, wrong, frame],
    ])
      await expect(gathered(plainBytes(fileOf(Buffer.concat(parts)), 'zstd'))).rejects.toMatchObject({ code: 'HYG-3301' });
  });
});

test('a source that fails is not blamed on the codec', async () => {
  const source: FileSource = { name: 'x', bytes: 10, read: () => Promise.reject(new Error('the disk is gone')) };
  await expect(gathered(plainBytes(source, 'gzip'))).rejects.toThrow('the disk is gone');
});

const rowsOf = (format: string, from: number, to: number): Buffer =>
  Buffer.from(
    Array.from({ length: to - from }, (_, i) => {
      const id = from + i;
      const name = `name ${(id * 7919) % 10_007}, Springfield`;
      return format === 'csv' ? `${id},"${name}",${id / 4}\n` : `{"id":${id},"name":"${name}","amount":${id / 4}}\n`;
    }).join(''),
  );

describe.each(['csv', 'ndjson'])('two %s files of 2,000 rows, joined when they were compressed already', (format) => {
  const both = [
    ['gzip', '.gz'],
    ['zstd', '.zst'],
  ] as const;
  // Each of the two every day, in one of the formats.
  test.each(sampled(both, 2, format === 'csv' ? SEED : SEED + 1))('by %s, settle as 4,000 rows', async (how, extension) => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: in.${format}${extension}\nstore: lake\n` });
    const header = Buffer.from(format === 'csv' ? 'id,name,amount\n' : '');
    const halves = [Buffer.concat([header, rowsOf(format, 0, 2_000)]), rowsOf(format, 2_000, 4_000)];
    workspace.write({
      [`in.${format}${extension}`]: Buffer.concat(halves.map((half) => framed[how](half))),
      [`plain.${format}`]: Buffer.concat(halves),
    });
    expect((await workspace.run(['go'])).code).toBe(0);
    const figures = (of: string) => duck(`select count(*) n, sum(id) ids, sum(hash(id, name, amount)) h from '${of}'`);
    expect(await figures(workspace.path('lake/*.parquet'))).toEqual(await figures(workspace.path(`plain.${format}`)));
  });
});
