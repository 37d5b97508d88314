import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { names as duckdb } from '../../src/databases/duckdb/dialect.ts';
import { names as mysql } from '../../src/databases/mysql/dialect.ts';
import { names as postgres } from '../../src/databases/postgres/dialect.ts';
import { names as sqlite } from '../../src/databases/sqlite/dialect.ts';
import { names as sqlserver } from '../../src/databases/sqlserver/dialect.ts';
import type { TableNameParser } from '../../src/databases/table-names.ts';
import { SEED } from '../support/samples.ts';

const engines: Readonly<Record<string, TableNameParser>> = { duckdb, mysql, postgres, sqlite, sqlserver };

const part = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '.', '"', '`', '[', ']', 'ü'), minLength: 1, maxLength: 6 });

describe.each(Object.entries(engines))('names of %s', (_, names) => {
  test('that are written as they have to be are read as they are', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        expect(names.split(names.spellName(...parts))).toEqual(parts);
      }),
      { seed: SEED },
    );
  });

  test.each([
    ['orders', ['orders']],
    [' sales . orders ', ['sales', 'orders']],
    ['sales.', ['sales.']],
    ['', ['']],
    ['a..b', ['a..b']],
  ])('takes %j apart', (written, parts) => {
    expect(names.split(written)).toEqual(parts);
  });
});

test.each([
  [postgres, 'x'.repeat(64), `${'x'.repeat(64)} is longer than 63 bytes`, `{ table: main.${'x'.repeat(20)} }`],
  [postgres, 'a.b.c', 'A table is written as its name, or as schema and name', '"My Schema"."My.Table"'],
  [mysql, 'a😀', 'has a character that names can', '{ table: a_ }'],
  [mysql, 'a.b.c', 'A table is written as its name, or as database and name', 'sales.`My.Table`'],
  [sqlserver, '#t', 'A temporary table is gone with its connection', '{ table: t }'],
  [sqlserver, '', 'A table is written as its name, or as schema and name', 'sales.[a.b]'],
  [duckdb, '', 'A table is written as its name, or as schema and name', '"My Schema"."My.Table"'],
  [sqlite, 'sqlite_x', 'Names that begin with sqlite_ are reserved', 'Write the name like orders'],
  [sqlite, 'other.x', 'A file has no schemas', 'Write the name like orders'],
  [sqlite, 'main.x.y', 'A file has no schemas', 'Write the name like orders'],
])('a store refuses a name by a reason and a way out (%#)', (names, written, why, tryThis) => {
  const given = expect.objectContaining({
    code: 'HYG-4210',
    why: [expect.stringContaining(why)],
    tryThis: [expect.stringContaining(tryThis)],
  });
  expect(() => names.parseDestination(written, 'main')).toThrow(given);
});

test.each([
  [sqlserver, '[a]]b].[c.d]', ['a]b', 'c.d']],
  [sqlserver, '"a""b".c', ['a"b', 'c']],
  [mysql, '`a``b`.`c.d`', ['a`b', 'c.d']],
  [postgres, '"a""b"."c.d"', ['a"b', 'c.d']],
  [postgres, '"a', ['"a']],
])('quotes are taken off (%#)', (names, written, parts) => {
  expect(names.split(written)).toEqual(parts);
});
