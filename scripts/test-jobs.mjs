/** The two jobs of `npm test`: `source` asks what the sources do, `artefact` what is shipped. Each file of tests belongs to one of them. */

/** Package, app, packed host, kills of the command line, benchmarks, public suites, pages that are followed: the beginnings of their paths. */
export const artefact = [
  ...['bench', 'build', 'cli-kill', 'deploy', 'docs', 'functions-host', 'suites'].map((room) => `tests/${room}/`),
  ...['copy/docs'].map((name) => `tests/${name}.test.ts`),
];

/** What each job gives vitest. By HYGGE_TEST_JOB vitest.config.ts leaves out what is of the other job: projects have lists of their own. */
export const jobs = { source: [], artefact };
