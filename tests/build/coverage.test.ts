import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { coverage, coverageLines } from '../../scripts/coverage.mjs';

test('a function is covered when a test in any process called it; a file that none loaded is there', () => {
  const root = mkdtempSync(join(tmpdir(), 'hygge-coverage-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['src/engine', 'src/state', 'functions', 'noted']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['src/engine/plan.ts', 'src/state/files.ts', 'functions/app.ts']) writeFileSync(join(root, file), '');
  const line = (path: string, ...functions: readonly (readonly [string, number, boolean])[]) =>
    `${JSON.stringify({ path, functions: [['', 0, true], ...functions] })}\n`;
  writeFileSync(
    join(root, 'noted', '1.ndjson'),
    line('src/engine/plan.ts', ['plan', 10, true], ['gather', 50, false]) + line('src/state/files.ts', ['read', 10, false]),
  );
  writeFileSync(
    join(root, 'noted', '2.ndjson'),
    line('src/engine/plan.ts', ['plan', 10, false], ['gather', 50, true], ['drop', 90, false]),
  );
  const files = coverage({ noted: join(root, 'noted'), root });
  expect(files).toEqual([
    { path: 'src/engine/plan.ts', functions: 3, called: 2 },
    { path: 'src/state/files.ts', functions: 1, called: 0 },
    { path: 'functions/app.ts', functions: 0, called: 0 },
  ]);
  expect(coverageLines(files)).toEqual(['    0 %  src/state (0 of 1 functions)', '   67 %  src/engine (2 of 3 functions)']);
});
