// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, it, test } from 'vitest';
import { ProcessPools } from '../../../src/adapters/process-pools.ts';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { openAppState } from '../../../src/assembly/app-state.ts';
import { openState } from '../../../src/assembly/open-state.ts';
import { tableSettingsOfApp } from '../../../src/assembly/state-account.ts';
import { connectorTypes, findConnector } from '../../../src/registry.ts';
import { jsonSchemas } from '../../../src/workspace/schema/json-schema.ts';
import type { ObjectStateSettings } from '../../../src/workspace/state/settings.ts';
import { connectionStringOf } from '../../support/azurite.ts';
import { testNetwork } from '../../support/test-network.ts';
import { load, mistakes } from '../../workspace/shop.ts';

const connectors = { types: connectorTypes, find: findConnector };
const flow = { 'flows/f/flow.yml': 'home: in\nstore: lake\n' };
const inAccount = 'az://state@northwind.blob.core.windows.net/lake/northwind';

async function placeOf(state: string, env: Record<string, string> = {}): Promise<ObjectStateSettings> {
  const workspace = await load({ ...flow, 'hygge.yml': `state: ${state}\n` }, { connectors, env });
  if (workspace.state.type !== 'object') throw new Error(`it is ${workspace.state.type}`);
  return workspace.state;
}

async function told(state: string, env: Record<string, string> = {}): Promise<string> {
  const found = await mistakes({ ...flow, 'hygge.yml': `state: ${state}\n` }, { connectors, env });
  expect(found).toHaveLength(1);
  const [{ code = '', what = '', tryThis = [], where } = {}] = found;
  return [code, what, ...tryThis, where?.text ?? ''].join('\n');
}

describe('state: { type: object }', () => {
  it('is told by its URL: which system, which container, which folder', async () => {
    expect(await placeOf(`{ type: object, path: "${inAccount}" }`)).toEqual({
      type: 'object',
      system: 'azure_blob',
      config: { account_url: 'https://northwind.blob.core.windows.net', container: 'state', path: 'lake/northwind' },
      folder: 'lake/northwind',
    });
    expect(await placeOf('{ type: object, path: "gs://lake/" }')).toMatchObject({ system: 'gcs', folder: '' });
    expect(await placeOf('{ type: object, path: "abfss://raw@acct.dfs.core.windows.net/a//b/" }')).toMatchObject({
      system: 'adls',
      folder: 'a/b',
    });
    expect(await placeOf('{ type: object, path: "${URL}/x" }', { URL: inAccount })).toMatchObject({ folder: 'lake/northwind/x' });
  });

  it('is the same place however one signs in, and never shows a secret', async () => {
    const signature = 'sv=2024&sig=canary';
    const around = { network: testNetwork, pools: new ProcessPools(realClock()) };
    const byIdentity = await openState({ root: '/', state: await placeOf(`{ type: object, path: "${inAccount}" }`) }, around);
    const settings = await placeOf(`{ type: object, path: "${inAccount}", sas_token: "\${SAS}" }`, { SAS: signature });
    const bySas = await openState({ root: '/', state: settings }, around);
    expect(byIdentity.location).toBe(inAccount);
    expect(bySas.location).toBe(inAccount);
    expect(JSON.stringify([settings, bySas])).not.toContain('canary');
  });

  test.each([
    ['{ type: object }', /^HYG-1012\n`path` is missing/],
    ['{ type: object, path: 7 }', /^HYG-10\d\d\n/],
    ['{ type: object, path: "" }', /^HYG-1013\n/],
    ['{ type: object, path: data/state }', /^HYG-1032\n.*URL of a folder.*\n.*type: files/],
    ['{ type: object, path: "file:///data/state" }', /^HYG-1032\n.*URL of a folder.*\n.*type: files/],
    ['{ type: object, path: "ftp://lake/state" }', /^HYG-1032\n.*not a URL of a place.*\n.*az:\/\/.* or /],
    ['{ type: object, path: "abfss://raw" }', /^HYG-1032\n.*not a URL of a place.*\nWrite it as `abfss:/],
    ['{ type: object, path: "gs://lake/{flow}" }', /^HYG-1032\n.*one folder/],
    ['{ type: object, path: "gs://lake/*" }', /^HYG-1032\n.*one folder/],
    ['{ type: object, path: "gs://lake/a/../b" }', /^HYG-1032\n.*`\.\.`/],
    [`{ type: object, path: "${inAccount}", sas_tokn: x }`, /^HYG-1010\n.*sas_tokn.*\n?.*sas_token/],
    [`{ type: object, path: "${inAccount}", table: x }`, /^HYG-1010\n.*`table`/],
    [`{ type: object, path: "${inAccount}", container: other }`, /^HYG-1033\n.*`state\.container`.*\nRemove `container`/],
    [`{ type: object, path: "${inAccount}", credential: sas }`, /^HYG-1012\n`sas_token` is missing/],
    ['{ type: object, path: "az://state/x" }', /^HYG-1012\n`account_url` is missing/],
  ])('%s is told where and why', async (state, says) => {
    expect(await told(state)).toMatch(says);
  });

  test.each([
    '{ type: object, path: "https://northwind.blob.core.windows.net/state/x?sv=1&sig=canary" }',
    '{ type: object, path: "abfss://raw@acct.dfs.core.windows.net/x?sv=1&sig=canary" }',
    '{ type: object, path: "s3://AKIA:canary@lake/x" }',
    '{ type: object, path: "az://me:canary@northwind.blob.core.windows.net/x" }',
    '{ type: object, path: "s3://lake/x", endpoint: "https://me:canary@minio:9000" }',
  ])('an address with a secret in it is refused without showing it: %s', async (state) => {
    const text = await told(state);
    expect(text).toMatch(/^HYG-1034\n`state\.(path|endpoint)` has a (signature|user) in it\.\n.*(sas_token|secret_access_key)/);
    expect(text).not.toContain('canary');
  });

  it('a secret that is written out is warned of', async () => {
    const files = { ...flow, 'hygge.yml': `state: { type: object, path: "${inAccount}", sas_token: "sv=1&sig=canary" }\n` };
    const { warnings } = await load(files, { connectors });
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('`sas_token` is written out in the file')]);
  });

  it('has its keys in the schema for editors, of every system', async () => {
    const { hygge } = await jsonSchemas(connectors);
    const { state } = hygge.properties as { state: { allOf: readonly { then: { properties: object; additionalProperties: boolean } }[] } };
    expect(Object.keys(state.allOf[0]?.then.properties ?? {})).toEqual(
      expect.arrayContaining(['type', 'path', 'account_url', 'sas_token', 'credential']),
    );
    expect(state.allOf[0]?.then.additionalProperties).toBe(false);
  });
});

describe('a function app', () => {
  const env = { AzureWebJobsStorage: connectionStringOf('TableEndpoint=http://127.0.0.1:1/acct;BlobEndpoint=http://127.0.0.1:1/acct;') };

  it('may keep its state beside the data; its board of runs is in the account that it runs on', async () => {
    const state = await placeOf(`{ type: object, path: "${inAccount}" }`);
    expect(tableSettingsOfApp(state, env)).toMatchObject({ type: 'table_storage', table: 'hygge' });
    const around = { network: testNetwork, pools: async () => new ProcessPools(realClock()) };
    const opened = await openAppState({ root: '/', state }, { env, ...around });
    expect(opened.state.location).toBe(inAccount);
    await expect(openAppState({ root: '/', state }, { env: {}, ...around })).rejects.toMatchObject({
      code: 'HYG-1075',
      what: expect.stringContaining('The board of runs'),
    });
  });
});
