import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long starts first, so that no processor is left with it alone at the end. */
const long = [
  // Each in a process of its own.
  ...['lakes/faults', 'functions-host/packed', 'build/package', 'build/pack'],
  ...['remote/secrets', 'docs/config-pages'],
  ...['requests/retries', 'cli-kill/kill-9'],
  // Those that share one.
  ...['simulator/seeds', 'simulator/crash-matrix', 'simulator/databases', 'state/sql/flows'],
  ...['filesystems/adls-faults'],
  ...['files/compare-deletes-marks', 'acceptance/verify-proof-of-files', 'connectors/newcomer/warehouse-like/warehouse-like'],
  ...['docs/tutorial', 'copy/docs', 'copy/local', 'connectors/newcomer/log-head/log-head', 'acceptance/advice'],
  ...['acceptance/first-values', 'acceptance/verify-stopped', 'acceptance/two-at-once', 'copy/pipes', 'databases/compare-deletes'],
  ...['functions-host/many', 'functions-host/killed', 'databases/duckdb/store'],
  ...['databases/sqlite/proof', 'databases/verify-repair', 'databases/mysql/cut', 'databases/sqlserver/changes'],
  ...['databases/postgres/late-transactions', 'functions-host/answers-its-errors'],
  ...['functions-host/delivered-twice', 'databases/duckdb/crashes', 'open-mirroring/replication'],
  ...['open-mirroring/landing-zone', 'open-mirroring/faults', 'databases/sqlite/flows'],
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
