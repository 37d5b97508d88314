/** Splits files of SQL into statements, and finds out whether a statement removes something. */
import type { ScriptStatement } from '../../engine/contracts/connector.ts';
import { ConfigError } from '../../errors/hygge-error.ts';

/** An engine’s syntax of everything that is not a word: strings, names, comments. */
export interface SqlSyntax {
  /** Strings may be written as `$tag$ … $tag$`. */
  readonly hasDollarQuotes: boolean;
  /** A comment inside of a comment needs its own end. */
  readonly hasNestedComments: boolean;
  /** Where a backslash escapes the next character: in all strings, only in strings that begin with E, or nowhere. */
  readonly backslashEscapes: 'all' | 'E' | 'none';
  /** The quotes that names may have, in addition to double quotes. */
  readonly nameQuotes: readonly ('`' | '[')[];
  /** A comment may be written as `# to the end of the line`. */
  readonly hasHashComments: boolean;
  /** `--` begins a comment only before a blank, so `5--5` is ten. */
  readonly dashesBeforeBlank?: true;
  /** The server runs comments of the form `/*! … *\/`. */
  readonly hasCommentsThatRun?: true;
  /** A line `DELIMITER //` is a command of the client, which sets the sign that ends all later statements. */
  readonly hasDelimiterCommand?: true;
  /** Only a line `GO` ends a batch. The statements in a batch need no sign between them. */
  readonly hasGoBatches?: true;
  /** Signs that begin a parameter or a variable. Statements with such a sign are refused, because a variable without a value would silently be null. */
  readonly parameterSigns?: readonly string[];
  /** Bodies in which a semicolon does not end the statement: functions with `BEGIN ATOMIC … END`, or triggers with `BEGIN … END`. */
  readonly bodiesWithSemicolons?: 'atomic' | 'triggers';
  /** Words of statements that remove something, in addition to DROP, TRUNCATE, DELETE, RENAME and REPLACE. Unlike those words, the words of this pattern may also be names. */
  readonly destructiveWords?: RegExp;
  /** Double quotes may enclose texts. */
  readonly mayDoubleQuoteTexts?: true;
  /** Why hygge can’t run a statement that begins with these words. Undefined: hygge can run the statement. */
  refusalReason?(words: string): string | undefined;
  /** The first words of statements that begin or end transactions, in lower case. */
  readonly transactionWords: RegExp;
  /** DDL is undone with its transaction. */
  readonly hasTransactionalDdl: boolean;
}

/** A word, a string, a name or a sign; comments and blanks are skipped. `end`: the end of a statement; `mark`: the beginning of an executable comment. */
interface Token {
  readonly kind: 'word' | 'string' | 'name' | 'sign' | 'end' | 'mark';
  readonly text: string;
  readonly at: number;
}

export function statementsOf(sql: string, syntax: SqlSyntax): readonly ScriptStatement[] {
  const statements: ScriptStatement[] = [];
  let tokens: Token[] = [];
  let depth = 0;
  let brackets = 0;
  const lines = new Lines(sql);
  const end = (to: number) => {
    const [first] = tokens;
    if (first !== undefined) statements.push(statement(sql, { from: first.at, to, line: lines.of(first.at), tokens, syntax }));
    tokens = [];
    depth = 0;
    brackets = 0;
  };
  for (const token of tokensOf(sql, syntax)) {
    const isSemicolon = token.kind === 'sign' && token.text === ';';
    if (token.kind === 'end') end(token.at);
    else if (isSemicolon && !syntax.hasGoBatches && depth === 0 && brackets <= 0 && !isInTrigger(tokens, syntax)) end(token.at);
    else {
      if (isSemicolon && tokens.length === 0) continue;
      tokens.push(token);
      if (syntax.bodiesWithSemicolons === 'atomic') depth = bodyDepth(tokens, depth);
      // A rule may have several statements in brackets, so a semicolon in brackets does not end the rule.
      if (token.kind === 'sign') brackets += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    }
  }
  end(sql.length);
  return statements;
}

/**
 * Why a text can’t be used as a condition in brackets, as a sentence. Undefined: the text can be used, as far as its signs show. An unopened closing bracket
 * would disable the other conditions, and a semicolon would begin another statement.
 */
