// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import type { Secret } from '../../src/ports/secret.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { jsonSchemas } from '../../src/workspace/schema/json-schema.ts';
import * as shop from './shop.ts';
import { configOf } from './shop.ts';

const connectors = { types: connectorTypes, find: findConnector };
const lake =
  '{ type: adls, account_url: "https://lake.dfs.core.windows.net", storage_account_key: "${LAKE_KEY}", max_reads: 4, max_writes: 2, retry_for: 5m }';
const hygge = (connections: string) => `name: shop\nconnections:\n  ${connections}\n`;
const env = { LAKE_KEY: 'c2VjcmV0' };

const written = (flow: string, connections = `lake: ${lake}`) => ({ 'hygge.yml': hygge(connections), 'flows/crm/flow.yml': flow });
const settled = (flow: string, connections?: string) => shop.onlyEntity(written(flow, connections), { connectors, env });
const wrong = async (flow: string, connections?: string) => {
  const errors = await shop.mistakes(written(flow, connections), { connectors, env });
  return errors.map(({ code, what, where }) => `${where?.file}:${where?.line} ${code} ${what}`);
};

describe('a connection', () => {
  test('gives the sides that name it its type and its keys, secrets wrapped, and what its system bears', async () => {
    const spec = await settled('home: in\nstore: { connection: lake, filesystem: raw, path: crm }\n');
    expect(spec.store.type).toBe('adls');
    const config = configOf(spec.store);
    expect(config).toMatchObject({ account_url: 'https://lake.dfs.core.windows.net', filesystem: 'raw', path: 'crm' });
    expect((config.storage_account_key as unknown as Secret).reveal()).toBe('c2VjcmV0');
    expect(spec.store.connection).toEqual({ name: 'lake', type: 'adls', maxReads: 4, maxWrites: 2, retryForMs: 300_000 });
    expect(spec.store.secrets).toMatchObject([{ key: 'storage_account_key', variable: 'LAKE_KEY', where: { file: 'hygge.yml', line: 3 } }]);
    expect(JSON.stringify(spec)).not.toContain('c2VjcmV0');
  });

  test('may be named by a flow, by defaults, and otherwise by an entity', async () => {
    const other = `lake: ${lake}\n  other: { type: s3, bucket: bucket }`;
    const flow =
      'home: in\nstore: { connection: lake, filesystem: raw, path: crm }\nentities: [{ name: a, store: { connection: other, path: a } }]\n';
    expect(await wrong(flow, other)).toEqual([expect.stringContaining('HYG-1010')]);
    const inDefaults =
      'defaults: { store: { connection: lake, filesystem: raw, account_url: "https://x.dfs.core.windows.net" } }\nhome: in\nstore: { path: crm }\n';
    expect(configOf((await settled(inDefaults)).store)).toMatchObject({ account_url: 'https://lake.dfs.core.windows.net' });
  });

  test('goes with a URL that is of the same place', async () => {
    const spec = await settled('home: in\nstore: { connection: lake, path: "abfss://raw@lake.dfs.core.windows.net/crm" }\n');
    expect(configOf(spec.store)).toMatchObject({ filesystem: 'raw', path: 'crm' });
    expect(await wrong('home: in\nstore: { connection: lake, path: "abfss://raw@other.dfs.core.windows.net/crm" }\n')).toEqual([
      expect.stringMatching(/^flows\/crm\/flow\.yml:2 HYG-1033 /),
    ]);
  });
});

describe('what is wrong is reported by file and line', () => {
  const fine = 'home: in\nstore: out\n';
  test.each([
    [
      'an unknown connection',
      'home: in\nstore: { connection: laek, filesystem: raw, path: crm }\n',
      undefined,
      'flows/crm/flow.yml:2 HYG-1089 There is no connection `laek` for the store. Did you mean `lake`?',
    ],
    [
      'a key that both say',
      'home: in\nstore: { connection: lake, filesystem: raw, path: crm, account_url: "https://other.dfs.core.windows.net" }\n',
      undefined,
      'flows/crm/flow.yml:2 HYG-1089 The store and its connection `lake` both set `account_url`.',
    ],
    [
      'another type',
      'home: in\nstore: { connection: lake, type: s3, path: crm }\n',
      undefined,
      'flows/crm/flow.yml:2 HYG-1089 The store and its connection `lake` both set `type`.',
    ],
    ['no type, though no one uses it', fine, 'lake: { account_url: "https://lake.dfs.core.windows.net" }', 'hygge.yml:3 HYG-1013 '],
    ['a type without connections', fine, 'lake: { type: local }', 'hygge.yml:3 HYG-1088 There are no connections of type `local`.'],
    [
      'a type by the scheme of its paths',
      fine,
      'lake: { type: az, account_url: "https://lake.blob.core.windows.net" }',
      'hygge.yml:3 HYG-1088 There are no connections of type `az`. Did you mean `azure_blob`?',
    ],
    [
      'a type by a scheme of two systems',
      fine,
      'lake: { type: abfss }',
      'hygge.yml:3 HYG-1088 There are no connections of type `abfss`. Did you mean `adls` or `onelake`?',
    ],
    [
      'an unknown key, though no one uses it',
      fine,
      'lake: { type: adls, acount_url: "https://lake.dfs.core.windows.net" }',
      'hygge.yml:3 HYG-1010 ',
    ],
    ['a limit that is none', fine, 'lake: { type: adls, max_reads: 0 }', 'hygge.yml:3 HYG-1013 '],
  ])('%s', async (_, flow, connections, expected) => {
    const errors = await wrong(flow, connections);
    expect(errors).toContainEqual(expect.stringContaining(expected.endsWith(' ') ? expected.slice(0, expected.indexOf(' ')) : expected));
  });
});

test('an editor knows types, keys and limits of connections, and where they are named', async () => {
  const { hygge: file, flow } = (await jsonSchemas(connectors)) as unknown as Record<'hygge' | 'flow', { $defs: Record<string, unknown> }>;
  const text = JSON.stringify(file.$defs.connection);
  for (const word of ['adls', 'account_url', 'max_reads', 'retry_for', 'additionalProperties":false']) expect(text).toContain(word);
  expect(JSON.stringify(flow.$defs.store)).toContain('"connection"');
});
