import { describe, expect, test } from 'vitest';
import { csvFormat } from '../../../src/formats/csv/csv.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { failureOf, fileOf, readCsv } from './files.ts';

describe('a file that is written otherwise than those before stops the run', () => {
  test.each([
    ['without the header', '3,5\n4,6\n', 'HYG-3310', 'orders.csv seems to have no header: its first row is "3, 5".'],
    ['with another delimiter', 'id;n\n3;5\n', 'HYG-3311', 'orders.csv has ; between its fields, but other files have ,.'],
    ['with another delimiter and no header', '3;5\n4;6\n', 'HYG-3311', 'orders.csv has ; between its fields, but other files have ,.'],
    [
      'that is a page',
      '<!DOCTYPE html>\n<html><body>502, sorry</body></html>\n',
      'HYG-3312',
      'orders.csv is not a CSV file: it begins like a web page or a document.',
    ],
    [
      'that is an answer in JSON',
      '{"error": "gone", "id": 1}\n',
      'HYG-3312',
      'orders.csv is not a CSV file: it begins like a web page or a document.',
    ],
    [
      'with a comment before its header',
      '# exported today\nid,n\n3,5\n',
      'HYG-3309',
      'orders.csv begins with "# exported today", which looks like a comment and not like the names of columns.',
    ],
  ])('%s', async (_, text, code, what) => {
    const { pinned } = await readCsv('id,n\n1,2\n2,3\n');
    expect(await failureOf(readCsv(text, {}, { pinned }))).toMatchObject({ code, what });
    // Files that no sample looks at are asked the same.
    expect(await failureOf(csvFormat({}).inspect(fileOf(text), pinned))).toMatchObject({ code });
    // And so are those of one look.
    const sources = [fileOf('id,n\n1,2\n2,3\n'), fileOf(text)];
    expect(await failureOf(csvFormat({}).sample?.({ sources, pinned: null } as never) ?? Promise.resolve())).toMatchObject({ code });
  });

  test('with another delimiter, where no file has a header', async () => {
    const { pinned } = await readCsv('x,1\ny,2\n');
    expect(await failureOf(readCsv('z;3\n', {}, { pinned }))).toMatchObject({ code: 'HYG-3311' });
  });

  test('a page is none from the first run on', async () => {
    expect(await failureOf(readCsv('<html>\n<body>sorry</body>\n'))).toMatchObject({ code: 'HYG-3312' });
  });

  test('but not for its line ends, the order of its columns, or columns more and less', async () => {
    const { pinned } = await readCsv('id,n,t\n1,2,x\n2,3,y\n');
    const read = async (text: string) => (await readCsv(text, {}, { pinned })).rows;
    expect(await read('id,n,t\r3,4,z\r')).toEqual([['3', '4', 'z']]);
    expect(await read('t,id,n\r\nz,3,4\r\n')).toEqual([['z', '3', '4']]);
    expect(await read('id\n3\n')).toEqual([['3']]);
    expect(await read('id,n,t,2024\n3,4,z,5\n')).toEqual([['3', '4', 'z', '5']]);
    const lone = await readCsv('id,n\r1,2\r');
    expect((await readCsv('id,n\n3,4\n5,6\n', {}, { pinned: lone.pinned })).rows).toEqual([
      ['3', '4'],
      ['5', '6'],
    ]);
  });
});

