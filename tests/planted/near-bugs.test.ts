import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptBugs, type NearBug, sourceWith } from '../support/planted/near-bug.ts';
import { testsNamed } from '../support/reaching-tests.ts';

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
