import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ScriptedRequest } from '../support/apis/scripted-api.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';

const scene = scriptedScene();

/** As someone writes it who has read Acme's documentation. */
const acme = `
type: rest_api
system: Acme
summary: orders of a shop
base_url: \${ACME_URL}
auth: { type: bearer, token: "\${ACME_TOKEN}" }
defaults:
  headers: { X-Version: "2", X-Client: manifest }
  params: { state: all }
  path_params: { shop: north }
  pagination: { type: page, start: 1, page_size: 2, size_param: per_page, end: short }
  types: { updated_at: timestamptz }
entities:
  orders:
    summary: orders, changed ones too
    endpoint: shops/{shop}/orders
    window: { from: since }
    watermark: { column: updated_at, key: [id] }
  customers:
    endpoint: customers
    pagination: { type: cursor, at: next, param: after }
    records: data
`;
const flow = (home: string, more = '', entities = 'orders') => ({
  'flows/f/flow.yml': `home: ${home}\nstore: lake\n${more}\nentities: [${entities}]\n`,
});
const orders = [1, 2, 3].map((id) => ({ id, updated_at: `2026-01-0${id}T08:17:2${id}Z` }));

function write(files: Readonly<Record<string, string>>, manifest = acme): void {
  scene.workspace.write({ '.env': `ACME_URL=${scene.api.url}/v2\nACME_TOKEN=secret-of-acme\n`, 'apis/acme.yml': manifest, ...files });
  scene.api.script = ({ path, query }) => {
    const page = Number(query.page ?? 1);
    const found = orders.filter(({ updated_at: at }) => at >= (query.since ?? '')).slice((page - 1) * 2, page * 2);
    const body = path.endsWith('/customers') ? { data: found, next: null } : found;
    return { headers: { date: 'Fri, 09 Jan 2026 00:00:00 GMT' }, body: JSON.stringify(body) };
  };
}

const requests = () => [
  ...new Set(scene.api.seen.map(({ path, query }: ScriptedRequest) => decodeURIComponent(`${path}?${new URLSearchParams(query)}`))),
];
const go = () => here(scene.workspace, 'go');

/** What `check` says, each error with its place. */
async function errors(): Promise<readonly string[]> {
  const { stdout } = await scene.workspace.run(['go', '--dry-run', '--output', 'json']);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return events.flatMap(({ event, code, where, what }) =>
    event === 'error' ? [`${code} ${where.file}:${where.line}:${where.column} ${what}`] : [],
  );
}

