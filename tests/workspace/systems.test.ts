// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Connector } from '../../src/engine/contracts/connector.ts';
import { namesSecret } from '../../src/ports/secret.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { explain } from '../../src/workspace/check/explain.ts';
import { jsonSchemas } from '../../src/workspace/schema/json-schema.ts';
import { formsOf, typeOfUrl } from '../../src/workspace/sides/side-type.ts';
import type { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import * as shop from './shop.ts';
import { configOf, type Texts } from './shop.ts';

const connectors = { types: connectorTypes, find: findConnector };
const crm = (text: string): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': text });

const all = (await Promise.all(connectorTypes().map(findConnector))).filter((one) => one !== undefined);
/** Systems of files: their URLs name them, and are read and written. Beside them lie tables of files, which only stores fill. */
const remote = all.filter((one) => one.remote !== undefined && one.home !== undefined);
const forms = remote.flatMap(({ id }) => formsOf(id, all).map((form) => [id, form] as const));

describe('the URLs of each system', () => {
  test.each(forms)('type %s is told by %s', async (id, form) => {
    expect(typeOfUrl(form, all)).toBe(id);
    const settled = await shop.onlyEntity(crm(`home: "${form}/in"\nstore: "${form}/out"\nentities: [a]\n`), { connectors });
    for (const [side, place] of [
      ['home', 'in/a'],
      ['store', 'out/a'],
    ] as const) {
      expect(settled[side].type).toBe(id);
      expect(configOf(settled[side]).path).toMatch(new RegExp(`(^|/)folder/${place}$`));
    }
  });

  test.each(forms)('%s: its address leads back to the place that %s names', async (id, form) => {
    const { store } = await shop.onlyEntity(crm(`home: in\nstore: "${form}"\n`), { connectors });
    const connector = await findConnector(id);
    const url = connector?.remote?.url(store.config) ?? '';
    expect(connector?.remote?.locate(url)?.path).toMatch(/(^|\/)folder$/);
    const again = await shop.onlyEntity(crm(`home: in\nstore: { type: ${id}, path: "${url}" }\n`), { connectors });
    expect(connector?.remote?.url(again.store.config)).toBe(url);
  });
});

test.each([
  ['data', 'data/out', 'HYG-1056'],
  ['data/in', 'data', 'HYG-1057'],
  ['data', 'out', undefined],
])('a server under a name that tells nothing: a home in %s and its store in %s: %s', async (from, to, code) => {
  const side = (path: string) =>
    `{ type: azure_blob, account_url: "http://azurite:10000/acct", container: raw, credential: anonymous, path: "${path}" }`;
  const codes = await shop.load(crm(`home: ${side(from)}\nstore: ${side(to)}\n`), { connectors }).then(
    () => [],
    (error) => error.errors.map((each: { code: string }) => each.code),
  );
  expect(codes).toEqual(code === undefined ? [] : [code]);
});

test.each(['s3', 'gcs'])('the address of a service in the place of %s holds no proof: nothing behind a ? is taken', async (type) => {
  const side = `{ type: ${type}, bucket: lake, path: in, endpoint: "https://lake.example/?token=abc" }`;
  const error = await shop.load(crm(`home: ${side}\nstore: out\n`), { connectors }).catch((thrown: ConfigErrors) => thrown);
  expect(JSON.stringify('errors' in error ? error.errors.map((one) => one.toDetails()) : [])).toContain('an address without ?, # or @');
});

describe('an editor', () => {
  test('knows the types, and the keys of each', async () => {
    const { flow } = (await jsonSchemas(connectors)) as unknown as { readonly flow: { readonly $defs: Readonly<Record<string, Side>> } };
    interface Side {
      readonly anyOf: readonly [
        unknown,
        { readonly properties: { readonly type: { readonly enum: readonly string[] } }; readonly allOf: readonly Branch[] },
      ];
    }
    interface Branch {
      readonly if: { readonly properties: { readonly type: { readonly const: string } } };
      readonly then: { readonly properties: Readonly<Record<string, unknown>>; readonly additionalProperties: boolean };
    }
    for (const side of ['home', 'store']) {
      const [, map] = flow.$defs[side]?.anyOf ?? [];
      for (const connector of remote) {
        expect(map?.properties.type.enum).toContain(connector.id);
        const branch = map?.allOf.find((one) => one.if.properties.type.const === connector.id)?.then;
        expect(branch?.additionalProperties).toBe(false);
        expect(Object.keys(branch?.properties ?? {})).toEqual(
          expect.arrayContaining(['path', 'credential', 'format', ...secretKeys(connector)]),
        );
        expect(Object.keys(branch?.properties ?? {})).not.toContain('base');
      }
    }
  });
});

const canary = 'canary/5e8f2+"=?&x';
const disguises = [
  canary,
  canary.slice(0, 12),
  Buffer.from(canary).toString('base64').slice(0, 16),
  encodeURIComponent(canary).slice(0, 14),
];

function holdsCanary(text: string): boolean {
  return disguises.some((one) => text.includes(one));
}

/** Keys of a connector that are secrets by its own schema. */
function secretKeys({ home, store }: Connector): readonly string[] {
  const schemas = [home?.config, store?.config].filter((one) => one !== undefined);
  const properties = schemas.flatMap((config) => {
    const made = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
    return [made, ...(made.anyOf ?? []), ...(made.oneOf ?? [])].flatMap((one) =>
      Object.entries((typeof one === 'object' && one.properties) || {}),
    );
  });
  return [...new Set(properties.filter(([, one]) => typeof one === 'object' && one.secret === true).map(([key]) => key))];
}

function allKeys({ home, store }: Connector): readonly string[] {
  return [home?.config, store?.config].flatMap((config) => {
    if (config === undefined) return [];
    const made = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
    return [made, ...(made.anyOf ?? []), ...(made.oneOf ?? [])].flatMap((one) =>
      Object.keys((typeof one === 'object' && one.properties) || {}),
    );
  });
}

const secrets = remote.flatMap((connector) => secretKeys(connector).map((key) => [connector.id, key] as const));

describe('secrets of each system', () => {
  test('what this looks for would be found: any other key is shown when it is wrong', async () => {
    const said = await everythingSaid(crm(`home: { path: "s3://lake/in", batch_size: '${canary}' }\nstore: out\n`));
    expect(holdsCanary(said)).toBe(true);
  });

  test('are there', () => {
    expect(secrets.length).toBeGreaterThan(remote.length);
  });

  test.each(remote.map((one) => [one.id, one] as const))(
    'of %s: a key is one by its name if and only if it is one by its schema',
    (_, connector) => {
      const bySchema = new Set(secretKeys(connector));
      expect(allKeys(connector).filter((key) => namesSecret(key) !== bySchema.has(key))).toEqual([]);
    },
  );

  /** Whatever comes of it, settled or refused: all that anybody could print. */
  async function everythingSaid(texts: Texts, more: Parameters<typeof shop.load>[1] = {}): Promise<string> {
    try {
      const workspace = await shop.load(texts, { connectors, ...more });
      const entities = workspace.flows.flatMap((flow) => flow.entities);
      const shown = await Promise.all(
        entities.flatMap((spec) =>
          (['home', 'store'] as const).map(async (which) => {
            const connector = await findConnector(spec[which].type);
            return JSON.stringify([
              connector?.remote?.url(spec[which].config),
              connector?.[which]?.requirements(spec[which].config as never),
            ]);
          }),
        ),
      );
      return [inspect(workspace, { depth: 20 }), JSON.stringify(workspace), ...shown].join('\n');
    } catch (error) {
      const { errors } = error as ConfigErrors;
      return [explain(errors), JSON.stringify(errors.map((one) => one.toDetails())), inspect(errors, { depth: 20 })].join('\n');
    }
  }

  test.each(secrets)('of %s: %s is never shown', async (id, key) => {
    const [form = ''] = formsOf(id, all);
    const side = (written: string) => `{ path: "${form}", ${written} }`;
    const said = await Promise.all([
      everythingSaid(crm(`home: ${side(`${key}: "\${CANARY}"`)}\nstore: ${side(`${key}: "\${CANARY}"`).replace(form, `${form}2`)}\n`), {
        env: { CANARY: canary },
      }),
      everythingSaid(crm(`home: ${side(`${key}: '${canary}'`)}\nstore: out\n`)),
      everythingSaid(crm(`home: ${side(`${key}: '${canary}', nonsense: 1`)}\nstore: out\n`)),
      everythingSaid(crm(`home: ${side(`${key}: ['${canary}']`)}\nstore: out\n`)),
      everythingSaid(crm(`home: ${side(`credential: nonsense, ${key}: '${canary}'`)}\nstore: out\n`)),
      everythingSaid(crm(`home: ${side('batch_size: 1')}\nstore: out\n`), { vars: [`flow.crm.home.${key}=${canary}`] }),
    ]);
    expect(said.filter(holdsCanary)).toEqual([]);
    expect(said.every((one) => one.length > 50)).toBe(true);
  });
});
