import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Cron } from 'croner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../architecture/sources.ts';
import { node } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const run = promisify(execFile);
const page = readFileSync(join(root, 'docs', 'schedules.md'), 'utf8');
const blocks = blocksOf(page);
const inLanguage = (language: string) => blocks.filter((block) => block.language === language).map(({ text }) => text);

const here = mkdtempSync(join(tmpdir(), 'hygge-schedules-'));
const bin = join(here, 'bin');
const python = '/usr/bin/python3';
const workspace = new TestWorkspace({
  'hygge.yml':
    'name: my-lake\ndefault_target: dev\ntargets:\n  dev: {}\n  prod: { protected: true }\nflows:\n  shop: { home: "drop/*.csv", store: lake, run_type: incremental }\n',
  'drop/a.csv': 'id\n1\n',
});

beforeAll(() => {
  mkdirSync(bin);
  // As it is installed: a command on the path.
  writeFileSync(join(bin, 'hygge'), `#!/bin/sh\nexec "${node}" "${join(root, 'dist', 'hygge.js')}" "$@"\n`);
  chmodSync(join(bin, 'hygge'), 0o755);
});
afterAll(() => {
  rmSync(here, { recursive: true });
  workspace[Symbol.dispose]();
});

/** Modules of the name that a snippet imports: what it makes with them is done at once. */
const standIns = {
  'airflow/__init__.py': `class DAG:
    def __init__(self, dag_id, *, schedule, start_date, catchup, max_active_runs): print(schedule)
    def __enter__(self): return self
    def __exit__(self, *_): pass
`,
  'airflow/operators/__init__.py': '',
  'airflow/operators/bash.py': `import subprocess
class BashOperator:
    def __init__(self, *, task_id, bash_command, cwd, skip_on_exit_code):
        done = subprocess.run(["bash", "-c", bash_command], cwd=cwd)
        print("skipped" if done.returncode == skip_on_exit_code else "failed" if done.returncode else "passed")
`,
  'dagster.py': `class Failure(Exception): pass
def asset(function):
    try:
        function()
        print("passed")
    except Failure as failure: print(failure)
`,
};

async function ranInPython(text: string): Promise<string> {
  for (const [path, body] of Object.entries(standIns)) {
    mkdirSync(dirname(join(here, path)), { recursive: true });
    writeFileSync(join(here, path), body);
  }
  writeFileSync(join(here, 'snippet.py'), text.replaceAll('/srv/my-lake', workspace.root));
  const env = { ...process.env, PYTHONPATH: here, PATH: `${bin}${delimiter}${process.env.PATH}` };
  return (await run(python, ['-u', 'snippet.py'], { cwd: here, env })).stdout;
}

const rowsIn = async () => (await workspace.settled('lake/shop', 'shop', 'shop', 'lake').catch(() => [])).length;

describe('docs/schedules.md', () => {
  test.skipIf(!existsSync('/usr/bin/systemd-analyze'))('systemd takes its units, and the time of the timer', async () => {
    const units = inLanguage('ini').map((text) => ({ name: /^# (\S+)/.exec(text)?.[1] ?? '', text }));
    expect(units.map(({ name }) => name)).toEqual(['hygge.service', 'hygge.timer']);
    for (const { name, text } of units)
      writeFileSync(join(here, name), text.replace('/usr/local/bin/hygge', join(bin, 'hygge')).replace('/srv/my-lake', workspace.root));
    const verified = await run('systemd-analyze', ['verify', ...units.map(({ name }) => join(here, name))]);
    expect(verified.stdout + verified.stderr).not.toContain('hygge');
    const [, time = ''] = /^OnCalendar=(.*)$/m.exec(page) ?? [];
    expect((await run('systemd-analyze', ['calendar', time])).stdout).toMatch(/Next elapse: .* 02:00:00 UTC/);
  });

  test('the workflow is one, with a time that cron knows and commands that hygge takes', async () => {
    const [workflow = ''] = inLanguage('yml');
    const { on, jobs, permissions } = parse(workflow);
    expect(new Cron(on.schedule[0].cron, { timezone: 'UTC' }).nextRun()?.toISOString()).toMatch(/T02:00:00/);
    expect(permissions).toEqual({ contents: 'read' });
    const commands = jobs.go.steps.flatMap((step: { run?: string }) => step.run ?? []);
    expect(commands).toHaveLength(2);
    const [, go = ''] = commands;
    expect(await workspace.run([...go.split(' ').slice(1), '--dry-run'])).toMatchObject({ code: 0 });
  });

  test('the line for cron and the one for Windows start commands that hygge takes', async () => {
    const lines = inLanguage('text').flatMap((text) => text.split('\n'));
    const [cron = ''] = lines.filter((line) => line.startsWith('0 2'));
    expect(new Cron(cron.slice(0, 9)).nextRun()).not.toBeNull();
    const [windows = ''] = lines.filter((line) => line.startsWith('schtasks'));
    for (const line of [cron, windows]) {
      const [, words = ''] = /hygge (go .*?) >>/.exec(line) ?? [];
      const args = words.replace('C:\\my-lake', workspace.root).split(' ');
      expect([args, (await workspace.run([...args, '--dry-run'])).code]).toEqual([args, 0]);
    }
  });

  test.skipIf(!existsSync(python))('the Python for Airflow starts it, and tells one that is skipped from one that failed', async () => {
    const airflow = inLanguage('python').find((text) => text.includes('airflow')) ?? '';
    const before = await rowsIn();
    workspace.write({ 'drop/airflow.csv': 'id\n2\n' });
    const said = await ranInPython(airflow);
    expect(said.split('\n').filter((line) => !line.startsWith('{'))).toEqual(['0 2 * * *', 'passed', '']);
    expect(await rowsIn()).toBeGreaterThan(before);
    expect(await ranInPython(airflow.replace('hygge go --output json', 'exit 3'))).toContain('skipped');
    expect(await ranInPython(airflow.replace('hygge go', 'hygge gone'))).toContain('failed');
  });

  test.skipIf(!existsSync(python))('the Python for Dagster starts it, and fails where it fails', async () => {
    const dagster = inLanguage('python').find((text) => text.includes('dagster')) ?? '';
    const before = await rowsIn();
    workspace.write({ 'drop/dagster.csv': 'id\n3\n' });
    expect(await ranInPython(dagster)).toContain('passed');
    expect(await rowsIn()).toBeGreaterThan(before);
    expect(await ranInPython(dagster.replace('"go"', '"gone"'))).toContain('hygge ended with 2');
  });

  test('every exit code is on it', () => {
    for (const code of ['0', '1', '2', '3', '130, 143']) expect(page).toContain(`\n| ${code} |`);
  });
});

describe('the image of docs/install.md', () => {
  test('has a Node that hygge runs on, and installs what the page installs', () => {
    const install = readFileSync(join(root, 'docs', 'install.md'), 'utf8');
    const [docker = ''] = blocksOf(install)
      .filter(({ language }) => language === 'dockerfile')
      .map(({ text }) => text);
    const { engines, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [, major = ''] = /^FROM node:(\d+)-slim$/m.exec(docker) ?? [];
    expect(Number(major)).toBeGreaterThan(Number.parseFloat(engines.node.replace('>=', '')));
    expect(docker).toContain(`RUN npm install --global /tmp/hygge-${version}.tgz`);
    expect(install).toContain(`npm install --global ./hygge-${version}.tgz`);
    expect(docker).toContain('ENTRYPOINT ["hygge"]');
  });
});
