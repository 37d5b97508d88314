import { describe, expect, it } from 'vitest';
import { type Runs, search } from '../support/planted/search.ts';
import type { Failure } from '../support/planted/vitest-run.ts';

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
