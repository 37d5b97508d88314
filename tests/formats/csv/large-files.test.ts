import { describe, test } from 'vitest';
import { mustReadAlike } from '../../support/csv-fuzz.ts';

const seed = Number(process.env.SEED ?? 1);
/** More than any buffer on the way, and many turns of the kernels. */
const bytes = 18 * 1024 * 1024;

describe(`files larger than every buffer are read as DuckDB reads them (SEED=${seed})`, () => {
  test.each([0, 1, 2].map((i) => [3 * seed + i]))('file %i', (each) => mustReadAlike(each, bytes));
});
