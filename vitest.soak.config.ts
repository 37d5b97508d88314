import { defineConfig } from 'vitest/config';

/** Tests of which `npm test` runs a sample. */
export const sampling = ['faults', 'kills-and-races', 'reading'].map((name) => `tests/lakes/${name}.test.ts`);

/** `npm run soak`: the same proofs as in CI with the full figures. Takes its time; stops by itself. */
export default defineConfig({
  test: {
    include: ['tests/soak/**/*.soak.ts', ...sampling],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 0,
    hookTimeout: 0,
    env: { NO_COLOR: '1', HYGGE_WHOLE: '1' },
  },
});
