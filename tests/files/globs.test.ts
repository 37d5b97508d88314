import { matchesGlob } from 'node:path/posix';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entitiesFromFiles } from '../../src/assembly/found/files.ts';
import { globMatcher } from '../../src/files/paths/glob.ts';
import { namePattern } from '../../src/workspace/name-pattern.ts';
import { cases } from '../support/samples.ts';

/** A matcher that tries all ways takes hours: milliseconds of a processor that no machine needs otherwise. */
const hoursWithoutIt = 20_000;

const stars = (n: number) => `${'*a'.repeat(n)}*b`;

describe('a pattern of fifteen stars against a name of 44 letters', () => {
  const name = 'a'.repeat(44);

  it.each([
    ['a glob', (pattern: string) => globMatcher(pattern)(name)],
    ['a glob of folders', (pattern: string) => globMatcher(`x/${pattern}/*.csv`)(`x/${name}/1.csv`)],
    ['a pattern of tables', (pattern: string) => namePattern(pattern, 'u').test(name)],
    ['a pattern of tables, whatever the capitals', (pattern: string) => namePattern(pattern, 'iu').test(name)],
  ])('%s answers at once', (_which, answer) => {
    const began = process.cpuUsage();
    expect(answer(stars(15))).toBe(false);
    expect(answer(stars(15).slice(0, -1))).toBe(true);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(hoursWithoutIt);
  });

  it('files that may be entities are found at once', async () => {
    const began = process.cpuUsage();
    const named = async (pattern: string, file = `${name}.csv`) => {
      const files = { list: async () => [{ name: file, directory: false }] };
      return (await entitiesFromFiles({ folder: '/', pattern }, files as never)).map((found) => found.name);
    };
    expect(await named(`${stars(15)}{entity}.csv`)).toEqual([]);
    expect(await named(`${'*a'.repeat(15)}{entity}.csv`)).toEqual(['a']);
    expect(await named(`{entity}_${stars(15)}.csv`)).toEqual([]);
    expect(await named('{entity}_*.csv', 'orders_2024_01.csv')).toEqual(['orders_2024']);
    expect(await named('{entity}/*.csv', 'orders')).toEqual([]);
    expect(await named('{entity}-{entity}.{csv,tsv}', 'a-b-a-b.tsv')).toEqual(['a-b']);
    expect(await named('[0-9][0-9]?{entity}.csv', '12_x.csv')).toEqual(['x']);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(hoursWithoutIt);
  });

  it('a glob of many ** answers at once', () => {
    const began = process.cpuUsage();
    expect(globMatcher(`${'**/a/'.repeat(15)}b`)('a/'.repeat(44).slice(0, -1))).toBe(false);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(hoursWithoutIt);
  });
});

describe('a glob', () => {
  const text = (characters: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...characters), maxLength });
  const part = fc.oneof(
    fc.constantFrom(
      '*',
      '**',
      '?',
      '[ab]',
      '[!a]',
      '[^b.]',
      '[a-c]',
      '{a,b}',
      '{a,{b,c}}',
      '{,a}',
      '{a}',
      '{a',
      'b}',
      '[',
      ']',
      '[]',
      '.',
      '-',
    ),
    text('abA.', 2),
  );
  /** `.{,a}.` is `..` for Node, which takes it out of the pattern; names of a listing hold no `..`. */
  const isUpwards = (segment: string) => segment.includes('{,a}') && /^\.{1,2}$/.test(segment.replaceAll('{,a}', ''));
  const segment = fc
    .array(part, { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join(''))
    .filter((one) => !isUpwards(one));
  const glob = fc.array(fc.oneof(fc.constant('**'), segment), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const path = fc
    .array(
      text('abcA.[]{}-', 4).filter((name) => !/^\.{0,2}$/.test(name)),
      { minLength: 1, maxLength: 4 },
    )
    .map((names) => names.join('/'));

  it('matches what Node matches with it', () => {
    fc.assert(
      fc.property(glob, fc.array(path, { minLength: 20, maxLength: 20 }), (pattern, paths) => {
        for (const one of paths) expect(`${one} ${globMatcher(pattern)(one)}`, pattern).toBe(`${one} ${matchesGlob(one, pattern)}`);
      }),
      cases(6_000),
    );
  });

  it.each([
    '+(a|b)',
    '@(a|b)/*',
    '!(a)',
    'a/../b',
    '{1..3}',
    '[[:alpha:]]*',
    '*.{csv,parquet}',
    '**/*.csv',
    'a/**',
    'dt=2026-*/**/[0-9]*.csv',
  ])('%s means what it means to Node', (pattern) => {
    for (const one of ['a', 'b', 'ab', '2', 'a/b', 'a.csv', 'x/y/a.csv', 'dt=2026-01/h=1/7.csv', '.a', 'a/.b/c.csv'])
      expect([one, globMatcher(pattern)(one)]).toEqual([one, matchesGlob(one, pattern)]);
  });
});

it('a pattern of tables is held against the whole name, letter by letter', () => {
  const fits = (pattern: string, name: string, flags: 'u' | 'iu' = 'u') => namePattern(pattern, flags).test(name);
  expect(fits('o?d*', 'orders')).toBe(true);
  expect(fits('o?d*', 'Orders')).toBe(false);
  expect(fits('o?d*', 'ORDERS', 'iu')).toBe(true);
  expect(fits('*.orders', 'sales.orders')).toBe(true);
  expect(fits('*orders', 'orders_old')).toBe(false);
  expect(fits('a.c', 'abc')).toBe(false);
  expect(fits('a?c', 'a😀c')).toBe(true);
  expect(fits('*å*', 'BLÅBÆR', 'iu')).toBe(true);
  expect(fits('**', '')).toBe(true);
});
