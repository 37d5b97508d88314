/** Tells whether node_modules is what package-lock.json asks for, native parts included. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledNode, root } from './runtime.mjs';

/** Each has one package per platform, all optional: npm may leave every one of them out and still exit with 0. */
const natives = [
  { name: 'nodejs-polars', folder: '.', prefix: 'nodejs-polars-' },
  { name: '@duckdb/node-bindings', folder: '@duckdb', prefix: 'node-bindings-' },
  { name: 'esbuild', folder: '@esbuild', prefix: '' },
];

/** Why node_modules can't be used as it is; undefined when it can. */
export function whatIsMissing(folder = root) {
  const modules = join(folder, 'node_modules');
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  const present = packagesOf(join(modules, '.package-lock.json'));
  if (present === undefined) return 'the dependencies are not installed yet';
  for (const [path, entry] of Object.entries(wanted ?? {})) {
    if (path === '') continue;
    const found = present[path];
    if (found === undefined ? !entry.optional : found.version !== entry.version) return `${nameOf(path)} ${entry.version} is not installed`;
  }
  return whichNativeIsMissing(modules);
}

/** The native package that npm left out; undefined when all are there. */
function whichNativeIsMissing(modules) {
  for (const { name, folder, prefix } of natives) {
    const siblings = existsSync(join(modules, folder)) ? readdirSync(join(modules, folder)) : [];
    const found = siblings.some((sibling) => sibling.startsWith(prefix) && existsSync(join(modules, folder, sibling, 'package.json')));
    if (!found) return `the native part of ${name} is not installed`;
  }
  return bundledNode() === undefined ? 'the pinned Node is not installed' : undefined;
}

function packagesOf(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, 'utf8')).packages : undefined;
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
