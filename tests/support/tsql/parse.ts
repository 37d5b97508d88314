/** The grammar of the T-SQL by which hygge sums rows: SELECT lists, derived tables, conditions and groups. Anything else is an error. */

export type Expression =
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'text'; readonly text: string; readonly isWide: boolean }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'all columns' }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: 'convert'; readonly to: TypeName; readonly of: Expression; readonly style: number | null }
  | { readonly kind: 'collate'; readonly of: Expression; readonly collation: string }
  | { readonly kind: 'case'; readonly of: Expression | null; readonly whens: readonly When[]; readonly otherwise: Expression | null }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'is null'; readonly of: Expression; readonly isNot: boolean };

export interface When {
  readonly when: Expression;
  readonly result: Expression;
}

export interface TypeName {
  readonly name: string;
  /** `max`, a length, or a precision and a scale. */
  readonly sizes: readonly string[];
}

export interface Select {
  readonly list: readonly { readonly of: Expression; readonly name: string }[];
  /** A table as it is written, or what stands in parentheses. */
  readonly from: string | Select;
  readonly where: Expression | null;
  readonly groupBy: Expression | null;
}

interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'wide' | 'number' | 'sign';
  readonly text: string;
}

const token = /\s+|(N?)'((?:[^']|'')*)'|\[((?:[^\]]|\]\])*)\]|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<=|>=|<>|[-+*/&=<>(),.])/gy;

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < sql.length; at = token.lastIndex) {
    token.lastIndex = at;
    const [all, wide, text, name, number, word, sign] = token.exec(sql) ?? [];
    if (all === undefined) throw new Error(`no T-SQL of sums: ${sql.slice(at, at + 40)}`);
    if (text !== undefined) tokens.push({ kind: wide === 'N' ? 'wide' : 'text', text: text.replaceAll("''", "'") });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll(']]', ']') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

/** One SELECT. */
export function parsedSelect(sql: string): Select {
  const parser = new Parser(tokensOf(sql));
  const select = parser.select();
  parser.end();
  return select;
}

/** A condition alone. */
export function parsedCondition(sql: string): Expression {
  const parser = new Parser(tokensOf(sql));
  const found = parser.condition();
  parser.end();
  return found;
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '>', '<=', '>=']);

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#wrong();
  }

  select(): Select {
    this.#must('SELECT');
    const list = [this.#item()];
    while (this.#takes(',')) list.push(this.#item());
    this.#must('FROM');
    const from = this.#from();
    const where = this.#takes('WHERE') ? this.condition() : null;
    const groupBy = this.#takes('GROUP') ? this.#grouped() : null;
    return { list, from, where, groupBy };
  }

  #grouped(): Expression {
    this.#must('BY');
    return this.#sum();
  }

  #from(): string | Select {
    if (this.#takes('(')) {
      const inner = this.select();
      this.#must(')');
      this.#must('AS');
      this.#next();
      return inner;
    }
    const names = [this.#next().text];
    while (this.#takes('.')) names.push(this.#next().text);
    return names.map((name) => `[${name}]`).join('.');
  }

  #item(): { readonly of: Expression; readonly name: string } {
    if (this.#tokens[this.#at + 1]?.text === '.' && this.#tokens[this.#at + 2]?.text === '*') {
      this.#at += 3;
      return { of: { kind: 'all columns' }, name: '*' };
    }
    const of = this.#sum();
    if (this.#takes('AS')) return { of, name: this.#next().text };
    if (of.kind !== 'column') throw this.#wrong('AS');
    return { of, name: of.name };
  }

  condition(): Expression {
    let left = this.#both();
    while (this.#takes('OR')) left = { kind: 'binary', sign: 'OR', left, right: this.#both() };
    return left;
  }

  #both(): Expression {
    let left = this.#negated();
    while (this.#takes('AND')) left = { kind: 'binary', sign: 'AND', left, right: this.#negated() };
    return left;
  }

  #negated(): Expression {
    return this.#takes('NOT') ? { kind: 'not', of: this.#negated() } : this.#compared();
  }

  #compared(): Expression {
    const left = this.#sum();
    const sign = this.#peek();
    if (sign?.kind === 'sign' && comparisons.has(sign.text)) {
      this.#at++;
      return { kind: 'binary', sign: sign.text, left, right: this.#sum() };
    }
    if (!this.#takes('IS')) return left;
    const isNot = this.#takes('NOT');
    this.#must('NULL');
    return { kind: 'is null', of: left, isNot };
  }

  /** `+`, `-` and `&` have one rank. */
  #sum(): Expression {
    let left = this.#product();
    for (;;) {
      const sign = this.#peek();
      if (sign?.kind !== 'sign' || !['+', '-', '&'].includes(sign.text)) return left;
      this.#at++;
      left = { kind: 'binary', sign: sign.text, left, right: this.#product() };
    }
  }

  #product(): Expression {
    let left = this.#collated();
    while (this.#takes('/')) left = { kind: 'binary', sign: '/', left, right: this.#collated() };
    return left;
  }

  #collated(): Expression {
    let of = this.#single();
    while (this.#takes('COLLATE')) of = { kind: 'collate', of, collation: this.#next().text };
    return of;
  }

  #single(): Expression {
    const one = this.#next();
    if (one.kind === 'number') return { kind: 'number', digits: one.text };
    if (one.kind === 'text' || one.kind === 'wide') return { kind: 'text', text: one.text, isWide: one.kind === 'wide' };
    if (one.kind === 'name') return { kind: 'column', name: one.text };
    if (one.text === '(') {
      const inner = this.condition();
      this.#must(')');
      return inner;
    }
    if (one.text === '*') return { kind: 'all columns' };
    const word = one.text.toUpperCase();
    if (one.kind !== 'word') throw this.#wrong();
    if (word === 'CASE') return this.#case();
    if (!this.#takes('(')) return { kind: 'column', name: one.text };
    if (word === 'CONVERT') return this.#convert();
    const given: Expression[] = [];
    while (!this.#takes(')')) {
      if (given.length > 0) this.#must(',');
      given.push(this.#sum());
    }
    return { kind: 'call', name: word, given };
  }

  #case(): Expression {
    const of = this.#is('WHEN') ? null : this.#sum();
    const whens: When[] = [];
    while (this.#takes('WHEN')) {
      const when = of === null ? this.condition() : this.#sum();
      this.#must('THEN');
      whens.push({ when, result: this.#sum() });
    }
    const otherwise = this.#takes('ELSE') ? this.#sum() : null;
    this.#must('END');
    return { kind: 'case', of, whens, otherwise };
  }

  #convert(): Expression {
    const to = { name: this.#next().text.toLowerCase(), sizes: this.#sizes() };
    this.#must(',');
    const of = this.#sum();
    const style = this.#takes(',') ? Number(this.#next().text) : null;
    this.#must(')');
    return { kind: 'convert', to, of, style };
  }

  #sizes(): readonly string[] {
    const sizes: string[] = [];
    if (!this.#takes('(')) return sizes;
    while (!this.#takes(')')) {
      if (sizes.length > 0) this.#must(',');
      sizes.push(this.#next().text.toLowerCase());
    }
    return sizes;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token {
    const one = this.#tokens[this.#at++];
    if (one === undefined) throw this.#wrong();
    return one;
  }

  #is(text: string): boolean {
    const one = this.#peek();
    return one !== undefined && (one.kind === 'word' || one.kind === 'sign') && one.text.toUpperCase() === text;
  }

  #takes(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #must(text: string): void {
    if (!this.#takes(text)) throw this.#wrong(text);
  }

  #wrong(expected = 'something else'): Error {
    const near = this.#tokens.slice(Math.max(0, this.#at - 6), this.#at + 3).map(({ text }) => text);
    return new Error(`${expected} was expected in T-SQL of sums near ${near.join(' ')}`);
  }
}
