import { join } from 'node:path';
import { buildFunctions } from '../../scripts/build-functions.mjs';
import { measure } from '../measure.ts';
import { alternate } from '../pairs.ts';
import { workspace } from '../workspace.ts';
import { atMost, type BenchCase } from './case.ts';

const flow = (name: string) => ({
  [`flows/${name}/flow.yml`]: [
    'home: { type: parquet, path: "in/{entity}" }',
    `store: { type: parquet, path: lake/${name} }`,
    'schedule: "0 0 2 * * *"',
    'entities: [orders, lines, customers, products]',
    '',
  ].join('\n'),
});

const bundle = join(import.meta.dirname, '..', '..', 'dist', 'functions', 'app.mjs');

/** How long the platform waits for the functions of an app with fifty flows: the whole start of its process, the config read from a folder. */
export const functionAppStart: BenchCase = {
  name: 'function-app-start',
  async run(scale) {
    await buildFunctions({ ifStale: true });
    const names = Array.from({ length: 50 }, (_, index) => `flow-${index}`);
    await using space = await workspace(scale.folder, {
      'hygge.yml': 'name: bench\n',
      ...Object.assign({}, ...names.map(flow)),
    });
    const env = { HYGGE_CONFIG: space.folder, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
    const start = () => measure({ name: 'start', args: [bundle], env }, false);
    const empty = () => measure({ name: 'node -e 0', args: ['-e', '0'] }, false);
    const sides = [
      { name: 'start', run: start },
      { name: 'node -e 0', run: empty },
    ];
    const pairs = await alternate(sides, scale.pairs ?? (scale.quick ? 3 : 15), 1);
    const [own] = pairs.sides;
    return {
      name: 'function-app-start',
      what: 'the function app with 50 flows × 4 entities, from nothing to registered, next to `node -e 0`',
      pairs,
      checks: [atMost('start, median', own?.medianMs ?? Number.NaN, 1_000, 'ms')],
      notes: [],
    };
  },
};
