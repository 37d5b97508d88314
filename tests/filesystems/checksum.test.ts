import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { checksumLike } from '../../src/filesystems/checksum/checksum.ts';
import { Gmac } from '../../src/filesystems/checksum/gmac.ts';
import { crc32c } from '../../src/filesystems/gcs/crc32c.ts';
import { BlockHashes } from '../../src/filesystems/remote/block-hashes.ts';

const content = randomBytes(1_000_003);

function ofPieces(like: string, ...sizes: readonly number[]): string | undefined {
  const checksum = checksumLike(like);
  for (let at = 0, i = 0; at < content.byteLength; i++) {
    const piece = content.subarray(at, at + (sizes[i % sizes.length] ?? 1));
    checksum?.update(piece);
    at += piece.byteLength;
  }
  return checksum?.digest();
}

function blocks(bytes: number): string {
  const hashes = new BlockHashes('md5', bytes);
  for (let i = 0; i * bytes < content.byteLength; i++) hashes.of(content.subarray(i * bytes, (i + 1) * bytes), i);
  return hashes.whole;
}

function gmac(): string {
  const all = new Gmac();
  all.update(content);
  return `gmac:${all.digest()}`;
}

test.each([
  ['gmac', gmac()],
  ['crc32c', `crc32c:${crc32c(content).toString(16).padStart(8, '0')}`],
  ['sha256', `sha256:${createHash('sha256').update(content).digest('hex')}`],
  ['md5 of blocks, the last one short', blocks(65_536)],
  ['md5 of blocks, the last one full', blocks(1_000_003)],
])('%s comes out as it was written, however the pieces are cut', (_name, whole) => {
  for (const sizes of [[1_000_003], [1, 65_535, 70_000], [4096], [65_536]]) expect(ofPieces(whole, ...sizes)).toBe(whole);
});

test('an unknown checksum is not guessed', () => {
  expect(checksumLike('blake99:00')).toBeUndefined();
  expect(checksumLike('')).toBeUndefined();
});
