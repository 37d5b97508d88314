import { describe, test } from 'vitest';
import { mustReadAlike } from '../../support/csv-fuzz.ts';
import { SEED, sampled } from '../../support/samples.ts';

/** More than any buffer on the way, and many turns of the kernels. */
const bytes = 18 * 1024 * 1024;

describe('files larger than every buffer are read as DuckDB reads them', () => {
  test.each(sampled([0, 1, 2], 3).map((i) => [3 * SEED + i]))('file %i', (each) => mustReadAlike(each, bytes));
});
