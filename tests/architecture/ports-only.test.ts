import { describe, expect, test } from 'vitest';
import { exceptions, reachesOut } from './ports-only.ts';
import { importsOf, productSources, read } from './sources.ts';

test('clock, randomness, environment, network and disk are reached through ports only', () => {
  expect(productSources().flatMap(reachesOut)).toEqual([]);
});

test('every exception is still needed', () => {
  const unused = Object.entries(exceptions).flatMap(([path, { modules }]) => {
    const imported = importsOf(read(path)).map(({ specifier }) => specifier);
    return modules.filter((name) => !imported.includes(name)).map((name) => `${path} no longer imports ${name}`);
  });
  expect(unused).toEqual([]);
});

describe('this rule finds what it is for', () => {
  const findings = (text: string, path = 'src/engine/planted.ts') => reachesOut({ path, text }).length;

  test.each([
    'export const a = () => Date.now();',
    'export const a = process.env.HOME;',
    "import { readFile } from 'node:fs/promises';",
    "import { createHash, randomBytes } from 'node:crypto';",
    "const load = () => import('node:os');",
  ])('%s', (text) => {
    expect(findings(text)).toBe(1);
  });

  test.each([
    '// Date.now() would be wrong here\nexport const a = 1;',
    'export const a = (clock: { fetch(x: string): void }) => clock.fetch("x");',
    "import type { Stats } from 'node:fs';",
  ])('and not: %s', (text) => {
    expect(findings(text)).toBe(0);
  });

  test('the command line may look at its process, but not at the disk', () => {
    expect(findings('export const a = process.argv;', 'src/cli/main.ts')).toBe(0);
    expect(findings("import { existsSync } from 'node:fs';", 'src/cli/main.ts')).toBe(1);
  });
});
