/** For esbuild: the manifests that come with hygge become texts of the bundle. Plain JavaScript, so that set-up can run it. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';

export const manifests = {
  name: 'manifests',
  setup(build) {
    build.onLoad({ filter: /[\\/]apis[\\/]manifests[\\/]texts\.ts$/ }, ({ path }) => {
      const folder = dirname(path);
      const files = readdirSync(folder).filter((file) => file.endsWith('.yml'));
      const imports = files.map((file, i) => `import text${i} from ${JSON.stringify(`./${file}`)};`);
      const entries = files.map((file, i) => `${JSON.stringify(file.replace(/\.yml$/, ''))}: text${i}`);
      return { contents: [...imports, `export const texts = { ${entries.join(', ')} };`].join('\n'), resolveDir: folder, loader: 'js' };
    });
  },
};
