// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFolder } from '../../src/filesystems/paths.ts';
import { journal } from '../../src/journal-home/connector.ts';
import type { LoadRequest } from '../../src/workspace/load/load.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import { memoryLake } from '../support/memory-lake.ts';
import { SEED } from '../support/samples.ts';
import * as shop from './shop.ts';
import { configOf, type Texts } from './shop.ts';

const lake = [...memoryLake(), journal];
const connectors = {
  types: () => [...shop.connectors.types(), ...lake.map(({ id }) => id)],
  find: async (type: string) => lake.find(({ id }) => id === type) ?? shop.connectors.find(type),
};

const crm = (text: string, others: Texts = {}): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': text, ...others });
const only = (text: string, request: Partial<LoadRequest> = {}) => shop.onlyEntity(crm(text), { connectors, ...request });
const load = (texts: Texts) => shop.load(texts, { connectors });
const mistakes = (texts: Texts, request: Partial<LoadRequest> = {}) => shop.mistakes(texts, { connectors, ...request });

async function store(written: string, entity = 'a', request: Partial<LoadRequest> = {}) {
  const one = await only(`home: in\nstore: ${written}\n${entity === '' ? '' : `entities: [${entity}]\n`}`, request);
  const { path, base, bucket } = configOf(one.store);
  return { type: one.store.type, bucket, path, base };
}

async function home(written: string, entity = 'a') {
  const one = await only(`home: ${written}\nstore: out\n${entity === '' ? '' : `entities: [${entity}]\n`}`);
  return { type: one.home.type, ...configOf(one.home) };
}

