import { z } from 'zod';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { jsonSchemas } from '../../src/workspace/json-schema.ts';
import { code, made, page, table } from './markdown.ts';

/** As much of a JSON Schema as the page tells. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly $ref?: string;
}

/** One key, as a line of the page. */
export interface Key {
  /** `watermark.column` */
  readonly name: string;
  readonly values: string;
  readonly byDefault: string;
  readonly meaning: string;
}

export interface Section {
  readonly title: string;
  readonly intro: string;
  readonly keys: readonly Key[];
}

/** docs/config.md */
export async function configPage(): Promise<string> {
  const sections = await configSections();
  return page([
    made,
    '# Configuration reference',
    'Every key there is. [workspace.md](workspace.md) shows how they come together, [incremental.md](incremental.md) what they do to a run. An editor that reads the schema `hygge init` writes knows the same keys, values and defaults.',
    'A key without a default may be left out, unless it says *required*.',
    ...sections.flatMap(({ title, intro, keys }) => [
      `## ${title}`,
      intro,
      table(
        ['key', 'value', 'default', 'what it does'],
        keys.map(({ name, values, byDefault, meaning }) => [code(name), values, byDefault, meaning]),
      ),
    ]),
  ]);
}

export async function configSections(): Promise<readonly Section[]> {
  const files = await jsonSchemas({ types: connectorTypes, find: findConnector });
  const [hygge, flow, entity] = [files.hygge, files.flow, files.entity].map(resolved) as [Schema, Schema, Schema];
  const both = new Set(Object.keys(flow.properties ?? {}).filter((key) => entity.properties?.[key] !== undefined));
  const common: Schema = { properties: Object.fromEntries([...both].map((key) => [key, flow.properties?.[key] ?? {}])) };
  return [
    { title: 'hygge.yml', intro: 'The settings of the workspace.', keys: keysIn(hygge) },
    {
      title: 'A flow',
      intro: '`flows/<flow>/flow.yml`, or an entry of `flows` in hygge.yml. Beside these keys it takes those of the next section.',
      keys: keysIn(flow, both),
    },
    {
      title: 'What a flow, an entity and `defaults` say',
      intro: 'The entity wins over its flow, the flow over `defaults`; maps are merged key by key.',
      keys: keysIn(common),
    },
    {
      title: 'An entity',
      intro:
        '`flows/<flow>/entities/<entity>.yml`, or an item of `entities`: a name, or a map that also takes the keys of the section above.',
      keys: keysIn(entity, both),
    },
    ...(await sides()),
  ];
}

/** The top keys that refer to a definition get its description. */
function resolved(file: Schema & { readonly $defs?: Readonly<Record<string, Schema>> }): Schema {
  const described = Object.entries(file.properties ?? {}).map(([key, held]) => {
    const description = file.$defs?.[held.$ref?.split('/').at(-1) ?? '']?.description;
    return [key, description === undefined ? held : { ...held, description }] as const;
  });
  return { ...file, properties: Object.fromEntries(described) };
}

/** A section for each different home and store, and below it one for each format it knows; connectors that take the same keys share them. */
async function sides(): Promise<readonly Section[]> {
  const found = new Map<string, { readonly types: string[]; readonly side: string; readonly schema: Schema }>();
  for (const side of ['home', 'store'] as const) {
    for (const type of connectorTypes()) {
      const connector = await findConnector(type);
      const config = connector?.[side]?.config;
      if (config === undefined) continue;
      const schema = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }) as Schema;
      const same = JSON.stringify([side, schema]);
      const entry = found.get(same) ?? { types: [], side, schema };
      entry.types.push(type);
      found.set(same, entry);
    }
  }
  return [...found.values()].flatMap(({ types, side, schema }) => {
    const name = side === 'home' ? 'Home' : 'Store';
    const { shared, branches } = split(schema);
    return [
      {
        title: `${name}: ${types.map((type) => code(`type: ${type}`)).join(', ')}`,
        intro: schema.description ?? '',
        keys: keysIn(shared, ownBusiness),
      },
      ...branches.map(({ format, own }) => ({
        title: `${name}: ${code(`format: ${format}`)}`,
        intro: `What ${side === 'home' ? 'reading' : 'writing'} ${format} takes beside the keys above.`,
        keys: keysIn(own, ownBusiness),
      })),
    ].filter(({ keys }) => keys.length > 0);
  });
}

