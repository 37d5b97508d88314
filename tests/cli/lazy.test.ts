import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { node } from '../support/run-hygge.ts';
import { exampleWorkspace } from './workspace.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const hook = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`;

/** The modules that a command line loads, by their addresses. */
function loaded(...args: readonly string[]): {
  readonly code: number | null;
  readonly modules: readonly string[];
  readonly stdout: string;
} {
  const watched = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, main, ...args];
  const run = spawnSync(node, watched, { encoding: 'utf8' });
  return { code: run.status, modules: run.stderr.split('\n').filter((line) => /^(file|node):/.test(line)), stdout: run.stdout };
}

const clouds = /\/(@azure|@aws-sdk|@smithy|@google-cloud|google-auth-library|gaxios|undici)\//;
const heavy = /\/(zod|yaml|nodejs-polars|apache-arrow|@duckdb|hyparquet|croner|ulid|@azure|@aws-sdk|@google-cloud)\//;

describe('starting hygge', () => {
  it('to print help loads nothing heavy', () => {
    const { code, modules, stdout } = loaded('go', '--help');
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
    expect(modules.some((module) => module.endsWith('/src/cli/program/program.ts'))).toBe(true);
    expect(modules.filter((module) => heavy.test(module))).toEqual([]);
  });

  it('to move files of a local disk loads no SDK of a cloud', async () => {
    await using workspace = await exampleWorkspace();
    const { code, modules } = loaded('go', '-C', workspace.root);
    expect(code).toBe(0);
    expect(modules.filter((module) => clouds.test(module))).toEqual([]);
  });
});

describe('a failure that is not awaited', () => {
  it('is told like any other error, with the stack only on demand', async () => {
    await using workspace = await exampleWorkspace();
    const boom = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { if (url.endsWith('/cli/inspect/list.ts')) Promise.reject(new Error('boom')); return next(url, context); } });`;
    const start = () =>
      spawnSync(node, ['--import', `data:text/javascript,${encodeURIComponent(boom)}`, main, 'list', 'flows', '-C', workspace.root], {
        encoding: 'utf8',
      });
    const { status, stderr } = start();
    expect(status).toBe(1);
    expect(stderr).toContain('HYG-9001 hygge met something that it did not expect: boom');
    expect(stderr).not.toContain('    at ');
  });
});
