import { expect, test } from 'vitest';
import { patternOf, possibleTableNames } from '../../src/assembly/found/tables.ts';

type Found = Parameters<ReturnType<typeof patternOf>['leads']>[0];
const found = (name: string, schema = 'sales') => ({ schema, name, written: `${schema}.${name}` }) as unknown as Found;

test.each([
  ['sales.{entity}', 'a', 'a'],
  ['sales.stg_{entity}', 'stg_a', 'a'],
  ['sales.stg_{entity}', 'stg_', null],
  ['sales.{entity}_raw', 'a_raw', 'a'],
  ['sales.{entity}_raw', '_raw', null],
  ['sales.a{entity}a', 'a', null],
  ['sales.a{entity}a', 'aa', null],
  ['sales.a{entity}a', 'aba', 'b'],
  ['sales.stg_{entity}', 'a', null],
])('%s leads from the table %s to the entity %s', (pattern, table, entity) => {
  expect(patternOf(pattern).within(found(table))).toBe(entity);
  expect(patternOf(pattern).leads(found(table))).toBe(entity);
  expect(patternOf(pattern).leads(found(table, 'other'))).toBeNull();
});

test.each([
  ['{entity}', 'a_b_c', ['own.a_b_c', 'a.b_c', 'a_b.c']],
  ['{entity}', '_b', ['own._b']],
  ['sales.stg_{entity}', 'a_b', ['sales.stg_a_b']],
  ['stg_{entity}', 'a_b', ['own.stg_a_b']],
])('the entity that %s found as %s may be of the tables %j', (pattern, name, tables) => {
  expect(possibleTableNames(name, { in: 'database', pattern, ownSchema: 'own' } as never)).toEqual(tables);
});
