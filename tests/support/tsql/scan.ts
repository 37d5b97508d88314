/** Where statements, clauses and items of T-SQL begin and end: words, names, texts and brackets, without a grammar of them. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'sign';
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** Of parentheses, CASE … END and BEGIN … END around it. */
  readonly depth: number;
}

const token =
  /(\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(N?'(?:[^']|'')*')|(\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*")|((?:@@|@|##|#)?[A-Za-z_][\w$]*)|(0x[\da-f]*|\d+(?:\.\d+)?(?:e[-+]?\d+)?)|(<=|>=|<>|!=|\+=|[\s\S])/giy;

export function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const { 0: text, 1: blank, 2: literal, 3: name, 4: word, 5: number, index: at } of sql.matchAll(token)) {
    if (blank !== undefined) continue;
    const kind = literal ? 'text' : name ? 'name' : word ? 'word' : number ? 'number' : 'sign';
    const upper = text.toUpperCase();
    const isBlock = upper === 'BEGIN' && !/^\s*(tran|distributed)/i.test(sql.slice(at + text.length));
    if (text === ')' || (kind === 'word' && upper === 'END')) depth--;
    tokens.push({ kind, text, at, end: at + text.length, depth });
    if (text === '(' || (kind === 'word' && (upper === 'CASE' || isBlock))) depth++;
  }
  return tokens;
}

const isWord = ({ kind, text }: Token, ...words: readonly string[]): boolean => kind === 'word' && words.includes(text.toUpperCase());

/** Parts of a text between signs of one kind that stand outside of everything else. */
export function partsOf(sql: string, sign: ',' | ';' | '.'): readonly string[] {
  const ends = tokensOf(sql).filter(({ kind, text, depth }) => kind === 'sign' && text === sign && depth === 0);
  const starts = [0, ...ends.map(({ end }) => end)];
  return starts.map((start, at) => sql.slice(start, ends[at]?.at ?? sql.length).trim());
}

/** Statements of a batch; an ELSE belongs to the IF in front of it. */
export function statementsOf(batch: string): readonly string[] {
  const statements: string[] = [];
  for (const part of partsOf(batch, ';')) {
    const [first] = tokensOf(part);
    if (first === undefined) continue;
    if (isWord(first, 'ELSE') && statements.length > 0) statements.push(`${statements.pop()} ${part}`);
    else statements.push(part.slice(first.at));
  }
  return statements;
}

/** A text by the words that divide it, each at its first place after the one before it, outside of everything else. */
export function clausesOf<Word extends string>(sql: string, words: readonly Word[]): Readonly<Partial<Record<Word | 'head', string>>> {
  const tokens = tokensOf(sql).filter(({ depth }) => depth === 0);
  const found: { readonly word: Word | 'head'; readonly at: number; readonly end: number }[] = [{ word: 'head', at: 0, end: 0 }];
  let from = 0;
  for (const word of words) {
    const at = tokens.findIndex((one, place) => place >= from && isWord(one, word) && !isWord(tokens[place - 1] ?? one, 'DISTINCT'));
    const one = tokens[at];
    if (one === undefined) continue;
    found.push({ word, at: one.at, end: one.end });
    from = at + 1;
  }
  return Object.fromEntries(found.map(({ word, end }, at) => [word, sql.slice(end, found[at + 1]?.at ?? sql.length).trim()])) as Partial<
    Record<Word | 'head', string>
  >;
}

/** What stands in the parentheses with which a text begins, and what comes after them. */
export function parenthesized(sql: string): readonly [inside: string, after: string] | undefined {
  const tokens = tokensOf(sql);
  if (tokens[0]?.text !== '(') return undefined;
  const close = tokens.find(({ text, depth }) => text === ')' && depth === 0);
  return close === undefined ? undefined : [sql.slice(tokens[0].end, close.at).trim(), sql.slice(close.end).trim()];
}

