import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { buildFunctions } from '../../scripts/build-functions.mjs';
import { root } from '../architecture/sources.ts';
import { node } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Says every module that is loaded, and every function that is registered. */
const watching = `
import Module, { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stdout.write('module ' + url + '\\n'); return next(url, context); } });
const { require } = Module.prototype;
Module.prototype.require = function (id) {
  if (id !== '@azure/functions-core') return require.call(this, id);
  return {
    version: '0', hostVersion: '4', Disposable: class {}, setProgrammingModel() {}, getProgrammingModel() {}, registerHook() {}, log() {},
    registerFunction(metadata) { process.stdout.write('function ' + metadata.name + '\\n'); },
  };
};
`;

function start(env: Readonly<Record<string, string>>) {
  const bundle = join(root, 'dist', 'functions', 'app.mjs');
  const run = spawnSync(node, ['--import', `data:text/javascript,${encodeURIComponent(watching)}`, pathToFileURL(bundle).pathname], {
    encoding: 'utf8',
    env: { ...process.env, AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...env },
  });
  const said = (kind: string) =>
    run.stdout.split('\n').flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1)] : []));
  return { code: run.status, stderr: run.stderr, modules: said('module'), functions: said('function') };
}

const flow = 'home: { type: parquet, path: in }\nstore: { type: parquet, path: "lake/{flow}" }\n';

test('the bundle of the app starts, registers its functions, and loads no native code', async () => {
  await buildFunctions({ ifStale: true });
  using workspace = new TestWorkspace({ 'flows/crm/flow.yml': `schedule: "0 0 2 * * *"\n${flow}`, 'flows/bad/flow.yml': 'home: in\n' });
  const { code, functions, modules, stderr } = start({ HYGGE_CONFIG: workspace.root });
  expect([code, stderr]).toEqual([0, '']);
  expect(functions.sort()).toEqual([
    ...[
      'bad-run',
      'bad-schedule',
      'bad-verify',
      'crm-run',
      'crm-schedule',
      'crm-verify',
      'hygge-abandon-entity',
      'hygge-await-replication',
      'hygge-backfill',
      'hygge-close-flow',
      'hygge-commit-entity',
      'hygge-debug',
    ],
    ...[
      'hygge-entity',
      'hygge-flow',
      'hygge-flows',
      'hygge-lane',
      'hygge-look',
      'hygge-move-slice',
      'hygge-plan-entity',
      'hygge-plan-flow',
    ],
    ...[
      'hygge-purge',
      'hygge-record-slices',
      'hygge-replicate-apart',
      'hygge-replication',
      'hygge-run-cancel',
      'hygge-run-status',
      'hygge-runs',
      'hygge-slices',
      'hygge-status',
    ],
    ...['hygge-verify', 'hygge-verify-entity', 'hygge-watch'],
  ]);
  expect(modules.filter((module) => /\.node$|\/(nodejs-polars|@duckdb)\//.test(module))).toEqual([]);
});

test('a start that fails says why, in words', async () => {
  await buildFunctions({ ifStale: true });
  const { code, stderr } = start({ HYGGE_CONFIG: '/nowhere-at-all' });
  expect(code).not.toBe(0);
  expect(stderr).toContain('hygge does not start: HYG-1001 There is no folder /nowhere-at-all.');
});
