import { describe, expect, test } from 'vitest';
import { meaning as duckdb } from '../../src/databases/duckdb/errors.ts';
import { DatabaseError } from '../../src/databases/engine.ts';
import { meaning as mysql } from '../../src/databases/mysql/errors.ts';
import { meaning as postgres } from '../../src/databases/postgres/writing-errors.ts';
import { meaning as sqlite } from '../../src/databases/sqlite/errors.ts';
import { meaning as sqlserver } from '../../src/databases/sqlserver/errors.ts';
import { meaning as fabric } from '../../src/databases/sqlserver/fabric/errors.ts';

const said = (code: string, message = '', isLost = false) => new DatabaseError(message, { code, isLost });

describe('what a database says while it is written to means', () => {
  test.each([
    ['postgres', postgres, '55P03', 'lock_timeout'],
    ['postgres', postgres, '42P01', 'missing_object'],
    ['postgres', postgres, '08006', 'transient'],
    ['postgres', postgres, '23505', 'permanent'],
    ['postgres', postgres, '53100', 'needs_action'],
    ['mysql', mysql, '1205', 'lock_timeout'],
    ['mysql', mysql, '1146', 'missing_object'],
    ['mysql', mysql, '1213', 'transient'],
    ['mysql', mysql, '1062', 'permanent'],
    ['mysql', mysql, '3854', 'permanent'],
    ['mysql', mysql, '3750', 'permanent'],
    ['mysql', mysql, '1442', 'permanent'],
    ...['4025', '3819', '1142', '1117', '1977'].map((code) => ['mysql', mysql, code, 'permanent'] as const),
    ...['1005', '1114', '1290', '9999'].map((code) => ['mysql', mysql, code, 'needs_action'] as const),
    ['mysql', mysql, '1021', 'needs_action'],
    ['sqlserver', sqlserver, '1222', 'lock_timeout'],
    ['sqlserver', sqlserver, '208', 'missing_object'],
    ...['1105', '9002', '3906', '40544', '40552'].map((code) => ['sqlserver', sqlserver, code, 'needs_action'] as const),
    ...['1205', '3960', '40197', '40501', '40613', '49918', '49919', '49920', '10928', '10929'].map(
      (code) => ['sqlserver', sqlserver, code, 'transient'] as const,
    ),
    ...['2627', '2601', '547', '515', '8152', '2628'].map((code) => ['sqlserver', sqlserver, code, 'permanent'] as const),
    ...['24556', '24706'].map((code) => ['fabric_warehouse', fabric, code, 'transient'] as const),
    ['sqlite', sqlite, 'SQLITE_BUSY', 'lock_timeout'],
    ['sqlite', sqlite, 'SQLITE_CONSTRAINT', 'permanent'],
    ['sqlite', sqlite, 'SQLITE_FULL', 'needs_action'],
    ['duckdb', duckdb, 'TransactionContext', 'transient'],
    ['duckdb', duckdb, 'Invalid Input', 'permanent'],
    ['duckdb', duckdb, 'IO', 'needs_action'],
  ] as const)('by its code: %s, %#', (_, meaning, code, means) => {
    expect(meaning(said(code))).toBe(means);
  });

  test.each([
    ['postgres', postgres, said('XX000', 'invalid memory alloc request size 1073741824'), 'permanent'],
    ['mysql', mysql, said('1005', 'Can\'t create table `a` (errno: 185 "Too many columns")'), 'permanent'],
    ['sqlite', sqlite, said('SQLITE_ERROR', 'no such table: a'), 'missing_object'],
    ['duckdb', duckdb, said('Catalog', 'Table a does not exist'), 'missing_object'],
  ] as const)('by its words: %s', (_, meaning, error, means) => {
    expect(meaning(error)).toBe(means);
  });

  test('of a connection that was lost: transient, unless its code says more', () => {
    const lost = (code: string) => said(code, '', true);
    expect([postgres, mysql, sqlserver, sqlite, duckdb].map((meaning) => meaning(lost('X')))).toEqual(Array(5).fill('transient'));
    // A server that ends the connection for want of space would do so again.
    expect([sqlserver(lost('9002')), mysql(lost('1146')), postgres(lost('55P03'))]).toEqual([
      'needs_action',
      'missing_object',
      'lock_timeout',
    ]);
  });
});