describe('how a file is written is found out', () => {
  test.each([
    ['with a comma in its numbers', 'Id;Betrag\n1;1.000,50\n2;7,25\n', { decimal_separator: ',', thousands_separator: '.' }],
    ['with a comma in its numbers, of which no one says so', 'Id;Betrag\n1;1000,50\n2;7,25\n', {}],
    ['with commas in numbers and one row', 'Id;Betrag\n1;7,25\n', { decimal_separator: ',' }],
    ['without a header', '1;7,25\n2;8,50\n', { decimal_separator: ',' }],
    ['with a comma between its groups', 'Id;Betrag\n1;1,000.50\n2;7.25\n', { thousands_separator: ',' }],
  ])('%s', async (_, text, options) => {
    const { rows, notes } = await readCsv(text, options);
    expect(notes[0]).toMatch(/^separated by semicolons, /);
    expect(rows[0]).toHaveLength(2);
  });

  test('by commas all the same, where numbers with commas are in quotes', async () => {
    const { rows } = await readCsv('id,Betrag\n1,"7,25"\n', { decimal_separator: ',' });
    expect(rows).toEqual([['1', '7.25']]);
  });

  test.each(['sep=;\nid;n\n1;2\n', '\ufeffsep=;\r\nid;n\r\n1;2\r\n', '"sep=;"\nid;n\n1;2\n', 'SEP=|\nid|n\n1|2\n'])(
    'by a first line that says it: %j',
    async (text) => {
      const { names, rows } = await readCsv(text);
      expect([names, rows]).toEqual([['id', 'n'], [['1', '2']]]);
      const compressed = await readCsv(text, { encoding: 'windows-1252' }, { chunkBytes: 3 });
      expect([compressed.names.at(-1), compressed.rows]).toEqual(['n', [['1', '2']]]);
    },
  );

  test.each([{ comment: '#' }, { skip_rows: 1 }])('behind a comment, as the advice says: %j', async (options) => {
    const text = '# exported today, by hand\nid,n,t\n1,2,x\n';
    const { tryThis, code } = await failureOf(readCsv(text));
    expect([code, tryThis]).toEqual(['HYG-3309', expect.arrayContaining([expect.stringContaining(Object.keys(options)[0] ?? '')])]);
    expect((await readCsv(text, options)).rows).toEqual([['1', '2', 'x']]);
  });
});

test('columns that differ only in upper and lower case stop the run, in every format, until the config says what they are', async () => {
  using workspace = new TestWorkspace({
    'flows/csv/flow.yml': 'home: { path: in/csv, format: csv }\nstore: { path: lake/csv }\nrun_type: incremental\n',
    'flows/json/flow.yml': 'home: { path: in/json/1.ndjson }\nstore: { path: lake/json }\n',
    'flows/accepted/flow.yml': 'home: { path: in/accepted/1.csv }\nstore: { path: lake/accepted }\n',
  });
  const files = (name: string) => ({
    'in/json/1.ndjson': `{"${name}":1}\n`,
    'in/accepted/1.csv': `${name},n\n1,2\n`,
  });
  workspace.write({ ...files('id'), 'in/csv/1.csv': 'id,n\n1,2\n' });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ ...files('ID'), 'in/csv/2.csv': 'ID,n\n3,4\n' });
  const second = await workspace.run(['go', '--output', 'json']);
  expect(second.events.at(-1)).toMatchObject({ event: 'summary', error: 3 });
  expect(second.stdout.match(/"code":"HYG-3313"/g)?.length).toBeGreaterThanOrEqual(3);
  workspace.write({
    'flows/json/flow.yml': 'home: { path: in/json/1.ndjson }\nstore: { path: lake/json }\nmigrations: [{ rename: { "ID": "id" } }]\n',
    'in/csv/2.csv': 'id,n\n3,4\n',
  });
  expect((await workspace.run(['schema', 'accept', 'accepted.accepted', '--yes'])).code).toBe(0);
  const third = await workspace.run(['go', '--output', 'json']);
  expect(third.events.at(-1)).toMatchObject({ event: 'summary', error: 0 });
});

test('what a run stops at, and a sample can see, a dry run and debug stop at too', async () => {
  using workspace = new TestWorkspace({
    'flows/many/flow.yml': 'home: { path: in/many.csv }\nstore: { path: lake/many }\n',
    'flows/typed/flow.yml': 'home: { path: in/typed.csv, types: { n: int64 } }\nstore: { path: lake/typed }\n',
    'flows/skipped/flow.yml': 'home: { path: in/many.csv, bad_rows: skip }\nstore: { path: lake/skipped }\n',
  });
  workspace.write({ 'in/many.csv': 'id,n\n1,2\n"2\n",3\n4,5,6\n', 'in/typed.csv': `id,n\n${'1,2\n'.repeat(3000)}3,x\n` });
  for (const command of [['go'], ['go', '--dry-run'], ['debug']]) {
    const { code, stdout, stderr } = await workspace.run(command);
    expect([command, code]).toEqual([command, 1]);
    expect(stdout + stderr).toContain('in/many.csv, line 5: it has 3 fields instead of 2.');
    expect(stdout + stderr).toContain('in/typed.csv, line 3002: column n is int64, but "x" is not.');
    expect(stdout + stderr).not.toContain('skipped: ');
  }
});
