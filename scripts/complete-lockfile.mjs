/**
 * After `npm install`: adds to package-lock.json the optional packages of other platforms that npm left out because the registry in use
 * could not show them, without which `npm ci` refuses the lockfile, and the checksums that the lockfile lacks, where the registry has them.
 * Exits with 1 while one is missing.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './runtime.mjs';

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'x64', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32'];

/** Optional packages that something in the lockfile asks for and the lockfile does not have, as `[name, version, dev]`. */
export function missingOptionals(packages) {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isFound(packages, path, name))
      .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
  );
}

/** Packages that npm would install without comparing them with anything. What is in the archive of another package is checked with that. */
export function unchecked(packages) {
  return Object.entries(packages).filter(
    ([path, entry]) => path !== '' && !entry.link && !entry.inBundle && !/^sha512-./.test(entry.integrity ?? ''),
  );
}

/** As the registry has it; undefined: it does not have the package. */
function checksumOf(path, { version }) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const { status, stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'dist.integrity'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return status === 0 && /^sha512-\S+$/.test(stdout.trim()) ? stdout.trim() : undefined;
}

/** As Node looks for it: beside the package that asks, then in each folder above. */
function isFound(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}

function entryFor({ name, version, dev }) {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not tell its platform by its name; add it by hand`);
  const libc = os !== 'linux' ? undefined : words.includes('musl') ? 'musl' : 'glibc';
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...(libc ? { libc: [libc] } : {}), optional: true, os: [os] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, 'package-lock.json');
  const lockfile = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingOptionals(lockfile.packages);
  for (const one of missing) lockfile.packages[`node_modules/${one.name}`] = entryFor(one);
  for (const [path, entry] of unchecked(lockfile.packages)) {
    const integrity = checksumOf(path, entry);
    if (integrity !== undefined) lockfile.packages[path] = { version: entry.version, integrity, ...entry };
  }
  const sorted = Object.entries(lockfile.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(path, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  const left = unchecked(lockfile.packages).map(([path]) => path);
  process.stdout.write(`${missing.length} packages of other platforms added.\n`);
  if (left.length > 0)
    process.stdout.write(`Without a checksum, because the registry does not show them:\n${left.map((path) => `  ${path}\n`).join('')}`);
  process.exitCode = left.length > 0 ? 1 : 0;
}
