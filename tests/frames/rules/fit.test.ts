import { describe, expect, test } from 'vitest';
import { ruleProblem } from '../../../src/frames/rules/fit.ts';
import type { Rule } from '../../../src/frames/rules/rule.ts';
import type { Schema } from '../../../src/frames/schema.ts';

const schema: Schema = {
  columns: [
    { name: 'n', type: { kind: 'int64' }, nullable: true },
    { name: 'amount', type: { kind: 'decimal', precision: 9, scale: 2 }, nullable: true },
    { name: 'share', type: { kind: 'float64' }, nullable: true },
    { name: 'day', type: { kind: 'date' }, nullable: true },
    { name: 'at', type: { kind: 'timestamp', unit: 'us' }, nullable: true },
    { name: 'word', type: { kind: 'string' }, nullable: true },
    { name: 'flag', type: { kind: 'bool' }, nullable: true },
    { name: 'tags', type: { kind: 'list', item: { kind: 'string' } }, nullable: true },
  ],
};

const holds = (check: string, when: string | null = null): Rule => ({ name: 'r', column: null, what: 'holds', check, when });
const on = (column: string, rule: object) => ({ name: 'r', column, ...rule }) as Rule;

describe('a rule', () => {
  test.each([
    [holds('n BETWEEN 0 AND 150')],
    [holds('n + length(word) > 3 AND (day IS NULL OR extract(year FROM day) > 1999)')],
    [holds("word IN ('a', 'sum(x); select')", 'flag')],
    [holds("CASE WHEN n > 1 THEN word LIKE 'a%' ELSE TRUE END -- count(n)")],
    [holds('cast(n AS DECIMAL(20, 2)) > amount /* max(n) */')],
    [holds('"word" <> \'\' AND NOT (n IS NULL)')],
    [on('share', { what: 'between', min: '0', max: '1.5e3' })],
    [on('flag', { what: 'one of', texts: ['true'] })],
    [on('day', { what: 'format', format: 'date' })],
    [on('at', { what: 'between', min: '2024-01-01T00:00:00.000000', max: null })],
    [on('tags', { what: 'not null' })],
    [on('n', { what: 'between', min: '0.5', max: '99999999999999999999' })],
    [on('amount', { what: 'one of', texts: ['1.5'] })],
    [on('n', { what: 'none of', texts: ['n/a', '-1'] })],
    [on('at', { what: 'there', as: 'date' })],
    [on('amount', { what: 'there', as: 'number' })],
    [on('tags', { what: 'there', as: 'array' })],
    [on('n', { what: 'there', as: 'boolean' })],
    [on('word', { what: 'matches', pattern: '^\\p{Lu}' })],
  ])('fits: %j', async (rule) => {
    expect(await ruleProblem(rule, schema)).toBe(null);
  });

  test.each([
    [holds('gone > 1'), /unable to find column "gone"/],
    [holds('N > 1'), /unable to find column "N"/],
    [holds('word > 1'), /cannot compare string with numeric/],
    [holds('n'), /not a condition/],
    [holds(''), /empty/],
    [holds('n >'), /Polars says/],
    [holds('n > max(n)'), /max\(…\) is not allowed in rules/],
    [holds('n > MAX (n)'), /MAX\(…\) is not allowed in rules/],
    [holds('home.max(n) > 1'), /max\(…\) is not allowed in rules/],
    [holds('count(*) > 1'), /count/],
    [holds('row_number() OVER () > 1'), /row_number|OVER/],
    [holds('n IN (SELECT n FROM home)'), /SELECT is not allowed in rules/],
    [holds("read_csv('/etc/passwd') IS NULL"), /read_csv/],
    [holds('day < current_date'), /current_date is not allowed in rules/],
    [holds('n > 1) OR (TRUE'), /closed that was not opened/],
    [holds('(n > 1'), /not closed/],
    [holds("word = 'a"), /quote is not closed/],
    [holds('n > 1; n < 2'), /semicolon/],
    [holds('n > 1', 'gone'), /gone/],
    [holds('n > 1', 'sum(n) > 1'), /sum/],
    [on('gone', { what: 'not null' }), /There is no column gone\. The columns are: n, amount/],
    [on('n', { what: 'length', min: 1, max: null }), /not text/],
    [on('n', { what: 'matches', pattern: '1' }), /not text/],
    [on('n', { what: 'format', format: 'date' }), /only text can have the format date/],
    [on('word', { what: 'matches', pattern: '(?=a)' }), /look-around/],
    [on('word', { what: 'matches', pattern: '(a)\\1' }), /backreferences/],
    [on('tags', { what: 'between', min: '1', max: null }), /no smallest and largest/],
    [on('n', { what: 'between', min: 'one', max: null }), /"one" is not a possible smallest value for int64/],
    [on('amount', { what: 'one of', texts: ['1.555'] }), /"1.555" is not a value of/],
    [on('n', { what: 'between', min: '99999999999999999999', max: null }), /is not a possible smallest value for int64/],
    [on('day', { what: 'between', min: null, max: 'soon' }), /"soon" is not a possible largest value for date/],
    [on('at', { what: 'between', min: '2024-01-01T00:00:00+02:00', max: null }), /is not a possible smallest value for timestamp/],
    [on('gone', { what: 'there', as: null }), /There is no column gone/],
    [on('word', { what: 'there', as: 'integer' }), /The column is string, but the contract has it as integer/],
    [on('share', { what: 'there', as: 'integer' }), /The column is float64/],
    [on('day', { what: 'there', as: 'timestamp' }), /The column is date/],
  ])('does not: %j', async (rule, problem) => {
    expect(await ruleProblem(rule, schema)).toMatch(problem);
  });
});