describe('a URL says where an entity settles', () => {
  test.each<[string, string, string, string, string]>([
    ['the name is appended', 's3://lake/raw', 'a', 'raw/a', 'raw'],
    ['to the root of a bucket too', 's3://lake', 'a', 'a', ''],
    ['unless the path says where it goes', 's3://lake/{entity}/raw', 'a', 'a/raw', ''],
    ["the entity's own path is joined", 's3://lake/raw', '{ name: a, store: { path: dim/acc } }', 'raw/dim/acc', 'raw'],
    ['a flow without entities uses it as it is', 's3://lake/users', '', 'users', 'users'],
    ['a name that is no segment is encoded', 's3://lake/raw', '"../../etc"', 'raw/%2E.%2F..%2Fetc', 'raw'],
    ['names are taken as they are written', 's3://lake/a b#c%20d', 'a', 'a b#c%20d/a', 'a b#c%20d'],
    ['with dots in it resolved', 's3://lake/raw/../../crm/./x', 'a', 'crm/x/a', 'crm/x'],
  ])('%s', async (_, written, entity, path, base) => {
    expect(await store(`"${written}"`, entity)).toEqual({ type: 's3', bucket: 'lake', path, base });
  });

  test.each([
    ['s3a://lake/x', 's3'],
    ['gs://lake/x', 'gcs'],
    ['az://raw@acct.blob.core.windows.net/x', 'azure_blob'],
    ['wasbs://raw@acct.blob.core.windows.net/x', 'azure_blob'],
    ['https://acct.blob.core.windows.net/raw/x', 'azure_blob'],
    ['abfss://raw@acct.dfs.core.windows.net/x', 'adls'],
    ['abfs://raw@acct.dfs.core.windows.net/x', 'adls'],
    ['https://acct.dfs.core.windows.net/raw/x', 'adls'],
    ['onelake://shop/lake.Lakehouse/Files/x', 'onelake'],
  ])('%s is of type %s', async (written, type) => {
    expect(await store(`"${written}"`)).toMatchObject({ type, path: type === 'onelake' ? 'Files/x/a' : 'x/a' });
    expect(await store(`{ type: ${type}, path: "${written}" }`)).toMatchObject({ type });
  });

  test('in the address of its account is the same with a slash at the end, and in capitals', async () => {
    const account = (url: string) => `{ account_url: "${url}", path: "abfss://raw@acct.dfs.core.windows.net/x" }`;
    expect(await store(account('https://ACCT.dfs.core.windows.net/'))).toMatchObject({ type: 'adls' });
    await expect(store(account('https://other.dfs.core.windows.net'))).rejects.toMatchObject({ errors: [{ code: 'HYG-1033' }] });
  });

  test('an address of the web is percent-decoded, and names are filled in afterwards', async () => {
    const written = '"https://acct.dfs.core.windows.net/raw/my%20files%23/{entity}"';
    expect(await store(written, '"50% /x"')).toMatchObject({ path: 'my files#/50%25 %2Fx' });
  });

  test('of the entity replaces that of the flow, bucket and all', async () => {
    expect(await store('"s3://lake/raw"', '{ name: a, store: "s3://pond/{entity}/x" }')).toEqual({
      type: 's3',
      bucket: 'pond',
      path: 'a/x',
      base: '',
    });
    expect(await store('out', '{ name: a, store: "gs://pond/x" }')).toMatchObject({ type: 'gcs', bucket: 'pond', path: 'x' });
  });

  test('and an absolute path of the entity is in the bucket of the flow where the type says so', async () => {
    const own = '{ name: a, store: { path: /other/x } }';
    expect(await store('{ type: s3, path: "s3://lake/raw" }', own)).toMatchObject({ bucket: 'lake', path: 'other/x', base: 'other/x' });
    expect(await store('"s3://lake/raw"', own)).toMatchObject({ type: 'local', path: '/other/x' });
  });

  test('from --var takes the place of the flow’s, and the entity’s own is joined to it', async () => {
    const vars = ['flow.crm.store.path=gs://pond/try'];
    expect(await store('"s3://lake/raw"', 'a', { vars })).toEqual({ type: 'gcs', bucket: 'pond', path: 'try/a', base: 'try' });
    const own = '{ name: a, store: { path: dim } }';
    expect(await store('"s3://lake/raw"', own, { vars })).toMatchObject({ bucket: 'pond', path: 'try/dim' });
  });

  test('wins over a type in defaults, and over what else is there for that type', async () => {
    const texts = {
      'hygge.yml': 'defaults: { store: { type: gcs, secret_access_key: "${K:-x}" } }\n',
      'flows/crm/flow.yml': 'home: in\nstore: "onelake://w/i/Files"\n',
    };
    expect((await shop.onlyEntity(texts, { connectors })).store).toMatchObject({
      type: 'onelake',
      config: { workspace: 'w', path: 'Files' },
    });
    const whole = { 'hygge.yml': 'defaults: { store: { type: s3, path: "s3://lake/raw" } }\n', 'flows/crm/flow.yml': 'home: in\n' };
    expect((await shop.onlyEntity(whole, { connectors })).store.type).toBe('s3');
  });

  test('says where the journal is mirrored', async () => {
    const texts = { 'hygge.yml': 'journal: { mirror: "s3://lake/ops" }\n', 'flows/crm/flow.yml': shop.flow };
    expect((await load(texts)).mirror?.store).toMatchObject({
      type: 's3',
      config: { bucket: 'lake', path: 'ops/hygge_journal', base: 'ops' },
    });
  });
});

describe('a URL says what is read', () => {
  test.each<[string, string, string, string]>([
    ['a folder for each entity', 's3://lake/in', 'a', 'in/a'],
    ['one file', 's3://lake/in/users.parquet', '', 'in/users.parquet'],
    ['a whole bucket', 's3://lake', '', ''],
    ['the name as it is at the home', 's3://lake/{entity}.parquet', '{ name: a, source: Ærø }', 'Ærø.parquet'],
  ])('%s', async (_, written, entity, path) => {
    expect(await home(`"${written}"`, entity)).toMatchObject({ type: 's3', bucket: 'lake', path });
  });

  test('in the format of its ending, which is not that of the bucket', async () => {
    expect(await home('"s3://lake/in/a.csv.gz"', '')).toMatchObject({ format: 'csv' });
    expect(await home('"s3://data.csv"')).toMatchObject({ bucket: 'data.csv', format: 'parquet' });
    expect(await home('"s3://lake/in"', '{ name: a, home: { path: a.ndjson } }')).toMatchObject({
      type: 's3',
      path: 'in/a.ndjson',
      format: 'ndjson',
    });
  });
});

