import { rmSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

test.each(['b.csv', 'older'])('a link of a folder that leads to nothing (%s) is a WARN, and none once it is removed', async (name) => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: { path: in, format: csv }\nstore: lake\n' });
  workspace.write({ 'in/a.csv': 'id,v\n1,x\n', 'in/notes.txt': 'x' });
  symlinkSync(workspace.path('gone', name), workspace.path('in', name));
  symlinkSync(workspace.path('gone', 'notes.txt'), workspace.path('in', 'other.txt'));
  const run = await workspace.run(['go', '--output', 'json']);
  expect([run.code, run.events.at(-1)]).toMatchObject([0, { event: 'summary', warn: 1, rows: 1 }]);
  expect(run.stdout).toContain(`in/${name} is a link that leads to nothing, and no row is read from there`);
  expect(run.stdout).not.toContain('other.txt');
  rmSync(workspace.path('in', name));
  expect((await workspace.run(['go', '-d', '--output', 'json'])).events.at(-1)).toMatchObject({ warn: 0, rows: 1 });
});
