import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { NoSuchProgram, runProgram } from '../../src/adapters/programs.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Words that a shell of Windows would make something else of. */
const words = ['role', 'assignment', '--query', "[?name=='%PATH%' && (id)].id", 'a b', '"quoted"', '^!&|<>'];

/** Says what it was called with, a word a line. */
const says = '#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n';

/** Files of an installation, of which `python.exe` can be started. */
function installed(workspace: TestWorkspace, ...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(workspace.path(file)), { recursive: true });
    writeFileSync(workspace.path(file), says);
    if (file.endsWith('.exe')) chmodSync(workspace.path(file), 0o755);
  }
}

test.each([
  ['its installer', ['cli/wbin/az.cmd', 'cli/python.exe'], 'cli/wbin', ['-IBm', 'azure.cli']],
  ['pip', ['venv/az.bat', 'venv/python.exe'], 'venv', ['-m', 'azure.cli']],
] as const)(
  'az as %s leaves it on Windows is started without a shell, and every word arrives as it is',
  async (_by, files, folder, before) => {
    using workspace = new TestWorkspace();
    installed(workspace, ...files);
    const environment = { Path: `/nowhere;${workspace.path(folder)};/usr/bin` };
    const request = { program: 'az', args: words, directory: workspace.path(), environment, platform: 'win32' } as const;
    expect(await runProgram(request)).toEqual({ status: 0, stdout: [...before, ...words, ''].join('\n'), stderr: '' });
    // Elsewhere a folder may hold whatever it likes.
    await expect(runProgram({ ...request, platform: 'linux' })).rejects.toThrow(NoSuchProgram);
  },
);

test('a script of Windows with no Python next to it is no program', async () => {
  using workspace = new TestWorkspace();
  installed(workspace, 'shims/az.cmd');
  const request = { args: [], directory: workspace.path(), environment: { PATH: workspace.path('shims') }, platform: 'win32' } as const;
  await expect(runProgram({ ...request, program: 'az' })).rejects.toThrow(NoSuchProgram);
});