describe('where no path is written', () => {
  const own = (rest: string) => `{ type: onelake, workspace: shop, item: lake.Lakehouse${rest} }`;

  test('the connector may know one', async () => {
    expect(await store(own(''))).toMatchObject({ path: 'Files/a', base: 'Files' });
    expect(await store(own(', schema: sales'))).toMatchObject({ path: 'Files/sales.schema/a', base: 'Files/sales.schema' });
    expect(await store(own(', schema: "{flow}"'))).toMatchObject({ path: 'Files/crm.schema/a' });
    expect(await store('"onelake://shop/lake.Lakehouse"')).toMatchObject({ path: 'Files/a' });
    expect(await store(own(''), '')).toMatchObject({ path: 'Files/crm' });
  });
});

describe('a URL that does not go with the rest', () => {
  test.each([
    ['a key of the flow', '{ path: "s3://lake/raw", bucket: pond }', '[a]', '`bucket` is `pond` in flows/crm/flow.yml, line 2.'],
    [
      'a key of the flow, in the entity',
      '{ bucket: pond, path: raw }',
      '[{ name: a, store: { type: s3, path: "s3://lake/raw" } }]',
      'line 2.',
    ],
    [
      'a key of the entity',
      '"s3://lake/raw"',
      '[{ name: a, store: { bucket: pond } }]',
      '`bucket` is `pond` in flows/crm/flow.yml, line 3.',
    ],
  ])('contradicts %s: both places are named', async (_, written, entities, says) => {
    const [error, ...others] = await mistakes(crm(`home: in\nstore: ${written}\nentities: ${entities}\n`));
    expect(others).toEqual([]);
    expect(error?.code).toBe('HYG-1033');
    expect(error?.why.join()).toContain(says);
  });

  test.each([
    ['{ type: gcs, path: "s3://lake/raw" }', 'is a path of type `s3`, but its `type` is `gcs`'],
    ['{ type: local, path: "s3://lake/raw" }', 'is a path of type `s3`, but its `type` is `local`'],
    ['{ type: s3, path: "https://acct.dfs.core.windows.net/raw/x" }', 'is a path of type `adls`'],
    ['{ type: s3, path: "http://minio:9000/lake" }', 'is not a URL that type `s3` understands'],
    ['"https://lake.s3.eu-central-1.amazonaws.com/raw"', 'is not a URL that type `s3` understands'],
    ['"https://storage.googleapis.com/lake/raw"', 'is not a URL that type `gcs` understands'],
    ['"abfss://acct.dfs.core.windows.net/raw"', 'is not a URL that type `adls` understands'],
    ['"https://acct.dfs.core.windows.net/raw/x?y=1"', 'is an address with `?` in it'],
    ['"https://acct.dfs.core.windows.net/raw/x#y"', 'is an address with `#` in it'],
  ])('of type: %s', async (written, says) => {
    const [error, ...others] = await mistakes(crm(`home: in\nstore: ${written}\n`));
    expect(others).toEqual([]);
    expect(error?.code).toBe('HYG-1032');
    expect(error?.what).toContain(says);
  });

  test.each(['s3://{entity}/raw', 's3://lake-{flow}', 's3://{date}-x/raw'])(
    'has a template in the name of its bucket: %s',
    async (written) => {
      const [error, ...others] = await mistakes(crm(`home: "${written}"\nstore: out\n`));
      expect(others).toEqual([]);
      expect(error?.code).toBe('HYG-1035');
      expect(error?.what).toContain('`bucket`');
    },
  );

  test('leads out of its container', async () => {
    const [error] = await mistakes(crm('home: { type: s3, bucket: lake, path: ../x }\nstore: out\n'));
    expect(error?.what).toBe('The path `../x` of the home is outside the container.');
    const [other] = await mistakes(crm('home: in\nstore: "s3://lake/raw"\nentities: [{ name: a, store: { path: ../x } }]\n'));
    expect(other?.code).toBe('HYG-1055');
  });
});

