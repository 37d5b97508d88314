import { code } from './markdown.ts';

/** As much of a JSON Schema as the page tells. */
export interface Schema {
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
  /** Which homes, stores or connections have it, in a table of keys that several have. */
  readonly usedBy?: string;
}

/** Every key of a map, those of maps in it below their own. */
export function keysIn(schema: Schema, except: ReadonlySet<string> = new Set(), before = ''): readonly Key[] {
  return Object.entries(schema.properties ?? {})
    .filter(([key]) => !except.has(key))
    .flatMap(([key, held]) => {
      const name = `${before}${key}`;
      const required = schema.required?.includes(key) === true && held.default === undefined && key !== 'format';
      const own = { name, values: valuesOf(held), byDefault: required ? 'required' : defaultOf(held), meaning: held.description ?? '' };
      const below = sharedElsewhere.has(name) ? [] : keysOfKinds(mapsIn(held), `${name}.`);
      return [own, ...below];
    });
}

/** The keys of a map that is of one of several kinds, by its `type`. Those that several kinds share come last, once, with these kinds. */
function keysOfKinds(maps: readonly Schema[], before: string): readonly Key[] {
  const kinds = maps.map((map) => ({ kind: String(map.properties?.type?.const ?? ''), keys: keysIn(map, new Set(), before) }));
  const own = new Map<string, { readonly key: Key; readonly of: string[] }>();
  for (const { kind, keys } of kinds) {
    for (const key of keys) {
      const id = JSON.stringify(key);
      const entry = own.get(id) ?? { key, of: [] };
      own.set(id, { key, of: [...entry.of, kind] });
    }
  }
  const all = [...own.values()];
  const isShared = ({ of }: { readonly of: readonly string[] }): boolean => new Set(of).size > 1;
  const shared = all.filter(isShared).map(({ key, of }) => {
    const kindsOfKey = [...new Set(of)];
    return kindsOfKey.length === maps.length ? key : { ...key, meaning: `With ${kindsOfKey.map(code).join(', ')}: ${key.meaning}` };
  });
  return [...all.filter((one) => !isShared(one)).map(({ key }) => key), ...shared];
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

const anyValue = 'any value';

/** The possible values in words: `fail`, `append`, `replace`; whole number from 1. */
function valuesOf(schema: Schema): string {
  const examples = schema.examples?.map((one) => code(String(one))).join(', ');
  const kinds = [...new Set(kindsOf(schema).filter((kind) => kind !== ''))];
  const said = kinds.join(', ');
  return examples === undefined ? said : `${said}: ${examples}`;
}

function kindsOf(schema: Schema): readonly string[] {
  if (schema.$ref?.endsWith('/connection')) return ['`type` and its keys, `max_reads`, `max_writes`, `retry_for`'];
  if (schema.$ref !== undefined) return ['path, map: see below'];
  if (schema.const !== undefined) return [code(String(schema.const))];
  if (schema.enum !== undefined) return schema.enum.map((one) => code(String(one)));
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return withoutAny(branches.flatMap(kindsOf));
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes('string')) return ['text'];
  return types.flatMap((type) => (type === 'boolean' ? ['`true`', '`false`'] : [kindOf(type, schema)]));
}

/** A secret is an object once its variable is read, and a file has its text. */
function withoutAny(kinds: readonly string[]): readonly string[] {
  const others = [...new Set(kinds)].filter((kind) => kind !== anyValue);
  return others.length === 0 ? kinds : others;
}

function kindOf(type: string | undefined, schema: Schema): string {
  switch (type) {
    case 'integer':
      return `whole number${range(schema)}`;
    case 'number':
      return `number${range(schema)}`;
    case 'null':
      return '`null`';
    case 'array':
      return `list of ${schema.items === undefined ? 'values' : kindsOf(schema.items).join(' or ')}`;
    case 'object':
      return typeof schema.additionalProperties === 'object' ? `map of ${kindsOf(schema.additionalProperties).join(' or ')}` : 'map';
    default:
      return anyValue;
  }
}

function range({ minimum, exclusiveMinimum, maximum }: Schema): string {
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least === undefined || least <= Number.MIN_SAFE_INTEGER) return most === undefined ? '' : ` up to ${most}`;
  return most === undefined ? ` from ${least}` : ` from ${least} to ${most}`;
}
