/**
 * The command line as one script, which V8 can keep with all that was compiled of it (`bin/run-whole.mjs`): of modules it keeps only what is compiled
 * before they run. Plain JavaScript, so that set-up can run it.
 */
import { dirname, relative, resolve } from 'node:path';

/** The script is a function with what a CommonJS module is given. */
const begins =
  '(function (exports, require, module, __filename, __dirname) {const urlOfScript = require("node:url").pathToFileURL(__filename).href;';
const ends = '})';

/**
 * Made of the bundle in chunks, from which all that nobody uses has fallen away: of modules that are loaded when they are needed, a script would
 * have each one whole.
 *
 * @param chunks The files of that bundle: text by path.
 * @param banner What each of them begins with, and a script has no need of.
 */
export function wholeScript(bundle, { entry, file, chunks, banner, ...options }) {
  return bundle({
    ...options,
    entryPoints: [entry],
    outfile: file,
    format: 'cjs',
    // With `import` a script would need a loader of its own, an experiment of Node's.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'urlOfChunk' },
    plugins: [inMemory(dirname(file), chunks, banner)],
    banner: { js: begins },
    footer: { js: ends },
  });
}

/** The name of a file tells esbuild how Node takes what is imported of CommonJS. */
const asModule = '.mjs';

function inMemory(folder, chunks, banner) {
  return {
    name: 'chunks-in-memory',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
        const chunk = resolve(dirname(importer), path);
        return chunks.has(chunk) ? { path: chunk + asModule } : { path, external: true };
      });
      build.onLoad({ filter: /.*/ }, ({ path }) => {
        const chunk = path.slice(0, -asModule.length);
        const text = chunks.get(chunk).replace(banner, '');
        return { contents: text.includes('import.meta.url') ? whereItIs(relative(folder, chunk)) + text : text, loader: 'js' };
      });
    },
  };
}

/** Threads begin with a chunk, or load it: they can't find it within a script. */
function whereItIs(path) {
  return `const urlOfChunk = new URL(${JSON.stringify(path.replaceAll('\\', '/'))}, urlOfScript).href;`;
}
