import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../errors/hygge-error.ts';
import { bytesFile, type PackFile } from './file.ts';

/** hygge's own folder, which contains its package.json. */
export function ownFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'hygge') return folder;
    if (dirname(folder) === folder) throw notBuilt('The folder of hygge cannot be found.');
  }
}

/** The values in package.json. */
export function ownVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

const built = 'dist/functions';
const entry = 'app.mjs';

/** The built function app: its entry and every chunk that the entry can reach. In a clone, the app is built again if a source file has changed. */
export async function builtApp(root: string): Promise<readonly PackFile[]> {
  const script = join(root, 'scripts/build-functions.mjs');
  if (existsSync(script) && existsSync(join(root, 'functions'))) await build(script);
  if (!existsSync(join(root, built, entry))) throw notBuilt(`${built}/${entry} is not there.`);
  if (!existsSync(join(root, 'host.json'))) throw notBuilt('host.json does not exist.');
  return await reachable(join(root, built));
}

/** Only chunks that the entry can reach count, because chunks of earlier builds may still exist. */
async function reachable(folder: string): Promise<readonly PackFile[]> {
  const found = new Map<string, PackFile>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const body = await readFile(join(folder, path));
    found.set(path, bytesFile(path, body));
    for (const [, named = ''] of body.toString('utf8').matchAll(/["'](\.{1,2}\/[\w./-]+\.mjs)["']/g)) {
      const next = posix.join(posix.dirname(path), named);
      if (existsSync(join(folder, next))) waiting.push(next);
    }
  }
  return [...found.values()];
}

async function build(script: string): Promise<void> {
  const child = spawn(process.execPath, [script, '--if-stale'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw notBuilt('Its sources could not be built.', said.join('').split('\n'));
}

function notBuilt(why: string, more: readonly string[] = []): ConfigError {
  return new ConfigError({
    code: 'HYG-1941',
    what: 'There is no built function app to pack.',
    why: [why, ...more.filter((line) => line.trim() !== '').slice(0, 5)],
    tryThis: ['Build it: npm run setup, in the folder of hygge'],
  });
}
