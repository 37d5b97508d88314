// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import { namesSecret } from '../../src/ports/secret.ts';
import { SecretValues } from '../../src/ports/secrets/values.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { explain } from '../../src/workspace/check/explain.ts';
import { keysOf } from '../../src/workspace/check/schema-keys.ts';
import { type LoadRequest, loadWorkspace } from '../../src/workspace/load/load.ts';
import { ConfigErrors, quoted } from '../../src/workspace/yaml/problems.ts';
import { withoutSecrets } from '../../src/workspace/yaml/source.ts';
import { filesOf, root, type Texts } from './shop.ts';

const canary = 'hunter2canary99';
const hook = `https://hooks.slack.com/services/T0A/B0B/${canary}`;

/** Everything that is said of a workspace, and how many errors there are. */
async function said(texts: Texts, request: Partial<LoadRequest> = {}): Promise<{ readonly errors: number; readonly text: string }> {
  const connectors = { types: connectorTypes, find: findConnector };
  const files = filesOf({ 'hygge.yml': 'name: shop\n', ...texts });
  try {
    const { warnings } = await loadWorkspace({ directory: root, env: {}, date: '2026-11-20', connectors, files, ...request });
    return { errors: 0, text: JSON.stringify(warnings) };
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    return { errors: error.errors.length, text: `${explain(error.errors)}${JSON.stringify(error.errors.map((one) => one.toDetails()))}` };
  }
}

const flow = (text: string): Texts => ({ 'flows/crm/flow.yml': text });
const paths: Readonly<Record<string, string>> = {
  s3: 's3://lake/raw',
  gcs: 'gs://lake/raw',
  adls: 'abfss://lake@acct.dfs.core.windows.net/raw',
  azure_blob: 'az://lake@acct.blob.core.windows.net/raw',
  onelake: 'onelake://ws/lake.Lakehouse/Files/raw',
};

/** Every way that a person gets a line with a secret on it wrong. `home` is what is written beside the key. */
const slips = (key: string, type: string): Readonly<Record<string, Texts>> => {
  const block = `home:\n  type: ${type}\n  path: ${paths[type]}\n`;
  const end = 'store: out\n';
  return {
    'a mistake behind it on the line': flow(`home: { type: ${type}, path: "${paths[type]}", ${key}: ${canary}, colums: 1 }\n${end}`),
    'a mistake before it on the line': flow(`home: { type: ${type}, colums: 1, ${key}: ${canary} }\n${end}`),
    'a list': flow(`home: { type: ${type}, path: "${paths[type]}", ${key}: [${canary}] }\n${end}`),
    'a list over lines': flow(`${block}  ${key}:\n    - ${canary}\n${end}`),
    'a map': flow(`${block}  ${key}: { value: ${canary} }\n${end}`),
    'a map over lines': flow(`${block}  ${key}:\n    value: ${canary}\n${end}`),
    'text over lines that is indented wrongly': flow(`${block}  ${key}: >-\n    ${canary}\n   colums: 1\n${end}`),
    'no space after the colon': flow(`${block}  ${key}:${canary}\n${end}`),
    'a tab before it': flow(`home:\n\t${key}: ${canary}\n${end}`),
    'the key twice': flow(`${block}  ${key}: ${canary}\n  ${key}: ${canary}\n${end}`),
    'a quote that is not closed': flow(`${block}  ${key}: "${canary}\n${end}`),
    'a bracket that is not closed': flow(`home: { type: ${type}, ${key}: ${canary}\n${end}`),
    'a second colon': flow(`${block}  ${key}: ${canary}: ${canary}\n${end}`),
    'a letter that is missing': flow(`${block}  ${key.slice(0, 3)}${key.slice(4)}: ${canary}\n${end}`),
    'the wrong level': flow(`home: "${paths[type]}"\n${key}: ${canary}\n${end}`),
    'the defaults': { ...flow(`home: "${paths[type]}"\n${end}`), 'hygge.yml': `defaults: { home: { ${key}: [${canary}] } }\n` },
    'an entity': {
      ...flow(`home: in\n${end}`),
      'flows/crm/entities/a.yml': `home: { type: ${type}, path: "${paths[type]}", ${key}: [${canary}] }\n`,
    },
    'a flow in hygge.yml': { 'hygge.yml': `flows: { crm: { home: { type: ${type}, ${key}: [${canary}] }, store: out } }\n` },
  };
};

