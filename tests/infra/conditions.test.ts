import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canBeCondition, conditionOf } from '../../infra/azure/conditions.ts';
import { type Asked, isAllowed } from './condition-reader.ts';

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
const read = (path: string): Asked => ({ action: `${blobs}/read`, path });
const list = (prefix: string): Asked => ({ action: `${blobs}/read`, sub: 'Blob.List', prefix });
const touch = (action: string, path: string): Asked => ({ action: `${blobs}/${action}`, path });

describe('a right that reaches no further than folders', () => {
  const reads = conditionOf('Storage Blob Data Reader', ['crm/', 'day-']);
  const writes = conditionOf('Storage Blob Data Contributor', ['crm/']);

  test.each([
    ['the folder itself', read('crm')],
    ['what is in it', read('crm/Account/1.parquet')],
    ['its list', list('crm/')],
    ['its list by name', list('crm')],
    ['the list of a part', list('crm/Account')],
    ['what begins as a pattern does', read('day-1.csv')],
  ])('lets %s be read', (_what, asked) => {
    expect(isAllowed(reads, asked)).toBe(true);
  });

  test.each([
    ['a neighbour', read('crm2/1.parquet')],
    ['what lies next to it', read('erp/1.parquet')],
    ['the list of all', list('')],
    ['the list of a neighbour', list('crm2/')],
  ])('does not let %s be read', (_what, asked) => {
    expect(isAllowed(reads, asked)).toBe(false);
  });

  test.each(['read', 'write', 'add/action', 'delete', 'move/action'])('holds for %s', (action) => {
    expect(isAllowed(writes, touch(action, 'crm/a'))).toBe(true);
    expect(isAllowed(writes, touch(action, 'erp/a'))).toBe(false);
  });

  test('whatever the folder is called, it is that one and no other', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        fc.string({ minLength: 1, maxLength: 5 }),
        (name, other) => {
          const prefix = `${name}/`;
          if (!canBeCondition(prefix)) return;
          const condition = conditionOf('Storage Blob Data Reader', [prefix]);
          expect(isAllowed(condition, read(`${prefix}a`))).toBe(true);
          expect(isAllowed(condition, read(`${other}${prefix}a`))).toBe(`${other}${prefix}a`.startsWith(prefix));
        },
      ),
      { seed: 2_611 },
    );
    for (const name of ["o'brien", 'a\\b', 'a*b', 'a\nb', 'a"b', '$x', 'a{b}']) expect(canBeCondition(name), name).toBe(false);
  });
});
