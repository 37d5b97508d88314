import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { externalToFunctions } from '../../scripts/build-functions.mjs';

const root = join(import.meta.dirname, '..', '..');

test('Google’s library has its names where the function app has it, in a bundle', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-bundle-'));
  try {
    await build({
      stdin: { contents: "export const load = () => import('./src/clouds/google/library.ts');", resolveDir: root },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      // In chunks, as the function app is: there `import()` of CommonJS gives a default only.
      splitting: true,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: [...externalToFunctions],
      banner: { js: "import { createRequire as requireOfBundle } from 'node:module';\nconst require = requireOfBundle(import.meta.url);" },
    });
    const { load } = (await import(join(folder, 'stdin.mjs'))) as { load(): Promise<Record<string, unknown>> };
    const library = await load();
    for (const name of ['AwsClient', 'GoogleAuth', 'IdentityPoolClient', 'JWT', 'UserRefreshClient']) {
      expect([name, typeof library[name]]).toEqual([name, 'function']);
    }
    expect(library.gaxios).toMatchObject({ Gaxios: expect.any(Function) });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
