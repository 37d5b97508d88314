import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, postgres } from './databases.ts';

describe.each([
  [postgres, 'numeric(10, 2)', 'NaN'],
  [postgres, 'timestamp', 'infinity'],
  [duckdb, 'timestamp', 'infinity'],
] as const)('a watermark of $name', (kind, type, special) => {
  test.skipIf(kind.missing !== '')(`warns of ${special} in ${type} in each run, with something new and without`, async () => {
    await using database = await kind.open();
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml':
        'home: { connection: c, table: e, special_values: to_null }\nstore: out\nrun_type: incremental\nwatermark: { column: v, nulls: exclude }\n',
    });
    const go = async () => {
      const { code, stdout, stderr } = await workspace.run(['go'], { env: { SHOP_SECRET: database.password } });
      return { code, text: stdout + stderr };
    };
    const value = type === 'timestamp' ? "'2026-01-01 00:00:00'" : '5';
    await database.sql(`create table e (id int, v ${type})`, `insert into e values (1, ${value}), (2, '${special}')`, 'select 1');
    const warned = { code: 0, text: expect.stringMatching(/! .*(never read|in the future)/s) };
    expect(await go()).toMatchObject(warned);
    expect(await go()).toMatchObject(warned);
  });
});
