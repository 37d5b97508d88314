/**
 * Patterns of data contracts: regular expressions of ECMA-262, as expressions of Rust that match the same texts. `\d`, `\w`, `\s` and `\b` match only
 * ASCII, and a character is a code point, as with the flag `u`. Pure.
 */

/** The reason why a pattern can’t be checked, as a clause about the pattern. */
export class NotTranslated extends Error {}

const lastPoint = 0x10ffff;
const surrogates = { from: 0xd800, to: 0xdfff };

/** A range of code points, with both ends included. */
type Range = readonly [from: number, to: number];

/** A set of characters: ranges, and names of Rust classes. */
interface CharacterSet {
  readonly ranges: readonly Range[];
  readonly named: readonly string[];
}

const point = (text: string) => text.codePointAt(0) ?? 0;
const between = (from: string, to: string): Range => [point(from), point(to)];
const digits: readonly Range[] = [between('0', '9')];
const wordSigns: readonly Range[] = [...digits, between('A', 'Z'), between('_', '_'), between('a', 'z')];
const spaces: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
];
const lineEnds: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const classes: Readonly<Record<string, readonly Range[]>> = { d: digits, w: wordSigns, s: spaces };
const controls: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d };

/** The expression for Rust. @throws NotTranslated */
export function rustPattern(written: string): string {
  const wrong = problemIn(written, 'u');
  const wrongInAny = problemIn(written, '');
  if (wrong !== undefined && wrongInAny !== undefined) throw new NotTranslated(otherSyntax(written) ?? wrongInAny);
  return new Translation(written, wrong).all();
}

function problemIn(pattern: string, flags: 'u' | ''): string | undefined {
  try {
    new RegExp(pattern, flags);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return `it is not valid in ECMA-262 (${said.slice(said.lastIndexOf(': ') + 2).toLowerCase()})`;
  }
}

function otherSyntax(pattern: string): string | undefined {
  if (pattern.includes('(?P<')) return 'in ECMA-262, the name of a group is written `(?<name>…)`';
  const [, inEveryCase] = /^\(\?i\)(.*)$/s.exec(pattern) ?? [];
  const spelt = inEveryCase === undefined ? undefined : inBothCases(inEveryCase);
  if (spelt !== undefined) return `ECMA-262 has no flags inside a pattern. For upper and lower case, write \`${spelt}\``;
  return /\(\?[a-z-]+[:)]/.test(pattern) ? flags : undefined;
}

const flags =
  'ECMA-262 has no flags inside a pattern. To ignore case, write both letters: `[Aa][Bb]`; `[^]` is any character, also a line end';

