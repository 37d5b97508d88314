import * as z from 'zod';
import type { Connector } from '../../engine/contracts/connector.ts';
import { keysOf } from '../check/schema-keys.ts';
import type { Connectors } from '../sides/side-type.ts';
import { targetFile } from '../target/schema.ts';
import { manifestSchema } from './manifest-schema.ts';
import { entityFile, flowFileSchema, hyggeFile, target } from './schema.ts';
import { contractFile } from './validation-schema.ts';

/** A JSON Schema for an editor. */
export type JsonSchema = { readonly [key: string]: unknown };

export interface WorkspaceSchemas {
  readonly hygge: JsonSchema;
  readonly flow: JsonSchema;
  readonly entity: JsonSchema;
  /** The schema of `hygge.<target>.yml`. */
  readonly target: JsonSchema;
  /** The schema of `apis/<system>.yml`. */
  readonly manifest: JsonSchema;
  /** The schema of a contract, `contracts/<entity>.yml`. */
  readonly contract: JsonSchema;
}

const asEditorsTakeIt: Parameters<typeof z.toJSONSchema>[1] = {
  io: 'input',
  unrepresentable: 'any',
  override({ jsonSchema }) {
    // Internal notes of the schemas, which editors do not need.
    if (jsonSchema.asWritten === true) jsonSchema.type = ['string', 'number', 'boolean'] as never;
    if (typeof jsonSchema.names === 'string') jsonSchema.anyOf = offering(jsonSchema.names as keyof Names) as never;
    for (const note of ['asWritten', 'secret', 'names']) delete jsonSchema[note];
  },
};

/** The names that an editor offers. The text of a name tells people where the name was found. */
export interface Names {
  readonly connection: ReadonlyMap<string, string>;
  readonly entity: ReadonlyMap<string, string>;
  readonly column: ReadonlyMap<string, string>;
}

/** An editor offers the known names and accepts any text, because the known names may be out of date. */
function offering(kind: keyof Names): readonly JsonSchema[] {
  return [{}, { $ref: `names.json#/$defs/${kind}` }];
}

/** The file `names.json`, to which the other schemas refer. @param more further keys that the caller stores in the file. */
export function namesSchema(names: Names, more: JsonSchema = {}): JsonSchema {
  const offered = (known: ReadonlyMap<string, string>) => {
    const all = [...known].sort(([a], [b]) => (a < b ? -1 : 1));
    // An empty list of names is left out, because JSON Schema has no empty enum.
    return all.length === 0
      ? { type: 'string' }
      : { enum: all.map(([name]) => name), markdownEnumDescriptions: all.map(([, told]) => told) };
  };
  const { connection, entity, column } = names;
  const $defs = { connection: offered(connection), entity: offered(entity), column: offered(column) };
  return { title: 'names that hygge debug has found in this workspace', $defs, ...more };
}

/** JSON Schemas of the files, made from the schemas that validate the files, and from the schemas of the connectors. */
export async function jsonSchemas(connectors: Connectors): Promise<WorkspaceSchemas> {
  const home = await sideSchema(connectors, 'home');
  const store = await sideSchema(connectors, 'store');
  const of = (schema: z.ZodType, title: string): JsonSchema => {
    const made = z.toJSONSchema(schema, asEditorsTakeIt);
    return { title, ...made, $defs: { ...made.$defs, home, store } };
  };
  return {
    hygge: withConnectionKeys(withStateKeys(of(hyggeFile, 'hygge.yml'), await placeKeys(connectors)), await connectionBranches(connectors)),
    flow: of(flowFileSchema, 'flow.yml of hygge'),
    entity: of(entityFile, "an entity's file of hygge"),
    target: of(target, 'hygge.<target>.yml'),
    manifest: await manifestFile(connectors),
    contract: { title: 'a contract of hygge', ...z.toJSONSchema(contractFile, asEditorsTakeIt) },
  };
}

/** The keys of the connector's homes, by the type of the manifest. */
async function manifestFile(connectors: Connectors): Promise<JsonSchema> {
  const branches: JsonSchema[] = [];
  for (const [connector] of await typesByConnector(connectors)) {
    const schema = manifestSchema(connector);
    if (schema === undefined) continue;
    const { $schema: _, ...made } = z.toJSONSchema(schema, asEditorsTakeIt);
    // biome-ignore lint/suspicious/noThenProperty: it is the word JSON Schema has for it
    branches.push({ if: { properties: { type: { const: connector.id } }, required: ['type'] }, then: made });
  }
  return { title: 'apis/<system>.yml of hygge', type: 'object', required: ['type'], allOf: branches };
}

/** The schema of a target's settings, `infra/<target>.yml`. */
export function targetSchema(): JsonSchema {
  return { title: 'infra/<target>.yml of hygge', ...z.toJSONSchema(targetFile, asEditorsTakeIt) };
}

