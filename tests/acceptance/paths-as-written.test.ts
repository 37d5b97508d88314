import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

async function idsOf(home: string, files: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: ${JSON.stringify({ path: home, format: 'csv' })}\nstore: lake\n`,
    ...files,
  });
  const run = await workspace.run(['go', '--output', 'json']);
  if (run.code !== 0) return [run.stdout];
  return (await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id));
}

describe('brackets in a path', () => {
  test('belong to the name of a file that is there, also where a pattern would find another', async () => {
    const files = { 'in/report [2024].csv': 'id\n1\n', 'in/report 2.csv': 'id\n2\n' };
    expect(await idsOf('in/report [2024].csv', files)).toEqual([1]);
  });

  test('belong to the name of a folder that is there, with or without a pattern behind it', async () => {
    const files = { 'in [x]/a.csv': 'id\n1\n', 'in [x]/b.csv': 'id\n2\n', 'in x/c.csv': 'id\n3\n', 'in [x]/d[1]/e.csv': 'id\n4\n' };
    expect(await idsOf('in [x]', files)).toEqual([1, 2, 4]);
    expect(await idsOf('in [x]/[ab].csv', files)).toEqual([1, 2]);
    expect(await idsOf('in [x]/d[1]/e.csv', files)).toEqual([4]);
    expect(await idsOf('in [x]/*[1]/*.csv', { ...files, 'in [x]/g1/h.csv': 'id\n5\n' })).toEqual([5]);
  });

  test('are a pattern where nothing has that name', async () => {
    expect(await idsOf('in/[ab].csv', { 'in/a.csv': 'id\n1\n', 'in/b.csv': 'id\n2\n', 'in/c.csv': 'id\n3\n' })).toEqual([1, 2]);
  });

  test('are told of when neither is there', async () => {
    expect(String((await idsOf('in/[ab].csv', { 'in/c.csv': 'id\n3\n' }))[0])).toContain('HYG-3201');
  });
});

describe('files under one path that have no column in common', () => {
  const orders = { 'in/orders-1.csv': 'id,amount\n1,2\n', 'in/orders-2.csv': 'id,note\n2,x\n' };
  const warningsOf = async (files: Readonly<Record<string, string>>) => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: { path: in, format: csv }\nstore: lake\n', ...files });
    const { events } = await workspace.run(['go', '--output', 'json']);
    const plan = events.find(({ event }) => event === 'plan') as { readonly warnings?: readonly string[] } | undefined;
    return [plan?.warnings ?? [], events.at(-1)] as const;
  };

  test('are a WARN that names them', async () => {
    const [warnings, summary] = await warningsOf({ ...orders, 'in/weather.csv': 'station,celsius\nx,3\n' });
    expect(warnings).toContainEqual(expect.stringContaining('no column of in/weather.csv is in in/orders-1.csv'));
    expect(summary).toMatchObject({ warn: 1, rows: 3 });
  });

  test('are counted and named when their names hide them', async () => {
    const [warnings] = await warningsOf({ ...orders, 'in/_orders-3.csv': 'id\n3\n', 'in/.old/orders-4.csv': 'id\n4\n', 'in/_SUCCESS': '' });
    expect(warnings).toContainEqual(expect.stringMatching(/^in\/(\.old\/orders-4|_orders-3)\.csv and 1 more are skipped/));
  });

  test('are none when each shares a column with another one', async () => {
    const [warnings, summary] = await warningsOf({ ...orders, 'in/orders-3.csv': 'note,more\ny,3\n' });
    expect(warnings.filter((text) => text.includes('no column'))).toEqual([]);
    expect(summary).toMatchObject({ pass: 1, rows: 3 });
  });
});