export function conditionProblem(
  sql: string,
  { hasDelimiterCommand: _, hasGoBatches: __, ...syntax }: SqlSyntax,
  expected: 'condition' | 'SELECT' = 'condition',
): string | undefined {
  // A control character may end a comment or a text for the server, but not for this scanner.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly these
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\r(?!\n)/.test(sql)) return 'The SQL has a control character.';
  let open = 0;
  let tokens = 0;
  try {
    for (const { kind, text } of tokensOf(sql, syntax)) {
      tokens++;
      if (kind !== 'sign') continue;
      if (text === ';') return `The SQL has a semicolon: one ${expected} is expected, and no other statement.`;
      if (syntax.parameterSigns?.includes(text)) return `The SQL has ${text}, a parameter without a value.`;
      open += text === '(' ? 1 : text === ')' ? -1 : 0;
      if (open < 0) return 'A closing bracket has no opening one.';
    }
  } catch (error) {
    if (error instanceof ConfigError) return error.why[0];
    throw error;
  }
  if (tokens === 0) return 'It is empty.';
  return open > 0 ? `${open === 1 ? 'An opening bracket is' : `${open} opening brackets are`} never closed.` : undefined;
}

/** Whether the tokens are an unfinished trigger, which ends with its own END. */
function isInTrigger(tokens: readonly Token[], { bodiesWithSemicolons }: SqlSyntax): boolean {
  if (bodiesWithSemicolons !== 'triggers' || !/^create (temp |temporary )?trigger\b/.test(opening(tokens))) return false;
  const [before, last] = tokens.slice(-2);
  return !(last?.text === 'end' && before?.text === ';');
}

/** The first words of a statement, as one text. */
const opening = (tokens: readonly Token[]): string =>
  tokens
    .slice(0, 8)
    .filter(({ kind }) => kind !== 'mark')
    .map(({ text }) => text)
    .join(' ');

/** The depth of nested bodies. The body of a function may be statements instead of a string: `BEGIN ATOMIC … END`. */
function bodyDepth(tokens: readonly Token[], depth: number): number {
  const words = tokens.slice(0, 12).filter(({ kind }) => kind === 'word');
  const [first, second, third, fourth] = words.map(({ text }) => text);
  const kind = second === 'or' && third === 'replace' ? fourth : second;
  const last = tokens.at(-1);
  if (first !== 'create' || (kind !== 'function' && kind !== 'procedure') || last?.kind !== 'word') return depth;
  if (last.text === 'begin' || (last.text === 'case' && depth > 0)) return depth + 1;
  return last.text === 'end' ? Math.max(0, depth - 1) : depth;
}

/** Finds the line of a position. Positions must increase from call to call. */
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

interface ScriptPiece {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly tokens: readonly Token[];
  readonly syntax: SqlSyntax;
}

function statement(sql: string, { from, to, line, tokens, syntax }: ScriptPiece): ScriptStatement {
  const words = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  const [first = ''] = words;
  const own = ownTransactionIn(words, syntax);
  if (own !== undefined) throw ownTransaction(line, own, syntax);
  const refused = syntax.refusalReason?.(words.slice(0, 12).join(' '));
  if (refused !== undefined) throw unreadable(line, refused);
  if (first === 'copy' && words.includes('stdin')) throw unreadable(line, 'COPY … FROM STDIN expects rows that only psql can send.');
  if (tokens.some(({ kind, text }) => kind === 'sign' && text === '\\'))
    throw unreadable(line, 'A backslash outside of texts is a command of the database’s own client, not SQL.');
  if (syntax.hasGoBatches && tokens[0]?.text === ':')
    throw unreadable(line, 'This line begins with a colon: a command of sqlcmd, not SQL.');
  return { text: sql.slice(from, to).trimEnd(), line, isDestructive: isDestructive(tokens, syntax) };
}

/** The word of a statement that begins or ends a transaction. In a batch such a statement may follow others, and a BEGIN without a further word only groups statements. */
function ownTransactionIn(words: readonly string[], { transactionWords, hasGoBatches }: SqlSyntax): string | undefined {
  // A procedure’s body only runs when the procedure is called, so words in it do not count.
  if (hasGoBatches && /^(create|alter|create or alter) (proc|procedure|trigger|function) /.test(`${words.slice(0, 4).join(' ')} `))
    return undefined;
  const at = hasGoBatches ? words.keys() : [0];
  for (const i of at) if (transactionWords.test(`${words[i] ?? ''} ${words[i + 1] ?? ''}`)) return words[i];
  return undefined;
}

const lineAt = (sql: string, at: number) => sql.slice(0, at).split('\n').length;

/** Whether a statement may remove rows or objects. True if in doubt, so that a person confirms the statement. */
function isDestructive(tokens: readonly Token[], syntax: SqlSyntax): boolean {
  const said = tokens.filter(({ kind }) => kind !== 'string' && kind !== 'mark');
  const begins = opening(said);
  // A DO block is destructive if in doubt, because its effect is unknown before it runs.
  if (/^do\b/.test(begins))
    return tokens.some(
      ({ kind, text }) => kind === 'string' && (/\bexecute\b/i.test(text) || isDestructive([...tokensOf(inside(text), syntax)], syntax)),
    );
  // Replacing a view removes only the view’s text.
  if (/^create or replace (temp |temporary )?(table|database|schema|sequence)\b/.test(begins)) return true;
  const isDefined = definition.test(begins);
  return said.some((_, place) => takesAway(said, place, { isDefined, syntax }));
}

