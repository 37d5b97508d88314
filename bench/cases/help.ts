import { measure } from '../measure.ts';
import { alternate } from '../pairs.ts';
import { hygge } from '../workspace.ts';
import { atMost, type BenchCase } from './case.ts';

/** How long a person waits for `hygge --help`, beside Node doing nothing. */
export const help: BenchCase = {
  name: 'help',
  async run(scale) {
    const sides = [
      { name: 'hygge --help', run: () => measure({ name: 'hygge --help', args: [hygge, '--help'] }, false) },
      { name: 'node -e 0', run: () => measure({ name: 'node -e 0', args: ['-e', '0'] }, false) },
    ];
    const pairs = await alternate(sides, scale.pairs ?? (scale.quick ? 5 : 25), 2);
    const ratio = pairs.ratios['node -e 0']?.median ?? Number.NaN;
    return {
      name: 'help',
      what: '`hygge --help` next to `node -e 0`',
      pairs,
      checks: [atMost('time of `node -e 0`, median', ratio, 4, '×')],
      notes: [],
    };
  },
};
