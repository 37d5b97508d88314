import { expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

it('a run that replaces a file says what became of the rows, never that fewer than none settled', async () => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: { path: in, format: csv }\nstore: lake\nrun_type: incremental\nchanged_files: replace\n',
    'in/a.csv': 'id\n1\n2\n3\n',
  });
  await workspace.run(['go']);
  workspace.write({ 'in/a.csv': 'id\n7\n' });
  const fewer = (await workspace.run(['go'])).stdout;
  expect(fewer).toContain('2 rows fewer than before in 1 file');
  expect(fewer).toContain('Safe and sound: 2 rows fewer than before in ');
  workspace.write({ 'in/a.csv': 'id\n88\n' });
  const asMany = (await workspace.run(['go'])).stdout;
  expect(asMany).toContain('as many rows as before in 1 file');
  expect(asMany).toContain('Safe and sound: as many rows as before, some of them replaced.');
});

it('a merge that only updates rows of a table says so, and not that there was nothing to settle', async () => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml':
      'home: { path: in, format: csv }\nstore: { type: sqlite, path: lake.db, table: t }\nrun_type: incremental\nwatermark: { column: at, key: id }\n',
    'in/a.csv': 'id,at\n1,1\n2,2\n',
  });
  await workspace.run(['go']);
  workspace.write({ 'in/a.csv': 'id,at\n1,3\n2,4\n' });
  const updated = (await workspace.run(['go'])).stdout;
  expect(updated).toContain('as many rows as before');
  expect(updated).toContain('Safe and sound: as many rows as before, some of them replaced.');
  expect(updated).not.toContain('no rows to settle');
});