/** A pattern of letters, digits and plain ASCII classes that matches both cases. Undefined: the pattern contains other elements. */
function inBothCases(pattern: string): string | undefined {
  const parts =
    pattern.match(
      /\\[dDsSwWbB\W]|\[\^?(?:[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d|[\w .,:;@/_]|\\[dsw\W])*-?\]|\{\d+(?:,\d*)?\}|[\w \-.,:;@/^$|()*+?]/g,
    ) ?? [];
  if (parts.join('') !== pattern || /\(\?(?!:)/.test(pattern)) return undefined;
  const other = (letter: string) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase());
  const both = (part: string) => {
    if (/^[A-Za-z]$/.test(part)) return `[${part.toUpperCase()}${part.toLowerCase()}]`;
    if (!part.startsWith('[')) return part;
    const negated = part.startsWith('[^') ? '^' : '';
    const members = part.slice(1 + negated.length, -1).match(/\\.|[A-Za-z]-[A-Za-z]|./g) ?? [];
    const all = members.flatMap((one) => (/^[A-Za-z]/.test(one) ? [one, [...one].map((sign) => other(sign)).join('')] : [one]));
    return `[${negated}${[...new Set(all)].join('')}]`;
  };
  return parts.map(both).join('');
}

const lookAround = 'it looks ahead or behind, but patterns are judged without going back in the text';
const reference = 'it refers to the text that a group matched, but patterns are judged without going back in the text';

class Translation {
  readonly #text: readonly string[];
  /** What is wrong with the pattern under the flag `u`; undefined: nothing. */
  readonly #wrong: string | undefined;
  #at = 0;
  #hasBracketInside = false;

  constructor(pattern: string, wrong: string | undefined) {
    this.#text = [...pattern];
    this.#wrong = wrong;
  }

  all(): string {
    let rust = '';
    while (this.#at < this.#text.length) rust += this.#next();
    return rust;
  }

  #next(): string {
    const sign = this.#take();
    switch (sign) {
      case '\\':
        return this.#escape();
      case '[':
        return this.#class();
      case '.':
        return written({ ranges: complement(lineEnds), named: [] });
      case '(':
        return this.#group();
      case '{':
        return this.#repetition() ?? literal(point(sign));
      case ']':
        if (this.#hasBracketInside)
          throw new NotTranslated('ECMA-262 has no class inside a class: literal brackets are written `\\[` and `\\]`');
        return literal(point(sign));
      case '}':
        return literal(point(sign));
      default:
        return '^$|)*+?'.includes(sign) ? sign : literal(wholePoint(point(sign)));
    }
  }

  #take(): string {
    const sign = this.#text[this.#at] ?? '';
    this.#at++;
    return sign;
  }

  /** Consumes the text that the expression matches at the current position. */
  #taken(expression: RegExp): RegExpExecArray | undefined {
    const found = expression.exec(this.#text.slice(this.#at, this.#at + 200).join(''));
    if (found === null) return undefined;
    this.#at += [...found[0]].length;
    return found;
  }

  /** Reads a group after `(`. Groups become non-capturing, because no text refers to a group. */
  #group(): string {
    if (this.#text[this.#at] !== '?') return '(?:';
    if (this.#taken(/^\?(?:=|!|<=|<!)/) !== undefined) throw new NotTranslated(lookAround);
    if (this.#taken(/^\?(?::|<[^>]*>)/) !== undefined) return '(?:';
    throw new NotTranslated(flags);
  }

  /** Reads a quantifier after `{`. Undefined: the brace is a literal character. */
  #repetition(): string | undefined {
    return this.#taken(/^\d+(?:,\d*)?\}/)?.[0].replace(/^/, '{');
  }

  /** Reads an escape after a backslash, outside of a class. */
  #escape(): string {
    if (this.#taken(/^b/) !== undefined) return String.raw`(?-u:\b)`;
    if (this.#taken(/^B/) !== undefined) return String.raw`(?-u:\B)`;
    const others = classes[this.#taken(/^[DWS]/)?.[0].toLowerCase() ?? ''];
    if (others !== undefined) return written({ ranges: others, named: [] }, true);
    const one = this.#escaped();
    return typeof one === 'number' ? literal(wholePoint(one)) : written(one);
  }

  /** Reads an escape after a backslash: a character or a set. */
  #escaped(): number | CharacterSet {
    const set = this.#taken(/^[dws]/i)?.[0];
    const ranges = classes[set?.toLowerCase() ?? ''];
    if (ranges !== undefined) return { ranges: set === set?.toLowerCase() ? ranges : complement(ranges), named: [] };
    const property = this.#taken(/^[pP]\{[\w=]+\}/)?.[0];
    if (property !== undefined) return { ranges: [], named: [`\\${this.#onlyWithFlag(property)}`] };
    const long = this.#taken(/^u\{([\da-fA-F]+)\}/);
    if (long !== undefined) return Number.parseInt(this.#onlyWithFlag(long[1] ?? ''), 16);
    const pair = this.#taken(/^u([dD][89abAB][\da-fA-F]{2})\\u([dD][c-fC-F][\da-fA-F]{2})/);
    if (pair !== undefined) return point(String.fromCharCode(...pair.slice(1).map((half) => Number.parseInt(half, 16))));
    const hex = this.#taken(/^(?:u([\da-fA-F]{4})|x([\da-fA-F]{2}))/);
    if (hex !== undefined) return Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
    const control = this.#taken(/^c([A-Za-z])/)?.[1];
    if (control !== undefined) return point(control) % 32;
    if (this.#taken(/^0(?!\d)/) !== undefined) return 0;
    if (this.#taken(/^(?:\d|k<)/) !== undefined) throw new NotTranslated(reference);
    const sign = this.#take();
    const known = controls[sign];
    if (known !== undefined) return known;
    if (/[A-Za-z]/.test(sign))
      throw new NotTranslated(
        `\`\\${sign}\` is only the letter ${sign} in ECMA-262, but has another meaning in other languages${insteadOf(sign)}`,
      );
    return point(sign);
  }

  #onlyWithFlag(text: string): string {
    if (this.#wrong === undefined) return text;
    throw new NotTranslated(`${this.#wrong}; \`\\p{…}\` and \`\\u{…}\` need a pattern that is valid with the flag \`u\``);
  }

  /** Reads a class after `[`. */
  #class(): string {
    const isNegated = this.#taken(/^\^/) !== undefined;
    const sets: CharacterSet[] = [];
    while (this.#text[this.#at] !== ']') {
      const from = this.#classMember();
      const isRange = this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']';
      if (!isRange) {
        sets.push(asSet(from));
        continue;
      }
      this.#at++;
      const to = this.#classMember();
      if (typeof from === 'number' && typeof to === 'number') sets.push({ ranges: [[wholePoint(from), wholePoint(to)]], named: [] });
      else sets.push(asSet(from), asSet(point('-')), asSet(to));
    }
    this.#at++;
    const ranges = sets.flatMap((set) => set.ranges);
    return written({ ranges, named: sets.flatMap(({ named }) => named) }, isNegated);
  }

  #classMember(): number | CharacterSet {
    const sign = this.#take();
    if (sign === '[') this.#hasBracketInside = true;
    if (sign !== '\\') return point(sign);
    // In a class, `\b` is a backspace.
    if (this.#taken(/^b/) !== undefined) return 0x08;
    return this.#escaped();
  }
}

/** Escapes of other languages, for which ECMA-262 has its own form. */
function insteadOf(letter: string): string {
  const known: Readonly<Record<string, string>> = { A: '^', z: '$', Z: '$', p: '\\p{…}', P: '\\P{…}', x: '\\u{…}', U: '\\u{…}' };
  const sign = known[letter];
  return sign === undefined ? '' : `: write \`${sign}\``;
}

const asSet = (one: number | CharacterSet): CharacterSet =>
  typeof one === 'number' ? { ranges: [[wholePoint(one), wholePoint(one)]], named: [] } : one;

/** Settled texts have only whole characters, never half a surrogate pair. U+FFFF at the end of a range is a whole character. */
function wholePoint(one: number): number {
  if (one >= surrogates.from && one <= surrogates.to)
    throw new NotTranslated('it has half of a character (U+D800 to U+DFFF): write the character, or `\\u{…}`');
  return one;
}

function complement(ranges: readonly Range[]): readonly Range[] {
  const ends = [-1, ...ranges.flat(), lastPoint + 1];
  const found: Range[] = [];
  for (let at = 0; at < ends.length; at += 2) {
    const [from, to] = [(ends[at] ?? 0) + 1, (ends[at + 1] ?? 0) - 1];
    if (from <= to) found.push([from, to]);
  }
  return found;
}

function written({ ranges, named }: CharacterSet, isNegated = false): string {
  const signs = joined(ranges).map(([from, to]) => (from === to ? literal(from) : `${literal(from)}-${literal(to)}`));
  const inside = [...signs, ...named].join('');
  // A class without members: `[]` matches no character, `[^]` any.
  if (inside === '') return isNegated ? '(?s:.)' : `[^${literal(0)}-${literal(lastPoint)}]`;
  return `[${isNegated ? '^' : ''}${inside}]`;
}

/** Ranges in order and merged. Without the merge, Rust would count the ends of ranges that meet at the surrogates as members of a negated class. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const all: Range[] = [];
  for (const [from, to] of ranges.map(withoutSurrogates).sort(([one], [other]) => one - other)) {
    const before = all.at(-1);
    if (from > to) continue;
    if (before !== undefined && from <= behind(before[1])) all[all.length - 1] = [before[0], Math.max(before[1], to)];
    else all.push([from, to]);
  }
  return all;
}

const behind = (one: number) => (one + 1 === surrogates.from ? surrogates.to + 1 : one + 1);

function withoutSurrogates([from, to]: Range): Range {
  return [
    from >= surrogates.from && from <= surrogates.to ? surrogates.to + 1 : from,
    to >= surrogates.from && to <= surrogates.to ? surrogates.from - 1 : to,
  ];
}

/** The character itself, if it has no special meaning in Rust inside or outside a class. */
function literal(one: number): string {
  const text = String.fromCodePoint(one);
  if (/[\p{L}\p{N}_@%:;,=!"'<>]/u.test(text)) return text;
  return one > 0x20 && one < 0x7f ? `\\${text}` : `\\x{${one.toString(16).toUpperCase()}}`;
}
