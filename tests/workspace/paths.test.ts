import { describe, expect, test } from 'vitest';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { fixedPart } from '../../src/workspace/sides/paths.ts';
import { configOf, load, mistakes, onlyEntity, type Texts } from './shop.ts';

const crm = (text: string, others: Texts = {}): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': text, ...others });

async function sides(home: string, store: string, entity: string) {
  const written = entity === '' ? '' : `entities: [${entity}]\n`;
  const one = await onlyEntity(crm(`home: ${home}\nstore: ${store}\n${written}`));
  return { home: configOf(one.home).path, store: configOf(one.store).path, base: configOf(one.store).base };
}

test.each([
  ['md:sales', 'md:sales'],
  ['data/sales.duckdb', '/projects/shop/data/sales.duckdb'],
])('a database is a file of the workspace, or of a service by its scheme: %s', async (path, settled) => {
  const real = { connectors: { types: connectorTypes, find: findConnector } };
  const token = path.startsWith('md:') ? ', token: abc' : '';
  const inline = await onlyEntity(crm(`home: { type: duckdb, path: "${path}"${token}, table: t }\nstore: out\n`), real);
  expect(configOf(inline.home).path).toBe(settled);
  const named = { 'hygge.yml': `name: shop\nconnections: { m: { type: duckdb, path: "${path}"${token} } }\n` };
  const byName = await onlyEntity(crm('home: { connection: m, table: t }\nstore: out\n', named), real);
  expect(configOf(byName.home).path).toBe(settled);
});