/** Words that define a trigger or a rule, whose statements run later or never. */
const definition =
  /^create (or replace |or alter )?(definer = \S+ (@ \S+ )?)?(constraint |temp |temporary )?(trigger|rule|policy)\b|^alter trigger\b/;

function takesAway(
  said: readonly Token[],
  place: number,
  { isDefined, syntax }: { readonly isDefined: boolean; readonly syntax: SqlSyntax },
): boolean {
  const { kind, text } = said[place] ?? { kind: 'sign', text: '' };
  if (kind === 'name' && syntax.destructiveWords?.test(text.slice(1, -1).toLowerCase())) return true;
  if (kind !== 'word') return false;
  if (syntax.destructiveWords?.test(text)) return true;
  const before = said[place - 1]?.text ?? '';
  const after = said[place + 1]?.text ?? '';
  if (/^(drop|truncate|delete)$/.test(text) && isPrivilege(said, place)) return false;
  // The statements in a text or a variable are unknown before they run.
  if (syntax.hasGoBatches && /^exec(ute)?$/.test(text)) return /^[(@]$/.test(after);
  // ON DELETE CASCADE only describes a new table, and a DELETE in a trigger is only defined, so neither removes rows now.
  if (text === 'delete') return !isDefined && before !== 'on';
  if (text === 'truncate') return !isDefined;
  // After RENAME, the old name belongs to another table, or to none.
  if (text === 'rename') return !/^(column|constraint|index|key|attribute|value)$/.test(after);
  // REPLACE INTO and OR REPLACE overwrite existing rows.
  if (text === 'replace')
    return (place === 0 && after !== '(') || after === 'into' || (before === 'or' && said[place - 2]?.text !== 'create');
  return text === 'drop';
}

/** Whether the words only name rights in a GRANT or REVOKE: `grant select, delete on …`. */
function isPrivilege(said: readonly Token[], place: number): boolean {
  for (let i = place - 1; i >= 0; i--) {
    const { kind, text } = said[i] ?? { kind: 'sign', text: ';' };
    if (kind === 'word' && /^(grant|revoke|deny)$/.test(text) && said[i + 1]?.text !== 'option') return true;
    if (kind === 'word' ? /^(on|to|from)$/.test(text) : kind === 'sign' && !/^[,()]$/.test(text)) return false;
  }
  return false;
}

const inside = (text: string) => text.replace(/^(\$\w*\$|[eE]?')/, '').replace(/(\$\w*\$|')$/, '');

/** The words, texts, names and signs of SQL, without comments. Throws ConfigError HYG-1095 if a text, name or comment does not end. */
export function* tokensOf(sql: string, syntax: SqlSyntax): Generator<Token> {
  let delimiter = ';';
  let runs = 0;
  for (let at = 0; at < sql.length; ) {
    const rest = sql.slice(at, at + 200);
    const blank = /^\s+/.exec(rest)?.[0];
    if (blank) {
      at += blank.length;
      continue;
    }
    const line =
      (syntax.hasDelimiterCommand || syntax.hasGoBatches) && beginsLine(sql, at)
        ? (/^[^\n]*/.exec(sql.slice(at, at + 2_000))?.[0] ?? '')
        : '';
    const given = syntax.hasDelimiterCommand ? /^delimiter[ \t]+(\S+)/i.exec(line)?.[1] : undefined;
    const go = syntax.hasGoBatches ? /^go(?:[ \t]+(\d+))?[ \t]*(?:--.*)?\r?$/i.exec(line) : null;
    if (go?.[1] !== undefined)
      throw unreadable(lineAt(sql, at), 'GO with a number repeats the statements before GO: write out these statements.');
    if (given !== undefined || go) {
      yield { kind: 'end', text: '', at };
      delimiter = given ?? delimiter;
      at += line.length;
    } else if (isLineComment(rest, syntax)) at = endOf(sql, '\n', at) ?? sql.length;
    else if (syntax.hasCommentsThatRun && /^\/\*M?!/.test(rest)) {
      yield { kind: 'mark', text: '/*!', at };
      at += (/^\/\*M?!\d*/.exec(rest)?.[0] ?? '/*!').length;
      runs++;
    } else if (runs > 0 && rest.startsWith('*/')) {
      runs--;
      at += 2;
    } else if (rest.startsWith('/*')) at = afterComment(sql, at, syntax);
    else if (delimiter !== ';' && rest.startsWith(delimiter)) {
      yield { kind: 'end', text: delimiter, at };
      at += delimiter.length;
    } else {
      const token = tokenAt(sql, at, syntax);
      const cut = token.kind === 'word' && delimiter !== ';' ? token.text.indexOf(delimiter.toLowerCase()) : -1;
      // If another sign ends statements, the semicolons in an executable comment belong to the comment.
      yield cut > 0
        ? { ...token, text: token.text.slice(0, cut) }
        : delimiter !== ';' && token.text === ';'
          ? { ...token, text: '; ' }
          : token;
      at += cut > 0 ? cut : token.text.length;
    }
  }
  if (runs > 0) throw unreadable(lineAt(sql, sql.length), 'A comment that is run (/*!) begins before this line, and does not end.');
}

/** Whether only blanks come before the word on its line. */
function beginsLine(sql: string, at: number): boolean {
  for (let i = at - 1; i >= 0 && sql[i] !== '\n'; i--) if (!/\s/.test(sql[i] ?? '')) return false;
  return true;
}

function isLineComment(rest: string, { hasHashComments, dashesBeforeBlank }: SqlSyntax): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters count as blanks there.
  if (rest.startsWith('--')) return !dashesBeforeBlank || /^--([\s\u0000-\u001f]|$)/.test(rest);
  return hasHashComments && rest.startsWith('#');
}

