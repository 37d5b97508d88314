import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BenchReport } from '../../bench/report.ts';
import { root } from '../architecture/sources.ts';
import { buildOnce, node } from '../support/run-hygge.ts';

async function bench(args: readonly string[]) {
  buildOnce();
  const results = mkdtempSync(join(tmpdir(), 'hygge-bench-results-'));
  const temporary = mkdtempSync(join(tmpdir(), 'hygge-bench-temporary-'));
  onTestFinished(() => {
    for (const folder of [results, temporary]) rmSync(folder, { recursive: true });
  });
  const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: temporary };
  delete env.HYGGE_BENCH_DIR;
  const { code, stderr } = await run([join(root, 'bench/main.ts'), '--results', results, ...args], env);
  return { code, stderr, results, left: readdirSync(temporary) };
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ readonly code: unknown; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(node, args, { env }, (error, _, stderr) => resolve({ code: error === null ? 0 : error.code, stderr }));
  });
}

test('one command measures, says what it found, keeps it and leaves nothing else behind', async () => {
  const { code, stderr, results, left } = await bench(['--quick', 'help', 'empty-entity']);
  expect(code, stderr).toBe(0);
  const report = JSON.parse(readFileSync(join(results, 'quick.json'), 'utf8')) as BenchReport;
  expect(report.cases.map(({ name }) => name)).toEqual(['help', 'empty-entity']);
  expect(report.cases.flatMap(({ checks }) => checks).every(({ value }) => Number.isFinite(value))).toBe(true);
  expect(readFileSync(join(results, 'quick.md'), 'utf8')).toContain('`hygge --help` beside `node -e 0`');
  expect(left).toEqual([]);
});

test('a case that does not exist is refused by name', async () => {
  const { code, stderr } = await bench(['larch-parquet']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/no case larch-parquet[\s\S]*large-parquet/);
});
