/**
 * The command line as one script, which V8 can keep with all that was compiled of it (`bin/run-whole.mjs`): of modules it keeps only what is compiled
 * before they run. Plain JavaScript, so that set-up can run it.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The script is a function with what a CommonJS module is given. */
const begins =
  '(function (exports, require, module, __filename, __dirname) {const urlOfScript = require("node:url").pathToFileURL(__filename).href;';
const ends = '})';

const ownUrl = 'export const url = import.meta.url;';

/**
 * Answers the `files`, and as `threads` the modules (name → path) that a thread starts with or loads: a thread can't begin within a script, so each
 * has to be bundled as an entry of its own beside it.
 */
export async function wholeScript(bundle, { entry, file, absWorkingDir, define, plugins, ...options }) {
  const threads = {};
  const { outputFiles } = await bundle({
    ...options,
    absWorkingDir,
    entryPoints: [entry],
    outfile: file,
    format: 'cjs',
    // With `import` a script would need a loader of its own, an experiment of Node's.
    supported: { 'dynamic-import': false },
    define: { ...define, 'import.meta.url': 'urlOfScript' },
    plugins: [...plugins, threadModules(absWorkingDir, threads)],
    banner: { js: begins },
    footer: { js: ends },
  });
  return { files: outputFiles, threads };
}

/** Modules that say where they are, for a thread to find them: in the script that is the file of their own beside it. */
function threadModules(root, found) {
  return {
    name: 'modules-for-threads',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        if (!source.includes(ownUrl)) return undefined;
        const name = `threads/${relative(root, path).replaceAll(/[/\\]/g, '-').replace(/\.ts$/, '')}`;
        found[name] = path;
        return { contents: source.replace(ownUrl, `export const url = new URL('./${name}.js', urlOfScript).href;`), loader: 'ts' };
      });
    },
  };
}
