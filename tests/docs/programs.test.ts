import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const page = readFileSync(join(root, 'docs', 'programs.md'), 'utf8');
const block = (language: string) => blocksOf(page).find((one) => one.language === language)?.text ?? '';
const python = '/usr/bin/python3';

const workspace = new TestWorkspace();
beforeAll(() => {
  buildOnce();
  mkdirSync(workspace.path('bin'));
  writeFileSync(workspace.path('bin/hygge'), `#!/bin/sh\nexec "${node}" "${hyggeCommand}" "$@"\n`);
  chmodSync(workspace.path('bin/hygge'), 0o755);
  workspace.write({ 'data/orders.csv': 'id\n1\n2\n', 'load.mjs': block('js'), 'load.py': block('python') });
});
afterAll(() => workspace[Symbol.dispose]());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function started(program: string, script: string): Promise<Ended> {
  const env = { ...process.env, PATH: `${workspace.path('bin')}${delimiter}${process.env.PATH}` };
  return new Promise((resolve) => {
    const child = execFile(program, [script], { cwd: workspace.root, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const fine = 'name: k\nflows:\n  orders: { home: data/orders.csv, store: lake/orders }\n';
const programs = [
  ['Node', node, 'load.mjs'],
  ['Python', python, 'load.py'],
] as const;

describe.each(programs.filter(([, program]) => existsSync(program)))('the program of docs/programs.md in %s', (_, program, script) => {
  test('prints what settled, and ends as hygge does', async () => {
    workspace.write({ 'hygge.yml': fine });
    expect(await started(program, script)).toMatchObject({ code: 0, stdout: '2 rows, 0 errors\n' });
  });

  test('prints each error with its code', async () => {
    workspace.write({ 'hygge.yml': `${fine}  bad: { home: data/none.csv, store: lake/bad }\n` });
    const { code, stdout, stderr } = await started(program, script);
    expect([code, stdout]).toEqual([1, '2 rows, 1 errors\n']);
    expect(stderr).toContain('bad bad HYG-3201 There is nothing to read at data/none.csv.');
  });

  test('ends with 2 where the config is invalid', async () => {
    workspace.write({ 'hygge.yml': 'name: k\nflwos: {}\n' });
    expect(await started(program, script)).toMatchObject({ code: 2 });
  });
});

test('the routes of docs/programs.md are those that the function app registers', () => {
  const registered = readFileSync(join(root, 'functions', 'register.ts'), 'utf8');
  const routes = [...registered.matchAll(/route[:=]\s*[`']([^`']+)[`']|route = `([^`]+)`/g)].map(([, one, other]) => one ?? other ?? '');
  const normal = (route: string) => route.replace(/\$?\{name\}|\{flow\}/g, '<flow>').replace('{id}', '<id>');
  const told = page.replace('…/runs/<id>`, or', '').replaceAll('`…/runs/<id>`', '`GET /api/flows/<flow>/runs/<id>`');
  expect(routes.length).toBeGreaterThan(6);
  expect(routes.map(normal).filter((route) => !told.includes(`/api/${route}\``))).toEqual([]);
});
