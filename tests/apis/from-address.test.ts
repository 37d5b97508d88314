/** The roads from the address of an API to a flow: what `init --from` writes, and what `copy` advises. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import type { Network } from '../../src/ports/network.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { blocksOf } from '../docs/blocks.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { duck } from '../support/duck.ts';
import { testNetwork } from '../support/test-network.ts';

const scene = scriptedScene();
const orders = [1, 2, 3].map((id) => ({ id, updated_at: `2026-03-01T12:00:0${id}Z` }));

beforeEach(() => {
  rmSync(scene.workspace.path('hygge.yml'));
  scene.api.script = ({ path, query }) => {
    if (path === '/v2/orders.csv') return { headers: { 'content-type': 'text/csv' }, body: 'id\n1\n2\n' };
    if (path === '/v2/html') return { body: '<html>a login page</html>' };
    if (path === '/v2/private') return { status: 401, body: '{"error":"no token"}' };
    if (path !== '/v2/orders' || query.status !== 'open') return { status: 404, body: '{"error":"no such path"}' };
    const page = Number(query.page ?? 1);
    return { body: JSON.stringify({ data: orders.slice((page - 1) * 2, page * 2), meta: { total: 3 } }) };
  };
});

const address = 'http://api.example.com/v2';

/** hygge where the name of the API leads to the scripted one: a server that is a number is an emulator of Azure Storage. */
async function hygge(words: readonly string[], folder = '.') {
  const network: Network = {
    ...testNetwork,
    send: (request) => testNetwork.send({ ...request, url: request.url.replace(/^https?:\/\/api\.example\.com/, scene.api.url) }),
  };
  const surroundings = fakeSurroundings(scene.workspace.path(folder), { network });
  const code = await run([...words, '--no-color'], surroundings);
  return { code, text: `${surroundings.stdout()}${surroundings.stderr()}` };
}

async function rows(path: string): Promise<readonly number[]> {
  const found = await duck(`select id from read_parquet('${scene.workspace.path(path)}') order by id`);
  return found.map(({ id }) => Number(id));
}

test('init --from asks the API once, and writes a workspace that reads all pages', async () => {
  const made = await hygge(['init', 'shop', '--from', `${address}/orders?status=open`, '--yes']);
  expect([made.code, scene.api.seen.length]).toEqual([0, 1]);
  const written = readFileSync(scene.workspace.path('shop/flows/example_com/flow.yml'), 'utf8');
  expect(written).toContain(
    'records: data\n  pagination: { type: page, end: total, total_at: meta.total }\n  types: { updated_at: timestamptz }\n',
  );
  expect(written).toContain('# watermark: { column: updated_at, key: [id] }');
  expect((await hygge(['go'], 'shop')).code).toBe(0);
  expect(await rows('shop/data/lake/example_com/orders/*.parquet')).toEqual([1, 2, 3]);
  // A connection of an API tells no lists.
  const more = await hygge(['init', '.', '--from', 'example_com', '--yes'], 'shop');
  expect([more.code, more.text]).toEqual([2, expect.stringContaining('leads to an API')]);
  const generated = await hygge(['generate', 'entities', '--flow', 'example_com'], 'shop');
  expect([generated.code, generated.text]).toEqual([2, expect.stringContaining('it is an API')]);
  const named = advised(generated.text.replace(/\s+/g, ' '), /Name them/)
    .replace('hygge ', '')
    .trim()
    .split(' ');
  expect((await hygge(named, 'shop')).code).toBe(0);
  expect(existsSync(scene.workspace.path('shop/flows/example_com/entities/customers.yml'))).toBe(true);
});

test.each([
  ['private', 'with auth or headers'],
  ['orders?status=open&token=canary', 'hygge docs apis'],
])('init --from %s says why it is none, and writes nothing', async (path, said) => {
  const made = await hygge(['init', 'shop', '--from', `${address}/${path}`, '--yes']);
  expect([made.code, made.text]).toEqual([2, expect.stringContaining(said)]);
  expect(made.text).not.toContain('canary');
  expect(existsSync(scene.workspace.path('shop'))).toBe(false);
});

/** What the line that begins like this advises to type. */
const advised = (text: string, line: RegExp) => new RegExp(`${line.source}.*?: ((?:hygge|curl) .*)$`, 'm').exec(text)?.[1] ?? '';

describe('copy of a web address names commands that work', () => {
  test('of an API', async () => {
    scene.api.script = () => ({ body: JSON.stringify({ data: orders }) });
    const { code, text } = await hygge(['copy', `${address}/orders`, 'out']);
    const [program, ...words] = advised(text, /If it is an API/).split(' ');
    expect([code, program]).toEqual([2, 'hygge']);
    expect((await hygge(words)).code).toBe(0);
    expect((await hygge(['go'], 'my-api')).code).toBe(0);
    expect(await rows('my-api/data/lake/example_com/orders/*.parquet')).toEqual([1, 2, 3]);
  });

  test('of a file', async () => {
    const { code, text } = await hygge(['copy', `${address}/orders.csv`, 'out']);
    expect(code).toBe(2);
    const command = advised(text, /Fetch it/).replace('http://api.example.com', scene.api.url);
    const path = `${join(import.meta.dirname, '../../bin')}:${process.env.PATH}`;
    await promisify(execFile)('sh', ['-c', command], { cwd: scene.workspace.root, env: { ...process.env, PATH: path } });
    expect(await rows('out/*.parquet')).toEqual([1, 2]);
  });
});

test('docs/apis.md, From an address to a flow: the commands run, and debug suggests what is there', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/apis.md'), 'utf8');
  const section = page.slice(page.indexOf('## From an address'), page.indexOf('## Records'));
  const [commands, suggestion] = blocksOf(section);
  scene.api.script = ({ query }) => {
    const page = Number(query.page ?? 1);
    return { body: JSON.stringify({ data: orders.slice((page - 1) * 2, page * 2), meta: { total: 3 } }) };
  };
  let folder = '.';
  for (const line of commands?.text.split('\n') ?? []) {
    const [program, ...words] = line.split(' ');
    if (program === 'cd') folder = words[0] ?? '';
    else expect((await hygge(words, folder)).code).toBe(0);
  }
  expect(await rows('my-api/data/lake/example_com/orders/*.parquet')).toEqual([1, 2, 3]);
  scene.workspace.write({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': `home: { type: rest_api, base_url: "${address}", endpoint: orders }\nstore: lake\nentities: [orders]\n`,
  });
  for (const command of [['debug'], ['preview', 'shop.orders']]) {
    const { text } = await hygge(command);
    // A preview of an object with a list in it is refused, and says the first key.
    expect(text).toContain(command[0] === 'debug' ? suggestion?.text : 'records: data');
  }
});
