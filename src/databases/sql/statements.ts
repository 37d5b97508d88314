/** Files of SQL, statement by statement: where each begins and ends, and whether it takes something away. */
import type { Statement } from '../../engine/contracts/connector.ts';
import { ConfigError } from '../../errors/hygge-error.ts';

/** How an engine writes what is no word: strings, names, comments. */
export interface Lexis {
  /** `$tag$ … $tag$`. */
  readonly dollarQuotes: boolean;
  /** A comment in a comment has an end of its own. */
  readonly nestedComments: boolean;
  /** A backslash keeps the next character in a string: in all of them, or in those that begin with E. */
  readonly backslashes: 'all' | 'E' | 'none';
  /** What names stand between, beside double quotes. */
  readonly names: readonly ('`' | '[')[];
  /** `# to the end of the line`. */
  readonly hashComments: boolean;
  /** A line that ends a batch by itself: `GO`. */
  readonly batchEnd?: RegExp;
  /** The first words of statements that begin or end transactions, in lower case. */
  readonly transaction: RegExp;
  /** What DDL does is undone with its transaction. */
  readonly isTransactional: boolean;
}

/** A word, a string, a name or a sign; comments and blanks are none. */
interface Token {
  readonly kind: 'word' | 'string' | 'name' | 'sign';
  readonly text: string;
  readonly at: number;
}

export function statementsOf(sql: string, lexis: Lexis): readonly Statement[] {
  const statements: Statement[] = [];
  let tokens: Token[] = [];
  let depth = 0;
  let brackets = 0;
  const lines = new Lines(sql);
  const end = (to: number) => {
    const [first] = tokens;
    if (first !== undefined) statements.push(statement(sql, { from: first.at, to, line: lines.of(first.at), tokens, lexis }));
    tokens = [];
    depth = 0;
    brackets = 0;
  };
  for (const token of tokensOf(sql, lexis)) {
    if (token.kind === 'sign' && token.text === 'batch end') end(token.at);
    else if (token.kind === 'sign' && token.text === ';' && depth === 0 && brackets <= 0) end(token.at);
    else {
      tokens.push(token);
      depth = bodyDepth(tokens, depth);
      // Rules hold several statements in brackets.
      if (token.kind === 'sign') brackets += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    }
  }
  end(sql.length);
  return statements;
}

/** Bodies of functions may hold statements without being strings: `BEGIN ATOMIC … END`. */
function bodyDepth(tokens: readonly Token[], depth: number): number {
  const words = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  const [first, second, third, fourth] = words;
  const kind = second === 'or' && third === 'replace' ? fourth : second;
  const last = tokens.at(-1);
  if (first !== 'create' || (kind !== 'function' && kind !== 'procedure') || last?.kind !== 'word') return depth;
  if (last.text === 'begin' || (last.text === 'case' && depth > 0)) return depth + 1;
  return last.text === 'end' ? Math.max(0, depth - 1) : depth;
}

/** Lines of places that only come later and later. */
class Lines {
  readonly #sql: string;
  #at = 0;
  #line = 1;

  constructor(sql: string) {
    this.#sql = sql;
  }

