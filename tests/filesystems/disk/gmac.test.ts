import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Gmac } from '../../../src/filesystems/checksum/gmac.ts';
import { testFolder } from '../../support/parquet-files.ts';

const bytes = Uint8Array.from({ length: 100_003 }, (_, i) => (i * 31) ^ (i >> 7));

function gmac(...pieces: readonly Uint8Array[]): string {
  const sum = new Gmac();
  for (const piece of pieces) sum.update(piece);
  return sum.digest();
}

test('is what the standard says of nothing, and of sixteen zeros', () => {
  // GCM's own first test case (Test Case 1 of the GCM specification by McGrew and Viega).
  expect(gmac()).toBe('58e2fccefa7e3061367f1d57a4e7455a');
  // H · x + length, by GHASH of one block: made with one call of the cipher.
  const cipher = createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  cipher.setAAD(Buffer.alloc(16));
  cipher.final();
  expect(gmac(new Uint8Array(16))).toBe(cipher.getAuthTag().toString('hex'));
});

test('is the same however the bytes are cut', () => {
  const whole = gmac(bytes);
  for (const cuts of [[1], [15, 16, 17], [4096, 65_536], [99_999], [0, 50_000, 50_000]]) {
    const edges = [0, ...cuts, bytes.length];
    expect(gmac(...edges.slice(1).map((end, i) => bytes.subarray(edges[i], end)))).toBe(whole);
  }
});

test('tells one bit, two bytes in each other’s place, and zeros at the end', () => {
  const sums = new Set([gmac(bytes), gmac(bytes, new Uint8Array(1)), gmac(bytes, new Uint8Array(16))]);
  const flipped = bytes.slice();
  flipped[70_000] = (flipped[70_000] ?? 0) ^ 1;
  const swapped = bytes.slice();
  swapped.set([bytes[11] ?? 0, bytes[10] ?? 0], 10);
  for (const other of [flipped, swapped]) sums.add(gmac(other));
  expect(sums.size).toBe(5);
});

test('is what OpenSSL makes of a file', async ({ skip }) => {
  const file = join(await testFolder(), 'file');
  await writeFile(file, bytes);
  const keys = ['-macopt', `hexkey:${'0'.repeat(32)}`, '-macopt', `hexiv:${'0'.repeat(24)}`];
  let made: string;
  try {
    made = execFileSync('openssl', ['mac', '-cipher', 'AES-128-GCM', ...keys, '-in', file, 'GMAC'], { encoding: 'utf8' });
  } catch (error) {
    return skip(`no OpenSSL 3 here: ${String(error).split('\n', 1)[0]}`);
  }
  expect(made.trim().toLowerCase()).toBe(gmac(bytes));
});
