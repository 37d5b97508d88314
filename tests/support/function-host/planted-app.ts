import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { externalToFunctions } from '../../../scripts/build-functions.mjs';
import type { Edit } from '../sim/planted-bug.ts';
import { plantedBugs } from '../sim/planted-bugs.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const banner =
  "import { createRequire as createRequireForBundle } from 'node:module';\nconst require = createRequireForBundle(import.meta.url);";

/** The function app with a rule of the protocol switched off, as the simulator does it. Answers its bundle. */
export async function plantedApp(bug: string): Promise<string> {
  const edits = plantedBugs.find(({ name }) => name === bug)?.edits;
  if (edits === undefined) throw new Error(`there is no planted bug ${JSON.stringify(bug)}`);
  const outdir = join(root, '.cache', 'planted-app', bug.replaceAll(/\W+/g, '-'));
  await build({
    entryPoints: { app: join(root, 'functions', 'app.ts') },
    outdir,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node22',
    external: [...externalToFunctions],
    banner: { js: banner },
    logLevel: 'silent',
    plugins: [
      {
        name: 'planted bug',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const mine = edits.filter(({ file }) => path.endsWith(join('/', file)));
            return mine.length === 0 ? undefined : { contents: mine.reduce(changed, readFileSync(path, 'utf8')), loader: 'ts' };
          });
        },
      },
    ],
  });
  return join(outdir, 'app.mjs');
}

function changed(text: string, { find, replace, file }: Edit): string {
  const words = find.trim().split(/\s+/);
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+'));
  if (!pattern.test(text)) throw new Error(`${file} has no ${find}`);
  return text.replace(pattern, () => replace);
}
