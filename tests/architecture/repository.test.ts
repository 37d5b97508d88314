import { expect, test } from 'vitest';
import { missingOptionals, unchecked } from '../../scripts/complete-lockfile.mjs';
import { filesBelow, lineOf, read } from './sources.ts';

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string; readonly link?: boolean }>>;
}

const lockfile = JSON.parse(read('package-lock.json').text) as Lockfile;
/** What one server of the tests needs, one client, and one reader of Delta tables; nothing else has them. */
const [ofServer, ofClient, ofReader] = ['apis/authorization-server', 'apis/salesforce', 'delta/chdb'].map(
  (folder) => JSON.parse(read(`tests/support/${folder}/package-lock.json`).text) as Lockfile,
) as [Lockfile, Lockfile, Lockfile];
const manifest = JSON.parse(read('package.json').text) as Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>;
const texts = filesBelow('.')
  .filter((path) => !/\.(parquet|png|gif|ico|arrow|zip|gz)$/.test(path))
  .map(read);

test('a lockfile names packages and checksums, not the address they came from', () => {
  const all = [lockfile, ofServer, ofClient, ofReader].flatMap(({ packages }) => Object.entries(packages));
  const addressed = all.filter(([, entry]) => entry.resolved !== undefined);
  expect(addressed.map(([path]) => path)).toEqual([]);
});

/** No registry that this was written with shows them. The list may only become shorter. */
const withoutChecksum = [
  ...['android-arm64', 'android-x64', 'darwin-arm64', 'darwin-x64', 'linux-arm64-musl', 'linux-x64-musl', 'win32-arm64', 'win32-x64'].map(
    (platform) => `@biomejs/cli-${platform}`,
  ),
  ...['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-arm64-musl', 'win32-arm64', 'win32-x64'].map(
    (platform) => `@duckdb/node-bindings-${platform}`,
  ),
  ...['android-arm64', 'darwin-arm64', 'linux-arm64-gnu', 'linux-arm64-musl', 'win32-x64-msvc'].map(
    (platform) => `nodejs-polars-${platform}`,
  ),
];

test('every package has a checksum in the lockfile, but for native parts of other platforms that are known to have none', () => {
  const without = unchecked(lockfile.packages).map(([path]) => path.replace('node_modules/', ''));
  expect(without.filter((name) => !withoutChecksum.includes(name))).toEqual([]);
  expect([...unchecked(ofServer.packages), ...unchecked(ofClient.packages)]).toEqual([]);
  expect(unchecked(ofReader.packages).map(([path]) => path.replace('node_modules/', ''))).toEqual(
    ['darwin-arm64', 'darwin-x64', 'linux-arm64-gnu'].map((platform) => `@chdb/lib-${platform}`),
  );
  // What is said of them is true of all of them.
  expect(read('SECURITY.md').text).toContain(`${without.length} native parts`);
});

test('a package without a checksum is found, in whatever folder it lies', () => {
  const entry = { version: '1.0.0', integrity: 'sha512-abc' };
  const packages = {
    '': {},
    'node_modules/a': entry,
    'node_modules/b': { version: '1.0.0' },
    'node_modules/a/node_modules/c': { version: '2.0.0', integrity: 'sha1-abc' },
  };
  expect(unchecked({ ...packages, 'node_modules/a/node_modules/d': { inBundle: true } }).map(([path]) => path)).toEqual([
    'node_modules/b',
    'node_modules/a/node_modules/c',
  ]);
});

test('the lockfile has the optional packages of every platform, or npm ci would refuse it', () => {
  expect([...missingOptionals(lockfile.packages), ...missingOptionals(ofReader.packages)]).toEqual([]);
});

test('dependencies are pinned to exact versions, and the lockfile agrees', () => {
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const loose = wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  const different = wanted.filter(([name, version]) => lockfile.packages[`node_modules/${name}`]?.version !== version);
  expect([...loose, ...different]).toEqual([]);
});

const self = 'tests/architecture/repository.test.ts';

test('no file names a package registry', () => {
  const registry = /registry\.(npmjs|yarnpkg|npmmirror)|\/artifactory\/|npm\.pkg\.github|\/\/[^/\s]*registry[^/\s]*\//i;
  expect(texts.filter(({ path, text }) => path !== self && registry.test(text)).map(({ path }) => path)).toEqual([]);
});

test('no file names a place on its author’s machine', () => {
  const place = /(?<![\w.$}/-])\/(work|root|Users|home)\/[\w.-]+\//g;
  const named = texts
    .filter(({ path }) => path !== self)
    .flatMap(({ path, text }) => [...text.matchAll(place)].map((match) => `${path}:${lineOf(text, match.index)} ${match[0]}`));
  expect(named).toEqual([]);
});
