import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Tests of which `npm test` runs a sample: those that ask tests/support/day.ts for one. */
export const sampling: readonly string[] = readdirSync(new URL('tests', import.meta.url), { recursive: true, encoding: 'utf8' })
  .map((name) => `tests/${name.replaceAll('\\', '/')}`)
  .filter(
    (path) =>
      path.endsWith('.test.ts') &&
      /\{[^}]*\b(sampled|cases)\b[^}]*\} from '.*\/day\.ts'/.test(readFileSync(new URL(path, import.meta.url), 'utf8')),
  )
  .sort();

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
