import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ownUrl } from '../../scripts/build.mjs';
import { buildsLate } from './bundle.ts';

/**
 * For vite: threads that hygge starts in the process of a test load what is in `dist`, as a user's do. From the sources a thread of SQLite that reads compiles
 * Apache Arrow file by file, which takes four times the processor (0.53 s and 0.14 s). Where the bundle is built late, they load the sources.
 */
export const bundledThreads = {
  name: 'threads-of-the-bundle',
  transform(code: string, id: string): string | undefined {
    if (buildsLate || !code.includes(ownUrl)) return undefined;
    const root = join(import.meta.dirname, '..', '..');
    const record = join(root, 'dist', 'build.json');
    if (!existsSync(record)) return undefined;
    const { located } = JSON.parse(readFileSync(record, 'utf8')) as { readonly located: Readonly<Record<string, string>> };
    const file = located[relative(root, id)];
    // Looked up when it is loaded: what a transformation answers is kept, and the next build names the file anew.
    return file && code.replace(ownUrl, locating(record, relative(root, id)));
  },
};

function locating(record: string, source: string): string {
  const [path, name, folder] = [record, source, join(record, '..', '..')].map((text) => JSON.stringify(text));
  return `const { located } = JSON.parse((await import('node:fs')).readFileSync(${path}, 'utf8'));
export const url = (await import('node:url')).pathToFileURL((await import('node:path')).join(${folder}, located[${name}])).href;`;
}
