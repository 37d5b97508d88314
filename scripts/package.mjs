/**
 * Makes hygge-<version>.tgz, which npm installs anywhere: the bundle, the documentation, the function app for `hygge pack`, and a manifest that asks for the data engine
 * only. `node scripts/package.mjs [--out FOLDER]`
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, notices } from './build.mjs';
import { buildFunctions } from './build-functions.mjs';
import { root } from './runtime.mjs';

/** What is native stays outside of the bundle. The data engine is needed always, DuckDB by whoever reads or writes its files. */
const engine = 'nodejs-polars';
const duckdb = '@duckdb/node-api';

/** Builds and packs; answers the path of the archive. */
export async function makePackage({ out = root } = {}) {
  await build({ ifStale: true });
  await buildFunctions({ ifStale: true });
  const folder = join(root, '.cache', 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const path of ['bin/hygge.mjs', 'README.md', 'LICENSE', 'CHANGELOG.md', 'host.json']) cpSync(join(root, path), join(folder, path));
  // What `hygge docs` reads, and where the links of the README lead.
  cpSync(join(root, 'docs'), join(folder, 'docs'), { recursive: true });
  for (const path of readdirSync(folder, { recursive: true })) if (path.endsWith('.md')) leaveOutLinks(folder, path);
  for (const [dist, entry] of [
    ['dist', 'hygge.js'],
    ['dist/functions', 'app.mjs'],
  ])
    for (const path of [notices, ...reachable(join(root, dist), entry)]) cpSync(join(root, dist, path), join(folder, dist, path));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  write(join(folder, 'package.json'), published(manifest));
  write(join(folder, 'dist', 'natives-lock.json'), nativesLock());
  mkdirSync(out, { recursive: true });
  const { status } = spawnSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm pack ended with ${status}.`);
  return join(out, `${manifest.name}-${manifest.version}.tgz`);
}

/** A link to what only the repository has becomes its text. */
function leaveOutLinks(folder, path) {
  const file = join(folder, path);
  const leads = (target) => /^[a-z]+:|^#/.test(target) || existsSync(join(dirname(file), target.replace(/#.*$/, '')));
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/(?<!!)\[([^\]]+)\]\(([^)\s]+)\)/g, (link, shown, target) => (leads(target) ? link : shown)),
  );
}

/** Chunks of earlier builds may lie about: what the entry leads to is the program. */
function reachable(folder, entry) {
  const found = new Set();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const [, named] of readFileSync(join(folder, path), 'utf8').matchAll(/["'](\.{1,2}\/[\w./-]+\.m?js)["']/g)) {
      const next = posix.join(posix.dirname(path), named);
      if (existsSync(join(folder, next))) waiting.push(next);
    }
  }
  return found;
}

function published({ name, version, description, license, type, engines, dependencies }) {
  return {
    ...{ name, version, description, license, type, engines },
    bin: { hygge: 'bin/hygge.mjs' },
    exports: { './package.json': './package.json' },
    dependencies: { [engine]: dependencies[engine] },
    peerDependencies: { [duckdb]: dependencies[duckdb] },
    peerDependenciesMeta: { [duckdb]: { optional: true } },
  };
}

/** Checksums of the engine's parts for each platform: `hygge pack` fetches the one for Linux on machines that have another. */
function nativesLock() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const parts = Object.entries(packages).filter(([path]) => path.startsWith(`node_modules/${engine}`));
  return { packages: Object.fromEntries(parts.map(([path, { version, integrity }]) => [path, { version, integrity }])) };
}

function write(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const file = await makePackage({ out: resolve(values.out ?? '.') });
  process.stderr.write(`Made ${file}.\nInstall it anywhere: npm install --global ${file}\n`);
}
