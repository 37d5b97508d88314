import { describe, expect, test } from 'vitest';
import { Compressing, compressionOf, plainBytes } from '../../src/files/compressed.ts';
import type { FileSource } from '../../src/files/format.ts';

const text = Buffer.from(Array.from({ length: 300_000 }, (_, i) => `${i * 7919} row\n`).join(''));

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

async function compressed(how: 'none' | 'gzip' | 'zstd'): Promise<Buffer> {
  const compressing = new Compressing(how);
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length; at += 1_000_000) parts.push(await gathered(compressing.write(text.subarray(at, at + 1_000_000))));
  parts.push(await gathered(compressing.end()));
  return Buffer.concat(parts);
}

describe.each(['none', 'gzip', 'zstd'] as const)('compressed by %s', (how) => {
  test('bytes come back as they were, and the file tells how', async () => {
    const source = fileOf(await compressed(how));
    expect(await compressionOf(source, 'auto')).toBe(how);
    expect((await gathered(plainBytes(source, how))).equals(text)).toBe(true);
  });

  test('whoever stops in the middle holds nothing up', async () => {
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

test('a source that fails is not blamed on the codec', async () => {
  const source: FileSource = { name: 'x', bytes: 10, read: () => Promise.reject(new Error('the disk is gone')) };
  await expect(gathered(plainBytes(source, 'gzip'))).rejects.toThrow('the disk is gone');
});
