import { describe, test } from 'vitest';
import { mustReadAlike } from '../support/csv-fuzz.ts';
import { seeded } from '../support/kill-rounds.ts';

const seed = Number(process.env.SEED ?? 1);
const files = Number(process.env.FILES ?? 300);
const draw = seeded(seed);

describe(`CSV files of 1 to 50 MB are read as DuckDB reads them (SEED=${seed} FILES=${files})`, () => {
  test.each(Array.from({ length: files }, (_, i) => [1000 * seed + i, Math.ceil(50 * draw() ** 2)]))('file %i, %i MB', (each, megabytes) =>
    mustReadAlike(each, megabytes * 1024 * 1024),
  );
});
