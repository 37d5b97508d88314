import { describe, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, postgres, sqlite } from './databases.ts';

describe.each(
  asked([
    [postgres, 'time'],
    [postgres, 'timetz'],
    [mariadb, 'time'],
    [sqlite, 'time'],
    [duckdb, 'time'],
  ] as const),
)('a watermark of $name that begins anew each day', (kind, type) => {
  test.skipIf(kind.missing !== '')(`is refused before anything settles (${type})`, async () => {
    await using database = await kind.open();
    await database.sql(`create table e (id int, w ${type})`, `insert into e values (1, '10:00:00'), (2, '23:59:59')`, 'select 1');
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml': 'home: { connection: c, table: e }\nstore: out\nrun_type: incremental\nwatermark: { column: w }\n',
    });
    const go = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await inProcess(['go', ...args], workspace.root, { SHOP_SECRET: database.password });
      return { code, text: stdout + stderr };
    };
    const refused = { code: 1, text: expect.stringMatching(/HYG-(3110|3508) Column w [\s\S]*can't be a watermark/) };
    expect(await go('--dry-run')).toMatchObject(refused);
    expect(await go()).toMatchObject(refused);
    expect((await workspace.run(['status'], { env: { SHOP_SECRET: database.password } })).stdout).not.toContain('settled 2');
  });
});