describe('a manifest of the workspace', () => {
  test('gives a home all that the home does not say', async () => {
    write(flow('{ type: acme }', 'run_type: incremental'));
    expect((await go()).summary.rows).toBe(3);
    expect(requests()).toEqual([
      '/v2/shops/north/orders?state=all&per_page=2&page=1',
      '/v2/shops/north/orders?state=all&per_page=2&page=2',
      // Whether the list begins before its oldest record.
      '/v2/shops/north/orders?state=all&since=1970-01-01T23:59:59Z&per_page=2&page=1',
    ]);
    expect(scene.api.seen[0]?.headers).toMatchObject({ authorization: 'Bearer secret-of-acme', 'x-version': '2', 'x-client': 'manifest' });
    const again = await go();
    expect([again.code, again.summary.rows, requests().at(-1)]).toEqual([
      ...[0, 0],
      '/v2/shops/north/orders?state=all&since=2026-01-08T23:58:59Z&per_page=2&page=2',
    ]);
  });

  test('gives way to the connection, and both to the flow and its entity', async () => {
    write({
      'hygge.yml': 'name: test\nconnections: { shop: { type: acme, headers: { X-Client: connection }, auth: { token: other-token } } }\n',
      'flows/f/flow.yml': 'home: { connection: shop, path_params: { shop: south/ø 2 } }\nstore: lake\n',
      'flows/f/entities/people.yml': 'source: customers\nhome: { params: { state: null, active: 1 }, pagination: { type: none } }\n',
      'flows/f/entities/all.yml': 'source: orders\nwatermark: null\nhome: { window: null }\n',
    });
    expect((await go()).code).toBe(0);
    expect(requests().sort()).toEqual([
      '/v2/customers?active=1',
      '/v2/shops/south/ø 2/orders?state=all&per_page=2&page=1',
      '/v2/shops/south/ø 2/orders?state=all&per_page=2&page=2',
    ]);
    expect(scene.api.seen[0]?.headers).toMatchObject({ authorization: 'Bearer other-token', 'x-version': '2', 'x-client': 'connection' });
  });

  test('filters by no watermark but its own', async () => {
    write(flow('{ type: acme, types: { created_at: timestamptz } }', 'run_type: incremental\nwatermark: { column: created_at }'));
    scene.api.script = () => ({
      headers: { date: 'Fri, 09 Jan 2026 00:00:00 GMT' },
      body: JSON.stringify(orders.slice(0, 1).map((order) => ({ ...order, created_at: order.updated_at }))),
    });
    // Without a filter an increment needs a store that merges by the key, which the manifest has.
    expect(await errors()).toEqual([expect.stringMatching(/^HYG-2014 .* can't select new rows by created_at/)]);
    expect(requests()).toEqual(['/v2/shops/north/orders?state=all&per_page=2&page=1']);
  });

  test.each([
    ['a value of the wrong kind', acme.replace('page_size: 2', 'page_size: many'), 'HYG-1011 apis/acme.yml:11:50 '],
    ['a pair of keys that does not fit', acme.replace(', size_param: per_page', ''), 'HYG-1012 apis/acme.yml:11:3 `size_param` is missing'],
    ['YAML that ends early', acme.replace('state: all }', 'state: all'), 'HYG-100'],
    ['no name for its path', acme.replace('shop: north', 'shops: north'), 'HYG-1013 apis/acme.yml:16:'],
  ])('with %s is an error with its place', async (_, manifest, error) => {
    write(flow('{ type: acme }', 'run_type: incremental'), manifest);
    expect(await errors()).toEqual([expect.stringContaining(error)]);
    expect(scene.api.seen).toEqual([]);
  });

  test('serves another list with its defaults', async () => {
    write(flow('{ type: acme, endpoint: parcels }', '', 'parcels'));
    expect([await errors(), requests()]).toEqual([[], ['/v2/parcels?state=all&per_page=2&page=1']]);
  });

  test('that takes the place of one that comes with hygge is named, and both work side by side under another name', async () => {
    const own = acme.replaceAll('ACME_', 'GITHUB_');
    const check = async (file: string, type: string) => {
      write({ ...flow(`{ type: ${type} }`), 'apis/github.yml': own, [file]: own.replaceAll('GITHUB_', `${type.toUpperCase()}_`) });
      const { stdout } = await scene.workspace.run(['check'], {
        env: { GITHUB_URL: scene.api.url, GITHUB_TOKEN: 'x', OUR_URL: scene.api.url, OUR_TOKEN: 'x' },
      });
      return stdout;
    };
    expect(await check('apis/github.yml', 'github')).toContain('apis/github.yml replaces the `github` that comes with hygge');
    expect(await check('apis/our.yml', 'our')).not.toContain('takes the place');
  });

  test('is told of by list connectors, the schemas of the editor, debug and infra', async () => {
    write(flow('{ type: acme }', 'run_type: incremental'));
    const run = async (...args: readonly string[]) => (await scene.workspace.run(args)).stdout;
    expect(await run('list', 'connectors')).toMatch(/\nacme {2}Acme: orders of a shop\n.*entities: orders, customers\n/);
    await run('generate', 'schema');
    const schema = await readFile(scene.workspace.path('.hygge/schema/flow.json'), 'utf8');
    expect(JSON.parse(schema).$defs.home.anyOf[1].properties.type.enum).toContain('acme');
    const debug = await run('debug');
    expect(debug).toContain('signs in (bearer)');
    expect(debug).toMatch(/ACME_TOKEN .*apis\/acme.yml/);
    expect(debug).not.toContain('secret-of-acme');
  });
});
