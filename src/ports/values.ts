/** A JSON value. Steps and stored objects carry such values. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A point in time, ISO 8601 in UTC with milliseconds: `2026-11-20T08:17:00.000Z`. Compared as text. */
export type Instant = string;

/** One entity of one flow, which has a state row, a lease and a watermark. */
export interface EntityKey {
  readonly flow: string;
  readonly entity: string;
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** An object with only the members that have a value. */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}

type Nothing = undefined | null | false | 0 | '';

type Filled<T> = { [K in keyof T]?: Exclude<T[K], Nothing> };

/** An object without empty members: undefined, null, false, 0, and empty texts, lists and objects are left out. */
export function filled<T extends object>(members: T): Filled<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isNothing(value))) as Filled<T>;
}

function isNothing(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}

/** A part of a URL without percent-encoding. A text that is not well encoded stays unchanged. */
export function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The value of a JSON text; undefined: the text is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
