import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { KeyPlaces } from '../../src/keys/key-places.ts';
import { cases } from '../support/samples.ts';

const hash = (key: number) => BigInt.asIntN(64, BigInt(key) * 0x9e3779b97f4a7c15n);
const hashes = (keys: readonly number[]) => BigInt64Array.from(keys, hash);

/** Each row with the row before it that has the same key. */
function pairsIn(keys: readonly number[]): readonly string[] {
  const last = new Map<number, number>();
  return keys.flatMap((key, row) => {
    const earlier = last.get(key);
    last.set(key, row);
    return earlier === undefined ? [] : [`${earlier} ${row}`];
  });
}

async function pairsOf(places: KeyPlaces): Promise<readonly string[]> {
  const pairs: string[] = [];
  await places.pairs((earlier, later) => pairs.push(`${earlier} ${later}`));
  return pairs;
}

const noScratch = realScratch({ folder: '/dev/null' });
const sorted = (pairs: readonly string[]) => [...pairs].sort();

test('each row is found with the previous row of its key, however few are compared at once', async () => {
  const frames = fc.array(fc.array(fc.nat(20), { maxLength: 30 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(frames, fc.integer({ min: 1, max: 40 }), async (all, keysAtOnce) => {
      await using places = new KeyPlaces(noScratch, { keysAtOnce });
      let rows = 0;
      for (const keys of all) {
        await places.add(hashes(keys), rows);
        rows += keys.length;
      }
      expect(sorted(await pairsOf(places))).toEqual(sorted(pairsIn(all.flat())));
    }),
    cases(100),
  );
});

test('rows of one key are paired in their order, also in runs that are in scratch, whose file goes in the end', async () => {
  const folder = join(tmpdir(), `hygge-key-places-${process.pid}`);
  await using scratch = realScratch({ folder });
  const files = async () => (await readdir(join(folder, (await readdir(folder))[0] ?? ''))).filter((name) => name.endsWith('.keys'));
  const keys = Array.from({ length: 400_000 }, (_, row) => (row % 100 === 0 ? 7 : row));
  {
    await using places = new KeyPlaces(scratch, { keysAtOnce: 100_000 });
    for (let from = 0; from < keys.length; from += 50_000) await places.add(hashes(keys.slice(from, from + 50_000)), from);
    expect(await files()).toHaveLength(1);
    expect(await pairsOf(places)).toEqual(pairsIn(keys));
  }
  expect(await files()).toEqual([]);
  await rm(folder, { recursive: true });
});
