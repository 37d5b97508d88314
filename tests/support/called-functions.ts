import { appendFileSync, mkdirSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join, relative } from 'node:path';
import { afterAll, expect } from 'vitest';

/** Which functions of the product a file of tests called, in its own process: a line for each file of src/. Only when somebody asks for it. */
const folder = process.env.HYGGE_COVERAGE;
const root = join(import.meta.dirname, '..', '..', '/');

if (folder !== undefined) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  // Whole functions, and whether: blocks and counts would slow the code down.
  session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: false });
  const test = relative(root, expect.getState().testPath ?? '').replaceAll('\\', '/');
  afterAll(() => {
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      const lines = result.flatMap(({ url, functions }) => {
        const path = url.replace(/^file:\/\//, '').replace(root, '');
        if (!/^(src|functions)\//.test(path)) return [];
        const called = functions.map(({ functionName, ranges: [range] }) => [functionName, range?.startOffset, (range?.count ?? 0) > 0]);
        return [`${JSON.stringify({ test, path, functions: called })}\n`];
      });
      mkdirSync(folder, { recursive: true });
      appendFileSync(join(folder, `${process.pid}.ndjson`), lines.join(''));
    });
    session.disconnect();
  });
}
