import { expect, test } from 'vitest';
import { runHygge } from '../support/run-hygge.ts';

test('hygge runs from its bundle and tells the version of the package', async () => {
  const { code, stdout } = await runHygge(['--version']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
