import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long starts first, so that no processor is left with it alone at the end. */
const long = [
  // Each in a process of its own.
  ...[
    'delta/home/random-lives',
    'lakes/faults',
    'functions-host/packed',
    'build/package',
    'build/pack',
    'docs/config-pages',
    'cli-kill/kill-9',
  ],
  // Those that share one.
  ...[
    'simulator/seeds',
    'simulator/crash-matrix',
    'state/sql/flows',
    'filesystems/adls-faults',
    'acceptance/advice',
    'docs/tutorial',
    'copy/docs',
  ],
  ...['open-mirroring/verify', 'databases/duckdb/store', 'databases/sqlite/proof', 'databases/verify-repair', 'databases/mysql/cut'],
  ...['databases/postgres/late-transactions', 'functions-host/delivered-twice', 'open-mirroring/landing-zone'],
];

/**
 * The order of test files, on a machine that has no record of how long they took. Those that share a process come last, project by project: a process is of one
 * project, and the next one loads everything anew. The run ends with the short ones of the last project.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const sharing = [...new Set(sorted.filter(({ project }) => !project.config.isolate).map(({ project }) => project.name))];
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.includes(`/tests/${name}.`));
      return (sharing.indexOf(project.name) + 1) * (long.length + 1) + (at < 0 ? long.length : at);
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}
