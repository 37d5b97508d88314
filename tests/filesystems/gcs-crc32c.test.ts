import { CRC32C } from '@google-cloud/storage';
import { expect, test } from 'vitest';
import { asWritten, crc32c } from '../../src/filesystems/gcs/crc32c.ts';

const content = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) % 256);

test('the checksum is that of RFC 3720 for its test texts', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(new Uint8Array())).toBe(0);
});

test('it is that of Google’s own client, at every length and in whatever pieces', () => {
  for (const length of [0, 1, 7, 8, 9, 63, 64, 65, 1000, 4097]) {
    const bytes = content(length);
    const theirs = new CRC32C();
    theirs.update(Buffer.from(bytes));
    expect(asWritten(crc32c(bytes))).toBe(theirs.toString());
    for (const cut of [0, 3, 8, length >> 1]) expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes));
  }
});
