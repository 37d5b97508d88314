import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describedEntities } from '../../src/apis/openapi/entities.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';

const scene = scriptedScene();
const generate = (...args: readonly string[]) => scene.workspace.run(['generate', 'entities', '--flow', 'f', ...args]);
const text = (name: string) => readFile(scene.workspace.path(`flows/f/entities/${name}.yml`), 'utf8');
const made = async () => (await readdir(scene.workspace.path('flows/f/entities'))).sort().map((file) => file.replace('.yml', ''));

/** A shop, as its authors describe it: lists in several forms, and what is not a list. */
const shop = `
openapi: 3.0.3
servers: [{ url: "https://{region}.shop.example/v2", variables: { region: { default: eu } } }]
paths:
  /orders:
    parameters: [{ $ref: "#/components/parameters/page" }]
    get:
      summary: List orders
      parameters:
        - { name: per_page, in: query, description: Orders of a page, schema: { type: integer, default: 20, maximum: 100 } }
        - { name: updated_since, in: query, description: Only orders that changed since, schema: { type: string, format: date-time } }
      responses:
        "200": { $ref: "#/components/responses/orders" }
  /orders/{order_id}:
    get: { responses: { "200": { content: { application/json: { schema: { $ref: "#/components/schemas/order" } } } } } }
  /orders/{order_id}/lines:
    get:
      responses:
        "200": { content: { application/json: { schema: { type: array, items: { type: object, properties: { sku: { type: string } } } } } } }
  /regions/{region}/stores:
    get: { responses: { "200": { content: { application/json: { schema: { type: array, items: { type: object, properties: { id: { type: integer } } } } } } } } }
  /search:
    get:
      parameters: [{ name: q, in: query, required: true, schema: { type: string } }]
      responses: { "200": { content: { application/json: { schema: { type: array, items: { type: object } } } } } }
  /tags:
    get: { responses: { "200": { content: { application/json: { schema: { type: array, items: { type: string } } } } } } }
components:
  parameters:
    page: { name: page, in: query, description: "The page number\\nfrom 1", schema: { type: integer } }
  responses:
    orders:
      content:
        application/json:
          schema:
            type: object
            properties:
              data: { type: array, items: { $ref: "#/components/schemas/order" } }
              meta: { type: object, properties: { total: { type: integer } } }
  schemas:
    base: { type: object, properties: { id: { type: integer, format: int64 }, updated_at: { type: string, format: date-time } } }
    order:
      allOf:
        - $ref: "#/components/schemas/base"
        - type: object
          properties:
            day: { type: string, format: date }
            amount: { type: number, multipleOf: 0.01 }
            tax: { type: string, format: decimal }
            weight: { type: number, format: double }
            labels: { type: object, additionalProperties: { type: string } }
            parent: { $ref: "#/components/schemas/order" }
            region: { $ref: "https://elsewhere.example/schemas.yml#/region" }
`;
const flow = (more = '') => `home: { connection: shop${more} }\nstore: lake\nrun_type: full_drop\n`;

