import { describe, expect, test } from 'vitest';
import { isRandomId } from '../../src/frames/times/text-order.ts';
import { count } from '../support/duck.ts';
import { asked, isMysql } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite } from './databases.ts';

const digits = (n: number, width: number) => n.toString(16).padStart(width, '0');
/** One of version 7 for each millisecond. */
const rising = (n: number) => `0190a1b2-${digits(n, 4)}-7abc-8def-0123456789ab`;
const random = (n: number) => `${digits((n * 2_654_435_761) % 2 ** 32, 8)}-1234-4abc-8def-${digits(n, 12)}`;
const values = (ids: readonly string[], from = 0) => ids.map((id, at) => `(${from + at}, '${id}')`).join(', ');
const flow = (home: string) => `home: ${home}\nstore: out\nrun_type: incremental\nwatermark: { column: u }\n`;

describe.each(
  asked([
    [sqlite, 'uuid'],
    ...(whole
      ? ([
          [postgres, 'uuid'],
          [postgres, 'text'],
          [duckdb, 'uuid'],
          [mariadb, 'char(36)'],
        ] as const)
      : []),
  ] as const),
)('ids of $name as watermarks', (kind, type) => {
  test.skipIf(kind.missing !== '')(
    `are taken where they begin with a time, and refused where one of the newest does not (${type})`,
    async () => {
      await using place = await placeIn(kind, () => ({
        'flows/f/flow.yml': flow('{ connection: c, table: e }'),
      }));
      const { database, workspace, go } = place;
      const settled = () => count(`select count(*)::int as n from '${workspace.path('out')}/*.parquet'`);
      const ids = (n: number, of = rising) => Array.from({ length: n }, (_, at) => of(at + 1));
      await database.sql(`create table e (id int, u ${type})`, `insert into e values ${values(ids(40))}`, 'select 1');
      expect(await go()).toMatchObject({ code: 0 });
      await database.sql(`insert into e values (40, '${rising(50)}')`, 'select 1');
      expect(await go()).toMatchObject({ code: 0 });
      expect(await settled()).toBe(41);

      // Below the newest, and yet none that rises.
      await database.sql(`insert into e values (41, '0190a1b2-0031-4abc-8def-0123456789ab')`, 'select 1');
      expect(await go()).toMatchObject({
        code: 1,
        text: expect.stringMatching(/HYG-3594 Not all of the newest 42 ids in u of .* rise with time: 0190a1b2-0031-4/),
      });
      await database.sql('delete from e where id > 0', `insert into e values ${values(ids(40, random), 1)}`, 'select 1');
      expect(await go()).toMatchObject({
        code: 1,
        text: expect.stringMatching(/HYG-3594 The watermark of f\.f has ids that do not rise with time: u "/),
      });
      expect(await settled()).toBe(41);
    },
  );
});

test.skipIf(isMysql)('random ids in files are refused as watermarks, and those of version 7 are not', async () => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow('in/*.csv'), 'in/a.csv': `id,u\n1,${rising(1)}\n2,${rising(2)}\n` });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ 'in/b.csv': `id,u\n3,${random(5)}\n` });
  const { code, stdout, stderr } = await workspace.run(['go']);
  expect([code, stdout + stderr]).toEqual([1, expect.stringContaining('HYG-3594')]);
});

test.skipIf(isMysql).each([
  ['a UUID of version 4', 'fe03c0d4-5f3f-4b8e-9a33-0d3c9f0c3a11', true],
  ['one in capitals', 'FE03C0D4-5F3F-4B8E-9A33-0D3C9F0C3A11', true],
  ['one of version 1, whose time is in another order', '5f3f0c3a-0d3c-11ef-9a33-fe03c0d45f3f', true],
  ['the UUID of all ones', 'ffffffff-ffff-ffff-ffff-ffffffffffff', true],
  ['one of version 7', rising(9), false],
  ['one of version 7 without hyphens', rising(9).replaceAll('-', ''), false],
  ['an MD5', '9e107d9d372bb6826bd81d3542a419d6', true],
  ['a SHA-256', 'd7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592', true],
  ['a ULID', '01ARZ3NDEKTSV4RRFFQ69G5FAV', false],
  ['an ObjectId', '507f1f77bcf86cd799439011', false],
  ['a counter in hexadecimal digits', '000000000000000000000000000000ff', false],
  ['a number of 32 digits', '12345678901234567890123456789012', false],
  ['a time', '2024-01-01T00:00:00', false],
])('%s is seen as what it is', (_, text, isRandom) => {
  expect(isRandomId(text)).toBe(isRandom);
});
