import { expect, test } from 'vitest';
import { letGoOfBytes } from '../../src/frames/native-bytes.ts';

test('bytes are let go of, but not those of a buffer that others are in', () => {
  const own = new Uint8Array(1000);
  letGoOfBytes(own);
  expect(own).toHaveLength(0);
  const part = new Uint8Array(1000).subarray(0, 10);
  letGoOfBytes(part);
  expect(part).toHaveLength(10);
  const pooled = Buffer.from('text');
  letGoOfBytes(pooled);
  expect(pooled.toString()).toBe('text');
});
