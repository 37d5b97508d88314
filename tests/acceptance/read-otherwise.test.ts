/** A key of the home that gives the same text another value of the same type, after rows have settled: an incremental run warns, and `-d` reads all rows anew. */
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (keys: string) => ({
  'flows/f/flow.yml': `home: { path: in, format: csv, ${keys} }\nstore: lake\nrun_type: incremental\nwatermark: { column: id }\n`,
});
const textOf = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string => (stdout + stderr).replace(/\s+/g, ' ');
const values = async (workspace: TestWorkspace): Promise<readonly unknown[]> =>
  (await workspace.settled('lake', 'f', 'f')).map((row) => (row.v === null ? null : String(row.v)));

test.each([
  ['dates', 'date_format: "%m/%d/%Y"', 'date_format: "%d/%m/%Y"', '03/04/2024', '2024-03-04', '2024-04-03', 'date_format'],
  [
    'numbers',
    'types: { v: "decimal(9,3)" }',
    'types: { v: "decimal(9,3)" }, decimal_separator: ",", thousands_separator: "."',
    '1.234',
    '1.234',
    '1234.000',
    'decimal_separator, thousands_separator',
  ],
  ['bytes of another encoding', 'encoding: windows-1252', 'encoding: utf-8', 'é', 'Ã©', 'é', 'encoding'],
  ['words that mean null', 'quote: "\'"', 'quote: "\'", null_values: ["NA"]', 'NA', 'NA', null, 'null_values'],
])('%s', async (_, before, after, text, was, is, keys) => {
  using workspace = new TestWorkspace(flow(before));
  workspace.write({ 'in/1.csv': `id;v\n0;${text}\n1;${text}\n` });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ ...flow(after), 'in/2.csv': `id;v\n5;${text}\n` });
  const warned = await workspace.run(['go']);
  expect(warned.code).toBe(0);
  expect(textOf(warned)).toContain(
    `${keys} of the home ${keys.includes(',') ? 'have' : 'has'} changed since the last run, so the same text is now another value of v`,
  );
  expect(textOf(warned)).toContain('hygge go -e f.f -d reads all rows again');
  expect(await values(workspace)).toContain(was);
  expect((await workspace.run(['go', '-e', 'f.f', '-d'])).code).toBe(0);
  expect(await values(workspace)).toEqual([is, is, is]);
  workspace.write({ 'in/3.csv': `id;v\n9;${text}\n` });
  expect(textOf(await workspace.run(['go']))).not.toContain('the same text is now another value');
});

test('a full load reads all rows again, and says nothing', async () => {
  using workspace = new TestWorkspace(flow('date_format: "%m/%d/%Y"'));
  workspace.write({ 'in/1.csv': 'id;v\n1;03/04/2024\n' });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write(flow('date_format: "%d/%m/%Y"'));
  const anew = await workspace.run(['go', '-d']);
  expect(anew.code).toBe(0);
  expect(textOf(anew)).not.toContain('the same text is now another value');
  expect(await values(workspace)).toEqual(['2024-04-03']);
});

test.each([
  ['the form that was meant all along', 'skip_rows: 0', 'date_format: "%Y-%m-%d"', 'id;v\n1;2024-03-04\n'],
  ['whole numbers, which no separator changes', 'skip_rows: 0', 'decimal_separator: ","', 'id;v\n1;15\n'],
  ['a word that means null is in quotes', 'skip_rows: 0', 'null_values: ["NA", ""]', 'id;v\n1;"NA"\n'],
])('no warning: %s', async (_, before, after, text) => {
  using workspace = new TestWorkspace(flow(before));
  workspace.write({ 'in/1.csv': text });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ ...flow(after), 'in/2.csv': text.replace('\n1;', '\n2;') });
  const ended = await workspace.run(['go']);
  expect(ended.code).toBe(0);
  expect(textOf(ended)).not.toContain('the same text is now another value');
});
