import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

describe('the verdict of a comparison with the source', () => {
  let workspace: TestWorkspace;
  const json = async (...args: readonly string[]) => {
    const { stdout } = await workspace.run([...args, '--output', 'json']);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  };

  beforeAll(async () => {
    workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in/{entity}.csv\nstore: lake\nentities: [a, b]\n',
      'in/a.csv': 'id,n\n1,one\n2,two\n',
      'in/b.csv': 'id\n1\n',
    });
    expect((await workspace.run(['go'])).code).toBe(0);
    expect((await workspace.run(['verify', 'f.a', '--pause', '0s'])).code).toBe(0);
    return () => workspace[Symbol.dispose]();
  });

  it('is an event of its own, with the ids of every event', async () => {
    const [event] = await json('verify', 'f.a', '--pause', '0s');
    expect(event).toMatchObject({ event: 'verified', v: 1, flow: 'f', entity: 'a', verdict: 'same', ok: true, error: null });
    expect(event.invocation_id).toMatch(/^[0-9A-Z]{26}$/);
    expect(event.ts).toMatch(/^\d{4}-.*Z$/);
  });

  it('is in the journal, as no run', async () => {
    const rows = await json('journal', '-e', 'f.a');
    const verdicts = rows.filter(({ lane }) => lane === 'verify');
    expect(verdicts.length).toBeGreaterThan(0);
    expect(verdicts[0]).toMatchObject({ status: 'pass', rows: 0, verified: { verdict: 'same', rows: { source: 2, destination: 2 } } });
    const told = await workspace.run(['journal', '-e', 'f.a']);
    expect(told.stdout).toMatch(/f\.a +same .*verify/);
    expect(told.stdout).toMatch(/f\.a +pass +2 /);
  });

  it('is beside the last run in the status, which stays that of the run', async () => {
    const [a, b] = await json('status');
    expect(a).toMatchObject({ status: 'pass', rows: 2, verified: { verdict: 'same', status: 'pass', error_code: null } });
    expect(b).not.toHaveProperty('verified');
    expect((await workspace.run(['status'])).stdout).toContain('verified just now, same: 2 rows on both sides');
  });

  it('of a difference has a code, a place on the page and in the journal, and fails no run', async () => {
    workspace.write({ 'in/a.csv': 'id,n\n1,one\n2,other\n' });
    expect((await workspace.run(['verify', 'f.a', '--key', 'id', '--pause', '0s'])).code).toBe(1);
    const [row] = await json('journal', '--failed');
    expect(row).toMatchObject({
      error_code: 'HYG-2095',
      message: 'f.a differs from its source: 1 row changed.',
      status: 'error',
      lane: 'verify',
    });
    const told = await workspace.run(['journal', '--run', 'last']);
    expect(told.stdout).toContain('verify, differs: 1 row changed');
    const status = await workspace.run(['status']);
    expect(status.stdout).toContain('verified just now, differs: 1 row changed');
    expect(status.stdout).toMatch(/f\.a +pass/);
    expect((await workspace.run(['report', '--out', 'page.html'])).code).toBe(0);
    const page = readFileSync(workspace.path('page.html'), 'utf8');
    expect(page).toContain('Source and destination differ');
    expect(page).toContain('<dt>verified</dt><dd>differs');
    // Nothing of it counts as a failed run.
    expect((await workspace.run(['go', '--failed'])).stdout).not.toContain('f.a');
  });

  it('of a difference stands until a comparison of as many rows and columns finds none', async () => {
    const verify = (...args: readonly string[]) => workspace.run(['verify', 'f.a', '--key', 'id', '--pause', '0s', ...args]);
    const standing = async () => (await json('status'))[0].verified.verdict;
    expect((await verify()).code).toBe(1);
    expect((await verify('--columns', 'id')).code).toBe(0);
    expect((await json('journal', '-e', 'f.a'))[0]).toMatchObject({ lane: 'verify', verified: { verdict: 'same', columns: ['id'] } });
    expect(await standing()).toBe('differs');
    expect((await verify('--sample', '99.99%')).code).toBe(1);
    workspace.write({ 'in/a.csv': 'id,n\n1,one\n2,two\n' });
    expect((await verify('--columns', 'n')).code).toBe(0);
    expect(await standing()).toBe('differs');
    expect((await verify()).code).toBe(0);
    expect(await standing()).toBe('same');
    expect((await verify('--columns', 'id')).code).toBe(0);
    expect((await json('status'))[0].verified).toMatchObject({ verdict: 'same', columns: null });
  });
});

it('that can not be kept in the journal is told before the command ends, and stays the verdict', async () => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in/e.csv\nstore: lake\n', 'in/e.csv': 'id\n1\n' });
  expect((await workspace.run(['go'])).code).toBe(0);
  const journal = workspace.path('.hygge/journal');
  for (const month of readdirSync(journal)) {
    rmSync(join(journal, month));
    mkdirSync(join(journal, month));
  }
  const verified = await workspace.run(['verify', '--pause', '0s']);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('1 row on both sides') });
  expect(verified.stderr).toContain('! f.f  the verdict is not in the journal: ');
});
