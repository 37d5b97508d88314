/**
 * The command line as one script, which V8 can keep with all that was compiled of it (`bin/run-whole.mjs`): of modules it keeps only what is compiled
 * before they run. Plain JavaScript, so that set-up can run it.
 */
import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/** The script is a function with what a CommonJS module is given. */
const begins =
  '(function (exports, require, module, __filename, __dirname) {const urlOfScript = require("node:url").pathToFileURL(__filename).href;';
const ends = '})';

const ownUrl = 'export const url = import.meta.url;';

/** @param chunks Which file each module is in (by path) that the bundle in chunks loads when it is needed. */
export function wholeScript(bundle, { entry, file, chunks, define, plugins, ...options }) {
  return bundle({
    ...options,
    entryPoints: [entry],
    outfile: file,
    format: 'cjs',
    // With `import` a script would need a loader of its own, an experiment of Node's.
    supported: { 'dynamic-import': false },
    define: { ...define, 'import.meta.url': 'urlOfScript' },
    plugins: [...plugins, modulesForThreads(dirname(file), chunks), withoutAggregate],
    banner: { js: begins },
    footer: { js: ends },
  });
}

/**
 * S3's client a second time, with a function for all that can be asked of it: those take a thirtieth of a short run to make. Among modules it falls
 * away because nobody uses it; in a script each module that another one names is run.
 */
const withoutAggregate = {
  name: 'without-aggregate',
  setup(build) {
    build.onLoad({ filter: /[\\/]client-s3[\\/]dist-es[\\/]S3\.js$/ }, () => ({ contents: '' }));
  },
};

/** Modules that say where they are, for a thread to begin with or to load: it can't find them within a script, but in their chunks. */
function modulesForThreads(folder, chunks) {
  return {
    name: 'modules-for-threads',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        if (!source.includes(ownUrl)) return undefined;
        const chunk = chunks.get(path);
        if (chunk === undefined) return { errors: [{ text: 'A module that says where it is has to be imported with import().' }] };
        const url = `new URL(${JSON.stringify(relative(folder, chunk).replaceAll('\\', '/'))}, urlOfScript).href`;
        return { contents: source.replace(ownUrl, `export const url = ${url};`), loader: 'ts' };
      });
    },
  };
}
