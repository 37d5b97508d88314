import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { day, sampled } from '../support/day.ts';
import { confirmed, type Finding, huntNear } from '../support/planted/hunt.ts';
import { keptBugs, type NearBug } from '../support/planted/near-bug.ts';

const root = join(import.meta.dirname, '..', '..');
const aDay = 2;

/** What the sample of one day misses may be noticed with the sample of the next: a test that fails on one day in a hundred helps nobody. */
const days = 3;

async function notNoticed(bugs: readonly NearBug[], on = day): Promise<readonly Finding[]> {
  if (bugs.length === 0) return [];
  const findings = await huntNear(bugs, { root, jobs: 1, minutes: 10, control: false, day: on });
  const left = findings.filter(({ outcome }) => outcome !== 'noticed');
  return on === day + days - 1
    ? left
    : await notNoticed(
        left.map(({ bug }) => bug),
        on + 1,
      );
}

test(`planted bugs are noticed by the tests near them (SEED=${day})`, async () => {
  const bugs = keptBugs(root);
  const left = await notNoticed(sampled(bugs, Math.ceil(bugs.length / aDay)));
  expect(left.map(({ bug, outcome, reason = '' }) => `${bug.id}: ${outcome} ${reason}`)).toEqual([]);
});

test('a bug is noticed, missed or unclear, and a source stays as it is where the copy was made from', async () => {
  const file = 'src/errors/did-you-mean.ts';
  const tests = ['tests/errors/did-you-mean.test.ts'];
  const old = 'if (length <= 2) return 0;';
  const before = readFileSync(join(root, file), 'utf8');
  const bugs: readonly NearBug[] = [
    { id: 'wrong', file, old, new: 'if (length <= 2) return 2;', tests },
    { id: 'harmless', file, old, new: 'if (length < 3) return 0;', tests },
    { id: 'broken', file, old, new: 'if (notThere <= 2) return 0;', tests },
    { id: 'invalid', file, old, new: 'if (length <= ) return 0;', tests },
    { id: 'elsewhere', file: 'src/workspace/durations.ts', old: 'let total = 0;', new: 'let total = 1;', tests },
    { id: 'gone', file, old: 'while (true)', new: '', tests },
    { id: 'untested', file, old, new: '', tests: ['tests/errors/no-such-file'] },
  ];
  const findings = await huntNear(bugs, { root, jobs: 1, minutes: 10, control: true });
  const shown = findings.map(({ bug, outcome, by, reason }) => [bug.id, outcome, by?.file ?? reason?.split('\n')[0]]);
  expect(shown).toEqual([
    ['wrong', 'noticed', tests[0]],
    ['harmless', 'missed', undefined],
    ['broken', 'unclear', 'the planted code is broken: ReferenceError: notThere is not defined'],
    ['invalid', 'unclear', expect.stringMatching(/^not planted: Transform failed/)],
    ['elsewhere', 'unclear', 'none of the tests loaded src/workspace/durations.ts'],
    ['gone', 'unclear', expect.stringContaining('holds 0 times')],
    ['untested', 'unclear', 'there is no test file tests/errors/no-such-file'],
  ]);
  expect(readFileSync(join(root, file), 'utf8')).toBe(before);
});

test('a test that fails without the bug as well has noticed nothing', () => {
  const bug = { id: 'a', file: 'src/a.ts', old: 'x', new: 'y', tests: [] };
  const by = { file: 'tests/a.test.ts', test: 'is right', error: 'AssertionError' };
  const found: Finding = { bug, outcome: 'noticed', by, files: [], seconds: 1 };
  const outcomeAfter = (failed: readonly (typeof by)[], exitCode: number | null) =>
    confirmed([found], { failed, unloadable: [], exitCode }).map(({ outcome }) => outcome);
  expect(outcomeAfter([], 0)).toEqual(['noticed']);
  expect(outcomeAfter([{ ...by, test: 'is another' }], 1)).toEqual(['noticed']);
  expect(outcomeAfter([by], 1)).toEqual(['unclear']);
  expect(outcomeAfter([], null)).toEqual(['unclear']);
});
