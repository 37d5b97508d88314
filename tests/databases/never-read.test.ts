import { describe, expect, test } from 'vitest';
import { duckdb, placeIn, postgres } from './databases.ts';

describe.each([
  [postgres, 'timestamp', 'infinity'],
  [duckdb, 'timestamp', 'infinity'],
] as const)('a watermark of $name', (kind, type, special) => {
  test.skipIf(kind.missing !== '')(`warns of ${special} in ${type} in each run, with something new and without`, async () => {
    await using place = await placeIn(kind, () => ({
      'flows/f/flow.yml':
        'home: { connection: c, table: e, special_values: to_null }\nstore: out\nrun_type: incremental\nwatermark: { column: v, nulls: exclude }\n',
    }));
    const { database, go } = place;
    await database.sql(
      `create table e (id int, v ${type})`,
      `insert into e values (1, '2026-01-01 00:00:00'), (2, '${special}')`,
      'select 1',
    );
    const warned = { code: 0, text: expect.stringMatching(/! .*(never read|in the future)/s) };
    expect(await go()).toMatchObject(warned);
    expect(await go()).toMatchObject(warned);
  });
});
