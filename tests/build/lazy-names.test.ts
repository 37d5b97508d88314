import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { lazyNames } from '../../scripts/lazy-names.mjs';

const root = join(import.meta.dirname, '..', '..');

/** What a bundle finds in packages that it imports lazily. */
async function found(source: string, plugins: readonly (typeof lazyNames)[]): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const outdir = join(folder, 'out');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await build({
    stdin: { contents: source, resolveDir: root },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    plugins: [...plugins],
    logLevel: 'silent',
    banner: { js: "import { createRequire as outer } from 'node:module';\nconst require = outer(import.meta.url);" },
  });
  const { seen } = (await import(pathToFileURL(join(outdir, 'stdin.js')).href)) as { seen: Record<string, string> };
  return seen;
}

const lazily = `
  const [aws, google, azure] = await Promise.all([import('@aws-sdk/client-s3'), import('google-auth-library'), import('@azure/storage-blob')]);
  export const seen = { aws: typeof aws.S3Client, google: typeof google.GoogleAuth, gaxios: typeof google.gaxios.Gaxios, azure: typeof azure.BlobServiceClient };`;

test('a bundled package that is imported lazily has its names, whatever it is written in', async () => {
  expect(await found(lazily, [lazyNames])).toEqual({ aws: 'function', google: 'function', gaxios: 'function', azure: 'function' });
});

test('what is not there is left to the steps that can do without it', async () => {
  const optional = "export const seen = { it: await import('not-there-at-all').then(() => 'there', () => 'missing') };";
  expect(await found(optional, [lazyNames])).toEqual({ it: 'missing' });
});
