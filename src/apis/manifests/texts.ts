/** The texts of the manifests in this folder, by name. A bundle lacks these files, so the build replaces this module by a module with the texts (scripts/manifests.mjs). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.yml'));

export const texts: Readonly<Record<string, string>> = Object.fromEntries(
  files.map((file) => [file.slice(0, -'.yml'.length), readFileSync(join(import.meta.dirname, file), 'utf8')]),
);
