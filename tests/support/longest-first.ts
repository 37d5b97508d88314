import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long starts first, so that no processor is left with it alone at the end. */
const long = [
  ...['functions-host/many', 'lakes/faults', 'functions-host/killed', 'simulator/seeds', 'simulator/planted-bugs', 'functions-host/packed'],
  ...['simulator/crash-matrix', 'lakes/kills-and-races', 'lakes/reading', 'state/table-storage/whole-runs', 'acceptance/backfill-model'],
  ...['acceptance/drift-matrix', 'acceptance/drift-random', 'acceptance/advice', 'formats/bytes/compressed', 'formats/json/large'],
];

/**
 * The order of test files, on a machine that has no record of how long they took. Those that share a process come last, and together: it ends
 * with the last of them in a row.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.includes(`/tests/${name}.`));
      return (project.config.isolate ? 0 : long.length + 1) + (at < 0 ? long.length : at);
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}
