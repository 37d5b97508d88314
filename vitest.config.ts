import { readdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { artefact } from './scripts/test-jobs.mjs';
import { bundledThreads } from './tests/support/bundled-threads.ts';
import { keptThreads } from './tests/support/kept-threads.ts';
import LongestFirst from './tests/support/longest-first.ts';

/** Rooms whose tests leave nothing in their process. Their files share one, and what it has loaded: that halves what the short ones cost. */
export const pure = [
  ...[
    ...['acceptance', 'adapters', 'architecture', 'checks', 'cli', 'connectors', 'copy', 'engine', 'errors'],
    ...['files', 'formats', 'frames', 'keys', 'narrate', 'ports', 'report', 'simulator', 'workspace'],
  ].map((room) => `tests/${room}/**/*.test.ts`),
  'tests/docs/**/!(config-pages).test.ts',
  'tests/filesystems/!(adls*|azure-*|gcs-identity|onelake*|proxy-refusals|s3-answers|s3-credentials|s3-proxied).test.ts',
];

/**
 * Databases leave nothing either, and start servers, homes and stores: their tests share processes of their own, as do those of other rooms that meet servers. Tests
 * that replace a module, stop the clock, or have clients that keep what the environment said to the next file, have a process each.
 */
export const shared = [
  'tests/databases/**/!(connecting).test.ts',
  'tests/databases/{mysql,sqlite}/connecting.test.ts',
  'tests/filesystems/{adls,onelake}*.test.ts',
  'tests/functions/**/!(leases).test.ts',
  'tests/infra/**/!(proven).test.ts',
  'tests/requests/**/!(retries).test.ts',
  'tests/functions-host/**/!(packed).test.ts',
  // Azure's SDK reads NO_PROXY once in a process, and these files ask both a stand-in for the internet and Azurite.
  'tests/open-mirroring/**/!(function-app|waits-apart).test.ts',
  ...['apis', 'delta', 'deploy', 'suites'].map((room) => `tests/${room}/**/*.test.ts`),
  'tests/lakes/compact.test.ts',
  'tests/state/**/!(lost-answers).test.ts',
];

/** Tests whose subject is a disk: what they write lies on one. */
export const onDisk = [
  ...['filesystems/disk/*', 'filesystems/{conformance,local,lock,processes,refusals,temporary}', 'cli-kill/*', 'state/{files,processes}'],
  'acceptance/publishing-proved',
].map((name) => `tests/${name}.test.ts`);

const ofPostgres = readdirSync(new URL('tests/databases/postgres', import.meta.url)).filter((name) => name.endsWith('.test.ts'));

/** Tests that start servers of their own. */
const alone = /^(connecting|hostile|pooler|promoted)\./;

/** Tests that run once more, on another major version of PostgreSQL. */
export const onAnotherPostgres = ofPostgres.filter((name) => !alone.test(name)).map((name) => `tests/databases/postgres/${name}`);

/** Those of them whose catalogue and types differ between versions; `npm run soak` has the others. */
const ofVersion = ['swap', 'types'].map((name) => `tests/databases/postgres/${name}.test.ts`);

export const embeddedPostgres = { HYGGE_POSTGRES: 'embedded' };

export const realMysql = { HYGGE_MYSQL: 'mysql' };

/** Files that `npm run soak` runs once more, on MySQL's own server: of those that ask several databases, its own tests alone. */
export const onMysql = [
  'tests/databases/mysql/*.test.ts',
  ...[
    'compare-deletes',
    'compare-deletes-model',
    'counted-columns',
    'found-entities',
    'ids-as-watermarks',
    'key-equality',
    'key-of-others',
    'key-there-twice',
    'lost-values',
    'nullable-columns',
    'numbers-as-keys',
    'one-table',
    'own-source',
    'padded-watermarks',
    'passed-on',
    'primary-key-there',
    'special-as-null',
    'special-watermarks',
    'staged-as-sent',
    'stopped',
    'time-watermarks',
    'triggers',
    'unreadable-rows',
    'verify',
    'verify-proof',
    'verify-repair',
    'where',
  ].map((name) => `tests/databases/${name}.test.ts`),
  ...['docs/mysql', 'infra/fresh-store', 'infra/proven-databases'].map((name) => `tests/${name}.test.ts`),
  ...['killed-mysql', 'killed-repair', 'large-merge'].map((name) => `tests/soak/${name}.soak.ts`),
];

/** Those of them in which MySQL differs from MariaDB: types, collations, errors, DDL, rights, keys that it requires, MD5 that it has not. */
const unlikeMariadb = [
  ...[
    ...['connecting', 'grants', 'hidden', 'home', 'key-equality', 'late-rows', 'of-the-server', 'own-tables'],
    ...['refused', 'row-sums', 'stale-statistics', 'types', 'types-back'],
  ].map((name) => `mysql/${name}`),
  'key-equality',
].map((name) => `tests/databases/${name}.test.ts`);

/** The job source leaves out what the job artefact runs (scripts/test-jobs.mjs). */
const ofOtherJob = process.env.HYGGE_TEST_JOB === 'source' ? artefact.map((path) => (path.endsWith('/') ? `${path}**` : path)) : [];

const everywhere = {
  exclude: [...configDefaults.exclude, ...ofOtherJob],
  setupFiles: ['tests/support/file-process.ts', 'tests/support/raised-codes.ts', 'tests/support/called-functions.ts'],
  pool: 'forks',
  // Most values of a test die young: with room for them a fifth of the processor goes elsewhere than into collecting them.
  execArgv: ['--min-semi-space-size=32', '--max-semi-space-size=64'],
  // For what hangs, and for nothing else: a machine that is ten times as slow fails no test.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 300_000 } },
  // Frames of tests have few rows: threads of Polars that wait for each other take a twentieth of the processor. `npm run soak` has as many as there are processors.
  env: { NO_COLOR: '1', POLARS_MAX_THREADS: '1' },
} satisfies TestProjectInlineConfiguration['test'];

const plugins = [bundledThreads, keptThreads];

/** A project whose processes know its name. */
const project = (
  name: string,
  { env = {}, ...test }: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration => ({
  plugins,
  test: { ...everywhere, ...test, name, env: { ...everywhere.env, ...env, HYGGE_TEST_PROJECT: name } },
});

export default defineConfig({
  test: {
    globalSetup: ['tests/support/global-setup.ts'],
    // Three more than processors: with one more, a quarter of two processors had nothing to do. Tests wait for servers and for processes that they started.
    maxWorkers: Math.min(availableParallelism() + 3, 6),
    sequence: { sequencer: LongestFirst },
    // A signal, a closed pipe or a lost promise in any test is a failure of the run, not a line in its output.
    dangerouslyIgnoreUnhandledErrors: false,
    projects: [
      project('pure', { include: pure, exclude: [...everywhere.exclude, ...onDisk], isolate: false }),
      project('shared', { include: shared, exclude: [...everywhere.exclude, ...onDisk], isolate: false }),
      project('alone', { include: ['tests/**/*.test.ts'], exclude: [...everywhere.exclude, ...pure, ...shared, ...onDisk] }),
      project('disk', { include: onDisk, env: { TMPDIR: tmpdir() } }),
      project('another PostgreSQL', { include: ofVersion, isolate: false, env: embeddedPostgres }),
      project('MySQL', {
        include: [...unlikeMariadb, 'tests/docs/mysql.test.ts'],
        isolate: false,
        env: realMysql,
      }),
    ],
  },
});
