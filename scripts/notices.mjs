/** The licences of what is bundled, as its packages state them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const line = '-'.repeat(80);

/** Folders of packages among the inputs of a bundle: `node_modules/@azure/identity`, `node_modules/a/node_modules/b`. */
export function packagesOf(inputs) {
  const folders = inputs.flatMap((path) => /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return [...new Set(folders)].sort();
}

/** One text; packages under the same words share them. */
export function noticesOf(root, folders) {
  const byText = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const text = licenceIn(join(root, folder));
    const stated = typeof license === 'string' ? license : 'not stated';
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${stated})`]);
  }
  const heading = 'Packages that are part of this one, with the licences that they come with.\n';
  return [heading, ...[...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)].join(`\n${line}\n\n`);
}

function licenceIn(folder) {
  const files = readdirSync(folder).filter(
    (name) => /^(licen[cs]e|notice|copying)([.-][\w.-]*)?$/i.test(name) && existsSync(join(folder, name)),
  );
  return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n') || 'It brings no text of its licence.';
}
