#!/usr/bin/env -S GLIBC_TUNABLES=glibc.malloc.hugetlb=1 node
/** Starts hygge on a Node that is new enough. Plain JavaScript that any Node from 18 on can read. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/*
 * The first line asks glibc for pages of 2 MB. Frames are new memory each time, and the system prepares few large pages faster than many small ones: 8 to 15 % of the processor
 * time of a copy, at the same peak of memory. Other C libraries ignore it.
 */

/** The first with zstd, which parquet and CSV are packed with, and with sqlite, which keeps two runs apart. */
const oldestNode = [22, 15];
const [major, minor] = process.versions.node.split('.').map(Number);
const isOldNode = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(root, 'dist', 'hygge.js');

if (!existsSync(bundle)) {
  complain('hygge has not been built here yet.', 'run `npm run setup` in the folder that package.json is in');
} else if (!isOldNode) {
  hideSqliteWarning();
  rememberCompiled();
  findChunks();
  await import(pathToFileURL(bundle).href);
  setTimeout(fitHeapToFrames).unref();
} else {
  startOnNewerNode();
}

/**
 * Frames live outside V8's heap; what is left is short-lived, and a growing nursery only holds on to memory (measured: 100 MB). One turn later,
 * so that it has grown to what the start itself needs: below that, a large copy collects garbage four times as often.
 *
 * V8 knows how large frames are, and takes stock of the whole heap whenever 16 MB have come to be, which is about once a frame: 15 to 25 times in a copy of a million rows,
 * mostly beside the main thread. So the heap, frames included, may be twice what was left the last time, within what V8 chooses by itself elsewhere (1.1 to 4).
 */
function fitHeapToFrames() {
  setFlagsFromString('--heap-growing-percent=100');
  setFlagsFromString('--semi-space-growth-factor=1');
  process.prependOnceListener('exit', () => setFlagsFromString('--semi-space-growth-factor=2'));
}

/**
 * Node's own cache of what it compiled; threads learn of it by the environment. Where nothing can be written there,
 * it is compiled again.
 */
function rememberCompiled() {
  const { directory } = module.enableCompileCache(join(root, '.cache', 'compiled'));
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
}

/**
 * Files of the bundle name each other, so there is nothing to look for: neither links nor the manifest of a package. Node would do both for each of some 150 files, a
 * tenth of a short run. A Node from 23.0 to 23.4 does.
 */
function findChunks() {
  const own = pathToFileURL(join(root, 'dist', '/')).href;
  module.registerHooks?.({
    resolve(specifier, context, next) {
      const isChunk = /^\.{1,2}\//.test(specifier) && context.parentURL?.startsWith(own);
      if (!isChunk) return next(specifier, context);
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
    },
  });
}

/** node:sqlite is marked experimental; that is for us to care about, not for the person who reads the output. */
function hideSqliteWarning() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    if (!(String(rest[0]?.type ?? rest[0]) === 'ExperimentalWarning' && /sqlite/i.test(String(warning))))
      emitWarning.call(process, warning, ...rest);
  };
}

function startOnNewerNode() {
  const pinned = [join(root, 'node_modules', 'node', 'bin', 'node'), join(root, '..', 'node', 'bin', 'node')].find((path) =>
    existsSync(path),
  );
  if (pinned === undefined) {
    const what = `hygge needs Node ${oldestNode.join('.')} or newer; this is Node ${process.versions.node}.`;
    const isClone = existsSync(join(root, 'scripts', 'setup.mjs'));
    const instead = isClone ? ', or run `npm run setup` in the clone: it brings a Node of its own' : '';
    complain(what, `install a current Node from https://nodejs.org${instead}`);
    return;
  }
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both, and twice would mean "now"; anything else arrives here alone and is passed on.
  const inTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (signal === 'SIGINT' && inTerminal) || child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function complain(what, tryThis) {
  process.stderr.write(`${what}\n  Try: ${tryThis}.\n`);
  process.exitCode = 2;
}
