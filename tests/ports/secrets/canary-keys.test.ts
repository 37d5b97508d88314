// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { expect, test } from 'vitest';
import * as z from 'zod';
import { workspaceFiles } from '../../../src/adapters/workspace-files.ts';
import { SecretValues } from '../../../src/ports/secrets/values.ts';
import { connectors, connectorTypes, findConnector } from '../../../src/registry.ts';
import { explain } from '../../../src/workspace/check/explain.ts';
import { loadWorkspace } from '../../../src/workspace/load/load.ts';
import { interpolate } from '../../../src/workspace/read/interpolate.ts';
import { flowFileSchema, hyggeFile } from '../../../src/workspace/schema/schema.ts';
import { ConfigErrors, collectProblems } from '../../../src/workspace/yaml/problems.ts';
import { parseMapping } from '../../../src/workspace/yaml/yaml-tree.ts';
import { leaksOf } from '../../support/function-host/leaks.ts';
import { TestWorkspace } from '../../support/workspace.ts';

type Schema = { readonly [key: string]: unknown } & {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
};

interface Place {
  readonly path: readonly string[];
  /** A secret, or an address that a secret may be written in. */
  readonly takes: 'secret' | 'address';
}

/** Every place of a schema that takes a secret or an address. */
function placesIn(schema: z.ZodType): readonly Place[] {
  const found = new Map<string, Place>();
  const visit = (node: Schema | undefined, path: readonly string[]): void => {
    if (node === undefined || path.length > 6) return;
    if (node.secret === true) found.set(path.join('.'), { path, takes: 'secret' });
    else if (node.type === 'string' && /(^|_)(url|uri|endpoint|address|origins)$|connection/.test(path.at(-1) ?? ''))
      if (!found.has(path.join('.'))) found.set(path.join('.'), { path, takes: 'address' });
    for (const [key, child] of Object.entries(node.properties ?? {})) visit(child, [...path, key]);
    if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, [...path, 'X-Other']);
    for (const child of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]) visit(child, path);
  };
  visit(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input', cycles: 'ref' }) as Schema, []);
  return [...found.values()];
}

/** The place with a value, as YAML of one line. */
const written = ([key = '', ...rest]: readonly string[], value: string): string =>
  `{ ${key}: ${rest.length === 0 ? JSON.stringify(value) : written(rest, value)} }`;

const signs = 'ß +&"%';

test('every key of every connector that takes a secret or an address tells the secret in it, and no error shows it', async () => {
  const env: Record<string, string> = {};
  const secrets: string[] = [];
  const variable = ({ takes }: Place): string => {
    const name = `V${secrets.length}`;
    const secret = `caNARY${secrets.length}x${takes === 'secret' ? signs : ''}end`;
    secrets.push(secret);
    env[name] = takes === 'secret' ? secret : `https://me:${secret}@h.example/p`;
    return `\${${name}}`;
  };
  const flows: Record<string, string> = {};
  const connections: string[] = [];
  const seen = { secret: 0, address: 0 };
  const add = (place: Place, write: (value: string) => void) => {
    seen[place.takes]++;
    write(variable(place));
  };
  for (const type of connectorTypes()) {
    const connector = await findConnector(type);
    for (const side of ['home', 'store'] as const)
      for (const place of connector?.[side] ? placesIn(connector[side].config) : [])
        add(place, (value) => {
          const own = written(place.path, value).replace('{', `{ type: ${type},`);
          const lines = side === 'home' ? [`home: ${own}`, 'store: lake'] : ['home: { type: parquet, path: in }', `store: ${own}`];
          flows[`flows/f${Object.keys(flows).length}/flow.yml`] = `${lines.join('\n')}\n`;
        });
    for (const place of connector?.connection ? placesIn(connector.connection) : [])
      add(place, (value) => connections.push(`  c${connections.length}: ${written(place.path, value).replace('{', `{ type: ${type},`)}`));
  }
  for (const place of placesIn(flowFileSchema as z.ZodType))
    add(place, (value) => {
      const { path } = place;
      flows[`flows/f${Object.keys(flows).length}/flow.yml`] = `home: { type: parquet, path: in }\nstore: lake\n${path[0]}: ${
        path.length === 1 ? JSON.stringify(value) : written(path.slice(1), value)
      }\n`;
    });
  using workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections:\n${connections.join('\n')}\n`, ...flows });
  const values = new SecretValues();
  const request = { directory: workspace.root, env, date: '2026-01-01', connectors, files: workspaceFiles, secrets: values };
  const found = await loadWorkspace({ ...request, tolerant: true }).catch((error: unknown) => error);
  if (!(found instanceof Error)) throw new Error('none of these flows can be right');
  expect(seen.secret).toBeGreaterThan(100);
  expect(seen.address).toBeGreaterThan(20);
  expect(secrets.filter((secret) => values.hidden(`a ${secret} b`) !== 'a *** b')).toEqual([]);
  const text = found instanceof ConfigErrors ? explain(found.errors) : found.message;
  expect(leaksOf(secrets, new Map([['errors', text]]))).toEqual([]);
});

test('every key of hygge.yml that takes a secret or an address tells the secret in it', () => {
  const untold = placesIn(hyggeFile as z.ZodType).flatMap(({ path, takes }, at) => {
    const secret = `caNARY${at}xend`;
    const values = new SecretValues();
    const text = written(path, '${V}');
    const tree = parseMapping({ name: 'hygge.yml', text }, collectProblems());
    if (tree === undefined) throw new Error(text);
    interpolate(tree, { V: takes === 'secret' ? secret : `https://me:${secret}@h.example/p` }, collectProblems(), { values });
    return values.hidden(secret) === '***' ? [] : [path.join('.')];
  });
  expect(placesIn(hyggeFile as z.ZodType).length).toBeGreaterThan(10);
  expect(untold).toEqual([]);
});
