import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const node = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'node');

/** What a script prints, with the packages of this project. */
export async function run(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(node, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  return said.trim();
}