describe('whatever is written', () => {
  const segments = fc.constantFrom(
    '..',
    '.',
    '',
    'a',
    'a b',
    '%2e%2e',
    '%2F',
    '{entity}',
    '{flow}',
    'x_{entity}',
    'Ærø',
    '#',
    '…',
    '~',
    '@',
  );
  const path = fc.array(segments, { maxLength: 5 }).map((all) => all.join('/'));
  const name = fc.oneof(
    fc.constantFrom('..', '../x', '/etc', 'a/b', '%2e%2e', '.', '{flow}', 's3://pond/x'),
    fc.string({ minLength: 1, maxLength: 12 }),
  );
  const side = fc.oneof(
    path.map((inside) => `s3://lake/${inside}`),
    path.map((inside) => `https://acct.dfs.core.windows.net/lake/${inside.replace(/#/g, '%23')}`),
  );

  test('an entity stays in the container of its URL, and in the folder of its flow', async () => {
    let settled = 0;
    await fc.assert(
      fc.asyncProperty(side, fc.option(path), name, async (url, own, entity) => {
        const item = own === null ? { name: entity } : { name: entity, store: { path: own } };
        const text = `home: in\nstore: ${JSON.stringify(url)}\nentities: [${JSON.stringify(item)}]\n`;
        const workspace = await load(crm(text)).catch((error: unknown) => {
          if (error instanceof ConfigErrors) return undefined;
          throw error;
        });
        for (const { store } of workspace?.flows[0]?.entities ?? []) {
          if (store.type === 'local') continue;
          settled++;
          const config = configOf(store) as { readonly path: string; readonly base: string };
          expect(config).toMatchObject(store.type === 's3' ? { bucket: 'lake' } : { container: 'lake' });
          for (const folder of [config.path, config.base]) checkFolder(folder);
          expect(`${config.path}/`.startsWith(config.base === '' ? '' : `${config.base}/`)).toBe(true);
        }
      }),
      { seed: SEED, numRuns: 150 },
    );
    expect(settled).toBeGreaterThan(30);
  });
});

describe('a secret in a URL', () => {
  test.each([
    'https://acct.blob.core.windows.net/raw/x?sv=2024&sig=hunter2hunter2',
    'az://raw@acct.blob.core.windows.net/x?sp=r&SIG=hunter2',
    's3://AKIA:hunter2@lake/raw',
    'https://hunter2@acct.blob.core.windows.net/raw',
    's3://lake/raw?X-Amz-Signature=hunter2',
  ])('is refused, and not shown again: %s', async (url) => {
    for (const texts of [crm(`home: "${url}"\nstore: out\n`), crm(`home: { type: s3, path: "${url}" }\nstore: out\n`)]) {
      const errors = await mistakes(texts);
      expect(errors.map(({ code }) => code)).toEqual(['HYG-1034']);
      expect(JSON.stringify(errors.map((error) => error.toDetails()))).not.toContain('hunter2');
      expect(errors[0]?.tryThis.join()).toMatch(/sas_token|secret_access_key/);
    }
    const [error] = await mistakes(crm(shop.flow), { vars: [`flow.crm.home.path=${url}`] });
    expect(error?.code).toBe('HYG-1034');
    expect(JSON.stringify(error?.toDetails())).not.toContain('hunter2');
    const [fromVariable] = await mistakes(crm('home: "${URL}"\nstore: out\n'), { env: { URL: url } });
    expect(fromVariable?.code).toBe('HYG-1034');
    expect(JSON.stringify(fromVariable?.toDetails())).not.toContain('hunter2');
  });
});

describe('a secret in another address', () => {
  test.each(['https://me:hunter2@minio:9000', 'https://minio:9000/?X-Amz-Signature=hunter2', 'https://hunter2@minio'])(
    'is refused: %s',
    async (url) => {
      const errors = await mistakes(crm(`home: in\nstore: { path: "s3://lake/raw", endpoint: "${url}" }\n`));
      expect(errors.map(({ code, what }) => `${code} ${what.slice(0, 28)}`)).toEqual(['HYG-1034 The `endpoint` of the store ']);
      expect(JSON.stringify(errors.map((error) => error.toDetails()))).not.toContain('hunter2');
    },
  );

  test('of a kind that no key looks for is not shown when something else is wrong', async () => {
    const pasted = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=hunter2hunter2==;EndpointSuffix=core.windows.net';
    const errors = await mistakes(crm(`home: in\nstore: { path: "s3://lake/raw", bucket: "${pasted}" }\n`));
    expect(errors.map(({ code }) => code)).toEqual(['HYG-1033']);
    expect(JSON.stringify(errors.map((error) => error.toDetails()))).not.toContain('hunter2');
  });
});

