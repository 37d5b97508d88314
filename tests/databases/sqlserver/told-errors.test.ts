import { expect, test } from 'vitest';
import { notTracked } from '../../../src/databases/sqlserver/errors.ts';

test.each([
  { database: '[shop]', why: 'Change tracking is off in the whole database.', first: 'ALTER DATABASE [shop] SET CHANGE_TRACKING = ON' },
  { database: null, why: 'Change tracking is on in the database, but not for this table.', first: 'ALTER TABLE [e] ENABLE' },
])('a table whose changes are not tracked is told with where it is off, and what turns it on ($database)', ({ database, why, first }) => {
  const error = notTracked('dbo.e', '[e]', database);
  expect(error.why).toEqual([why]);
  expect(error.tryThis[0]).toContain(first);
  expect(error.tryThis.at(-1)).toBe('ALTER TABLE [e] ENABLE CHANGE_TRACKING;');
  expect(error.tryThis).toHaveLength(database === null ? 1 : 2);
});
