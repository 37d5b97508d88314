import { rmSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

test.each([
  ['b.csv', 'in'],
  ['older', 'in'],
  ['v1.2', 'in'],
  ['2025', 'in/**/*.csv'],
  ['2025', '{in,in/*}/*.{csv,tsv}'],
  ['older', 'in/**/a*.csv'],
])(
  'a link that leads to nothing (%s), where a folder or a pattern (%s) is read, is a WARN, and none once it is removed',
  async (name, path) => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: { path: "${path}", format: csv }\nstore: lake\n` });
    workspace.write({ 'in/a.csv': 'id,v\n1,x\n', 'in/notes.txt': 'x' });
    symlinkSync(workspace.path('gone', name), workspace.path('in', name));
    symlinkSync(workspace.path('gone', 'notes.txt'), workspace.path('in', 'other.txt'));
    const run = await workspace.run(['go', '--output', 'json']);
    expect([run.code, run.events.at(-1)]).toMatchObject([0, { event: 'summary', warn: 1, rows: 1 }]);
    expect(run.stdout).toContain(`in/${name} is a link to a missing file, so no row is read from there`);
    expect(run.stdout).not.toContain('other.txt');
    rmSync(workspace.path('in', name));
    expect((await workspace.run(['go', '-d', '--output', 'json'])).events.at(-1)).toMatchObject({ warn: 0, rows: 1 });
  },
);

test('each run says so until the link is removed, also where nothing is new, and a dry run', async () => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: { path: in, format: csv }\nstore: lake\nrun_type: incremental\n',
    'in/a.csv': 'id,v\n1,x\n',
  });
  symlinkSync(workspace.path('gone', 'b.csv'), workspace.path('in', 'b.csv'));
  const said = expect.stringContaining('in/b.csv is a link to a missing file');
  const go = async (...flags: readonly string[]) => {
    const { code, stdout, events } = await workspace.run(['go', '--output', 'json', ...flags]);
    return { code, last: events.at(-1), stdout };
  };
  expect(await go()).toMatchObject({ code: 0, last: { warn: 1 }, stdout: said });
  expect(await go()).toMatchObject({ code: 0, last: { warn: 1 }, stdout: said });
  expect((await go('--dry-run')).stdout).toEqual(said);
  rmSync(workspace.path('in', 'b.csv'));
  expect(await go()).toMatchObject({ code: 0, last: { warn: 0 } });
});

test('a link to nothing that a pattern of one folder can not lead into is passed over', async () => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: { path: "in/*.csv" }\nstore: lake\n', 'in/a.csv': 'id,v\n1,x\n' });
  symlinkSync(workspace.path('gone'), workspace.path('in', 'older'));
  expect((await workspace.run(['go', '--output', 'json'])).events.at(-1)).toMatchObject({ pass: 1, warn: 0, rows: 1 });
});