describe('two in one remote place', () => {
  const blob = (path: string) => `az://raw@acct.blob.core.windows.net/${path}`;
  const dfs = (path: string) => `abfss://raw@ACCT.dfs.core.windows.net/${path}`;

  test.each([
    ['s3://lake/crm', 's3://lake/crm', 'HYG-1052'],
    ['s3://lake/crm/a', 's3://lake/crm', 'HYG-1052'],
    ['s3://lake/crm', 's3a://lake/crm/', 'HYG-1052'],
    [blob('crm'), dfs('crm'), 'HYG-1052'],
    ['s3://lake/crm', 's3://pond/crm', undefined],
    ['s3://lake/crm', 'gs://lake/crm', undefined],
    ['s3://lake/crm', 's3://lake/crm2', undefined],
  ])('%s and %s: %s', async (one, other, code) => {
    const texts = { 'hygge.yml': `flows:\n  one: { home: in, store: "${one}" }\n  two: { home: in, store: "${other}" }\n` };
    const codes = await load(texts).then(
      () => [],
      (error) => error.errors.map((each: { code: string }) => each.code),
    );
    expect(codes).toEqual(code === undefined ? [] : [code]);
  });

  test('under any sign-in, it is the same place', async () => {
    const flow = (credential: string) => `{ home: in, store: { path: "s3://lake/crm", credential: ${credential} } }`;
    const texts = { 'hygge.yml': `flows:\n  one: ${flow('keys')}\n  two: ${flow('assume_role')}\n` };
    expect((await mistakes(texts)).map(({ code }) => code)).toEqual(['HYG-1052']);
  });

  test.each([
    ['s3://lake/data', 's3://lake/data', 'HYG-1056'],
    ['s3://lake/data', 's3://lake/data/out', 'HYG-1056'],
    ['s3://lake/data/**/*.parquet', 's3://lake/data/out', 'HYG-1056'],
    [dfs('data'), blob('data/out'), 'HYG-1056'],
    ['s3://lake/data/in', 's3://lake/data', 'HYG-1057'],
    ['s3://lake/data', 's3://pond/data', undefined],
  ])('a home in %s and its store in %s: %s', async (from, to, code) => {
    const codes = await load(crm(`home: "${from}"\nstore: "${to}"\n`)).then(
      () => [],
      (error) => error.errors.map((each: { code: string }) => each.code),
    );
    expect(codes).toEqual(code === undefined ? [] : [code]);
  });
});

describe('keys of stores of the original', () => {
  const flow = (rest: string) => `home: in\nstore: { path: "s3://lake/raw"${rest} }\n`;

  test('a pattern for names of files changes nothing, and says so once', async () => {
    const texts = crm(`home: in\nstore: { path: out, file_pattern: "{sequence:020d}.parquet" }\nentities: [a, b]\n`);
    const { warnings, flows } = await load(texts);
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('`file_pattern` has no effect')]);
    expect(configOf(flows[0]?.entities[0]?.store ?? { config: {} })).not.toHaveProperty('file_pattern');
    expect((await load(crm(`${shop.flow}file_pattern: "x.parquet"\n`))).warnings).toHaveLength(1);
    expect((await load(crm(`${shop.flow}defaults: { file_pattern: "x.parquet" }\n`))).warnings).toHaveLength(1);
  });

  test.each([
    ['true', 'run_type: incremental\n'],
    ['false', ''],
    ['false', 'run_type: full_drop\n'],
    ['null', ''],
    ['null', 'run_type: incremental\n'],
  ])('incremental: %s agrees with %j', async (incremental, runType) => {
    const text = flow(`, incremental: ${incremental}`);
    expect(configOf((await only(text + runType)).store)).not.toHaveProperty('incremental');
  });

  test.each([
    ['true', '', 'full_drop'],
    ['true', 'run_type: full_drop\n', 'full_drop'],
    ['false', 'run_type: incremental\n', 'incremental'],
  ])('incremental: %s contradicts %j: both are named', async (incremental, rest, runType) => {
    const [error, ...others] = await mistakes(crm(flow(`, incremental: ${incremental}`) + rest));
    expect(others).toEqual([]);
    expect(error).toMatchObject({
      code: 'HYG-1015',
      what: `\`store.incremental: ${incremental}\` and \`run_type: ${runType}\` contradict each other.`,
    });
  });
});
