import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { waysToSignIn } from '../../src/remote/azure/keys.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { hygge } from './workspace.ts';

it('a folder of CSV files is told how to be read, and reads so', async () => {
  using workspace = new TestWorkspace({
    'flows/till/flow.yml': 'home: data\nstore: lake\n',
    'data/a.csv': 'id\n1\n',
    'data/b.csv': 'id\n2\n',
  });
  const told = await hygge(['go'], workspace.root);
  expect(told.stdout).toContain('The existing files: 2 .csv.');
  const [, path = ''] = /use their extension: path: (\S+)/.exec(told.stdout) ?? [];
  workspace.write({ 'flows/till/flow.yml': `home: { path: "${path}" }\nstore: lake\n` });
  expect((await hygge(['go'], workspace.root)).stdout).toContain('2 rows settled');
});

it('a pattern that names no format says so, and what it says to try reads the files', async () => {
  using workspace = new TestWorkspace({ 'flows/till/flow.yml': 'home: data/*.*\nstore: lake\n', 'data/a.csv': 'id\n1\n' });
  const told = await hygge(['go'], workspace.root);
  expect(told.stdout).toContain('The path of the home shows no format, so its files were read as parquet');
  const [, format = ''] = /next to the path of the home: (format: \w+)/.exec(told.stdout) ?? [];
  workspace.write({ 'flows/till/flow.yml': `home: { path: "data/*.*", ${format} }\nstore: lake\n` });
  expect((await hygge(['go'], workspace.root)).stdout).toContain('1 row settled');
});

const rows = 'id,n\n1,a\n2,b\n';

it('a format in place of the type of a home is put where formats belong', async () => {
  const flow = (csv: string) => `home: { ${csv}, path: data/a.csv }\nstore: lake\n`;
  using workspace = new TestWorkspace({ 'data/a.csv': rows, 'flows/till/flow.yml': flow('type: csv') });
  const told = await hygge(['go'], workspace.root);
  expect(told).toMatchObject({ code: 2, stderr: expect.stringMatching(/^flows\/till\/flow\.yml:\d:\d+ {2}HYG-1030/) });
  const [, format = ''] = /Write `(.+)` in its place/.exec(told.stderr) ?? [];
  workspace.write({ 'flows/till/flow.yml': flow(format) });
  expect((await hygge(['go'], workspace.root)).stdout).toContain('2 rows settled');
});

it('a star in a list of entities is none: without the list it finds them, or a file is written for each', async () => {
  const flow = 'home: { path: "data/{entity}.csv" }\nstore: lake\n';
  using workspace = new TestWorkspace({ 'data/a.csv': rows, 'data/b.csv': rows, 'flows/till/flow.yml': `${flow}entities: ["*"]\n` });
  const told = await hygge(['go'], workspace.root);
  expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('flows/till/flow.yml:3:12  HYG-1081') });
  const [, written = ''] = /without the list: `(.+?)`/.exec(told.stderr) ?? [];
  workspace.write({ 'flows/till/flow.yml': `${flow}${written}\n` });
  expect((await hygge(['go'], workspace.root)).stdout).toContain('PASS=2');
  const [, command = ''] = /hygge (generate .+) --dry-run/.exec(told.stderr) ?? [];
  workspace.write({ 'flows/till/flow.yml': flow });
  expect(await hygge(command.split(' '), workspace.root)).toMatchObject({ code: 0, stderr: '' });
  expect((await hygge(['go'], workspace.root)).stdout).toContain('PASS=2');
});

it.each([['a `where:` of a flow', 'home: data/a.csv\nstore: lake\nwhere: "id > 1"\n', 'Choose rows below `home:`']])(
  '%s is told what chooses rows of files',
  async (_, flow, says) => {
    using workspace = new TestWorkspace({ 'data/a.csv': rows, 'flows/till/flow.yml': flow });
    expect((await hygge(['go'], workspace.root)).stderr).toContain(says);
    workspace.write({ 'flows/till/flow.yml': 'home: { path: data/a.csv, where: "id > 1" }\nstore: lake\n' });
    expect(await hygge(['go'], workspace.root)).toMatchObject({ code: 0 });
  },
);

