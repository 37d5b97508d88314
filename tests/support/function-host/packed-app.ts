import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { TestWorkspace } from '../workspace.ts';

/** Packs the app for every flow of the workspace, and unpacks it where nothing else is. Answers the folder, as it would be deployed. */
export async function packedApp(workspace: TestWorkspace): Promise<string> {
  const made = await workspace.run(['pack', '--all', '--out', 'app.zip']);
  if (made.code !== 0) throw new Error(`the app could not be packed:\n${made.stdout}${made.stderr}`);
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(workspace.path('app.zip'))))) {
    if (path.endsWith('/')) continue;
    mkdirSync(dirname(workspace.path('unpacked', path)), { recursive: true });
    writeFileSync(workspace.path('unpacked', path), bytes);
  }
  return workspace.path('unpacked');
}

export function mainOf(folder: string): string {
  const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
  return join(folder, main);
}