describe('hygge generate entities from a description of OpenAPI', () => {
  test('writes each list with what shows it, which `check` accepts and a run reads', async () => {
    const { api, workspace } = scene;
    workspace.write({
      'hygge.yml': `name: w\nconnections: { shop: { type: rest_api, base_url: "${api.url}" } }\n`,
      'flows/f/flow.yml': flow(),
      'shop.yml': shop,
    });
    const { code, stdout } = await generate('--from', 'shop.yml');
    expect([code, await made()]).toEqual([0, ['lines', 'orders']]);
    expect(stdout).toContain("! 1 list left out: their paths need path_params in the flow's home: { region: … }");
    expect(stdout).toContain('! 1 list left out: they need a value for the parameter q');
    expect(stdout).toContain('! 1 reference to other documents not followed');
    expect((await text('orders')).split('\n').slice(1)).toEqual([
      'name: orders',
      '',
      '# GET /orders: List orders',
      'home:',
      '  endpoint: "v2/orders"',
      '  # The answer has an array of objects at data.',
      '  records: data',
      '  # A proposal: compare it with the output of `hygge debug`.',
      '  # The answer has the number of all records at meta.total.',
      '  # The parameter page: The page number from 1',
      '  # The parameter per_page: Orders of a page',
      '  pagination: { type: page, page_size: 100, size_param: per_page, end: total, total_at: meta.total }',
      '  # By the formats and types of the description:',
      '  # Decimals with an unknown number of digits, for types such as decimal(18,2): tax.',
      '  types: { id: int64, updated_at: timestamptz, day: date, amount: "decimal(38,2)", weight: float64, labels: json }',
      '',
      '# To read only new records, use updated_at.',
      '# The watermark below needs, below home: window: { from: updated_since }',
      '# The parameter updated_since: Only orders that changed since',
      '# run_type: incremental',
      '# watermark: { column: updated_at, key: [id] }',
      '',
    ]);
    expect(await text('lines')).toContain(
      'home:\n  from: orders # at least one request for each of its records\n  # By their names, {order_id} gets the field id.\n  endpoint: "v2/orders/{id}/lines"\n  parent: { order_id: id }\n  parent_key: id\n',
    );
    expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
    const orders = [1, 2, 3].map((id) => ({
      id,
      updated_at: '2026-01-01T00:00:00Z',
      day: '2026-01-01',
      amount: 0.1,
      tax: '0.02',
      weight: 1,
      labels: { a: id },
    }));
    api.script = ({ path, query }) => {
      const page = Number(query.page);
      const body = path === '/v2/orders' ? { data: page === 1 ? orders : [], meta: { total: 3 } } : [{ sku: path }];
      return { headers: { date: 'Fri, 09 Jan 2026 00:00:00 GMT' }, body: JSON.stringify(body) };
    };
    expect((await here(workspace, 'go')).summary).toMatchObject({ rows: 6 });
  });

  test('asks for a description at an address, and takes what the flow says and --like wants', async () => {
    const { api, workspace } = scene;
    api.script = () => ({ headers: { 'content-type': 'application/yaml' }, body: shop });
    workspace.write({
      'hygge.yml':
        'name: w\nconnections: { shop: { type: rest_api, base_url: "https://shop.example/v2/", auth: { type: bearer, token: "never-sent" } } }\n',
      'flows/f/flow.yml': flow(', path_params: { region: north }, records: items'),
    });
    expect(await generate('--from', `${api.url}/openapi`, '--like', 'l*')).toMatchObject({ code: 0 });
    expect(await made()).toEqual(['lines', 'orders']);
    expect(await text('orders')).toContain('endpoint: "orders"');
    expect(await text('orders')).not.toContain('records:');
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await generate('--from', `${api.url}/openapi`, '--like', 'stores');
    expect(await text('stores')).toContain('endpoint: "regions/{region}/stores"');
    expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  });

  test.each([
    ['a page', '<html><body>openapi</body></html>', 'HYG-3695'],
    ['another version', 'openapi: 4.0.0\npaths: {}\n', 'HYG-3695'],
    ['broken JSON', '{"openapi": "3.0.0", ', 'HYG-3695'],
    ['no list', 'openapi: 3.1.0\npaths: { /a: { get: { responses: { 204: { description: none } } } } }\n', 'HYG-3696'],
  ])('refuses %s', async (_, description, code) => {
    scene.workspace.write({
      'flows/f/flow.yml': 'home: { type: rest_api, base_url: https://a.example }\nstore: lake\n',
      'a.yml': description,
    });
    expect(await generate('--from', 'a.yml')).toMatchObject({ code: 2, stderr: expect.stringContaining(code) });
    expect(await generate('--from', 'b.yml')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no file b.yml') });
  });
});

const entities = (description: object, keys: readonly string[] = []) =>
  describedEntities(JSON.stringify(description), 'test', { baseUrl: undefined, pathParams: [], keys, isIncremental: true }).entities;
const linesOf = (description: object) =>
  entities(description)
    .map(({ lines }) => lines.join('\n'))
    .join('\n');
const answer = (schema: object) => ({ content: { 'application/hal+json; charset=utf-8': { schema } } });
const list = (schema: object, parameters: readonly object[] = [], headers = {}) => ({
  openapi: '3.1.0',
  paths: { '/things': { get: { parameters, responses: { '2XX': { ...answer(schema), headers } } } } },
});
const things = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: ['integer', 'null'] }, at: { type: ['string', 'null'], format: 'date-time' } } },
};
const query = (name: string, schema: object = { type: 'string' }, description = '') => ({ name, in: 'query', schema, description });