it('lines of .env that are no variables are told by number, and never shown', async () => {
  using workspace = new TestWorkspace({
    'data/a.csv': rows,
    'flows/till/flow.yml': `home: data/a.csv\nstore: "lake/\${STAGE:-dev}"\n`,
    '.env': 'export OTHER="two\nlines"\n# a remark\nSTAGE: swordfish\n\nKEY=\'swordfish\n',
  });
  const told = await hygge(['go'], workspace.root);
  expect(told.code).toBe(2);
  expect(told.stderr.match(/\.env:\d+:1 {2}HYG-1082/g)).toEqual(['.env:4:1  HYG-1082', '.env:6:1  HYG-1082']);
  expect(`${told.stdout}${told.stderr}`).not.toContain('swordfish');
  workspace.write({ '.env': 'export OTHER="two\nlines"\n# a remark\nSTAGE=prod\n\nKEY=\'swordfish\'\n' });
  expect((await hygge(['go'], workspace.root)).stdout).toContain('→ lake/prod');
});

it('a flow in a file of its own is named, with the command that puts it where flows are', async () => {
  using workspace = new TestWorkspace({
    'data/a.csv': rows,
    'flows/g.yml': 'home: data/a.csv\nstore: lake/g\n',
    'flows/till/flow.yml': 'home: data/a.csv\nstore: lake/till\n',
  });
  const told = await hygge(['go'], workspace.root);
  expect(told.code).toBe(1);
  expect(told.stdout).toContain('PASS=1 WARN=0 ERROR=1');
  const [, command = ''] = /HYG-1083.*?Move it: ([^\n]+)/s.exec(told.stdout) ?? [];
  execFileSync('sh', ['-c', command], { cwd: workspace.root });
  expect((await hygge(['go', '-f', 'g'], workspace.root)).stdout).toContain('→ lake/g');
});

it('files beside flows that hold no flow are left alone', async () => {
  using workspace = new TestWorkspace({
    'data/a.csv': rows,
    'flows/notes.yml': 'todo: home again\n',
    'flows/_kept.yml': 'home: x\nstore: y\n',
    'flows/till/flow.yml': 'home: data/a.csv\nstore: lake\n',
  });
  expect(await hygge(['go'], workspace.root)).toMatchObject({ code: 0 });
});

it.each([['a folder', 'data']])('text that no ending tells of, in %s, is asked for its format', async (_, path) => {
  const flow = (home: string) => `home: { ${home} }\nstore: lake\n`;
  using workspace = new TestWorkspace({ 'data/a.txt': rows, 'flows/till/flow.yml': flow(`path: ${path}`) });
  const told = await hygge(['go'], workspace.root);
  const [, format = ''] = /(format: \w+)$/m.exec(told.stdout) ?? [];
  const [, named = path] = /use their extension: path: (\S+),/.exec(told.stdout) ?? [];
  workspace.write({ 'flows/till/flow.yml': flow(`path: ${named}, ${format}`) });
  expect((await hygge(['go'], workspace.root)).stdout).toContain('2 rows settled');
});

it('a file that is not there is told with the line that names it', async () => {
  using workspace = new TestWorkspace({ 'flows/till/flow.yml': 'store: lake\nhome:\n  path: data/none.csv\n' });
  const { stdout } = await hygge(['go'], workspace.root);
  expect(stdout).toMatch(/HYG-3201 There is nothing to read at data\/none\.csv\.\n +at +flows\/till\/flow\.yml:3:9/);
});

it('no message asks for a key of OneLake, which has none', () => {
  expect(waysToSignIn('default').join()).toContain('storage_account_key');
  expect(waysToSignIn('default', false).join()).not.toMatch(/storage_account_key|connection_string|sas_token/);
});