function endOf(sql: string, sign: string, from: number): number | undefined {
  const at = sql.indexOf(sign, from);
  return at < 0 ? undefined : at + sign.length;
}

function afterComment(sql: string, from: number, { hasNestedComments }: SqlSyntax): number {
  let depth = 0;
  for (let at = from; at < sql.length; at++) {
    if (sql.startsWith('/*', at) && (depth === 0 || hasNestedComments)) {
      depth++;
      at++;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  throw unreadable(lineAt(sql, from), 'A comment begins in this line, and does not end.');
}

function tokenAt(sql: string, at: number, syntax: SqlSyntax): Token {
  const char = sql.charAt(at);
  const escaped = syntax.backslashEscapes === 'E' && /[eE]/.test(char) && sql[at + 1] === "'";
  if (char === "'" || escaped) {
    const hasBackslashes = escaped || syntax.backslashEscapes === 'all';
    return { kind: 'string', text: sql.slice(at, afterQuote(sql, at + (escaped ? 1 : 0), "'", hasBackslashes)), at };
  }
  if (char === '"') return { kind: 'name', text: sql.slice(at, afterQuote(sql, at, '"', syntax.backslashEscapes === 'all')), at };
  if (char === '`' && syntax.nameQuotes.includes('`')) return { kind: 'name', text: sql.slice(at, afterQuote(sql, at, '`', false)), at };
  if (char === '[' && syntax.nameQuotes.includes('[')) return { kind: 'name', text: sql.slice(at, afterQuote(sql, at, ']', false)), at };
  const dollar = syntax.hasDollarQuotes
    ? /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(sql.slice(at, at + 130))?.[0]
    : undefined;
  if (dollar !== undefined) {
    const end = endOf(sql, dollar, at + dollar.length);
    if (end === undefined) throw unreadable(lineAt(sql, at), `A text begins in this line with ${dollar}, and does not end.`);
    return { kind: 'string', text: sql.slice(at, end), at };
  }
  // A dollar inside of a name does not begin a text.
  const word = /^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/.exec(sql.slice(at, at + 2_000))?.[0];
  if (word !== undefined) return { kind: 'word', text: word.toLowerCase(), at };
  const number = /^\d[\w.]*/.exec(sql.slice(at, at + 2_000))?.[0];
  return { kind: 'sign', text: number ?? char, at };
}

/** @param at the position of the opening quote. Two closing quotes together are one quote in the text. */
function afterQuote(sql: string, at: number, close: string, backslashes: boolean): number {
  for (let i = at + 1; i < sql.length; i++) {
    if (backslashes && sql[i] === '\\') i++;
    else if (sql[i] === close) {
      if (sql[i + 1] === close) i++;
      else return i + 1;
    }
  }
  throw unreadable(lineAt(sql, at), `A quote (${close}) is opened in this line, and not closed.`);
}

function unreadable(line: number, why: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1095',
    what: `The SQL can't be split into statements: line ${line}.`,
    why: [why],
    tryThis: ['Correct that line', 'Or let the database’s own client run the file'],
  });
}

function ownTransaction(line: number, word: string, { hasTransactionalDdl }: SqlSyntax): ConfigError {
  return new ConfigError({
    code: 'HYG-1094',
    what: `Line ${line} says ${word.toUpperCase()}: the file begins or ends transactions itself.`,
    why: [
      hasTransactionalDdl
        ? 'The whole file runs in one transaction. This line would end it, with only a part of the file done.'
        : 'Each statement is a transaction of its own: the database ends one at every statement that makes or alters a table.',
    ],
    tryThis: [`Remove ${word.toUpperCase()}${hasTransactionalDdl ? ': all statements are done, or none' : ''}`],
  });
}
