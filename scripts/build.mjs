/**
 * Bundles src/cli/main.ts into dist/hygge.js, one small entry with the rest in chunks that load when they are needed. `--if-stale` does nothing when no input changed since the last build. Plain JavaScript, so that set-up can run it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { latePackages } from './late-packages.mjs';
import { lazyNames } from './lazy-names.mjs';
import { manifests } from './manifests.mjs';
import { noticesOf, packagesOf } from './notices.mjs';
import { root as defaultRoot } from './runtime.mjs';

/** Native: loaded from node_modules by the chunk that needs it. All else is in the bundle, in chunks that load when they are needed. */
const external = ['nodejs-polars', '@duckdb/node-api', 'esbuild'];

/** Bundled packages that are CommonJS call `require`; the alias keeps clear of a `createRequire` of their own. */
const banner =
  "import { createRequire as createRequireForBundle } from 'node:module';\nconst require = createRequireForBundle(import.meta.url);";

const always = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  // Half of a short run is reading its own code.
  minifySyntax: true,
  minifyWhitespace: true,
  write: false,
  logLevel: 'warning',
};

/** The licences of what is bundled, beside the bundle. */
export const notices = 'THIRD-PARTY-NOTICES.txt';

const hourMs = 3_600_000;

/** The command line: what is built unless something else is asked for. */
const commandLine = {
  entry: 'src/cli/main.ts',
  folder: 'dist',
  file: 'hygge.js',
  external,
};

/** Builds `product` under `root`; answers whether anything was built. */
export async function build({ root = defaultRoot, ifStale = false, product = commandLine } = {}) {
  const dist = join(root, product.folder);
  const record = join(dist, 'build.json');
  if (ifStale && isFresh(root, { record, entry: join(dist, product.file) })) return false;
  const { build: bundle } = await import('esbuild');
  const result = await bundle({
    ...always,
    absWorkingDir: root,
    external: product.external,
    define: { 'globalThis.HYGGE_VERSION': JSON.stringify(versionOf(root)) },
    // Of packages in both forms the modules, of which a bundle takes what is used.
    mainFields: ['module', 'main'],
    plugins: [lazyNames, latePackages, manifests],
    loader: { '.yml': 'text' },
    metafile: true,
    entryPoints: { [basename(product.file, extname(product.file))]: join(root, product.entry) },
    outExtension: { '.js': extname(product.file) },
    outdir: dist,
    splitting: true,
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: banner },
  });
  const located = locatedIn(result.metafile, root);
  write(result.outputFiles, dist);
  // What was compiled of the last build.
  if (product === commandLine) rmSync(join(root, '.cache', 'compiled'), { recursive: true, force: true });
  writeWhole(join(dist, notices), noticesOf(root, packagesOf(Object.keys(result.metafile.inputs))));
  writeWhole(record, JSON.stringify({ key: keyOf(root), inputs: stampsOf(result.metafile, root), located }));
  sweep(dist, new Set(result.outputFiles.map((file) => file.path)));
  return true;
}

/** Chunks first, entries last: a hygge that starts meanwhile finds either the old whole or the new one. */
function write(files, dist) {
  const isEntry = (file) => dirname(file.path) === dist;
  for (const file of [...files].sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)))) {
    mkdirSync(dirname(file.path), { recursive: true });
    writeWhole(file.path, file.contents);
  }
}

function writeWhole(path, contents) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

/** Chunks of earlier builds go after an hour: a hygge that still runs may load them until then. */
function sweep(dist, current) {
  const chunks = join(dist, 'chunks');
  if (!existsSync(chunks)) return;
  for (const name of readdirSync(chunks)) {
    const path = join(chunks, name);
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (!current.has(path) && Date.now() - modified > hourMs) rmSync(path, { force: true });
  }
}

function isFresh(root, { record, entry }) {
  if (!existsSync(record) || !existsSync(entry)) return false;
  const { key, inputs } = JSON.parse(readFileSync(record, 'utf8'));
  return key === keyOf(root) && Object.entries(inputs).every(([path, stamp]) => stampOf(join(root, path)) === stamp);
}

/** What changes the bundle apart from our own sources. */
function keyOf(root) {
  const hash = createHash('sha256');
  for (const path of [
    join(root, 'package.json'),
    join(root, 'package-lock.json'),
    fileURLToPath(import.meta.url),
    fileURLToPath(import.meta.resolve('./late-packages.mjs')),
    fileURLToPath(import.meta.resolve('./lazy-names.mjs')),
    fileURLToPath(import.meta.resolve('./manifests.mjs')),
    fileURLToPath(import.meta.resolve('./notices.mjs')),
  ])
    hash.update(readFileSync(path));
  return hash.digest('hex');
}

/** How a module says where it is, for a thread to begin with or to load. */
export const ownUrl = 'export const url = import.meta.url;';

/**
 * Where each module that says where it is came to lie. Such a module is a file of its own only if it is loaded when it is needed.
 * @throws Error for one that is not.
 */
function locatedIn({ inputs, outputs }, root) {
  const files = new Map(Object.entries(outputs).map(([file, { entryPoint }]) => [entryPoint, file]));
  const found = ownOf(inputs, root).filter((path) => readFileSync(join(root, path), 'utf8').includes(ownUrl));
  for (const path of found) if (!files.has(path)) throw new Error(`${path} says where it is, so it has to be imported with import().`);
  return Object.fromEntries(found.map((path) => [path, files.get(path)]));
}

function ownOf(inputs, root) {
  return Object.keys(inputs).filter((path) => !path.includes('node_modules/') && existsSync(join(root, path)));
}

function stampsOf({ inputs }, root) {
  return Object.fromEntries(ownOf(inputs, root).map((path) => [path, stampOf(join(root, path))]));
}

function stampOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 'gone' : `${found.size}-${found.mtimeMs}`;
}

function versionOf(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const built = await build({ ifStale: process.argv.includes('--if-stale') });
    if (built) process.stderr.write(`Built ${relative(process.cwd(), join(defaultRoot, 'dist', 'hygge.js'))}.\n`);
  } catch (error) {
    // esbuild has printed each problem with its place already.
    if (!Array.isArray(error.errors)) throw error;
    process.exitCode = 1;
  }
}
