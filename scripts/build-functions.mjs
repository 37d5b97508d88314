/**
 * Bundles functions/app.ts into dist/functions/app.mjs: one entry, and chunks that load when a function needs them. `--if-stale` does nothing
 * when no input changed since the last build.
 */
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { root as defaultRoot } from './runtime.mjs';

/** Native, or what the platform itself provides; anything else is in the bundle. */
export const externalToFunctions = ['@azure/functions-core', 'nodejs-polars', '@duckdb/node-api', 'esbuild'];

const functionApp = { entry: 'functions/app.ts', folder: 'dist/functions', file: 'app.mjs', external: externalToFunctions };

/** Answers whether anything was built. */
export function buildFunctions({ root = defaultRoot, ifStale = false } = {}) {
  return build({ root, ifStale, product: functionApp });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const built = await buildFunctions({ ifStale: process.argv.includes('--if-stale') });
    if (built) process.stderr.write(`Built ${relative(process.cwd(), join(defaultRoot, functionApp.folder, functionApp.file))}.\n`);
  } catch (error) {
    // esbuild has printed each problem with its place already.
    if (!Array.isArray(error.errors)) throw error;
    process.exitCode = 1;
  }
}
