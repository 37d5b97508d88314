import { describe, expect, it } from 'vitest';
import { collectProblems, keptProblems, type Problem, type Problems, type Whose } from '../../src/workspace/yaml/problems.ts';

const text = 'a\nb\nc\n';
const spot = (name: string, offset = 0) => ({ source: { name, text }, offset });
const problem = (what: string, more: Partial<Problem> = {}): Problem => ({
  code: 'HYG-1011',
  what,
  tryThis: ['Mend it'],
  spot: spot('hygge.yml'),
  ...more,
});
const found = (problems: Problems) => problems.attributed().map(({ error, whose }) => [error.what, whose] as const);
const [sales, orders, stock]: readonly Whose[] = [{ flow: 'sales' }, { flow: 'sales', entity: 'orders' }, { flow: 'stock' }];

/** The same problem, found once for each of these owners; null: for nobody. */
function metBy(owners: readonly (Whose | undefined | null)[]) {
  const problems = collectProblems();
  for (const one of owners) (one ? problems.of(one) : problems).add(problem('wrong'));
  return found(problems);
}

describe('a problem that is met several times', () => {
  it.each([
    { owners: [null, sales], whose: [] },
    { owners: [sales, null], whose: [] },
    { owners: [null, sales, null, stock], whose: [] },
    { owners: [sales, stock], whose: [sales, stock] },
    { owners: [sales, sales], whose: [sales] },
    { owners: [orders, sales], whose: [orders, sales] },
  ])('is one error, and stops everybody where it was once met without an owner ($owners)', ({ owners, whose }) => {
    expect(metBy(owners)).toEqual([['wrong', whose]]);
  });

  it('is one error a place: a value by its code, anything else by its code and words', () => {
    const problems = collectProblems();
    for (const code of ['HYG-1011', 'HYG-1018'] as const)
      for (const what of ['one', 'two'])
        for (const offset of [0, 2]) problems.add(problem(what, { code, spot: spot('hygge.yml', offset) }));
    expect(problems.errors().map(({ code, what, where }) => `${code} ${what} ${where?.line}`)).toEqual([
      'HYG-1011 one 1',
      'HYG-1018 one 1',
      'HYG-1018 two 1',
      'HYG-1011 one 2',
      'HYG-1018 one 2',
      'HYG-1018 two 2',
    ]);
    expect(problems.count).toBe(6);
  });
});

describe('a key that is missing', () => {
  const missing = (key: string) =>
    problem(`${key} is missing`, { code: 'HYG-1012' as Problem['code'], missing: key, spot: spot('flows/sales/flow.yml') });
  const meant = (key: string, file = 'flows/sales/flow.yml') => problem('misspelt', { code: 'HYG-1018', meant: key, spot: spot(file, 2) });
  const errors = (...all: readonly (readonly [Problem, Whose | undefined])[]) => {
    const problems = collectProblems();
    for (const [one, whose] of all) (whose ? problems.of(whose) : problems).add(one);
    return problems.errors().map(({ what }) => what);
  };

  it.each([
    ['that key is misspelt', 'home.path', 'home.path', sales, ['misspelt']],
    ['what it is in is misspelt', 'home.path', 'home', sales, ['misspelt']],
    ['a key that begins alike is misspelt', 'home.path', 'home.pa', sales, ['home.path is missing', 'misspelt']],
    ['another key is misspelt', 'home.path', 'store', sales, ['home.path is missing', 'misspelt']],
    ['that is said of an entity alone', 'home.path', 'home.path', orders, ['home.path is missing', 'misspelt']],
    ['that is said of another flow', 'home.path', 'home.path', stock, ['home.path is missing', 'misspelt']],
    ['that is said of everybody', 'home.path', 'home.path', undefined, ['misspelt']],
  ] as const)('needs no error of its own only where its owner reads why: %s', (_, key, written, whose, expected) => {
    expect(errors([missing(key), sales], [meant(written), whose])).toEqual(expected);
  });

  it('needs its own error where the misspelt one is in the files of another flow', () => {
    expect(errors([missing('home'), sales], [meant('home', 'flows/stock/flow.yml'), sales])).toEqual(['home is missing', 'misspelt']);
  });
});

it('errors come in the order of reading: hygge.yml, files by folder, lines; what has no place last', () => {
  const problems = collectProblems();
  const { spot: _, ...nowhere } = problem('nowhere');
  problems.add(nowhere);
  for (const [name, offset] of [
    ['flows/b/flow.yml', 0],
    ['flows/a/flow.yml', 2],
    ['flows/a/entities/z.yml', 0],
    ['hygge.yml', 4],
    ['hygge.yml', 0],
  ] as const)
    problems.add(problem(`${name}:${offset}`, { spot: spot(name, offset) }));
  expect(problems.errors().map(({ what }) => what)).toEqual([
    ...['hygge.yml:0', 'hygge.yml:4', 'flows/a/flow.yml:2', 'flows/a/entities/z.yml:0', 'flows/b/flow.yml:0'],
    'nowhere',
  ]);
});

it.each([
  [1, 'old'],
  [2, 'old (here and in 1 more place)'],
  [3, 'old (here and in 2 more places)'],
])('a warning that is met %i times is one, with the number of other places', (times, message) => {
  const problems = collectProblems();
  for (let n = 0; n < times; n++) problems.of(sales as Whose).warn('key', 'old', spot('hygge.yml', 2 * n));
  expect(problems.warnings).toEqual([{ message, where: expect.objectContaining({ file: 'hygge.yml', line: 1 }) }]);
});

it('problems that are kept count, and are told once it is known whose they are', () => {
  const problems = collectProblems();
  problems.add(problem('before'));
  const kept = keptProblems(problems);
  kept.add(problem('kept', { spot: spot('hygge.yml', 2) }));
  expect([kept.count, problems.count]).toEqual([2, 1]);
  kept.tell(problems.of(sales as Whose));
  expect(found(problems)).toEqual([
    ['before', []],
    ['kept', [sales]],
  ]);
});
