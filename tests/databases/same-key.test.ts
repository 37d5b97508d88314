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
        'hygge_now.[id] = hygge_new.[id]',
        'hygge_now.[code] = hygge_new.[code] and convert(varbinary(max), convert(nvarchar(max), hygge_now.[code])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[code])) + 0x01',
        'hygge_now.[hash] = hygge_new.[hash] and convert(varbinary(max), hygge_now.[hash]) + 0x01 = convert(varbinary(max), hygge_new.[hash]) + 0x01',
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
