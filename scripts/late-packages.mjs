/**
 * For esbuild: a package whose mere evaluation is dear is evaluated when its default is called for the first time. Plain JavaScript, so that set-up can run it.
 */
import { dirname } from 'node:path';

/** string-width reads Unicode's list of emoji sequences and makes a segmenter, which takes 40 ms of a processor: as much as a tenth of a short run. */
const late = /^string-width$/;

const namespace = 'late-package';
const asked = Symbol(namespace);

export const latePackages = {
  name: namespace,
  setup(build) {
    build.onResolve({ filter: late }, async ({ kind, path, resolveDir, importer, pluginData }) => {
      if (kind !== 'import-statement' || pluginData === asked) return undefined;
      const found = await build.resolve(path, { kind, resolveDir, importer, pluginData: asked });
      return found.errors.length > 0 ? undefined : { path: found.path, namespace };
    });
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `let whole;\nexport default (...given) => (whole ??= require(${JSON.stringify(path)})).default(...given);`,
      resolveDir: dirname(path),
      loader: 'js',
    }));
  },
};
