/** The secrets that a process knows, by their values: no text that leaves the process holds one of them. */
import type { Network } from '../network.ts';
import { formsOf } from './forms.ts';
import { credentialsIn, secretPartsOf } from './parts.ts';

/** A shorter value may be a part of any word. */
const shortestValue = 8;
/** Tokens are renewed for as long as a process lives: of so many values the oldest are forgotten. */
const mostValues = 2_000;
const hidden = '***';

/** A date or a time is not a secret, and is in half of what a run tells. */
const time = /^\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/;
/** A key of JSON, which readers look for. */
const word = /^[a-z_]+$/i;

/** Fewer characters of a secret may be those of any word. */
const shortestBeginning = 6;
/** A shorter text was not cut. */
const shortestCut = 100;

/** Where a text was cut: before an ellipsis, and at the end of a long text. */
function cutsIn(text: string): number[] {
  const ends = [...text.matchAll(/…|\.{3}/g)].map(({ index }) => index);
  return text.length >= shortestCut ? [...ends, text.length] : ends;
}

/**
 * A process has one. The reader of the config adds the secrets that it fills in, and each sign-in the tokens that it is given. Each way out of the
 * process asks for its texts without them.
 */
export class SecretValues {
  /** The newest last. */
  readonly #secrets = new Set<string>();
  /** In lower case. */
  readonly #shown = new Set<string>();
  #pattern: RegExp | null | undefined;
  /** Of the secrets that the pattern finds, what a text that was cut may end with. */
  #beginnings: readonly string[] = [];

  /** A value that signs in, such as the value of a variable or a token, with all that is secret in it. */
  add(value: string): void {
    for (const part of secretPartsOf(value)) this.#addPart(part);
  }

  #addPart(part: string): void {
    if (part.length < shortestValue || time.test(part)) return;
    const isKnown = this.#secrets.delete(part);
    this.#secrets.add(part);
    if (isKnown) return;
    this.#pattern = undefined;
    const [oldest] = this.#secrets;
    if (this.#secrets.size > mostValues && oldest !== undefined) this.#secrets.delete(oldest);
  }

  /** A value that the config shows, such as a host or a path: it is not searched for, whatever else has the same value. A password in it is. */
  show(value: string): void {
    for (const part of credentialsIn(value)) this.#addPart(part);
    const key = value.toLowerCase();
    if (key.length < shortestValue || this.#shown.has(key)) return;
    this.#shown.add(key);
    if (this.#secrets.size > 0) this.#pattern = undefined;
  }

  /** The text without secrets. */
  hidden(text: string): string {
    const pattern = this.#expression();
    if (pattern === null || text.length < shortestValue) return text;
    const whole = text.replace(pattern, (found: string, at: number) => {
      const isKey = text[at - 1] === '"' && /^"\s*:/.test(text.slice(at + found.length, at + found.length + 8));
      return isKey && word.test(found) ? found : hidden;
    });
    return cutsIn(whole)
      .reverse()
      .reduce((rest, end) => this.#withoutBeginning(rest, end), whole);
  }

  /** Without the beginning of a secret before a place where a text was cut. */
  #withoutBeginning(text: string, end: number): string {
    const starts = this.#beginnings.flatMap((secret) => {
      const from = Math.max(0, end - secret.length);
      const near = text.slice(from, end);
      const at = near.indexOf(secret.slice(0, shortestBeginning));
      return at !== -1 && secret.startsWith(near.slice(at)) ? [from + at] : [];
    });
    return starts.length === 0 ? text : `${text.slice(0, Math.min(...starts))}${hidden}${text.slice(end)}`;
  }

  /** JSON whose texts are without secrets; names of members stay. The same value, if it holds none. @param only the members whose texts are looked at. Absent: all. */
  hiddenIn<T>(value: T, only?: ReadonlySet<string>): T {
    return this.#expression() === null ? value : (this.#inside(value, only, only === undefined) as T);
  }

  #inside(value: unknown, only: ReadonlySet<string> | undefined, isLookedAt: boolean): unknown {
    if (typeof value === 'string') return isLookedAt ? this.hidden(value) : value;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#inside(item, only, isLookedAt));
      return items.every((item, at) => item === value[at]) ? value : items;
    }
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    const entries = Object.entries(value).map(
      ([name, member]) => [name, this.#inside(member, only, isLookedAt || only?.has(name) === true)] as const,
    );
    return entries.every(([name, member]) => member === (value as Record<string, unknown>)[name]) ? value : Object.fromEntries(entries);
  }

  #expression(): RegExp | null {
    if (this.#pattern !== undefined) return this.#pattern;
    const searched = [...this.#secrets].filter((value) => !this.#shown.has(value.toLowerCase()));
    // The longest first: one may be a part of another one.
    this.#beginnings = searched.flatMap((value) => [...new Set([value, encodeURIComponent(value)])]);
    const forms = searched.sort((one, other) => other.length - one.length).flatMap(formsOf);
    this.#pattern = forms.length === 0 ? null : new RegExp([...new Set(forms)].join('|'), 'gi');
    return this.#pattern;
  }
}

/** The secrets of the process that has this network. */
export function secretValuesOf(network: Pick<Network, 'kept'>): SecretValues {
  return network.kept('secret values', '', () => new SecretValues());
}
