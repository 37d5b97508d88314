import { describe, expect, test } from 'vitest';
import { dialect as sqlserver } from '../../src/databases/sqlserver/dialect.ts';
import { writes } from '../../src/databases/sqlserver/write.ts';
import { exactExpression, sameKeyCondition } from '../../src/databases/store/commit/keys.ts';
import type { Schema } from '../../src/frames/schema.ts';

const schema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'code', type: { kind: 'string' }, nullable: false },
    { name: 'hash', type: { kind: 'binary' }, nullable: false },
  ],
};
const dialect = { ...sqlserver, ...writes };

// 0x01 = 0x0100 is true there, and so is N'a' = N'a '.
describe('keys in SQL Server, to which blanks and zeros at the end do not count', () => {
  test('are told apart by bytes with one behind them that is no zero', () => {
    const loose = new Map([['code', null]]);
    expect(sameKeyCondition(dialect, { schema, loose, letters: 'of one kind' }, ['id', 'code', 'hash'])).toBe(
      [
        't.[id] = s.[id]',
        't.[code] = s.[code] and convert(varbinary(max), convert(nvarchar(max), t.[code])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), s.[code])) + 0x01',
        't.[hash] = s.[hash] and convert(varbinary(max), t.[hash]) + 0x01 = convert(varbinary(max), s.[hash]) + 0x01',
      ].join(' and '),
    );
  });

  test('and so are values of rows with a key in common; numbers are what they are', () => {
    expect(['id', 'code', 'hash'].map((name) => exactExpression(dialect, schema, name))).toEqual([
      undefined,
      'convert(varbinary(max), convert(nvarchar(max), [code])) + 0x01',
      'convert(varbinary(max), [hash]) + 0x01',
    ]);
  });
});