test.each([
  [
    'a header Link',
    list(things, [query('limit', { type: 'integer', default: 50 })], { Link: {} }),
    '{ type: link_header, page_size: 50, size_param: limit }',
  ],
  [
    'a cursor in the answer',
    list({ type: 'object', properties: { things, next_cursor: { type: ['string', 'null'] } } }, [query('cursor')]),
    '{ type: cursor, at: next_cursor, param: cursor }',
  ],
  [
    'a cursor by its own name',
    list({ type: 'object', properties: { items: things, nextPageToken: { type: 'string' } } }, [
      query('pageToken'),
      query('maxResults', { type: 'integer', maximum: 2500 }),
    ]),
    '{ type: cursor, at: nextPageToken, param: pageToken, page_size: 1000, size_param: maxResults }',
  ],
  [
    'an address',
    list({ type: 'object', properties: { results: things, next: { type: 'string', format: 'uri' }, count: { type: 'integer' } } }, [
      query('page'),
    ]),
    '{ type: next_url, at: next, total_at: count }',
  ],
  [
    'links of HAL',
    list({
      type: 'object',
      properties: {
        _embedded: { type: 'object', properties: { things } },
        _links: { type: 'object', properties: { next: { type: 'object', properties: { href: { type: 'string' } } } } },
      },
    }),
    '{ type: next_url, at: _links.next.href }',
  ],
  [
    'pages from 0',
    list({ type: 'object', properties: { content: things, last: { type: 'boolean' } } }, [query('page', { type: 'integer', default: 0 })]),
    '{ type: page, start: 0 }',
  ],
  [
    'an offset and a word about more',
    list({ type: 'object', properties: { data: things, has_more: { type: 'boolean' } } }, [query('skip', { type: 'integer' })]),
    '{ type: offset, param: skip, end: has_more, has_more_at: has_more }',
  ],
  [
    'what Stripe has',
    list(
      {
        type: 'object',
        properties: {
          object: { enum: ['list'], type: 'string' },
          data: { ...things, items: { type: 'object', properties: { id: { type: 'string' } } } },
          has_more: { type: 'boolean' },
        },
      },
      [query('starting_after')],
    ),
    '{ type: keyset, param: starting_after, field: id, has_more_at: has_more }',
  ],
])('proposes pages by %s', (_, description, pages) => {
  expect(linesOf(description)).toContain(`  pagination: ${pages}\n`);
});

test.each([
  ['/things/{thing_gid}/parts', 'gid'],
  ['/things/{thingId}/parts', 'id'],
  ['/things/{thing}/parts', 'id'],
  ['/things/{slug}/parts', 'slug'],
  ['/things/{owner}/parts', undefined],
  ['/things/{thing_id}/parts/{part_id}/pieces', undefined],
])('the lists of %s are those of a parent by its field %s', (path, field) => {
  const items = { type: 'object', properties: { id: { type: 'string' }, gid: { type: 'string' }, slug: { type: 'string' } } };
  const get = { responses: { 200: answer({ type: 'array', items }) } };
  const child = entities({ openapi: '3.1.0', paths: { '/things': { get }, [path]: { get } } }).find(({ from }) => from === 'things');
  expect(child?.lines.find((line) => line.includes('endpoint:'))).toBe(field && `  endpoint: "things/{${field}}/parts"`);
});

