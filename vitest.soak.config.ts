import { defineConfig } from 'vitest/config';

/** `npm run soak`: the same proofs as in CI with the full figures. Takes its time; stops by itself. */
export default defineConfig({
  test: {
    include: ['tests/soak/**/*.soak.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    env: { NO_COLOR: '1' },
  },
});
