import { expect, test } from 'vitest';
import { takenFilesUnknown } from '../../src/engine/errors/repair.ts';

const key = { flow: 'crm', entity: 'users' };

test('an adoption that does not know which files were taken says why, and how to continue', () => {
  const lost = takenFilesUnknown(key, null);
  expect(lost.why).toEqual([
    'The list of the files that were read is lost or outdated, and the destination does not record all of these files.',
  ]);
  const moved = takenFilesUnknown(key, 'in/a.csv');
  expect(moved.why).toEqual([
    'in/a.csv has the name and size of a file that was read under the earlier configuration of the source, so it may be the same file.',
  ]);
  for (const error of [lost, moved]) expect(error.tryThis.at(-1)).toContain('hygge reset crm.users, then hygge go');
});
