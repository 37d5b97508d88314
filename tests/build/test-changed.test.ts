import { expect, test } from 'vitest';
import { testsOfChange } from '../support/near-tests.ts';

test('a change is met by the tests that are named for it, the flows of its room, the engine, the seeds and the architecture', () => {
  const tests = testsOfChange(['src/databases/postgres/read.ts', 'tests/copy/local.test.ts', 'README.md']);
  expect(tests).toContain('tests/copy/local.test.ts');
  expect(tests).toContain('tests/databases/postgres/flows.test.ts');
  expect(tests).toContain('tests/simulator/seeds.test.ts');
  expect(tests.filter((path) => path.startsWith('tests/engine/')).length).toBeGreaterThan(20);
  expect(tests.filter((path) => path.startsWith('tests/architecture/')).length).toBeGreaterThan(4);
  expect(tests.filter((path) => path.startsWith('tests/databases/postgres/')).length).toBeGreaterThan(3);
  expect(tests.length).toBeLessThan(120);
});
