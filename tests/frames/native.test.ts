import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type ExpressionModule, loadPolars, polars, withLightExpressions } from '../../src/frames/native.ts';

test('a Node that is too old is told before anything native is tried', async () => {
  const load = () => Promise.reject(new Error('must not be called'));
  await expect(loadPolars('20.18.0', load)).rejects.toMatchObject({
    code: 'HYG-6002',
    why: expect.arrayContaining(['this is Node 20.18.0']),
  });
});

test('a missing native part says what to install', async () => {
  const cause = new Error("Cannot find module 'nodejs-polars-linux-x64-gnu'");
  const error = await loadPolars('24.0.0', () => Promise.reject(cause)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'HYG-6002', cause, tryThis: expect.arrayContaining([expect.stringContaining('npm ci')]) });
});

test('the engine is loaded once', async () => {
  expect(await polars()).toBe(await polars());
});

test('loading it asks no name server about those there is a connection to', async () => {
  const script = `
    const { polars } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/frames/native.ts'))});
    const seen = [];
    const { getReport } = process.report;
    process.report.getReport = (...args) => {
      seen.push(process.report.excludeNetwork);
      return getReport.apply(process.report, args);
    };
    await polars();
    console.log(JSON.stringify({ seen, after: process.report.excludeNetwork }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const { seen, after } = JSON.parse(stdout);
  // Only where the C library has to be told apart is there anything to ask.
  expect(seen).toEqual(process.platform === 'linux' ? [true] : []);
  expect(after).toBe(false);
});

test('expressions are made light once, however often they are asked to be', async () => {
  const pl = await polars();
  const module = (await import('nodejs-polars/bin/lazy/expr/index.js')).default as unknown as ExpressionModule;
  withLightExpressions(module);
  withLightExpressions(module);
  const frame = pl.DataFrame({ n: [1, 2, 3] }).select(pl.col('n').cast(pl.Float64).sum().alias('total'));
  expect(frame.toRecords()).toEqual([{ total: 6 }]);
});

test('all columns are all of them, whatever their names read like, and a name is that of one', async () => {
  // In a process of its own: tests are given modules otherwise than Node gives them.
  const script = `
    const { polars } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/frames/native.ts'))});
    const pl = await polars();
    const rows = pl.DataFrame({ a: [1, null], '*': [null, null], '^a$': [3, 4] }).lazy();
    const counts = await rows.select(pl.all().nullCount()).collect();
    const [one, other] = [await rows.select(pl.col('*')).collect(), await rows.select('^a$').collect()];
    console.log(JSON.stringify([counts.columns, counts.row(0), one.columns, other.columns]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(JSON.parse(stdout)).toEqual([['a', '*', '^a$'], [1, 2, 0], ['*'], ['^a$']]);
});
