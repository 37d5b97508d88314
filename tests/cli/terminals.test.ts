import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { buildOnce, hyggeCommand, node, runHygge } from '../support/run-hygge.ts';
import { fakeTerminal } from './terminal.ts';
import { exampleWorkspace } from './workspace.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly these
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const colour = '\u001b[';

let workspace: Awaited<ReturnType<typeof exampleWorkspace>>;
beforeAll(async () => {
  workspace = await exampleWorkspace();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** Moves the runs that the workspace remembers to years ago: until then, each minute changes how old they are told to be. Watermarks have no Z here. */
function longAgo(): void {
  const kept = readdirSync(join(workspace.root, '.hygge'), { recursive: true, encoding: 'utf8' });
  for (const path of kept.filter((name) => /\.(yml|ndjson)$/.test(name)).map((name) => join(workspace.root, '.hygge', name))) {
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\b20\d\d-(?=\d\d-\d\dT[\d:.]+Z)/g, '2020-'));
  }
}

/** What a process writes into a terminal of its own. */
function inTerminal(args: string, size = 'cols 80 rows 24'): string {
  buildOnce();
  const command = `stty ${size}; exec '${node}' '${hyggeCommand}' ${args}`;
  const run = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: workspace.root,
    env: { ...process.env, NO_COLOR: undefined, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    encoding: 'utf8',
    input: '',
  });
  expect(run.status).toBe(0);
  return run.stdout.replaceAll('\r\n', '\n');
}

/** What a command writes where one is made up for it. */
async function inThisProcess(
  args: string,
  env: Readonly<Record<string, string>> = {},
  [width, height]: readonly [number, number] = [80, 24],
  directory = workspace.root,
): Promise<string> {
  const out = fakeTerminal(width, height);
  const { code } = await inProcess(args.split(' '), directory, { TERM: 'xterm-256color', ...env }, { out, err: out });
  expect(code).toBe(0);
  return out.writes.join('');
}

describe('in a terminal', () => {
  it('there is colour, and a live area that is gone in the end', () => {
    const text = inTerminal('go -d');
    expect(text).toContain(`${colour}32m✓${colour}39m`);
    expect(text).toContain('Done. PASS=2');
  });

  it('colour can be taken away in three ways, and nothing else goes with it', async () => {
    longAgo();
    for (const command of ['status']) {
      const coloured = await inThisProcess(command);
      expect(coloured).toContain(colour);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out
      const said = coloured.replace(/\u001b\[\d+m/g, '');
      expect(said).not.toMatch(control);
      expect(await inThisProcess(command, { NO_COLOR: '1' })).toBe(said);
      expect(await inThisProcess(`${command} --no-color`)).toBe(said);
      expect(await inThisProcess(command, { TERM: 'dumb' })).toBe(said);
    }
  });
});

describe('in a pipe', () => {
  it.each(['go --dry-run', 'debug'])('%s writes no control character', async (command) => {
    const run = await inProcess(command.split(' '), workspace.root, { TERM: 'xterm-256color' });
    expect(run.stdout + run.stderr).not.toMatch(control);
    expect(run.code).toBe(0);
  });

  it('a process knows one when it sees it: go -d writes no control character', async () => {
    const run = await runHygge(['go', '-d'], {
      cwd: workspace.root,
      env: { NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: 'xterm-256color' },
    });
    expect(run.stdout + run.stderr).not.toMatch(control);
    expect(run.code).toBe(0);
  });
});