  of(at: number): number {
    for (; this.#at < at; this.#at++) if (this.#sql.charCodeAt(this.#at) === 10) this.#line++;
    return this.#line;
  }
}

interface Piece {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly tokens: readonly Token[];
  readonly lexis: Lexis;
}

function statement(sql: string, { from, to, line, tokens, lexis }: Piece): Statement {
  const words = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  const [first = ''] = words;
  if (lexis.transaction.test(`${first} ${words[1] ?? ''}`)) throw ownTransaction(line, first);
  if (first === 'copy' && words.includes('stdin')) throw unreadable(line, 'COPY … FROM STDIN has rows of its own, which only psql sends.');
  if (tokens[0]?.text === '\\') throw unreadable(line, 'It begins with a backslash: a command of psql, and no SQL.');
  return { text: sql.slice(from, to).trimEnd(), line, isDestructive: isDestructive(tokens, lexis) };
}

const lineAt = (sql: string, at: number) => sql.slice(0, at).split('\n').length;

/** Rather one too many: whoever means it says so. */
function isDestructive(tokens: readonly Token[], lexis: Lexis): boolean {
  const said = tokens.filter(({ kind }) => kind !== 'string');
  const [first, second] = said.map(({ text }) => text);
  if (first === 'grant' || first === 'revoke' || (first === 'alter' && second === 'default')) return false;
  // What a block does shows only when it is done.
  if (first === 'do')
    return tokens.some(
      ({ kind, text }) => kind === 'string' && (/\bexecute\b/i.test(text) || isDestructive([...tokensOf(inside(text), lexis)], lexis)),
    );
  // Of a view only the text goes.
  if (
    /^create or replace (temp |temporary )?table\b/.test(
      said
        .slice(0, 5)
        .map(({ text }) => text)
        .join(' '),
    )
  )
    return true;
  const isTrigger = first === 'create' && said.slice(1, 4).some(({ text }) => /^(trigger|rule|policy)$/.test(text));
  return said.some(({ kind, text }, i) => {
    if (kind !== 'word' || !/^(drop|truncate|delete)$/.test(text)) return false;
    const before = said[i - 1]?.text ?? '';
    if (text === 'drop') return true;
    // ON DELETE CASCADE of a table that is made; a trigger, which is only defined.
    return !isTrigger && before !== 'on';
  });
}

const inside = (text: string) => text.replace(/^(\$\w*\$|[eE]?')/, '').replace(/(\$\w*\$|')$/, '');

function* tokensOf(sql: string, lexis: Lexis): Generator<Token> {
  for (let at = 0; at < sql.length; ) {
    const rest = sql.slice(at, at + 200);
    const blank = /^\s+/.exec(rest)?.[0];
    if (lexis.batchEnd && (at === 0 || sql[at - 1] === '\n')) {
      const line = /^[^\n]*/.exec(sql.slice(at))?.[0] ?? '';
      if (lexis.batchEnd.test(line)) {
        yield { kind: 'sign', text: 'batch end', at };
        at += line.length;
        continue;
      }
    }
    if (blank) at += blank.length;
    else if (rest.startsWith('--') || (lexis.hashComments && rest.startsWith('#'))) at = endOf(sql, '\n', at) ?? sql.length;
    else if (rest.startsWith('/*')) at = afterComment(sql, at, lexis);
    else {
      const token = tokenAt(sql, at, lexis);
      yield token;
      at += token.text.length;
    }
  }
}

function endOf(sql: string, sign: string, from: number): number | undefined {
  const at = sql.indexOf(sign, from);
  return at < 0 ? undefined : at + sign.length;
}

function afterComment(sql: string, from: number, { nestedComments }: Lexis): number {
  let depth = 0;
  for (let at = from; at < sql.length; at++) {
    if (sql.startsWith('/*', at) && (depth === 0 || nestedComments)) {
      depth++;
      at++;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  throw unreadable(lineAt(sql, from), 'A comment begins there, and does not end.');
}

function tokenAt(sql: string, at: number, lexis: Lexis): Token {
  const char = sql.charAt(at);
  const escaped = lexis.backslashes === 'E' && /[eE]/.test(char) && sql[at + 1] === "'";
  if (char === "'" || escaped) {
    const hasBackslashes = escaped || lexis.backslashes === 'all';
    return { kind: 'string', text: sql.slice(at, afterQuote(sql, at + (escaped ? 1 : 0), "'", hasBackslashes)), at };
  }
  if (char === '"') return { kind: 'name', text: sql.slice(at, afterQuote(sql, at, '"', lexis.backslashes === 'all')), at };
  if (char === '`' && lexis.names.includes('`')) return { kind: 'name', text: sql.slice(at, afterQuote(sql, at, '`', false)), at };
  if (char === '[' && lexis.names.includes('[')) return { kind: 'name', text: sql.slice(at, afterQuote(sql, at, ']', false)), at };
  const dollar = lexis.dollarQuotes ? /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(sql.slice(at, at + 130))?.[0] : undefined;
  if (dollar !== undefined) {
    const end = endOf(sql, dollar, at + dollar.length);
    if (end === undefined) throw unreadable(lineAt(sql, at), `A text begins there with ${dollar}, and does not end.`);
    return { kind: 'string', text: sql.slice(at, end), at };
  }
  // A dollar inside of a name begins no text.
  const word = /^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/.exec(sql.slice(at, at + 2_000))?.[0];
  if (word !== undefined) return { kind: 'word', text: word.toLowerCase(), at };
  const number = /^\d[\w.]*/.exec(sql.slice(at, at + 2_000))?.[0];
  return { kind: 'sign', text: number ?? char, at };
}

/** @param at of the quote that opens. Two of those that close are one of the text. */
function afterQuote(sql: string, at: number, close: string, backslashes: boolean): number {
  for (let i = at + 1; i < sql.length; i++) {
    if (backslashes && sql[i] === '\\') i++;
    else if (sql[i] === close) {
      if (sql[i + 1] === close) i++;
      else return i + 1;
    }
  }
  throw unreadable(lineAt(sql, at), `A quote (${close}) is opened there, and not closed.`);
}

function unreadable(line: number, why: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1095',
    what: `The SQL can't be taken apart: line ${line}.`,
    why: [why],
    tryThis: ['Correct that line', 'Or let the database’s own client run the file'],
  });
}

function ownTransaction(line: number, word: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1094',
    what: `Line ${line} says ${word.toUpperCase()}: the file begins or ends transactions itself.`,
    why: ['All of it runs in one transaction, which would be over there, with half of the file done.'],
    tryThis: [`Take ${word.toUpperCase()} out: all statements are done, or none`],
  });
}
