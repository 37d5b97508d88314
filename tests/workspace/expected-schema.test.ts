// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import type { WorkspaceFiles } from '../../src/ports/workspace-files.ts';
import { filesOf, load, mistakes, onlyEntity, type Texts } from './shop.ts';

const at = (path: string): Texts => ({
  'hygge.yml': 'name: shop\n',
  'flows/crm/flow.yml': `home: in\nstore: out\nschema: { expected_schema_path: ${path} }\n`,
});
const expectedOf = async (path: string, text: string) => (await onlyEntity({ ...at(path), [path]: text })).schema.expected;
const told = async (texts: Texts, request: Parameters<typeof mistakes>[1] = {}) =>
  (await mistakes(texts, request)).map(({ code, where, what }) => `${where?.file}:${where?.line}:${where?.column} ${code} ${what}`);
const wrong = (text: string, path = 'schemas/users.yml') => told({ ...at(path), [path]: text });

const id = { name: 'id', type: { kind: 'int64' }, nullable: false };
const total = { name: 'total', type: { kind: 'decimal', precision: 18, scale: 2 }, nullable: true };

describe('an expected schema', () => {
  test('is a map with a list of columns, in JSON or YAML; what is not said may be null', async () => {
    const json =
      '{\n\t"columns": [\n\t\t{ "name": "id", "type": "int64", "nullable": false },\n\t\t{ "name": "total", "type": "decimal(18,2)" }\n\t]\n}\n';
    expect(await expectedOf('schemas/users.json', json)).toEqual({ columns: [id, total] });
    const yaml = 'columns:\n  - { name: id, type: int64, nullable: false }\n  - name: total\n    type: decimal(18,2)\n';
    expect(await expectedOf('flat.yml', '[{ name: id, type: int64, nullable: false }, { name: total, type: decimal(18,2) }]')).toEqual({
      columns: [id, total],
    });
    expect(await expectedOf('schemas/users.yml', yaml)).toEqual({ columns: [id, total] });
  });

  test('is a map of types by name, in the order they are written', async () => {
    const all = await expectedOf('users.yml', 'total: decimal(18,2)\nid: int64\n7: date\n"columns": string\n__proto__: bool\n');
    expect(all?.columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['total', true],
      ['id', true],
      ['7', true],
      ['columns', true],
      ['__proto__', true],
    ]);
  });

  test('takes names as they are written', async () => {
    const all = await expectedOf(
      'users.yml',
      '- { name: 007, type: string }\n- { name: true, type: bool }\n- { name: "${x}", type: bool }\n',
    );
    expect(all?.columns.map(({ name }) => name)).toEqual(['007', 'true', '${x}']);
  });

  test('is one for each entity, found by its name', async () => {
    const { flows, files } = await load({
      ...at('"schemas/{flow}/{entity}.yml"'),
      'flows/crm/entities/a.yml': '{}',
      'flows/crm/entities/b.yml': 'source: other',
      'schemas/crm/a.yml': 'id: int64',
      'schemas/crm/b.yml': 'id: string',
    });
    expect(flows[0]?.entities.map(({ schema }) => schema.expected?.columns[0]?.type.kind)).toEqual(['int64', 'string']);
    expect(files).toEqual([
      'flows/crm/entities/a.yml',
      'flows/crm/entities/b.yml',
      'flows/crm/flow.yml',
      'hygge.yml',
      'schemas/crm/a.yml',
      'schemas/crm/b.yml',
    ]);
  });
});

