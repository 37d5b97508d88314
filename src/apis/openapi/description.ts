/** A published description of an API in OpenAPI 3 or Swagger 2.0. The author is not trusted, so hygge executes nothing in the description and requests no other document. */

import { parse } from 'yaml';
import { decodedPart } from '../../ports/values.ts';
import { noDescription } from './errors.ts';

export type Members = Readonly<Record<string, unknown>>;

/** The maximum number of references in a row. Without a maximum, references in a circle would be followed endlessly. */
const mostSteps = 32;
/** The maximum number of schemas that `allOf` combines. */
const mostParts = 100;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function membersAt(value: unknown, name: string): Members | undefined {
  const found = isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isMembers(found) ? found : undefined;
}

export function textIn(value: unknown, name: string): string | undefined {
  const found = isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof found === 'string' ? found : undefined;
}

export function itemsIn(value: unknown, name: string): readonly unknown[] {
  const found = isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return Array.isArray(found) ? found : [];
}

export class Description {
  readonly root: Members;
  readonly isSwagger2: boolean;
  readonly #elsewhere = new Set<string>();
  readonly #schemas = new WeakMap<Members, Members>();

  /** @param name the name of the description, for people. Throws ConfigError HYG-3695. */
  constructor(text: string, name: string) {
    const root = parsed(text, name);
    const version = isMembers(root) ? (root.openapi ?? root.swagger) : undefined;
    if (!isMembers(root) || (typeof version !== 'string' && typeof version !== 'number'))
      throw noDescription(name, 'The document has neither `openapi` nor `swagger` with a version.');
    if (!/^(2\.0?|3\.\d+)/.test(String(version)) && version !== 2)
      throw noDescription(name, `The document is of version ${String(version).slice(0, 20)}.`);
    this.root = root;
    this.isSwagger2 = /^2/.test(String(version));
  }

  /** The number of references to other documents found so far, which are not followed. */
  get elsewhere(): number {
    return this.#elsewhere.size;
  }

  /** The object itself, or the target of its `$ref`. Undefined: the value is not an object, or the target of its `$ref` is missing or in another document. */
  resolved(value: unknown): Members | undefined {
    let found = value;
    for (let steps = 0; steps < mostSteps; steps++) {
      if (!isMembers(found)) return undefined;
      const at = textIn(found, '$ref');
      if (at === undefined) return found;
      found = this.#at(at);
    }
    return undefined;
  }

  /** The target of a reference such as `#/components/schemas/Order` (RFC 6901). */
  #at(ref: string): unknown {
    if (!ref.startsWith('#')) {
      this.#elsewhere.add(ref);
      return undefined;
    }
    let found: unknown = this.root;
    for (const part of ref.slice(1).split('/').slice(1)) {
      const name = decodedPart(part).replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
      found = (found as Members)[name];
    }
    return found;
  }

  /** A schema, combined with the schemas in its `allOf`. If a schema has alternatives (`oneOf`, `anyOf`), the first alternative that is not null counts. Undefined: the value is not a schema. */
  schema(value: unknown): Members | undefined {
    const own = this.resolved(value);
    const known = own && this.#schemas.get(own);
    if (own === undefined || known !== undefined) return known;
    const whole = this.#whole(own, { parts: mostParts }, 0) ?? own;
    this.#schemas.set(own, whole);
    return whole;
  }

  #whole(value: unknown, budget: { parts: number }, depth: number): Members | undefined {
    const own = this.resolved(value);
    if (own === undefined || depth > mostSteps || budget.parts-- <= 0) return own;
    const kinds = [...itemsIn(own, 'oneOf'), ...itemsIn(own, 'anyOf')].map((one) => this.resolved(one)).filter((one) => one !== undefined);
    const chosen = own.properties === undefined && own.items === undefined ? kinds.find((one) => typeOf(one) !== 'null') : undefined;
    const parts = [...itemsIn(own, 'allOf'), ...(chosen === undefined ? [] : [chosen])].map((one) => this.#whole(one, budget, depth + 1));
    if (parts.length === 0) return own;
    const { allOf: _all, oneOf: _one, anyOf: _any, ...rest } = own;
    const all = [...parts, rest].filter((one) => one !== undefined);
    const properties = Object.assign({}, ...all.map((one) => membersAt(one, 'properties') ?? {}));
    return Object.assign({}, ...all, Object.keys(properties).length === 0 ? {} : { properties });
  }
}

/** The type that a schema names. If it names several types (OpenAPI 3.1), the first type that is not null counts. */
export function typeOf(schema: Members): string | undefined {
  const { type } = schema;
  const types = Array.isArray(type) ? type.filter((one) => one !== 'null') : [type];
  const [first = Array.isArray(type) ? 'null' : undefined] = types;
  if (typeof first === 'string') return first;
  if (schema.items !== undefined) return 'array';
  return Object.keys(membersAt(schema, 'properties') ?? {}).length > 0 ? 'object' : undefined;
}

function parsed(text: string, name: string): unknown {
  try {
    // JSON is also YAML, but a JSON parser reads it faster.
    return /^\s*\{/.test(text) ? JSON.parse(text) : parse(text, { uniqueKeys: false, logLevel: 'silent', maxAliasCount: 10_000 });
  } catch (error) {
    throw noDescription(name, `The document is neither JSON nor YAML: ${String((error as Error).message).split('\n')[0]}`);
  }
}
