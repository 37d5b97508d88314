/** What tests of quarantine do by the command line: run it, and mend rows in a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { TestWorkspace } from '../support/workspace.ts';

/** Runs a command that has to end so, and answers its output. */
export async function hygge(workspace: TestWorkspace, command: string, code = 0): Promise<string> {
  const { code: ended, stdout, stderr } = await workspace.run(command.split(' '));
  if (ended !== code) throw new Error(`hygge ${command} ended ${ended}:\n${stdout}${stderr}`);
  return stdout + stderr;
}

export const replay = 'quarantine replay shop.orders --file mended.csv';

/** Writes the quarantine of shop.orders to mended.csv, with other texts in it. */
export async function writeMended(workspace: TestWorkspace, ...changes: readonly (readonly [string | RegExp, string])[]): Promise<void> {
  await rm(workspace.path('mended.csv'), { force: true });
  await hygge(workspace, 'quarantine show shop.orders --to mended.csv');
  const shown = readFileSync(workspace.path('mended.csv'), 'utf8');
  writeFileSync(
    workspace.path('mended.csv'),
    changes.reduce((text, [from, to]) => text.replace(from, to), shown),
  );
}

/** The rows of shop.orders that lie in quarantine, as the command line shows them. */
export async function apartIn<Row extends { readonly id: number }>(workspace: TestWorkspace): Promise<readonly Row[]> {
  const { stdout } = await workspace.run(['quarantine', 'show', 'shop.orders', '--output', 'json']);
  return stdout
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]))
    .sort((a, b) => a.id - b.id);
}
