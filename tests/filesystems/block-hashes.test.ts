import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { BlockHashes } from '../../src/filesystems/remote/block-hashes.ts';

const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();
const blocks = ['first', 'next', 'last'].map((text) => Buffer.from(text));

test('what is sent with a block is its own hash', () => {
  const hashes = new BlockHashes('md5', 5);
  expect(blocks.map((block, index) => hashes.of(block, index))).toEqual(blocks.map(md5));
});

test('the whole is the hash of the blocks’ hashes in their order, whichever was asked for first', () => {
  const hashes = new BlockHashes('md5', 5);
  for (const index of [2, 0, 1]) hashes.of(blocks[index] as Buffer, index);
  expect(hashes.whole).toBe(`md5/5:${md5(Buffer.concat(blocks.map(md5))).toString('hex')}`);
});

test('a block that is hashed again, since it is sent again, counts once', () => {
  const [once, twice] = [new BlockHashes('sha256', 5), new BlockHashes('sha256', 5)];
  for (const [index, block] of blocks.entries()) for (const hashes of [once, twice, twice]) hashes.of(block, index);
  expect(twice.whole).toBe(once.whole);
});
