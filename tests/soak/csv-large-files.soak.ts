import { describe, test } from 'vitest';
import { mustReadAlike } from '../support/csv-fuzz.ts';
import { seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';

const files = Number(process.env.FILES ?? 300);
const draw = seeded(SEED);

describe(`CSV files of 1 to 50 MB are read as DuckDB reads them`, () => {
  test.each(Array.from({ length: files }, (_, i) => [1000 * SEED + i, Math.ceil(50 * draw() ** 2)]))('file %i, %i MB', (each, megabytes) =>
    mustReadAlike(each, megabytes * 1024 * 1024),
  );
});
