import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptBugs, type NearBug, sourceWith } from '../support/planted/near-bug.ts';
import { nearTests, testsNamed } from '../support/reaching-tests.ts';

const root = join(import.meta.dirname, '..', '..');
const bugs = keptBugs(root);

describe('the planted bugs that near tests must notice', () => {
  it('are each one place of a file, and still code with the bug', () => {
    const wrong = bugs.flatMap((bug) => {
      try {
        return sourceWith(bug, readFileSync(join(root, bug.file), 'utf8')) === '' ? [`${bug.id}: nothing is left`] : [];
      } catch (error) {
        return [`${bug.id}: ${String(error)}`];
      }
    });
    expect(wrong).toEqual([]);
  });

  it('name test files that are there, and say what would go wrong for a user, unless a machine made them', () => {
    const isMade = ({ id }: NearBug) => /^made-\d+$/.test(id);
    const wrong = bugs.filter((bug) => testsNamed(bug.tests).unknown.length > 0 || (!isMade(bug) && (bug.harm ?? '').length < 20));
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});

it('a bug is planted only where the source reads so once, and only as code', () => {
  const bug = { id: 'a', file: 'src/a.ts', old: 'x > 1', new: 'x > 2', tests: ['tests/a.test.ts'] };
  expect(sourceWith(bug, 'if (x\n  > 1) go();')).toBe('if (x > 2) go();');
  expect(() => sourceWith(bug, 'x > 1; x > 1;')).toThrow('holds 2 times');
  expect(() => sourceWith({ ...bug, new: 'x >' }, 'if (x > 1) go();')).toThrow('Unexpected');
});

describe('the tests near a source', () => {
  it('are those with its name, then those of its folder, then the others, each by steps of imports', () => {
    const [byName = [], ...others] = nearTests('src/databases/home/safe-bound.ts');
    expect(byName).toEqual(['tests/databases/safe-bound.test.ts']);
    expect(others.flat()).toContain('tests/databases/postgres/late-transactions.test.ts');
    expect(others.flat().filter((path) => byName.includes(path))).toEqual([]);
    expect(nearTests('src/formats/csv/sample.ts').slice(0, 4).flat()).toContain('tests/formats/csv/sampling.test.ts');
  });

  it.each([
    ['src/databases/sqlite/write.ts', 'tests/databases/sqlite'],
    ['src/databases/duckdb/read.ts', 'tests/databases/duckdb'],
    ['src/state/sql/errors.ts', 'tests/state/sql'],
    // A folder of sources without tests of its own has those of the folder around it, not those of the engines beside it.
    ['src/databases/store/head.ts', 'tests/databases'],
    ['src/files/store/staging/part-writer.ts', 'tests/files'],
  ])('of %s lie in %s, as long as there are any', (file, folder) => {
    const isOwn = nearTests(file)
      .flat()
      .map((path) => dirname(path) === folder);
    expect(isOwn[0]).toBe(true);
    expect(isOwn.slice(isOwn.indexOf(false))).not.toContain(true);
  });

  it('are found through what is loaded when it is needed', () => {
    expect(nearTests('src/databases/postgres/postgres.ts').flat().length).toBeGreaterThan(10);
  });
});
