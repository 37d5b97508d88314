/** Splits a query of the config in SOQL into its clauses and items. https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm */
import { badSoql } from './errors.ts';

/** An item that a query selects: a field of the object or of a parent, or a function of a field. */
export interface SoqlItem {
  /** The text of the item in the query: `Account.Owner.Name`, `SUM(Amount) total`. */
  readonly text: string;
  /** The names on the path from the object to the field. Empty: the item is a function without a field. */
  readonly field: readonly string[];
  /** The name of the function in upper case: `SUM`. Absent: the item is a field. */
  readonly function?: string;
  readonly alias?: string;
  /** The path of the value in a record of the answer. */
  readonly path: readonly string[];
}

export interface SoqlQuery {
  readonly items: readonly SoqlItem[];
  readonly object: string;
  /** The clauses as written in the query, without their keywords. Absent: the query lacks the clause. */
  readonly clauses: {
    readonly scope?: string;
    readonly where?: string;
    readonly with?: string;
    readonly group?: string;
    readonly having?: string;
    readonly order?: string;
    readonly limit?: string;
    readonly offset?: string;
  };
  /** Whether the rows of the query are groups of records. */
  readonly isAggregate: boolean;
}

/** The clauses in their order, with their keywords. */
const clauses = [
  ['scope', ['USING', 'SCOPE']],
  ['where', ['WHERE']],
  ['with', ['WITH']],
  ['group', ['GROUP', 'BY']],
  ['having', ['HAVING']],
  ['order', ['ORDER', 'BY']],
  ['limit', ['LIMIT']],
  ['offset', ['OFFSET']],
] as const;

/** Names of functions over a group of records. */
const aggregates = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);
/** Names of functions of dates: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_date_functions.htm */
export const dateFunctions: ReadonlySet<string> = new Set([
  ...['CALENDAR_MONTH', 'CALENDAR_QUARTER', 'CALENDAR_YEAR', 'DAY_IN_MONTH', 'DAY_IN_WEEK', 'DAY_IN_YEAR', 'DAY_ONLY'],
  ...['FISCAL_MONTH', 'FISCAL_QUARTER', 'FISCAL_YEAR', 'HOUR_IN_DAY', 'WEEK_IN_MONTH', 'WEEK_IN_YEAR'],
]);

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const sign = /\s*('(?:[^'\\]|\\[\s\S])*'|[A-Za-z_][\w.]*|[^\s\w'])|\s*([\w.:+-]+)/y;

function tokensOf(soql: string): readonly Token[] {
  const tokens: Token[] = [];
  sign.lastIndex = 0;
  while (soql.slice(sign.lastIndex).trim() !== '') {
    const from = sign.lastIndex;
    const found = sign.exec(soql);
    const text = found?.[1] ?? found?.[2];
    if (text === undefined) throw badSoql(`A text in the query does not end: ${soql.slice(from).trim().slice(0, 40)}`);
    tokens.push({ text, start: sign.lastIndex - text.length, end: sign.lastIndex });
  }
  return tokens;
}

/** Parses a query. Throws HomeError HYG-3694 if the text is not a query, or is not readable. */
export function parseSoql(soql: string): SoqlQuery {
  const tokens = tokensOf(soql);
  const isAt = (at: number, words: readonly string[]) => words.every((word, i) => tokens[at + i]?.text.toUpperCase() === word);
  if (!isAt(0, ['SELECT'])) throw badSoql('The query does not begin with SELECT.');
  const depths = depthsOf(tokens);
  const from = tokens.findIndex((_, at) => depths[at] === 0 && isAt(at, ['FROM']));
  const object = tokens[from + 1];
  if (from === -1 || object === undefined || !/^[A-Za-z]\w*$/.test(object.text)) throw badSoql('The query has no object after FROM.');
  const begins: { readonly name: (typeof clauses)[number][0]; readonly at: number; readonly inside: number }[] = [];
  for (let at = from + 2; at < tokens.length; at++) {
    if (depths[at] !== 0) continue;
    if (isAt(at, ['FOR']) || isAt(at, ['UPDATE']) || isAt(at, ['ALL', 'ROWS']))
      throw badSoql(`The query has ${tokens[at]?.text}.`, [
        'Leave out FOR, UPDATE and ALL ROWS. Deleted records are read with deleted: true',
      ]);
    const next = clauses.find(([, words]) => isAt(at, words));
    if (next !== undefined) begins.push({ name: next[0], at, inside: at + next[1].length });
    else if (at === from + 2)
      throw badSoql(`Behind ${object.text} it has ${tokens[at]?.text}.`, ['Name one object, without an alias: FROM Contact']);
  }
  const order = begins.map(({ name }) => clauses.findIndex(([one]) => one === name));
  if (order.some((place, i) => i > 0 && place <= (order[i - 1] ?? 0))) throw badSoql('The clauses are not in the order of SOQL.');
  const found = Object.fromEntries(
    begins.map(({ name, inside }, i) => {
      const [first, last] = [tokens[inside], tokens[(begins[i + 1]?.at ?? tokens.length) - 1]];
      if (first === undefined || last === undefined || last.start < first.start)
        throw badSoql(`The clause ${name.toUpperCase()} is empty.`);
      return [name, soql.slice(first.start, last.end)];
    }),
  ) as SoqlQuery['clauses'];
  const items = itemsOf(soql, tokens.slice(1, from), depths.slice(1, from));
  const isAggregate = found.group !== undefined || items.some((item) => item.function !== undefined);
  return { items: placed(items, isAggregate), object: object.text, clauses: found, isAggregate };
}

