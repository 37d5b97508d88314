import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { huntNear } from '../support/planted/hunt.ts';
import type { NearBug } from '../support/planted/near-bug.ts';
import { type Runs, search } from '../support/planted/search.ts';
import type { Failure } from '../support/planted/vitest-run.ts';

const root = join(import.meta.dirname, '..', '..');

test('a bug is noticed, or it is unclear why not, and a source stays as it is where the copy was made from', async () => {
  const file = 'src/errors/did-you-mean.ts';
  const tests = ['tests/errors/did-you-mean.test.ts'];
  const old = 'if (length <= 2) return 0;';
  const before = readFileSync(join(root, file), 'utf8');
  const bugs: readonly NearBug[] = [
    { id: 'wrong', file, old, new: 'if (length <= 2) return 2;', tests },
    { id: 'invalid', file, old, new: 'if (length <= ) return 0;', tests },
    { id: 'gone', file, old: 'while (true)', new: '', tests },
    { id: 'untested', file, old, new: '', tests: ['tests/errors/no-such-file'] },
  ];
  const findings = await huntNear(bugs, { root, jobs: 1, minutes: 10, control: true });
  const shown = findings.map(({ bug, outcome, by, reason }) => [bug.id, outcome, by?.file ?? reason?.split('\n')[0]]);
  expect(shown).toEqual([
    ['wrong', 'noticed', tests[0]],
    ['invalid', 'unclear', expect.stringMatching(/^not planted: Transform failed/)],
    ['gone', 'unclear', expect.stringContaining('holds 0 times')],
    ['untested', 'unclear', 'there is no test file tests/errors/no-such-file'],
  ]);
  expect(readFileSync(join(root, file), 'utf8')).toBe(before);
});

describe('a test that fails without the bug as well', () => {
  const failure = (file: string, test: string, error = 'AssertionError: no') => ({ file, test, error });
  const passing = { files: [], failed: [], unloadable: [], passed: 1, exitCode: 0, output: '' };
  const options = { source: 'src/a.ts', minutes: 1, isChosen: true };

  /** Runs of files in which these tests fail with the bug, and these without it. */
  function runs(withBug: readonly Failure[], without: readonly Failure[], isLoaded = true): Runs {
    return {
      withBug: async (files, { bail }) => {
        const failed = withBug.filter(({ file }) => files.includes(file)).slice(0, bail ? 1 : undefined);
        return failed.length === 0 ? passing : { ...passing, failed, exitCode: 1 };
      },
      failingWithout: async (of) => new Set(without.filter(({ file }) => file === of).map(({ test }) => test)),
      isLoaded: () => isLoaded,
    };
  }

  it('has noticed nothing, and the search goes on in other files', async () => {
    const own = failure('a.test.ts', 'is red');
    expect(await search([['a.test.ts', 'b.test.ts']], runs([own], [own]), options)).toEqual({
      outcome: 'missed',
      files: ['b.test.ts'],
      reason: 'a.test.ts fails without the bug as well',
    });
    const other = failure('b.test.ts', 'is right');
    expect(await search([['a.test.ts', 'b.test.ts']], runs([own, other], [own]), options)).toMatchObject({ outcome: 'noticed', by: other });
    expect(await search([['a.test.ts']], runs([own], [own]), options)).toMatchObject({ outcome: 'unclear' });
  });

  it('is unclear where it says of the planted code that it is broken, or where nothing has loaded that code', async () => {
    const broken = failure('a.test.ts', 'is red', 'ReferenceError: notThere is not defined');
    const reason = 'the planted code is broken: ReferenceError: notThere is not defined';
    expect(await search([['a.test.ts']], runs([broken], []), options)).toMatchObject({ outcome: 'unclear', reason });
    const elsewhere = { outcome: 'unclear', reason: 'none of the tests loaded src/a.ts' };
    expect(await search([['a.test.ts']], runs([], [], false), options)).toMatchObject(elsewhere);
    expect(await search([['a.test.ts']], runs([failure('a.test.ts', 'is red')], [], false), options)).toMatchObject({ outcome: 'unclear' });
  });

  it('hides no other test of its file', async () => {
    const [own, other] = [failure('a.test.ts', 'is red'), failure('a.test.ts', 'is right')];
    expect(await search([['a.test.ts']], runs([own, other], [own]), options)).toMatchObject({ outcome: 'noticed', by: other });
  });
});
