import { expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { hygge } from './workspace.ts';

it('a folder of CSV files is told how to be read, and reads so', async () => {
  using workspace = new TestWorkspace({
    'flows/till/flow.yml': 'home: data\nstore: lake\n',
    'data/a.csv': 'id\n1\n',
    'data/b.csv': 'id\n2\n',
  });
  const told = await hygge(['go'], workspace.root);
  expect(told.stdout).toContain('What is there: 2 .csv.');
  const [, path = ''] = /name them with their ending: path: (\S+)/.exec(told.stdout) ?? [];
  workspace.write({ 'flows/till/flow.yml': `home: { path: "${path}" }\nstore: lake\n` });
  expect((await hygge(['go'], workspace.root)).stdout).toContain('2 rows settled');
});
