import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../../../src/frames/schema.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const flow = (home: string, store = 'lake', more = '') => ({ 'flows/f/flow.yml': `home: ${home}\nstore: ${store}\n${more}` });

describe('a run from CSV', () => {
  test('keeps to the types it settled with when later files look otherwise', async () => {
    using workspace = new TestWorkspace(flow('{ path: in, format: csv }', 'lake', 'run_type: incremental\n'));
    workspace.write({ 'in/1.csv': 'id,code\n1,10\n' });
    expect((await workspace.run(['go'])).code).toBe(0);
    workspace.write({ 'in/2.csv': 'id,code\n2,007\n' });
    const refused = await workspace.run(['go']);
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('in/2.csv, line 2: column code is int64, but "007" is not.');
    workspace.write({ 'in/2.csv': 'id,code\n2,7\n' });
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(2);

    // What that message advises, as it stands there.
    const advised = 'types: { code: string }. Then load the settled rows again: hygge reset f.f, then hygge go';
    expect(refused.stdout + refused.stderr).toContain(advised);
    workspace.write({ ...flow('{ path: in, format: csv, types: { code: string } }'), 'in/2.csv': 'id,code\n2,007\n' });
    expect((await workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await workspace.settled('lake', 'f', 'f')).toEqual([
      { id: '1', code: '10' },
      { id: '2', code: '007' },
    ]);
  });
});

test('a watermark column that never held a value is of the type of its first one', async () => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: { path: in, format: csv }\nstore: lake\nrun_type: incremental\nwatermark: { column: d }\n',
    'in/1.csv': 'id,d\n',
  });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ 'in/1.csv': 'id,d\n1,5\n2,6\n' });
  const first = await workspace.run(['go', '--output', 'json']);
  expect([first.code, first.events.at(-1)]).toMatchObject([0, { rows: 2, error: 0 }]);
  workspace.write({ 'in/1.csv': 'id,d\n1,5\n2,6\n3,7\n' });
  const next = await workspace.run(['go', '--output', 'json']);
  expect(next.events.at(-1)).toMatchObject({ rows: 1, error: 0, entities: [{ watermark: '7' }] });
});

test('a column that never held a value is decided by its first one, and is one column ever after', async () => {
  const flowOf = (name: string, format: string, more: string) => ({
    [`flows/${name}/flow.yml`]: `home: { path: in/${name}, format: ${format} }\nstore: { path: lake/${name} }\n${more}`,
  });
  using workspace = new TestWorkspace({
    ...flowOf('header', 'csv', ''),
    ...flowOf('nulls', 'csv', 'run_type: incremental\n'),
    ...flowOf('lines', 'ndjson', 'run_type: incremental\n'),
    ...flowOf('unified', 'csv', ''),
  });
  workspace.write({
    'in/header/1.csv': 'id,d\n',
    'in/nulls/1.csv': 'id,d\n1,\n',
    'in/lines/1.ndjson': '{"id":1,"d":null}\n',
    'in/unified/1.csv': 'id,d\n1,\n',
  });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({
    'in/header/1.csv': 'id,d\n1,5\n',
    'in/nulls/2.csv': 'id,d\n2,2024-01-01\n',
    'in/lines/2.ndjson': '{"id":2,"d":5}\n',
    'in/unified/2.csv': 'id,d,e\n2,5,x\n',
  });
  const second = await workspace.run(['go', '--output', 'json']);
  expect([second.code, second.events.at(-1)]).toMatchObject([0, { event: 'summary', pass: 3, warn: 1 }]);
  const columns = (name: string) =>
    (JSON.parse(readFileSync(workspace.path('lake', name, '_hygge', name, name, 'current.json'), 'utf8')) as { schema: Schema }).schema;
  const types = (name: string) => Object.fromEntries(columns(name).columns.map((column) => [column.name, column.type.kind]));
  expect(['header', 'nulls', 'lines', 'unified'].map(types)).toEqual([
    { id: 'int64', d: 'int64' },
    { id: 'int64', d: 'date' },
    { id: 'int64', d: 'int64' },
    { id: 'int64', d: 'int64', e: 'string' },
  ]);
  // What was decided stays: a day without values leaves it as it is.
  workspace.write({ 'in/nulls/3.csv': 'id,d\n3,\n' });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ 'in/nulls/4.csv': 'id,d\n4,x\n' });
  const refused = await workspace.run(['go', '-f', 'nulls']);
  expect([refused.code, refused.stdout + refused.stderr]).toEqual([1, expect.stringContaining('column d is date, but "x" is not')]);
});
