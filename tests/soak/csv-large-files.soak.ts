import { describe, expect, test } from 'vitest';
import { csvCase, expectedTypes, readBoth } from '../support/csv-fuzz.ts';
import { seeded } from '../support/kill-rounds.ts';

const seed = Number(process.env.SEED ?? 1);
const files = Number(process.env.FILES ?? 300);
const draw = seeded(seed);

describe(`CSV files of 1 to 50 MB are read as DuckDB reads them (SEED=${seed} FILES=${files})`, () => {
  test.each(Array.from({ length: files }, (_, i) => [1000 * seed + i, Math.ceil(50 * draw() ** 2)]))(
    'file %i, %i MB',
    async (each, megabytes) => {
      const file = csvCase(each, megabytes * 1024 * 1024);
      const { hygge, duckdb, rejected, types } = await readBoth(file);
      expect({ about: file.about, types, rejected, ...hygge }).toEqual({
        about: file.about,
        types: expectedTypes(file),
        rejected: file.bad,
        ...duckdb,
      });
      expect(Number(duckdb.rows)).toBe(file.rows);
    },
  );
});
