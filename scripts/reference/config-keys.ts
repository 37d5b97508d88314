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
}

/** Every key of a map, those of maps in it below their own. */
export function keysIn(schema: Schema, except: ReadonlySet<string> = new Set(), before = ''): readonly Key[] {
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
  if (schema.$ref?.endsWith('/connection')) return ['a map with a `type` and its keys, `max_reads`, `max_writes` and `retry_for`'];
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
