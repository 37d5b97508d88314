import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { embeddedPostgres, onAnotherPostgres, onMysql, realMysql } from './vitest.config.ts';

/** Tests of which `npm test` runs a sample: those that ask tests/support/samples.ts for one. */
export const sampling: readonly string[] = readdirSync(new URL('tests', import.meta.url), { recursive: true, encoding: 'utf8' })
  .map((name) => `tests/${name.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.test.ts') && asksForASample(readFileSync(new URL(path, import.meta.url), 'utf8')))
  .sort();

function asksForASample(text: string): boolean {
  return /\{[^}]*\b(sampled|spread|cases|whole)\b[^}]*\} from '.*\/samples\.ts'/.test(text);
}

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
      { test: { ...everywhere, name: 'MySQL', include: onMysql, env: { ...everywhere.env, ...realMysql } } },
    ],
  },
});
