import { defineConfig } from 'vitest/config';
import LongestFirst from './tests/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    setupFiles: ['tests/support/raised-codes.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // For what hangs, and for nothing else: a machine that is ten times as slow fails no test.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    // A signal, a closed pipe or a lost promise in any test is a failure of the run, not a line in its output.
    dangerouslyIgnoreUnhandledErrors: false,
    env: { NO_COLOR: '1' },
  },
});
