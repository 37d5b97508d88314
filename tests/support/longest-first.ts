import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes a minute or more starts first, so that no processor is left with it alone at the end. */
const long = [
  'acceptance/drift-matrix',
  'acceptance/backfill-model',
  'functions-host/many',
  'simulator/planted-bugs',
  'simulator/seeds',
  'simulator/crash-matrix',
];

/** The order of test files, on a machine that has no record of how long they took. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.includes(`/tests/${name}.`));
      return at < 0 ? long.length : at;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}
