/** The canonical text of a JSON document. Documents with the same meaning have the same text, whatever their blanks, the order of their keys and the spelling of their numbers are. */

/**
 * Writes a document in canonical form. Keys are sorted by the bytes of their UTF-8. If a key occurs twice, the last value is used. Numbers
 * are written by value, and strings with the shortest escapes. A text that is not JSON is returned unchanged, with a `!` before it.
 */
export function canonicalJson(text: string): string {
  return new Parser(text).document() ?? `!${text}`;
}

type Open = { readonly items: string[] } | { readonly members: Map<string, string>; key: string };

/** Reads a document. Documents may be nested deeper than calls can be, so the open lists and objects are on an explicit stack. */
class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The canonical text. Undefined: the text is not JSON. */
  document(): string | undefined {
    const open: Open[] = [];
    for (;;) {
      this.#blanks();
      let value = this.#begin(open);
      if (value === undefined) return undefined;
      if (value === opened) continue;
      for (;;) {
        this.#blanks();
        const inside = open.at(-1);
        if (inside === undefined) return this.#at === this.#text.length ? value : undefined;
        const closing = 'items' in inside ? ']' : '}';
        if ('items' in inside) inside.items.push(value);
        else inside.members.set(inside.key, value);
        const sign = this.#text[this.#at++];
        if (sign === ',') {
          if ('members' in inside && !this.#key(inside)) return undefined;
          break;
        }
        if (sign !== closing) return undefined;
        open.pop();
        value = closed(inside);
      }
    }
  }

  /** Reads a value without parts, or the beginning of a list or an object. A list or an object without parts ends here as well. */
  #begin(open: Open[]): string | typeof opened | undefined {
    const sign = this.#text[this.#at];
    switch (sign) {
      case '[':
        this.#at++;
        this.#blanks();
        if (this.#take(']')) return '[]';
        open.push({ items: [] });
        return opened;
      case '{': {
        this.#at++;
        this.#blanks();
        if (this.#take('}')) return '{}';
        const members = { members: new Map<string, string>(), key: '' };
        open.push(members);
        return this.#key(members) ? opened : undefined;
      }
      case '"': {
        const value = this.#string();
        return value === undefined ? undefined : quoted(value);
      }
      case 't':
        return this.#word('true');
      case 'f':
        return this.#word('false');
      case 'n':
        return this.#word('null');
      default:
        return this.#number();
    }
  }

  #key(of: { key: string }): boolean {
    this.#blanks();
    const key = this.#text[this.#at] === '"' ? this.#string() : undefined;
    if (key === undefined) return false;
    of.key = key;
    this.#blanks();
    return this.#take(':');
  }

  #word(word: string): string | undefined {
    if (!this.#text.startsWith(word, this.#at)) return undefined;
    this.#at += word.length;
    return word;
  }

  #number(): string | undefined {
    numberSyntax.lastIndex = this.#at;
    const match = numberSyntax.exec(this.#text);
    if (match === null) return undefined;
    this.#at = numberSyntax.lastIndex;
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    return numberText(sign, whole, fraction, exponent);
  }

  #string(): string | undefined {
    stringSyntax.lastIndex = this.#at;
    const match = stringSyntax.exec(this.#text);
    if (match === null) return undefined;
    this.#at = stringSyntax.lastIndex;
    const [, written = ''] = match;
    return written.includes('\\') ? written.replace(escapes, (_, sign: string) => meant(sign)) : written;
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #blanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return;
      this.#at++;
    }
  }
}

const opened = Symbol('opened');

const numberSyntax = /(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a string
const stringSyntax = /"((?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"/y;
const escapes = /\\(u[0-9a-fA-F]{4}|.)/g;

const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function meant(sign: string): string {
  return sign.length > 1 ? String.fromCharCode(Number.parseInt(sign.slice(1), 16)) : (letters[sign] ?? sign);
}

/** The text of a number: its digits without zeros at either end, then `e`, and the power of ten by which the digits are multiplied. */
function numberText(sign: string, whole: string, fraction: string, exponent: string): string {
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = BigInt(exponent.replace('+', '')) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}

function closed(inside: Open): string {
  if ('items' in inside) return `[${inside.items.join(',')}]`;
  const keys = [...inside.members.keys()].sort(byUtf8);
  return `{${keys.map((key) => `${quoted(key)}:${inside.members.get(key)}`).join(',')}}`;
}

/** Compares two texts by the bytes of their UTF-8. UTF-16 units from U+D800 on form code points above U+FFFF, which sort after all others in UTF-8. */
function byUtf8(a: string, b: string): number {
  const least = Math.min(a.length, b.length);
  for (let at = 0; at < least; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left === right) continue;
    const isLeftAbove = left >= 0xd800 && left <= 0xdfff;
    const isRightAbove = right >= 0xd800 && right <= 0xdfff;
    return isLeftAbove === isRightAbove ? left - right : isLeftAbove ? 1 : -1;
  }
  return a.length - b.length;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped
const escaped = /["\\\u0000-\u001f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text in quotes. Half of a surrogate pair has no UTF-8, so it stays an escape. */
function quoted(text: string): string {
  return `"${text.replace(escaped, (sign) => shortEscapes[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
