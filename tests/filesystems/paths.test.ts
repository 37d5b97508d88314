import fc from 'fast-check';
import { test } from 'vitest';
import { comparePaths } from '../../src/filesystems/paths.ts';
import { SEED } from '../support/samples.ts';

test('paths are ordered by their UTF-8 bytes', () => {
  const path = fc.string({ unit: 'binary', maxLength: 5 }).filter((value) => value.isWellFormed());
  fc.assert(
    fc.property(path, path, (a, b) => Math.sign(comparePaths(a, b)) === Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))),
    { seed: SEED, numRuns: 2000 },
  );
});