describe('an expected schema that cannot be meant', () => {
  test('says every mistake at its place in its own file', async () => {
    const text =
      'columns:\n  - { name: id, type: strng }\n  - { nme: total, type: date }\n  - { name: n, type: int64, nullable: maybe }\n  - id\n';
    expect(await wrong(text)).toEqual([
      'schemas/users.yml:2:23 HYG-1013 There is no type `strng`. Did you mean `string`?',
      'schemas/users.yml:3:7 HYG-1010 There is no key `nme` in item 2 of `columns`. Did you mean `name`?',
      'schemas/users.yml:4:39 HYG-1011 `nullable` needs true or false, but it is text (`maybe`).',
      'schemas/users.yml:5:5 HYG-1011 item 4 of `columns` needs a map, but it is text (`id`).',
    ]);
  });

  test('names a column twice', async () => {
    expect(await wrong('- { name: id, type: int64 }\n- { name: id, type: string }\n')).toEqual([
      'schemas/users.yml:2:11 HYG-1018 The column `id` occurs twice.',
    ]);
    expect(await wrong('{ "id": "int64", "id": "string" }', 'users.json')).toEqual(['users.json:1:18 HYG-1006 The key `id` occurs twice.']);
  });

  test.each([
    ['', 'schemas/users.yml:1:1 HYG-1004 schemas/users.yml is empty.'],
    ['{}', 'schemas/users.yml:1:1 HYG-1013 schemas/users.yml names no column.'],
    ['[]', 'schemas/users.yml:1:1 HYG-1013 an expected schema needs at least one item.'],
    ['columns: []', 'schemas/users.yml:1:1 HYG-1013 `columns` needs at least one item.'],
    ['text', 'schemas/users.yml:1:1 HYG-1011 an expected schema needs a list, but it is text (`text`).'],
    ['columns: [', 'schemas/users.yml:1:11 HYG-1005 A `[` or `{` is opened, but not closed.'],
    [
      'columns: [{ name: id, type: int64 }]\nversion: 1\n',
      'schemas/users.yml:2:1 HYG-1010 There is no key `version` in an expected schema.',
    ],
  ])('holds no columns: %j', async (text, says) => {
    expect(await wrong(text)).toEqual([says]);
  });
});

describe('a path to an expected schema', () => {
  test('that leads nowhere says where it is written, and what was probably meant', async () => {
    expect(await told({ ...at('schemas/user.json'), 'schemas/users.json': '{"id":"int64"}' })).toEqual([
      'flows/crm/flow.yml:3:33 HYG-1017 There is no file `schemas/user.json`, where the columns of the source should be. Did you mean `schemas/users.json`?',
    ]);
    expect(await told(at('"nowhere/{entity}.json"'))).toEqual([
      'flows/crm/flow.yml:3:33 HYG-1017 There is no file `nowhere/crm.json`, where the columns of the source should be.',
    ]);
  });

  test.each(['../users.json', '/users.json', 'https://example.com/users.json', 'a/../../users.json'])(
    '%s leads out of the workspace',
    async (path) => {
      expect(await told(at(path))).toEqual([
        `flows/crm/flow.yml:3:33 HYG-1013 \`expected_schema_path\` points outside the workspace: \`${path}\`.`,
      ]);
    },
  );

  test('may not change with the day, and knows its templates', async () => {
    expect(await told(at('"{date}.json"'))).toEqual(['flows/crm/flow.yml:3:33 HYG-1022 There is no template `{date}` here.']);
    expect(await told(at('"{entty}.json"'))).toEqual([
      'flows/crm/flow.yml:3:33 HYG-1022 There is no template `{entty}` here. Did you mean `{entity}`?',
    ]);
  });

  const failing = (texts: Texts, error: Error): WorkspaceFiles => {
    const files = filesOf(texts);
    return {
      list: (dir) => files.list(dir),
      read: async (path) => (path.endsWith('users.yml') ? Promise.reject(error) : files.read(path)),
    };
  };

  test('of a folder, or of a file that may not be read, gives the reason', async () => {
    const files = failing(at('users.yml'), new Error('EISDIR: illegal operation on a directory, read'));
    const [error] = await mistakes(at('users.yml'), { files });
    expect([error?.code, error?.what, error?.why[0]]).toEqual([
      'HYG-1002',
      'users.yml cannot be read.',
      'EISDIR: illegal operation on a directory, read',
    ]);
  });
});

test('a store may not settle in the folder of an expected schema: it would take it along', async () => {
  const texts = { ...at('lake/users.yml'), 'lake/users.yml': 'id: int64\n' };
  const files = { ...texts, 'flows/crm/flow.yml': 'home: in\nstore: lake\nschema: { expected_schema_path: lake/users.yml }\n' };
  const [error] = await mistakes(files);
  expect([error?.code, error?.what]).toEqual([
    'HYG-1058',
    'The store of flow `crm` settles in a folder that contains lake/users.yml of the workspace.',
  ]);
});
