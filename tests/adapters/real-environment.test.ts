import { afterEach, expect, test, vi } from 'vitest';
import { realEnvironment } from '../../src/adapters/real-environment.ts';

afterEach(() => vi.unstubAllEnvs());

test('the environment is a copy that later changes do not reach', () => {
  vi.stubEnv('HYGGE_TEST_VALUE', 'before');
  const environment = realEnvironment();
  vi.stubEnv('HYGGE_TEST_VALUE', 'after');
  expect(environment.HYGGE_TEST_VALUE).toBe('before');
  expect(environment.HYGGE_TEST_NEVER_SET).toBeUndefined();
});