/** Filled in by hygge, written by nobody. */
const ownBusiness: ReadonlySet<string> = new Set(['base']);

/** What all branches of a choice by `format` have alike, and what each has of its own. */
function split(schema: Schema): {
  readonly shared: Schema;
  readonly branches: readonly { readonly format: string; readonly own: Schema }[];
} {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches === undefined) return { shared: schema, branches: [] };
  const isShared = (key: string) => new Set(branches.map((branch) => JSON.stringify(branch.properties?.[key]))).size === 1;
  const picked = (branch: Schema | undefined, wanted: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(branch?.properties ?? {}).filter(([key]) => key !== 'format' && wanted(key)));
  const formats = branches.map((branch) => branch.properties?.format?.const);
  const chosen: Schema = {
    enum: formats,
    description:
      `${branches[0]?.properties?.format?.description ?? ''} Without it, the ending of the path tells; parquet where that tells none.`.trim(),
  };
  const [first] = branches;
  return {
    shared: { properties: { ...picked(first, isShared), format: chosen }, required: first?.required ?? [] },
    branches: branches.map((branch, nth) => ({
      format: String(formats[nth]),
      own: { properties: picked(branch, (key) => !isShared(key)), required: branch.required ?? [] },
    })),
  };
}

function keysIn(schema: Schema, except: ReadonlySet<string> = new Set(), before = ''): readonly Key[] {
  return Object.entries(schema.properties ?? {})
    .filter(([key]) => !except.has(key))
    .flatMap(([key, held]) => {
      const name = `${before}${key}`;
      const required = schema.required?.includes(key) === true && held.default === undefined && key !== 'format';
      const own = { name, values: valuesOf(held), byDefault: required ? 'required' : defaultOf(held), meaning: held.description ?? '' };
      const below = sharedElsewhere.has(name) ? [] : mapsIn(held).flatMap((map) => keysIn(map, new Set(), `${name}.`));
      return [own, ...below];
    });
}

/** Their keys have a section of their own. */
const sharedElsewhere: ReadonlySet<string> = new Set(['defaults', 'flows', 'entities']);

function mapsIn(schema: Schema): readonly Schema[] {
  if (schema.properties !== undefined) return [schema];
  return [...(schema.anyOf ?? schema.oneOf ?? []), ...(schema.items === undefined ? [] : [schema.items])].flatMap(mapsIn);
}

function defaultOf(schema: Schema): string {
  return schema.default === undefined ? '' : code(typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default));
}

/** The possible values in words: `fail`, `append` or `replace`; a whole number from 1 on. */
function valuesOf(schema: Schema): string {
  const examples = schema.examples?.map((one) => code(String(one))).join(', ');
  const kinds = [...new Set(kindsOf(schema).filter((kind) => kind !== ''))];
  const said = kinds.length > 1 ? `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}` : (kinds[0] ?? '');
  return examples === undefined ? said : `${said}, such as ${examples}`;
}

function kindsOf(schema: Schema): readonly string[] {
  if (schema.$ref !== undefined) return ['a path or a map: see below'];
  if (schema.const !== undefined) return [code(String(schema.const))];
  if (schema.enum !== undefined) return schema.enum.map((one) => code(String(one)));
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return branches.flatMap(kindsOf);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes('string')) return ['text'];
  return types.flatMap((type) => (type === 'boolean' ? ['`true`', '`false`'] : [kindOf(type, schema)]));
}

function kindOf(type: string | undefined, schema: Schema): string {
  switch (type) {
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'null':
      return '`null`';
    case 'array':
      return `a list of ${schema.items === undefined ? 'values' : kindsOf(schema.items).join(' or ')}`;
    case 'object':
      return typeof schema.additionalProperties === 'object' ? `a map of ${kindsOf(schema.additionalProperties).join(' or ')}` : 'a map';
    default:
      return 'any value';
  }
}

function range({ minimum, exclusiveMinimum, maximum }: Schema): string {
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least === undefined || least <= Number.MIN_SAFE_INTEGER) return most === undefined ? '' : ` up to ${most}`;
  return most === undefined ? ` from ${least} on` : ` from ${least} to ${most}`;
}
