import { expect, test } from 'vitest';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { keysNear } from '../../src/workspace/yaml/problems.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { mistakes, type Texts } from './shop.ts';

const connectors = { types: connectorTypes, find: findConnector };
const flow =
  'home: { type: local, path: in, format: csv }\nstore: { type: local, path: lake }\nwatermark: { column: id }\nrun_type: incremental\n';
const advised = async (texts: Texts) => {
  const errors = await mistakes(texts, { connectors, env: { WHO: 'canary' } });
  return errors.map(({ code, tryThis }) => ({ code, tryThis }));
};

test.each([
  ['bad_rows: quarantine', '`bad_rows` belongs to `home` of files, a database or an API: `home: { bad_rows: quarantine }`.'],
  ['skip_rows: 2', '`skip_rows` belongs to `home` of files: `home: { skip_rows: 2 }`.'],
  ['encoding: utf-16', '`encoding` belongs to `home` of files: `home: { encoding: utf-16 }`.'],
  ['decimal_separator: ","', '`decimal_separator` belongs to `home` of files: `home: { decimal_separator: "," }`.'],
  ['special_values: to_null', '`special_values` belongs to `home` of a database: `home: { special_values: to_null }`.'],
  ['nulls: include', '`nulls` belongs below `watermark`: `watermark: { nulls: include }`.'],
  ['boundary: open', '`boundary` belongs below `watermark`: `watermark: { boundary: open }`.'],
  ['retry_for: 1h', '`retry_for` belongs below `connections` in hygge.yml: `connections: { erp: { retry_for: 1h } }`.'],
  ['ignore_members: [success]', '`ignore_members` belongs to `home` of an API: `home: { ignore_members: [success] }`.'],
])('a flow with %s is told where the key belongs, as a line of YAML', async (line, place) => {
  const told = await advised({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': `${flow}${line}\n` });
  expect(told).toEqual([{ code: 'HYG-1010', tryThis: [place] }]);
});

test('a key of a home that a store has is told so, and an unknown key gets the keys that there are', async () => {
  const store = flow.replace('path: lake', 'path: lake, skip_rows: 3, zapzap: 1');
  const told = await advised({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': store });
  expect(told.map(({ tryThis }) => tryThis[0])).toEqual([
    '`skip_rows` belongs to `home` of files: `home: { skip_rows: 3 }`.',
    'The page config of the documentation has all 10 keys.',
  ]);
});

test.each(['changed_files: replace', 'on_empty: keep', 'write_strategy: direct', 'if_exists: append'])(
  'a home with %s, a key next to it, is told so',
  async (line) => {
    const [key = ''] = line.split(':');
    const told = await advised({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': flow.replace('format: csv', `format: csv, ${line}`) });
    expect(told.map(({ tryThis }) => tryThis[0])).toEqual([
      `\`${key}\` belongs next to \`home\` and \`store\`, in the file of the flow or the entity: \`${line}\`.`,
    ]);
  },
);

test('a name that belongs below a key of its own is told with that key, and the line is one that a flow takes', async () => {
  const home = flow.replace('format: csv', 'format: csv, watermark: at').replace('watermark: { column: id }\n', '');
  const [told] = await advised({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': home });
  const line = /`(watermark: [^`]+)`\.$/.exec(told?.tryThis[0] ?? '')?.[1] ?? '';
  expect(line).toBe('watermark: { column: at }');
  const taken = advised({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': flow.replace('watermark: { column: id }', line) });
  await expect(taken).rejects.toThrow('nothing was found wrong');
});

test('the line of a key that belongs next to the home ends well there', async () => {
  using workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'in/a.csv': 'id\n1\n' });
  const flow = (home: string, more: string) =>
    workspace.write({ 'flows/f/flow.yml': `home: { path: in, format: csv${home} }\nstore: lake\nrun_type: incremental\n${more}` });
  flow('', '');
  await workspace.run(['go']);
  workspace.write({ 'in/a.csv': 'id\n1\n2\n' });
  const stopped = await workspace.run(['go']);
  const advice = /changed_files: replace/.exec(stopped.stdout + stopped.stderr)?.[0] ?? '';
  flow(`, ${advice}`, '');
  const refused = await workspace.run(['go']);
  expect(refused.code).toBe(2);
  flow('', `${/entity: `(.*?)`/.exec(refused.stdout + refused.stderr)?.[1]}\n`);
  expect(await workspace.run(['go'])).toMatchObject({ code: 0, stdout: expect.stringContaining('1 row settled') });
});

test('no value of a secret, of a variable or of an unknown key is in the advice', async () => {
  const lines = ['password: canary', `encoding: \${WHO}`, 'zapzap: canary', 'key: canary99', 'endpoint: canary99'];
  for (const line of lines) {
    const told = await advised({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': `${flow}${line}\n` });
    expect(told, line).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('canary');
  }
});

test('the line that is printed ends well where it is put', async () => {
  using workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'in/a.csv': 'about this file\nid\n1\n' });
  const flow = (home: string, more: string) =>
    workspace.write({ 'flows/f/flow.yml': `home: { type: local, path: in, format: csv${home} }\nstore: lake\n${more}` });
  flow('', 'skip_rows: 1\n');
  const refused = await workspace.run(['go']);
  expect(refused.code).toBe(2);
  const line = /`home: \{ (.*?) \}`/.exec(refused.stdout + refused.stderr)?.[1];
  flow(`, ${line}`, '');
  expect(await workspace.run(['go'])).toMatchObject({ code: 0, stdout: expect.stringContaining('1 row settled') });
});

test('an unknown key gets the nearest three of many keys, and all of few', () => {
  const many = ['date_format', 'delimiter', 'format', 'number_format', 'path', 'time_format', 'types'];
  expect(keysNear('formats_of', many)).toBe('The nearest key is `format`. The page config of the documentation has all 7 keys.');
  expect(keysNear('format', many, 'format')).toBe('The page config of the documentation has all 7 keys.');
  expect(keysNear('forma', many)).toMatch(
    /^The nearest keys are `format`, `\w+` and `\w+`\. The page config of the documentation has all 7 keys.$/,
  );
  expect(keysNear('zzzzzz', many)).toBe('The page config of the documentation has all 7 keys.');
  expect(keysNear('zzzzzz', many.slice(0, 2))).toBe('The keys are `date_format` and `delimiter`.');
});