test('flattens the fields of JSON:API', () => {
  const attributes = { type: 'object', properties: { name: { type: 'string' }, updated_at: { type: 'string', format: 'date-time' } } };
  const items = { type: 'object', properties: { id: { type: 'string' }, type: { type: 'string' }, attributes } };
  const lines = linesOf(list({ type: 'object', properties: { data: { type: 'array', items } } }));
  expect(lines).toContain('  flatten: 1\n');
  expect(lines).toContain('  types: { attributes_updated_at: timestamptz }\n');
  expect(lines).toContain('# watermark: { column: attributes_updated_at, key: [id] }');
});

test('says where nothing about pages follows, and keeps those that the flow has', () => {
  expect(linesOf(list(things))).toContain('# The description shows no pages');
  expect(linesOf(list({ type: 'object', properties: { things } }, [query('cursor')]))).toContain(
    '# The description says something about pages',
  );
  const [one] = entities(list(things, [], { Link: {} }), ['pagination']);
  expect(one?.lines.join('\n')).not.toContain('pagination');
});

test('reads Swagger 2.0, with schemas next to parameters and a base path', () => {
  const description = {
    swagger: '2.0',
    host: 'api.example',
    basePath: '/v1',
    paths: {
      '/things': {
        get: {
          parameters: [
            { name: 'offset', in: 'query', type: 'integer' },
            { name: 'limit', in: 'query', type: 'integer', maximum: 50 },
          ],
          responses: { 200: { schema: { $ref: '#/definitions/a~1b%20c' } } },
        },
      },
    },
    definitions: {
      'a/b c': {
        type: 'array',
        items: { properties: { size: { type: 'string', format: 'int64' }, made: { type: 'integer', format: 'unix-time' } } },
      },
    },
  };
  const found = describedEntities(JSON.stringify(description), 'test', {
    baseUrl: 'https://other.example',
    pathParams: [],
    keys: [],
    isIncremental: false,
  });
  const [one] = found.entities;
  expect(one?.lines).toEqual(
    expect.arrayContaining([
      '  endpoint: "v1/things"',
      '  pagination: { type: offset, page_size: 50, size_param: limit }',
      '  types: { size: int64, made: int64 }',
    ]),
  );
});

test('an author who means harm gets nothing into a file but comments and quoted names', () => {
  const evil = `x\n  auth: { type: bearer }\u2028y: ${'$'}{SECRET} }`;
  const description = {
    openapi: '3.0.0',
    paths: {
      [`/things/a"b${'$'}{X`]: {
        get: {
          summary: evil,
          parameters: [query('page', {}, evil), query(evil, { default: evil }), { ...query('must', { default: evil }), required: true }],
          responses: {
            200: answer({
              type: 'array',
              items: { type: 'object', properties: { [evil]: { type: 'string', format: 'date-time' }, __proto__: { a: 1 } } },
            }),
          },
        },
      },
      '/loop': { get: { $ref: '#/paths/~1loop/get' } },
      '/deep': { get: { responses: { 200: answer({ $ref: '#/components/schemas/a' }) } } },
    },
    components: {
      schemas: {
        a: { allOf: [{ $ref: '#/components/schemas/a' }, { $ref: '#/components/schemas/b' }] },
        b: { type: 'array', items: { $ref: '#/components/schemas/b' } },
      },
    },
  };
  const text = linesOf(description);
  const file = parse(text) as { readonly home: Readonly<Record<string, unknown>> };
  expect([Object.keys(file), Object.keys(file.home)]).toEqual([
    ['home', 'run_type'],
    ['endpoint', 'params', 'pagination', 'types'],
  ]);
  expect(text).not.toMatch(/(^|[^$])\$\{/m);
});
