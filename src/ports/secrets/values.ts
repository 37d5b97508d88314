/** The values of all secrets that a process knows: a text that leaves the process must not contain a secret. */
import type { Network } from '../network.ts';
import { credentialsIn, secretPartsOf } from './parts.ts';

/** The shortest value that is hidden. A shorter value may be a part of any word. */
const shortestValue = 8;
/** The most values that are kept. Tokens are renewed as long as a process lives, so the oldest values are dropped. */
const mostValues = 2_000;
const hidden = '***';

/** Matches dates and times. They are not secrets, and occur in many messages of a run. */
const time = /^\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/;
/** A key of JSON that readers look for. */
const word = /^[a-z_]+$/i;

/** The shortest beginning of a secret that is hidden. Fewer characters may occur in any word. */
const shortestBeginning = 6;
/** The shortest text that may have been cut. */
const shortestCut = 100;

/** Where a text may have been cut: before an ellipsis, and at the end of a long text. */
function cutsIn(text: string): number[] {
  const ends = [...text.matchAll(/…|\.{3}/g)].map(({ index }) => index);
  return text.length >= shortestCut ? [...ends, text.length] : ends;
}

/** The secrets of a process. The config reader adds the secrets that it fills in, and each sign-in adds the tokens that it gets. Every output of the process is filtered here. */
export class SecretValues {
  /** The values, the newest last. */
  readonly #secrets = new Set<string>();
  /** The shown values, in lower case. */
  readonly #shown = new Set<string>();
  #pattern: RegExp | null | undefined;
  /** For each secret in the pattern, the beginnings that may end a cut text. */
  #beginnings: readonly string[] = [];

  /** Adds a credential, such as the value of a variable or a token, with all of its secret parts. */
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

  /** Adds a value that the config shows, such as a host or a path. The value is shown even if a secret has the same value. A password inside the value is hidden. */
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

  /** Removes the beginning of a secret before a place where a text was cut. */
  #withoutBeginning(text: string, end: number): string {
    const starts = this.#beginnings.flatMap((secret) => {
      const from = Math.max(0, end - secret.length);
      const near = text.slice(from, end);
      const at = near.indexOf(secret.slice(0, shortestBeginning));
      return at !== -1 && secret.startsWith(near.slice(at)) ? [from + at] : [];
    });
    return starts.length === 0 ? text : `${text.slice(0, Math.min(...starts))}${hidden}${text.slice(end)}`;
  }

  /** JSON with secrets removed from its texts. Names of members stay, and a value without secrets is returned unchanged. @param only the members whose texts are checked. Absent: all members. */
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
    // The longest secret is first, because a secret may be a part of another secret.
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

/** The forms in which systems repeat a secret: unchanged, in an address, in JSON, in HTML, in base64. Each form is the source of a regular expression. */

const named: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const escapes: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };

/** The shortest base64 text that is hidden. A shorter text is a part of the secret that may occur in any text. */
const shortestInBase64 = 8;

/** @param secret at least eight characters, so that every form is long enough. The expressions ignore case, because some systems change addresses to lower case. */
function formsOf(secret: string): readonly string[] {
  return [[...secret].map(characterForms).join(''), ...base64Forms(secret)];
}

function characterForms(character: string): string {
  if (/^[a-z0-9]$/i.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const bytes = [...Buffer.from(character)].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');
  const units = Array.from(
    { length: character.length },
    (_, at) => String.raw`\\+u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
  const forms = [
    // The ways in which shells, SQL and YAML escape a quote inside quotes.
    ...(character === "'" ? [String.raw`'\\+''`] : []),
    ...(/^["']$/.test(character) ? [character + character] : []),
    // JSON inside JSON has several backslashes.
    /^["'\\/]$/.test(character) ? String.raw`\\*${escaped(character)}` : escaped(character),
    bytes,
    units,
    `&#(?:${code}|x0*${code.toString(16)});`,
  ];
  const name = named[character];
  const short = escapes[character];
  if (name !== undefined) forms.push(`&${name};`);
  if (short !== undefined) forms.push(String.raw`\\+${short}`);
  if (character === ' ') forms.push(String.raw`\+`);
  return `(?:${forms.join('|')})`;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
}

/** In base64, a secret inside a longer text has three forms: its first byte can be at each of three positions of a group. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // The base64 characters at both ends are left out, because these characters also depend on the neighbouring bytes.
    const own = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return own.length < shortestInBase64
      ? []
      : [own.replaceAll(/[+/]/g, (sign) => (sign === '+' ? '(?:[+-]|%2b)' : String.raw`(?:\\*\/|_|%2f)`))];
  });
}
