/**
 * For esbuild: a CommonJS package that is imported lazily has its names in Node (`(await import('@aws-sdk/client-s3')).S3Client`), but in the
 * chunk that esbuild makes of it only a default. Such imports get a module in between that has the names. Plain JavaScript, so that set-up can run it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';

const between = 'names-of-commonjs';
const asked = Symbol(between);

export const lazyNames = {
  name: between,
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ kind, path, resolveDir, importer, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === asked) return undefined;
      const found = await build.resolve(path, { kind, resolveDir, importer, pluginData: asked });
      // What is not there, or is not bundled, is for esbuild to deal with.
      if (found.external || found.errors.length > 0 || !isCommonJs(found.path)) return undefined;
      return { path: found.path, namespace: between };
    });
    build.onLoad({ filter: /.*/, namespace: between }, ({ path }) => ({
      contents: withNames(path),
      resolveDir: dirname(path),
      loader: 'js',
    }));
  },
};

/** Packages hold modules in `.js` files that nothing but their own text tells from CommonJS. */
function isCommonJs(path) {
  if (extname(path) !== '.js') return extname(path) === '.cjs';
  return !/^(?:import|export)\b/m.test(readFileSync(path, 'utf8'));
}

function withNames(path) {
  const names = Object.keys(createRequire(path)(path)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default');
  return [
    `const whole = require(${JSON.stringify(path)});`,
    'export default whole;',
    ...names.map((name, i) => `const name${i} = whole.${name};`),
    `export { ${names.map((name, i) => `name${i} as ${name}`).join(', ')} };`,
  ].join('\n');
}