/** A path, or a map with keys by its `type`. All keys are optional, because flow and entity each write a part. */
async function sideSchema(connectors: Connectors, side: 'home' | 'store'): Promise<JsonSchema> {
  const types: string[] = [];
  const branches: JsonSchema[] = [];
  const every: Record<string, unknown> = {};
  for (const [connector, named] of await typesByConnector(connectors)) {
    const config = connector[side]?.config;
    if (config === undefined) continue;
    const properties = propertiesOf(config);
    types.push(...named);
    for (const [key, property] of Object.entries(properties)) every[key] ??= described(property);
    branches.push({
      if: { properties: { type: oneOf(named) }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: it is the word JSON Schema has for it
      then: { properties: { type: true, connection: true, ...properties }, additionalProperties: false },
    });
  }
  const description =
    side === 'home'
      ? 'The place that data is read from: a path, or a map with a type.'
      : 'The place that data is written to: a folder, or a map with a type.';
  // A map without a type may get its type from another layer or from the path. So in such a map, only keys that no type knows are mistakes.
  branches.push({
    if: { not: { required: ['type'] } },
    // biome-ignore lint/suspicious/noThenProperty: it is the word JSON Schema has for it
    then: { properties: { type: true, connection: true, ...every }, additionalProperties: false },
  });
  const map = {
    type: 'object',
    properties: {
      type: { enum: types },
      connection: { type: 'string', description: connectionKey, anyOf: offering('connection') },
      ...every,
    },
    allOf: branches,
  };
  return { description, anyOf: [{ type: 'string', minLength: 1 }, map] };
}

const connectionKey = 'The name of a connection in hygge.yml. The connection’s type and keys are used here.';

/** A key has the same purpose in every type, but its allowed values may differ. */
function described(property: unknown): unknown {
  const { description } = (typeof property === 'object' && property !== null ? property : {}) as { readonly description?: unknown };
  return description === undefined ? true : { description };
}

/** Keys of a state next to the data, for all systems together, because only the URL shows the system. */
async function placeKeys(connectors: Connectors): Promise<Readonly<Record<string, unknown>>> {
  const every: Record<string, unknown> = {};
  for (const type of connectors.types()) {
    const place = (await connectors.find(type))?.remote?.place;
    if (place !== undefined) Object.assign(every, propertiesOf(place));
  }
  return every;
}

function withStateKeys(file: JsonSchema, keys: Readonly<Record<string, unknown>>): JsonSchema {
  const properties = file.properties as Readonly<Record<string, object>>;
  const beside = {
    if: { properties: { type: { const: 'object' } }, required: ['type'] },
    // biome-ignore lint/suspicious/noThenProperty: it is the word JSON Schema has for it
    then: { properties: { type: true, path: true, ...keys }, additionalProperties: false },
  };
  return { ...file, properties: { ...properties, state: { ...properties.state, allOf: [beside] } } };
}

/** The types of a connector: its own type, and the types of systems that manifests describe. */
async function typesByConnector(connectors: Connectors): Promise<ReadonlyMap<Connector, readonly string[]>> {
  const found = new Map<Connector, readonly string[]>();
  for (const type of connectors.types()) {
    const connector = await connectors.find(type);
    if (connector !== undefined) found.set(connector, [...(found.get(connector) ?? []), type]);
  }
  return found;
}

function oneOf(types: readonly string[]): { readonly const: string } | { readonly enum: readonly string[] } {
  const [type = '', ...others] = types;
  return others.length === 0 ? { const: type } : { enum: types };
}

/** The keys of each type that has connections. */
async function connectionBranches(connectors: Connectors): Promise<readonly JsonSchema[]> {
  const branches: JsonSchema[] = [];
  for (const [{ connection }, types] of await typesByConnector(connectors)) {
    if (connection === undefined) continue;
    const properties = { type: true, max_reads: true, max_writes: true, ...propertiesOf(connection) };
    branches.push({
      if: { properties: { type: oneOf(types) }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: it is the word JSON Schema has for it
      then: { properties, additionalProperties: false },
    });
  }
  return branches;
}

function withConnectionKeys(file: JsonSchema, branches: readonly JsonSchema[]): JsonSchema {
  const $defs = file.$defs as Readonly<Record<string, JsonSchema>>;
  const types = branches.flatMap((branch) => {
    const { type } = (branch as { if: { properties: { type: ReturnType<typeof oneOf> } } }).if.properties;
    return 'const' in type ? [type.const] : type.enum;
  });
  const { type, ...others } = ($defs.connection?.properties ?? {}) as Readonly<Record<string, object>>;
  const connection = { ...$defs.connection, properties: { type: { ...type, enum: types }, ...others }, allOf: branches };
  return { ...file, $defs: { ...$defs, connection } };
}

function propertiesOf(config: z.ZodType): Readonly<Record<string, unknown>> {
  const made = z.toJSONSchema(config, asEditorsTakeIt);
  const properties = Object.assign(
    {},
    ...[made, ...(made.anyOf ?? []), ...(made.oneOf ?? [])].map((one) => (typeof one === 'object' ? one.properties : {})),
  );
  const known = keysOf(config);
  // `base` is internal to hygge.
  return Object.fromEntries(Object.entries(properties).filter(([key]) => known.has(key) && key !== 'base'));
}