const lakes = Object.keys(paths);
const secretKeys = await Promise.all(
  lakes.map(async (type) => [type, [...keysOf((await findConnector(type))?.home?.config ?? never())].filter(namesSecret)] as const),
);

function never(): never {
  throw new Error('there is no such connector');
}

describe.each(secretKeys)('a secret of %s', (type, keys) => {
  test.each(keys)('is in no message about a mistake around it: %s', async (key) => {
    const told = await Promise.all(Object.entries(slips(key, type)).map(async ([slip, texts]) => ({ slip, ...(await said(texts)) })));
    expect(told.filter(({ text }) => text.includes(canary))).toEqual([]);
    expect(told.filter(({ errors }) => errors === 0)).toEqual([]);
  });

  test.each(keys)('is in no message about what --var says: %s', async (key) => {
    const texts = flow(`home: "${paths[type]}"\nstore: out\n`);
    for (const written of [
      `flow.crm.home.${key}=[${canary}]`,
      `flow.crm.home.${key}:${canary}`,
      `flow.crm.home={ type: ${type}, ${key}: ${canary}, colums: 1 }`,
      `flow.crm.${key}=${canary}`,
    ]) {
      const { errors, text } = await said(texts, { vars: [written] });
      expect(errors).toBeGreaterThan(0);
      expect(text).not.toContain(canary);
    }
  });
});

test.each([
  `secrets: { SHOP: ${canary}, colums: 1 }\n`,
  `secrets:\n  SHOP: ${canary}\n`,
  `secrets:\n  SHOP:\n    value: ${canary}\n`,
  `secrets: ${canary}\n`,
  `secrets: [${canary}]\n`,
  `secrets:\n  - ${canary}\n`,
  `targets: { prod: { secrets: { SHOP: ${canary} } } }\ndefault_target: prod\n`,
])('what is written below `secrets` is in no message; the address of a vault is: %j', async (text) => {
  const { errors, text: told } = await said({ 'hygge.yml': text, ...flow('home: in\nstore: out\n') });
  expect(errors).toBeGreaterThan(0);
  expect(told).not.toContain(canary);
  const vault = await said({ 'hygge.yml': 'secrets: { key_vault: "https://northwind.example" }\n', ...flow('home: in\nstore: out\n') });
  expect(vault.text).toContain('key_vault: \\"https://northwind.example');
});

describe('a key that no one knows', () => {
  const connection = (line: string) => ({
    'hygge.yml': `connections:\n  db: { type: postgres, host: h, database: d, user: u }\n  e:\n    type: postgres\n    ${line}\n`,
  });
  const home = flow('home: in\nstore: out\n');

  test.each(['psw', 'pw', 'contraseña', 'key', 'zz'])('may hold a password, which no message shows: %s', async (key) => {
    for (const value of [canary, `"${canary}"`, `[${canary}]`, `{ of: ${canary} }`, `${canary} # or so`]) {
      const told = await said({ ...home, ...connection(`${key}: ${value}`) });
      expect(told.errors).toBeGreaterThan(0);
      expect(told.text).not.toContain(canary);
    }
    expect((await said({ ...home, 'hygge.yml': `${key}: { DB: ${canary} }\n` })).text).not.toContain(canary);
  });

  test.each(['zz: 5432', 'zz: true', 'zz: public', 'zz: ${PORT_NUMBER}', 'tabel: northwind_sales'])(
    'is shown where it holds none: %s',
    async (line) => {
      expect(
        (await said({ ...flow(`home: { type: postgres, database: d, table: t, ${line} }\nstore: out\n`) }, { env: { PORT_NUMBER: '1' } }))
          .text,
      ).toContain(line);
    },
  );
});

test('a secret that is in the file itself is known by its value, and what a header shows is not', async () => {
  const secrets = new SecretValues();
  const home = `{ type: rest_api, base_url: "https://api.example", endpoint: a, headers: { Authorization: "Token ${canary}1", Accept: application/json }, auth: { type: bearer, token: ${canary}2 } }`;
  await said(flow(`home: ${home}\nstore: out\nnotify: { webhook: "https://alerts.example/x/${canary}3" }\n`), { secrets });
  for (const nth of [1, 2, 3]) expect(secrets.hidden(`${canary}${nth}`)).toContain('***');
  expect(secrets.hidden('application/json')).toBe('application/json');
});