describe('where an entity settles', () => {
  test.each<[string, string, string, string, string]>([
    ['the name is appended', 'lake/crm', 'Account', 'lake/crm/Account', 'lake/crm'],
    ['a slash at the end makes no difference', 'lake/crm/', 'Account', 'lake/crm/Account', 'lake/crm'],
    ['unless the path says where it goes', 'lake/{entity}/raw', 'Account', 'lake/Account/raw', 'lake'],
    ['inside a segment too', 'lake/crm_{entity}', 'Account', 'lake/crm_Account', 'lake'],
    ['a template at the very beginning', '{entity}', 'Account', 'Account', ''],
    ["the entity's own path is joined", 'lake/crm', '{ name: a, store: { path: dim/acc } }', 'lake/crm/dim/acc', 'lake/crm'],
    ['a flow without entities uses its path as it is', 'lake/users', '', 'lake/users', 'lake/users'],
    ['a name that is no segment is encoded', 'lake', '"../../etc"', 'lake/%2E.%2F..%2Fetc', 'lake'],
    ['whatever the home calls it', 'lake', '{ name: a, source: Accounts }', 'lake/a', 'lake'],
  ])('%s', async (_, store, entity, path, base) => {
    const found = await sides('in', `"${store}"`, entity);
    expect(found.store).toBe(`/projects/shop/${path}`);
    expect(found.base).toBe(`/projects/shop${base === '' ? '' : `/${base}`}`);
  });

  test('an absolute path of the entity replaces that of the flow', async () => {
    expect(await sides('in', 'lake', '{ name: a, store: { path: "/data/{entity}/x" } }')).toMatchObject({
      store: '/data/a/x',
      base: '/data',
    });
    expect(await sides('in', '{}', '{ name: a, store: { path: /data/a } }')).toMatchObject({ store: '/data/a', base: '/data/a' });
  });

  test('a file URL is a path', async () => {
    expect(await sides('file:///data/my%20files', 'file:///lake', 'a')).toMatchObject({ home: '/data/my files/a', store: '/lake/a' });
  });

  test('a name can not climb out of a file URL', async () => {
    expect(await sides('in', 'file:///lake/raw', '"../../etc"')).toMatchObject({ store: '/lake/raw/%2E.%2F..%2Fetc' });
  });

  test('relative paths are against the workspace, and may lead out of it', async () => {
    expect(await sides('../in', './lake/../out', 'a')).toMatchObject({ home: '/projects/in/a', store: '/projects/shop/out/a' });
  });

  test('a path inside something else than a disk stays relative', async () => {
    expect(await sides('in', '{ type: lake, container: raw, path: "/crm/{flow}/" }', 'a')).toMatchObject({
      store: 'crm/crm/a',
      base: 'crm',
    });
  });

  test('two entities with a table of their own may share a database', async () => {
    const { flows } = await load(crm('home: in\nstore: { type: warehouse, server: s }\nentities: [a, b]\n'));
    expect(flows[0]?.entities.map(({ store }) => configOf(store).table)).toEqual(['a', 'b']);
  });

  test.each([
    ['lake', 'lake/crm', 'HYG-1052'],
    ['lake/crm/a', 'lake/crm', 'HYG-1052'],
    ['lake/crm', 'lake/crm2', undefined],
  ])('two flows in %s and %s: %s', async (one, other, code) => {
    const texts = { 'hygge.yml': `flows:\n  one: { home: in, store: ${one} }\n  two: { home: in, store: ${other} }\n` };
    const codes = await load(texts).then(
      () => [],
      (error) => error.errors.map((each: { code: string }) => each.code),
    );
    expect(codes).toEqual(code === undefined ? [] : [code]);
  });

  test.each([
    ['data', 'data', 'HYG-1056'],
    ['"data/**/*.parquet"', 'data/out', 'HYG-1056'],
    ['"data/*.parquet"', 'data/out', undefined],
    ['data/a.parquet', 'data', 'HYG-1057'],
    ['data/in', 'data', 'HYG-1057'],
    ['"data/in/*.parquet"', 'data', 'HYG-1057'],
    ['"data/*/a.parquet"', 'data', 'HYG-1057'],
    ['"dat?/a.parquet"', 'data', undefined],
    ['/data/in', '/', 'HYG-1058'],
    ['in', '..', 'HYG-1058'],
    ['in', 'flows/crm', 'HYG-1058'],
    ['in', '.hygge/state', 'HYG-1058'],
    ['in', '.hygge2', undefined],
  ])('a home in %s and its store in %s: %s', async (home, store, code) => {
    const codes = await load(crm(`home: ${home}\nstore: ${store}\n`)).then(
      () => [],
      (error) => error.errors.map((each: { code: string }) => each.code),
    );
    expect(codes).toEqual(code === undefined ? [] : [code]);
  });

  test.each(['"lake/{flow}/../.."', '"lake/{entity}/../../x"'])('a store may not lead back over its template: %s', async (store) => {
    const errors = await mistakes(crm(`home: in\nstore: ${store}\nentities: [a]\n`));
    expect(errors.map(({ code, where }) => `${where?.line}:${where?.column} ${code}`)).toEqual(['2:8 HYG-1055']);
  });

  test('a home may not lie where another flow settles', async () => {
    const flows = (home: string) => ({ 'hygge.yml': `flows:\n  one: { home: in, store: lake }\n  two: { home: ${home}, store: out }\n` });
    const [error, ...others] = await mistakes(flows('lake/in'));
    expect(others).toEqual([]);
    expect(error).toMatchObject({
      code: 'HYG-1057',
      what: 'The home of flow `two` is in a folder where flow `one` settles.',
      where: { file: 'hygge.yml', line: 3, column: 16 },
    });
    expect((await load(flows('lakes'))).flows).toHaveLength(2);
  });

  test('a home may be exactly where another flow settles: it reads on from there', async () => {
    const flows = { 'hygge.yml': 'flows:\n  one: { home: in, store: lake }\n  two: { home: lake, store: out }\n' };
    expect((await load(flows)).flows).toHaveLength(2);
    expect((await mistakes({ 'hygge.yml': 'flows:\n  one: { home: lake, store: lake }\n' })).length).toBeGreaterThan(0);
  });

  test.each([
    ['/data/in', '/data/in'],
    ['/data/*/a.parquet', '/data'],
    ['/data/a/{b,c}/d', '/data/a'],
    ['/*/a', '/'],
    ['/my [shop]/in', '/my [shop]/in'],
    ['/my [shop]/in/*.parquet', '/my [shop]/in'],
    ['/my [shop]/*', '/my [shop]'],
    ['/my [shop]', '/my [shop]'],
  ])('all files of %s lie in %s', (path, folder) => {
    expect(fixedPart(path, '/my [shop]')).toBe(folder);
  });

  test('one table for two entities is refused, unless both merge', async () => {
    const text = 'home: in\nstore: { type: warehouse, server: s, table: all }\nentities: [a, b]\n';
    expect((await mistakes(crm(text))).map(({ code }) => code)).toEqual(['HYG-1052']);
    const merging = `${text}run_type: incremental\nwatermark: { column: at, key: [id] }\nwrite_strategy: merge\n`;
    expect((await load(crm(merging))).flows[0]?.entities).toHaveLength(2);
  });
});

