import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { mariadb, placeIn, postgres, sqlite } from './databases.ts';

describe.each(
  asked([
    [postgres, 'timetz'],
    [mariadb, 'time'],
    [sqlite, 'time'],
  ] as const),
)('a watermark of $name that begins anew each day', (kind, type) => {
  test.skipIf(kind.missing !== '')(`is refused before anything settles (${type})`, async () => {
    await using place = await placeIn(kind, () => ({
      'flows/f/flow.yml': 'home: { connection: c, table: e }\nstore: out\nrun_type: incremental\nwatermark: { column: w }\n',
    }));
    const { database, workspace, go } = place;
    await database.sql(`create table e (id int, w ${type})`, `insert into e values (1, '10:00:00'), (2, '23:59:59')`, 'select 1');
    const refused = { code: 1, text: expect.stringMatching(/HYG-(3110|3508) Column w [\s\S]*can['’]t be a watermark/) };
    expect(await go('--dry-run')).toMatchObject(refused);
    expect(await go()).toMatchObject(refused);
    expect((await workspace.run(['status'])).stdout).not.toContain('settled 2');
  });
});