test('there are secrets to look for', () => {
  expect(secretKeys.flatMap(([, keys]) => keys).length).toBeGreaterThan(10);
});

describe('the address of a webhook', () => {
  test.each([
    `notify: "${hook}"\n`,
    `notify: ${hook}\n`,
    `notify:\n  ${hook}\n`,
    `notify: [${hook}]\n`,
    `notify:\n  - ${hook}\n`,
    `notify: [ 'https://alerts.example/x/${canary}' ]\n`,
    `notify:\n  - https://alerts.example/x/${canary}\n`,
    `notify: { webhook: [${hook}] }\n`,
    `notify: { webook: "${hook}" }\n`,
    `notify: { url: "${hook}" }\n`,
    `notify: { format: "${hook}" }\n`,
    `notify: { on: "${hook}" }\n`,
    `notify: { webhook: "ftp://hooks/${canary}" }\n`,
    `notify: { webhook: "${hook}", headers: { Authorization: Bearer ${canary} } }\n`,
    `notify:\n  webhook: "${hook}"\n  headers: { Authorization: "Bearer ${canary}" }\n`,
    `notify:\n  webhook: "${hook}"\n  headers:\n    Authorization: Bearer ${canary}\n    X-Api-Key: ${canary}\n`,
    `webhook: "${hook}"\n`,
    `headers: { Authorization: ${canary} }\n`,
    `notify: { teams: "https://prod-1.westeurope.logic.azure.com/workflows/1?sp=x&sig=${canary}" }\n`,
  ])('is in no message: %s', async (text) => {
    for (const texts of [flow(`home: in\nstore: out\n${text}`), { ...flow('home: in\nstore: out\n'), 'hygge.yml': text }]) {
      const told = await said(texts);
      expect(told.errors).toBeGreaterThan(0);
      expect(told.text).not.toContain(canary);
    }
  });
});

describe('what proves who we are, in an address of a connection string', () => {
  const strings = [
    `BlobEndpoint=https://acct.blob.core.windows.net/?sv=2024&sig=${canary};SharedAccessSignature=sv=2024&sig=x`,
    `BlobEndpoint=https://me:${canary}@acct.blob.core.windows.net;SharedAccessSignature=sv=2024&sig=x`,
    `AccountName=acct;AccountKey=a2V5;BlobEndpoint=https://${canary}@acct.blob.core.windows.net/`,
    `AccountName=acct;AccountKey=a2V5;BlobEndpoint=https://acct.blob.core.windows.net#${canary}`,
  ];
  test.each(strings)('is refused, and not shown: %s', async (text) => {
    const side = '{ type: azure_blob, container: lake, path: raw, connection_string: "${LAKE}" }';
    for (const texts of [flow(`home: ${side}\nstore: out\n`), flow(`home: in\nstore: ${side}\n`)]) {
      const told = await said(texts, { env: { LAKE: text } });
      expect(told.text).toMatch(/The BlobEndpoint in a connection string is only an address/);
      expect(told.text).not.toContain(canary);
    }
  });
});

describe('what is not a secret', () => {
  test.each([
    ['a key that is misspelt', 'run_typ: incremental\n', 'run_typ: incremental'],
    [
      'a map with a variable in it',
      'home: { type: s3, path: "s3://a/b", secret_access_key: "${KEY:-x}", colums: 1 }\n',
      'home: { type: s3, path:',
    ],
    ['a variable under a secret key', 'notify: { webhook: "${HOOK}", colour: red }\n', 'colour: red'],
    ['a path', 'home: { path: data/webhooks-2024/*.csv, colums: 1 }\n', 'data/webhooks-2024/*.csv'],
    ['a container', 'home: { path: "az://raw@acct.blob.core.windows.net/crm/2024", colums: 1 }\n', 'acct.blob.core.windows.net/crm/2024'],
  ])('is shown: %s', async (_, text, shown) => {
    const told = await said(flow(`store: out\n${text.startsWith('home') ? '' : 'home: in\n'}${text}`), { env: { HOOK: hook } });
    expect(told.text).toContain(shown);
  });
});

test.each(['x', 'Password', 'https://a', 'https://hook', 'https://x/', 'a=', 'a:b@', '/hooks', 'token: '])(
  'a text of a million characters of %j is looked through once, not from each of its letters',
  (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    expect(withoutSecrets(`${text} https://u:hidden@h`)).not.toContain('hidden');
    expect(quoted(text).length).toBeLessThan(100);
  },
);
