import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { turns } from './tests/support/turns.ts';
import { embeddedPostgres, onAnotherPostgres } from './vitest.config.ts';

/** Tests of which `npm test` runs a sample: those that ask tests/support/day.ts for one. */
export const sampling: readonly string[] = turns().all.filter((path) =>
  /\{[^}]*\b(sampled|cases)\b[^}]*\} from '.*\/day\.ts'/.test(readFileSync(new URL(path, import.meta.url), 'utf8')),
);

/** `npm run soak`: the same proofs as in CI with the full figures. Takes its time; stops by itself. */
const everywhere = {
  pool: 'forks',
  testTimeout: 0,
  hookTimeout: 0,
  // What they write may be larger than memory.
  env: { NO_COLOR: '1', HYGGE_WHOLE: '1', TMPDIR: tmpdir() },
} satisfies TestProjectInlineConfiguration['test'];

export default defineConfig({
  test: {
    globalSetup: ['tests/support/global-setup.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    projects: [
      { test: { ...everywhere, name: 'soak', include: ['tests/soak/**/*.soak.ts', ...sampling] } },
      {
        test: {
          ...everywhere,
          name: 'another PostgreSQL',
          include: [...onAnotherPostgres],
          env: { ...everywhere.env, ...embeddedPostgres },
        },
      },
    ],
  },
});