function depthsOf(tokens: readonly Token[]): readonly number[] {
  let depth = 0;
  const depths = tokens.map(({ text }) => {
    if (text === ')') depth--;
    if (depth < 0) throw badSoql('It has a ) without a (.');
    const here = depth;
    if (text === '(') depth++;
    return here;
  });
  if (depth > 0) throw badSoql('It has a ( without a ).');
  return depths;
}

type Selected = Omit<SoqlItem, 'path'>;

function itemsOf(soql: string, tokens: readonly Token[], depths: readonly number[]): readonly Selected[] {
  const ends = [...tokens.keys()].filter((at) => depths[at] === 0 && tokens[at]?.text === ',');
  return [...ends, tokens.length].map((end, i) => itemOf(soql, tokens.slice(i === 0 ? 0 : (ends[i - 1] ?? 0) + 1, end)));
}

function itemOf(soql: string, tokens: readonly Token[]): Selected {
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first === undefined || last === undefined) throw badSoql('The query selects nothing between two commas.');
  const text = soql.slice(first.start, last.end);
  const plain = /^([A-Za-z][\w.]*)(?:\s+([A-Za-z]\w*))?$/.exec(text);
  if (plain !== null) return { text, field: (plain[1] ?? '').split('.'), ...(plain[2] === undefined ? {} : { alias: plain[2] }) };
  const [, name = '', argument = '', alias] = /^([A-Za-z_]+)\s*\(\s*([\w.]*)\s*\)(?:\s+([A-Za-z]\w*))?$/.exec(text) ?? [];
  const called = name.toUpperCase();
  if (called === 'COUNT' && argument === '') throw badSoql('COUNT() returns no record.', ['Count a field: COUNT(Id) records']);
  if (!aggregates.has(called) && !dateFunctions.has(called))
    throw badSoql(`It selects ${text.slice(0, 60)}.`, [
      'Select fields, fields of parents (Account.Name), COUNT, COUNT_DISTINCT, SUM, AVG, MIN, MAX and functions of dates',
      'Read records of children as a separate entity',
    ]);
  return { text, field: argument.split('.'), function: called, ...(alias === undefined ? {} : { alias }) };
}

/** The items with the paths of their values. The org itself names values of groups without an alias: `expr0`, `expr1`. */
function placed(items: readonly Selected[], isAggregate: boolean): readonly SoqlItem[] {
  let unnamed = 0;
  const all = items.map((item): SoqlItem => {
    const { alias } = item;
    if (!isAggregate && alias !== undefined) throw badSoql(`${item.text} has an alias.`, ['SOQL has aliases only with GROUP BY']);
    if (item.function === undefined && item.field.length > 1 && isAggregate && alias === undefined)
      throw badSoql(`${item.text} has no alias.`, [`Add an alias: ${item.text} ${item.field.join('_').slice(0, 40)}`]);
    if (item.function !== undefined && alias === undefined) return { ...item, path: [`expr${unnamed++}`] };
    return { ...item, path: alias === undefined ? item.field : [alias] };
  });
  const names = all.map(({ path }) => path.join('_'));
  const twice = names.find((name, i) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) < i);
  if (twice !== undefined) throw badSoql(`It selects ${twice} twice.`);
  return all;
}

/** The query without its selected items and limits. If this text changes later, the query counts as another source. */
export function conditionText({ object, clauses: { limit, offset, ...found } }: SoqlQuery): string {
  return JSON.stringify([object, found, limit ?? '', offset ?? '']);
}
