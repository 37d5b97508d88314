/** A key of the home that decides types, and that the config gains when rows have settled: a run says what it changes, and `-d` applies it. */
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const advice = "If the home's keys were changed on purpose, load all rows with the new types: hygge go -e f.f -d";

test.each([
  ['decimal_separator', 'csv', 'id;p\n1;1,5\n', 'decimal_separator: ","', '1.5'],
  ['types of NDJSON', 'ndjson', '{"id":1,"p":7}\n', 'types: { p: string }', '7'],
])('%s: an incremental run stops with the command that loads all rows anew', async (_, format, text, keys, value) => {
  const flow = (more: string) => ({
    'flows/f/flow.yml': `home: { path: in, format: ${format}${more} }\nstore: lake\nrun_type: incremental\n`,
  });
  using workspace = new TestWorkspace(flow(''));
  workspace.write({ [`in/1.${format}`]: text });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ ...flow(`, ${keys}`), [`in/2.${format}`]: text.replace('\n1;', '\n2;').replace('"id":1', '"id":2') });
  const diff = await workspace.run(['schema', 'diff', 'f.f']);
  expect(diff.stdout + diff.stderr).toContain('~ p');
  const stopped = await workspace.run(['go']);
  expect(stopped.code).toBe(1);
  expect((stopped.stdout + stopped.stderr).replace(/\s+/g, ' ')).toContain(advice);
  expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(1);
  expect((await workspace.run(['go', '-e', 'f.f', '-d'])).code).toBe(0);
  expect((await workspace.settled('lake', 'f', 'f')).map((row) => [row.id, String(row.p)])).toEqual([
    ['1', value],
    ['2', value],
  ]);
  workspace.write({ [`in/3.${format}`]: text.replace('\n1;', '\n3;').replace('"id":1', '"id":3') });
  expect((await workspace.run(['go'])).code).toBe(0);
  expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(3);
});
