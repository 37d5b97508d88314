import { join } from 'node:path';
import { build } from 'esbuild';
import { externalToFunctions } from '../../../scripts/build-functions.mjs';
import { mutations } from '../sim/plant.ts';
import { plantedBugs } from '../sim/planted-bug.ts';

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
    plugins: [mutations(edits, new Set())],
  });
  return join(outdir, 'app.mjs');
}