const unquoted = (text: string): string => (/^["[]/.test(text) ? text.slice(1, -1).replaceAll(']]', ']').replaceAll('""', '"') : text);

/** A name of several parts, with which a text begins. */
export function dottedAt(tokens: readonly Token[], start: number): { readonly parts: readonly string[]; readonly next: number } {
  const parts: string[] = [];
  let next = start;
  for (let one = tokens[next]; one !== undefined && (one.kind === 'word' || one.kind === 'name'); one = tokens[next]) {
    parts.push(unquoted(one.text));
    next++;
    if (tokens[next]?.text !== '.') break;
    next++;
  }
  return { parts, next };
}

export function dotted(sql: string): { readonly parts: readonly string[]; readonly rest: string } {
  const tokens = tokensOf(sql);
  const { parts, next } = dottedAt(tokens, 0);
  return { parts, rest: tokens[next] === undefined ? '' : sql.slice(tokens[next].at) };
}

const beforeTables = ['FROM', 'JOIN', 'USING', 'APPLY'];
const afterTables = new Set(
  'ON WHERE JOIN INNER LEFT RIGHT FULL CROSS OUTER GROUP ORDER HAVING UNION EXCEPT INTERSECT WITH OPTION WHEN SET FOR USING'.split(' '),
);

/**
 * A query whose tables have other names: @param named is asked for each, and leaves what is undefined alone. A table without an alias gets its own name for one.
 */
export function withTables(sql: string, named: (parts: readonly string[]) => string | undefined): string {
  const tokens = tokensOf(sql);
  let [text, from]: [string, number] = ['', 0];
  /** Depths at which a comma divides tables. */
  const lists = new Set<number>();
  for (let at = 0; at < tokens.length; at++) {
    const one = tokens[at] as Token;
    if (isWord(one, 'SELECT') || (one.kind === 'word' && afterTables.has(one.text.toUpperCase()))) lists.delete(one.depth);
    if (one.text === ')') lists.delete(one.depth + 1);
    const isFirst = isWord(one, ...beforeTables) && !(isWord(one, 'FROM') && isWord(tokens[at - 1] ?? one, 'DISTINCT'));
    const isNext = one.text === ',' && lists.has(one.depth);
    if (isFirst) lists.add(one.depth);
    if (!isFirst && !isNext) {
      const { parts, next } = one.kind === 'name' || one.kind === 'word' ? dottedAt(tokens, at) : { parts: [], next: at };
      // A column may name its table with the schema; the table answers to its own name.
      if (parts.length === 3) {
        text += `${sql.slice(from, one.at)}${parts
          .slice(1)
          .map((part) => `[${part}]`)
          .join('.')}`;
        from = (tokens[next - 1] as Token).end;
      }
      at = Math.max(at, next - 1);
      continue;
    }
    const { parts, next } = dottedAt(tokens, at + 1);
    const name = parts.length === 0 || tokens[next]?.text === '(' ? undefined : named(parts);
    if (name === undefined) continue;
    const after = tokens[next];
    const hasAlias =
      after !== undefined && (after.kind === 'name' || (after.kind === 'word' && !afterTables.has(after.text.toUpperCase())));
    text += `${sql.slice(from, (tokens[at + 1] as Token).at)}${name}${hasAlias ? '' : ` as [${parts.at(-1)?.replaceAll(']', ']]')}]`}`;
    from = (tokens[next - 1] as Token).end;
    at = next - 1;
  }
  return text + sql.slice(from);
}

/** Tables of a FROM clause, each with the name under which the query has it. */
export function tablesIn(from: string): readonly { readonly parts: readonly string[]; readonly alias: string }[] {
  const tokens = tokensOf(`FROM ${from}`);
  return tokens.flatMap((one, at) => {
    if (one.depth !== 0 || !(isWord(one, ...beforeTables) || one.text === ',')) return [];
    const { parts, next } = dottedAt(tokens, at + 1);
    const as = isWord(tokens[next] ?? one, 'AS') ? tokens[next + 1] : tokens[next];
    const hasAlias = as !== undefined && (as.kind === 'name' || (as.kind === 'word' && !afterTables.has(as.text.toUpperCase())));
    const alias = hasAlias ? unquoted(as.text) : parts.at(-1);
    return alias === undefined || parts.length === 0 ? [] : [{ parts, alias }];
  });
}
