import { describe, expect, test } from 'vitest';
import { patternFor, patternMeant, resembling } from '../../src/workspace/similar-names.ts';

const called = (...names: readonly string[]) => names.map((name) => ({ name, also: [] }));

describe('a name that nothing has', () => {
  test.each([
    ['salary', ['salaries'], ['salaries']],
    ['salaries', ['salary'], ['salary']],
    ['company', ['companies', 'orders'], ['companies']],
    ['boxes', ['box'], ['box']],
    ['addresses', ['address'], ['address']],
    ['salareis', ['salaries', 'orders'], ['salaries']],
    ['SALARIS', ['salaries'], ['salaries']],
    ['salry', ['salaries', 'orders'], ['salaries']],
    ['conpany', ['companies'], ['companies']],
    ['hr.salaries', ['salaries'], ['salaries']],
    ['data/salaries', ['salaries'], ['salaries']],
    ['salaries.csv', ['salaries'], ['salaries']],
    ['hr-salaries', ['hr_salaries'], ['hr_salaries']],
    ['salaries%', ['salaries'], ['salaries']],
    ['salary, bonus', ['salaries', 'bonus'], ['salaries', 'bonus']],
    ['salary', ['employee_salary', 'EmployeeSalary', 'salary-2024'], ['employee_salary', 'EmployeeSalary', 'salary-2024']],
    ['te\u0301le\u0301s', ['t\u00e9l\u00e9'], ['t\u00e9l\u00e9']],
  ])('%s resembles what is there: %j', (word, there, expected) => {
    expect(resembling(word, called(...there))).toEqual(expected);
  });

  test.each([
    ['salary', ['orders', 'lines']],
    ['tmp', ['tmp_orders']],
    ['x', ['y']],
    ['', ['orders']],
    ['audit', ['orders']],
    ['day', ['ways', 'paid']],
  ])('%s resembles nothing of %j', (word, there) => {
    expect(resembling(word, called(...there))).toEqual([]);
  });

  test('resembles what else a thing is called, and the answer has its name', () => {
    expect(resembling('raw_salaries', [{ name: 'salaries', also: ['hr.raw_salaries', 'raw_salaries'] }])).toEqual(['salaries']);
    expect(resembling('raw_salarie', [{ name: 'salaries', also: ['raw_salaries'] }])).toEqual(['salaries']);
  });

  test.each([
    ['salary', ['salaries'], 'salary*'],
    ['salary', ['salary_2024'], '*salary'],
    ['salary', ['salary_2024', 'my_salary'], 'salar?'],
    ['salary', ['salary_2024', 'my_salary', 'salarx'], '?alary'],
    ['salary', ['salary_2024', 'my_salary', 'salarx', 'xalary'], undefined],
  ])('%s, beside %j, fits %s and nothing that is there', (word, there, expected) => {
    expect(patternFor(word, there)).toBe(expected);
  });
});

test.each([
  ['sal%', 'sal*'],
  ['%sal%', '*sal*'],
  ['/^sal.*$/i', 'sal*'],
  ['^salaries$', 'salaries'],
  ['sal.+', 'sal*'],
  ['sal*', undefined],
  ['salaries', undefined],
  ['hr.salaries', undefined],
  ['.*', undefined],
  ['%', undefined],
])('a pattern of another language is meant for one of ours: %s', (written, meant) => {
  expect(patternMeant(written)).toBe(meant);
});
