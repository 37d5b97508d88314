// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

async function hygge(line: string, workspace: TestWorkspace, environment: Readonly<Record<string, string>> = {}) {
  const surroundings = fakeSurroundings(workspace.root, { environment });
  return { code: await run(line.split(' '), surroundings), stdout: surroundings.stdout(), stderr: surroundings.stderr() };
}

describe('state in files, with a path', () => {
  it('brings what settled along when it changes: hygge state import', async () => {
    using workspace = new TestWorkspace({
      'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\nrun_type: incremental\n',
      'data/a.csv': 'id\n1\n',
    });
    await hygge('go', workspace);
    workspace.write({ 'hygge.yml': 'state: { type: files, path: .hygge/prod }\n' });
    expect((await hygge('go', workspace)).stdout).toContain('HYG-2016');
    expect((await hygge('state import', workspace)).code).toBe(0);
    expect((await hygge('go', workspace)).stdout).toContain('SKIP=1');
  });

  it.each([
    ['/var/hygge', 'a folder inside the folder of hygge.yml, such as `.hygge/dev`'],
    ['../state', 'a folder inside the folder of hygge.yml, such as `.hygge/dev`'],
    ['s3://lake/state', 'for a URL, use `type: object`'],
    ['.hygge/', 'the plain name of a folder'],
    ['.hygge/*', 'the plain name of a folder'],
  ])('is not a folder elsewhere, and no pattern: %s', async (path, says) => {
    using workspace = new TestWorkspace({
      'hygge.yml': `state: { type: files, path: "${path}" }\n`,
      'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\n',
    });
    const told = await hygge('go', workspace);
    expect(told.code).toBe(2);
    expect(told.stderr).toContain(says);
  });

  it('is a folder that no store settles in or around', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'state: { type: files, path: lake/state }\n',
      'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\n',
    });
    expect((await hygge('go', workspace)).stderr).toContain('HYG-1058');
  });
});
