import { join } from 'node:path';
import { expect, test } from 'vitest';
import { huntNear } from '../support/planted/hunt.ts';
import { keptBugs } from '../support/planted/near-bug.ts';

const root = join(import.meta.dirname, '..', '..');

test('planted bugs are noticed by the tests near them', async () => {
  const findings = await huntNear(keptBugs(root), { root, jobs: 1, minutes: 10, control: false });
  const left = findings.filter(({ outcome }) => outcome !== 'noticed');
  expect(left.map(({ bug, outcome, reason = '' }) => `${bug.id}: ${outcome} ${reason}`)).toEqual([]);
});
