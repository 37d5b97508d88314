/**
 * `npm run examples [-- CODE …]`: the examples of the error codes in src/errors/codes/examples.json, from what the last run of the tests raised.
 * A code without an example, and a code that is named, takes the shortest error of its code. Read what it wrote.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../src/errors/codes/catalogue.ts';
import { raisedErrors } from './raised.mjs';
import { root } from './runtime.mjs';

const path = join(root, 'src/errors/codes/examples.json');
const raised = raisedErrors(join(root, '.cache', 'raised'));

/** The file with the examples in the order of the catalogue, a line each, and the codes whose example is another one now. */
export function examplesFrom(raised, before, codes, named = []) {
  const changed = [];
  const lines = codes.flatMap((code) => {
    const old = before[code];
    const [shortest] = raised
      .filter((one) => one.code === code && (one.tryThis ?? []).length > 0)
      .map(({ code: _, ...one }) => tidied(one))
      .sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length);
    const stays = old !== undefined && (shortest === undefined || !named.includes(code));
    const example = stays ? old : shortest;
    if (example === undefined) return [];
    if (!stays) changed.push(code);
    return [`  ${JSON.stringify(code)}: ${JSON.stringify(example)}`];
  });
  return { text: `{\n${lines.join(',\n')}\n}\n`, changed };
}

/** Folders of the tests' own are none that a reader has. */
function tidied(example) {
  const own = new RegExp(`${tmpdir()}/hygge-[^/\\s"]+/?`, 'g');
  return JSON.parse(JSON.stringify(example).replaceAll(own, ''));
}

if (import.meta.main) {
  const codes = catalogue.map(({ code }) => code);
  const { text, changed } = examplesFrom(raised, JSON.parse(readFileSync(path, 'utf8')), codes, process.argv.slice(2));
  writeFileSync(path, text);
  for (const code of changed)
    process.stdout.write(
      `${code}: ${text
        .split('\n')
        .find((line) => line.includes(code))
        ?.slice(14)}\n`,
    );
  process.stdout.write(`${changed.length} of ${codes.length} examples are new; then npm run docs\n`);
}