describe('where an entity is read', () => {
  test.each<[string, string, string, string]>([
    ['the name is appended', 'in', 'a', 'in/a'],
    ['the name at the home, when that is another', 'in', '{ name: a, source: Accounts }', 'in/Accounts'],
    ['a template fills one file for each', 'in/{entity}.parquet', 'a', 'in/a.parquet'],
    ['a flow without entities reads one file', 'in/users.parquet', '', 'in/users.parquet'],
    ['a name outside ASCII is that of the file', 'in/{entity}.parquet', 'Ærø', 'in/Ærø.parquet'],
    ['one that is no single file name is encoded', 'in/{entity}', '"../../etc"', 'in/%252E.%252F..%252Fetc'],
    ['one with a pattern in it too', 'in/{entity}', '"a*"', 'in/a%252A'],
    ['a dot in a folder is no extension', 'in/v1.2', 'a', 'in/v1.2/a'],
    ["the entity's own path is joined", 'in', '{ name: a, home: { path: x/a.parquet } }', 'in/x/a.parquet'],
    ['an absolute one replaces even a pattern', '"in/*.parquet"', '{ name: a, home: { path: /data/a.parquet } }', '../../data/a.parquet'],
  ])('%s', async (_, home, entity, path) => {
    const written = home.startsWith('"') ? home : `"${home}"`;
    expect((await sides(written, 'out', entity)).home).toBe(decodeURIComponent(new URL(path, 'file:///projects/shop/').pathname));
  });

  test.each(['"in/*.parquet"', 'in/all.parquet', '"in/{date}.csv"', '"in/{a,b}/x"'])('%s can not be shared by entities', async (home) => {
    const text = `home: ${home}\nstore: out\nentities: [a, { name: b, home: { path: c } }]\n`;
    expect((await mistakes(crm(text))).map(({ code }) => code)).toEqual(['HYG-1054']);
  });

  test('a table is named by its template, its entity, or itself', async () => {
    const table = async (side: string, entity: string) =>
      configOf((await onlyEntity(crm(`home: ${side}\nstore: out\nentities: [${entity}]\n`))).home);
    expect(await table('{ type: warehouse, server: s, table: "dbo.{entity}" }', 'a')).toMatchObject({ table: 'dbo.a' });
    expect(await table('{ type: warehouse, server: s }', '{ name: a, source: Accounts }')).toMatchObject({ table: 'Accounts' });
    expect(await table('{ type: warehouse, server: s }', '{ name: a, home: { table: dbo.X } }')).toMatchObject({ table: 'dbo.X' });
    expect(await table('{ type: warehouse, server: s, query: "select * from {entity} -- {date} {other}" }', 'a')).toEqual({
      server: 's',
      query: 'select * from a -- 2026-11-20 {other}',
    });
  });
});

describe('the date in a path', () => {
  const by = (runType: string, home: string, rest = '') => crm(`home: ${home}\nstore: out\nrun_type: ${runType}\n${rest}`);

  test('of the home is that of the run, for a full load', async () => {
    const path = async (home: string) => configOf((await onlyEntity(by('full_drop', home, 'entities: [a]\n'))).home).path;
    expect(await path('"in/{date}"')).toBe('/projects/shop/in/2026-11-20/a');
    expect(await path('"in/{date}/{entity}.parquet"')).toBe('/projects/shop/in/2026-11-20/a.parquet');
  });

  test.each([
    ['"in/{date}/a.parquet"', '', '`in/*/a.parquet`'],
    ['"in/{date}/"', '', '`in/*/**/*.parquet`'],
    ['"in/{date}"', 'entities: [a, b]\n', '`in/*/{entity}/**/*.parquet`'],
    ['in', 'entities: [{ name: a, home: { path: "{date}/a.parquet" } }]\n', '`*/a.parquet`'],
    ['{ type: warehouse, server: s, table: "t_{date}" }', '', 'full_drop'],
  ])('of a home %s stops an incremental entity', async (home, rest, fix) => {
    const errors = await mistakes(by('incremental', home, rest));
    expect(errors.map(({ code }) => code)).toEqual(['HYG-1059']);
    expect(errors[0]?.tryThis.join('\n')).toContain(fix);
  });

  test('is asked about only where it counts', async () => {
    const own = 'entities: [{ name: a, home: { path: /data/a } }]\n';
    expect((await load(by('incremental', '"in/{date}"', own))).flows).toHaveLength(1);
    const query = '{ type: warehouse, server: s, query: "select * from t where day = \'{date}\'" }';
    expect((await load(by('incremental', query))).flows).toHaveLength(1);
  });

  test.each([
    ['"out/{date}"', '2:8'],
    ['"{date}"', '2:8'],
    ['{ path: out, layout: versioned }\nentities: [{ name: a, store: { path: "{date}" } }]', '3:38'],
    ['{ type: warehouse, server: s, table: "t_{date}" }', '2:45'],
  ])('of a store %s is refused', async (store, at) => {
    const errors = await mistakes(crm(`home: in\nstore: ${store}\n`));
    expect(errors.map(({ code, where }) => `${where?.line}:${where?.column} ${code}`)).toEqual([`${at} HYG-1059`]);
  });
});

describe('the type of a side', () => {
  test.each([
    ['in', 'local'],
    ['in/a.parquet', 'parquet'],
    ['file:///in', 'local'],
    ['{ path: in/a.parquet }', 'parquet'],
    ['{ type: local, path: in/a.parquet }', 'local'],
  ])('of %s is %s', async (home, type) => {
    expect((await onlyEntity(crm(`home: ${home}\nstore: out\n`))).home.type).toBe(type);
  });

  test('of a scheme that no connector serves is reported by name', async () => {
    const [error] = await mistakes(crm('home: s3://bucket/in\nstore: out\n'));
    expect(error?.what).toBe('There is no connector of type `s3`.');
  });
});
