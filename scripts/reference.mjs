/** `npm run docs`: makes the reference pages of docs/ again from commands, schemas and error codes. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './reference/pages.ts';
import { root } from './runtime.mjs';

for (const [path, make] of Object.entries(pages)) {
  const text = await make();
  const file = join(root, path);
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!same) writeFileSync(file, text);
  process.stdout.write(`${same ? '·' : '✓'} ${path}${same ? ' is up to date' : ''}\n`);
}
