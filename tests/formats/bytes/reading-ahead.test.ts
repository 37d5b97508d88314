import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readingAhead } from '../../../src/formats/bytes/prefetch-ranges.ts';
import type { FileSource } from '../../../src/formats/contract/format.ts';
import { SEED } from '../../support/samples.ts';

const content = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 7 + (i >> 8)) % 256);

function remote(size = content.length): { source: FileSource; asked: string[] } {
  const asked: string[] = [];
  const source: FileSource = {
    name: 'remote',
    bytes: size,
    async read({ start, end }, into) {
      asked.push(`${start}-${end}`);
      const bytes = content.slice(start, Math.min(end, content.length));
      if (into === undefined || into.length < bytes.length) return bytes;
      into.set(bytes);
      return into.subarray(0, bytes.length);
    },
  };
  return { source, asked };
}

/** Byte by byte, a thousand times as quick as `toEqual`. */
const same = (read: Uint8Array) => (wanted: Uint8Array) => Buffer.compare(read, wanted) === 0;

describe('who goes through a remote file', () => {
  test('finds the next range fetched, and its own end as it was', async () => {
    const { source, asked } = remote();
    const ahead = readingAhead(source);
    const memory = new Uint8Array(100_000);
    for (const [start, end] of [
      [0, 100_000],
      [99_990, 199_990],
      [199_980, 299_980],
      [299_980, 399_980],
    ] as const)
      expect(await ahead.read({ start, end }, memory)).toEqual(content.slice(start, end));
    expect(asked).toEqual(['0-100000', '99990-199990', '199990-299990', '299980-399980', '399980-499980']);
  });

  test('fetches nothing behind the end', async () => {
    const { source, asked } = remote();
    const ahead = readingAhead(source);
    await ahead.read({ start: 0, end: 500_000 });
    await ahead.read({ start: 500_000, end: 1_000_000 });
    expect(asked).toEqual(['0-500000', '500000-1000000']);
  });

  test('meets a failure when it comes to it, and can ask again', async () => {
    const { source } = remote();
    let failures = 1;
    const ahead = readingAhead({
      ...source,
      read: async (range, into) => {
        if (range.start === 20 && failures-- > 0) throw new RangeError('lost');
        return source.read(range, into);
      },
    });
    await ahead.read({ start: 0, end: 10 });
    await ahead.read({ start: 10, end: 20 });
    await expect(ahead.read({ start: 20, end: 30 })).rejects.toThrow('lost');
    expect(await ahead.read({ start: 20, end: 30 })).toEqual(content.slice(20, 30));
  });

  test('gets a short answer of a file that became shorter', async () => {
    const { source } = remote(2_000_000);
    const ahead = readingAhead(source);
    await ahead.read({ start: 0, end: 450_000 });
    await ahead.read({ start: 450_000, end: 900_000 });
    expect((await ahead.read({ start: 900_000, end: 1_350_000 })).length).toBe(100_000);
  });
});

test('whatever is asked for in whatever order, each range is what is there', async () => {
  const range = fc.tuple(fc.nat(200_000), fc.integer({ min: 1, max: 150_000 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(range, { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 12 }),
      async (jumps, steps) => {
        const ahead = readingAhead(remote().source);
        const memory = new Uint8Array(150_000);
        for (const [start, length] of jumps)
          expect(content.subarray(start, start + length)).toSatisfy(same(await ahead.read({ start, end: start + length }, memory)));
        let at = 0;
        for (const back of steps) {
          const start = Math.max(0, at - back);
          at = start + 40_000;
          expect(content.subarray(start, at)).toSatisfy(same(await ahead.read({ start, end: at }, memory)));
        }
      },
    ),
    { seed: SEED, numRuns: 100 },
  );
});

test('a local file is read as it is', () => {
  const { source } = remote();
  const local = { ...source, localPath: '/here' };
  expect(readingAhead(local)).toBe(local);
});
