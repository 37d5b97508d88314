import { expect, test } from 'vitest';
import { lossOf, type Wire } from '../../../src/databases/postgres/types.ts';

const money: Wire = { as: 'money' };
const whole: Wire = { as: 'int4' };
const list: Wire = { as: 'array', item: whole };

test.each<[string, Wire, string | undefined]>([
  ['an amount of money', money, 'the currency is not kept'],
  ['an array', list, 'arrays begin at 1: other lower bounds are not kept'],
  ['a number', whole, undefined],
  ['a record of numbers', { as: 'record', fields: [whole, whole] }, undefined],
  ['a record with an amount of money in it', { as: 'record', fields: [whole, money, list] }, 'the currency is not kept'],
  ['a record in a record', { as: 'record', fields: [{ as: 'record', fields: [whole, list] }] }, lossOf({ wire: list })],
])('what %s loses on its way is told', (_, wire, loss) => {
  expect(lossOf({ wire })).toBe(loss);
});
