/** The part of SOQL that the strict server knows. Anything else is MALFORMED_QUERY. https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/ */

/** A value of a record: a text, a truth, a number as it is written, or nothing. */
export type Value = string | boolean | null | { readonly number: string };
export type SalesRecord = Readonly<Record<string, Value>>;

export type Condition =
  | { readonly and: readonly Condition[] }
  | { readonly or: readonly Condition[] }
  | { readonly field: string; readonly is: '=' | '!=' | '<' | '<=' | '>' | '>='; readonly to: Value };

/** A field, also of a parent (`Owner.Name`), or what a function makes of one. */
export interface Item {
  readonly field: string;
  readonly call: string | undefined;
  /** What it is called in a group. */
  readonly alias: string;
}

export interface Soql {
  readonly items: readonly Item[];
  readonly fields: readonly string[];
  readonly object: string;
  readonly where: Condition | undefined;
  /** Undefined: its rows are records. */
  readonly groupBy: readonly string[] | undefined;
  readonly orderBy: string | undefined;
  readonly isDescending: boolean;
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

export class Malformed extends Error {}

const token =
  /\s*('(?:[^'\\]|\\.)*'|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|\d{4}-\d\d-\d\d|-?\d+(?:\.\d+)?|[A-Za-z][\w.]*|<=|>=|!=|[=<>(),])/y;

export function parseSoql(text: string): Soql {
  const words: string[] = [];
  token.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ''; at = token.lastIndex) {
    const found = token.exec(text);
    if (found === null) throw new Malformed(`unexpected token: '${text.slice(at, at + 20)}'`);
    words.push(found[1] ?? '');
  }
  let at = 0;
  const next = () => words[at++] ?? '';
  const isAt = (word: string) => words[at]?.toUpperCase() === word;
  const take = (word: string) => {
    if (!isAt(word)) throw new Malformed(`expecting ${word}, found '${words[at] ?? 'the end'}'`);
    at++;
  };
  const name = () => {
    const found = next();
    if (!/^[A-Za-z]\w*(\.\w+)*$/.test(found)) throw new Malformed(`expecting a name, found '${found}'`);
    return found;
  };
  const either = (): Condition => {
    const all = [both()];
    while (isAt('OR')) {
      at++;
      all.push(both());
    }
    return all.length === 1 ? (all[0] as Condition) : { or: all };
  };
  const both = (): Condition => {
    const all = [one()];
    while (isAt('AND')) {
      at++;
      all.push(one());
    }
    // SOQL has no precedence between the two: a mixture needs brackets.
    if (all.length > 1 && isAt('OR')) throw new Malformed("unexpected token: 'OR'");
    return all.length === 1 ? (all[0] as Condition) : { and: all };
  };
  const one = (): Condition => {
    if (isAt('(')) {
      at++;
      const inside = either();
      take(')');
      return inside;
    }
    const field = name();
    const is = next();
    if (!/^(=|!=|<|<=|>|>=)$/.test(is)) throw new Malformed(`unexpected token: '${is}'`);
    return { field, is: is as '=', to: literal(next()) };
  };
  take('SELECT');
  let unnamed = 0;
  const item = (): Item => {
    const first = name();
    const isCall = words[at] === '(';
    let field = first;
    if (isCall) {
      at++;
      if (!/^(COUNT|COUNT_DISTINCT|SUM|MIN|MAX|CALENDAR_YEAR)$/i.test(first)) throw new Malformed(`unexpected token: '${first}'`);
      field = name();
      take(')');
    }
    const isNamed = words[at] !== ',' && !isAt('FROM');
    const alias = isNamed ? name() : isCall ? `expr${unnamed++}` : field;
    return { field, call: isCall ? first.toUpperCase() : undefined, alias };
  };
  const items = [item()];
  while (isAt(',')) {
    at++;
    items.push(item());
  }
  take('FROM');
  const object = name();
  let where: Condition | undefined;
  if (isAt('WHERE')) {
    at++;
    where = either();
  }
  let groupBy: string[] | undefined = items.some(({ call }) => call !== undefined) ? [] : undefined;
  if (isAt('GROUP')) {
    at++;
    take('BY');
    const group = () => {
      const first = name();
      if (words[at] !== '(') return first;
      at++;
      const of = `${first.toUpperCase()}(${name()})`;
      take(')');
      return of;
    };
    groupBy = [group()];
    while (isAt(',')) {
      at++;
      groupBy.push(group());
    }
  }
  if (groupBy === undefined && items.some(({ alias, field }) => alias !== field))
    throw new Malformed('only aggregate expressions use field aliasing');
  let orderBy: string | undefined;
  let isDescending = false;
  if (isAt('ORDER')) {
    at++;
    take('BY');
    orderBy = name();
    isDescending = isAt('DESC');
    if (isDescending || isAt('ASC')) at++;
  }
  const counted = (word: string) => {
    if (!isAt(word)) return undefined;
    at++;
    return Number(next());
  };
  const limit = counted('LIMIT');
  const offset = counted('OFFSET');
  if (at < words.length) throw new Malformed(`unexpected token: '${words[at]}'`);
  return { items, fields: items.map(({ field }) => field), object, where, groupBy, orderBy, isDescending, limit, offset };
}

function literal(word: string): Value {
  if (word.startsWith("'")) return word.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  if (/^(true|false)$/i.test(word)) return word.toLowerCase() === 'true';
  if (/^null$/i.test(word)) return null;
  if (/^\d{4}-/.test(word)) return word.length === 10 ? word : new Date(word).toISOString();
  if (/^-?\d/.test(word)) return { number: word };
  throw new Malformed(`unexpected token: '${word}'`);
}

export function fieldsOf(condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return [];
  if ('and' in condition) return condition.and.flatMap(fieldsOf);
  return 'or' in condition ? condition.or.flatMap(fieldsOf) : [condition.field];
}

/** The order of two values of a field. */
export type Order = (a: Value, b: Value, field: string) => number;

/** @param valueAt of a field of a record, also of a parent. */
export function holds(condition: Condition | undefined, valueAt: (field: string) => Value, inOrder: Order = compare): boolean {
  if (condition === undefined) return true;
  if ('and' in condition) return condition.and.every((one) => holds(one, valueAt, inOrder));
  if ('or' in condition) return condition.or.some((one) => holds(one, valueAt, inOrder));
  const { field, is, to } = condition;
  const value = valueAt(field);
  const same = value === to || (value !== null && to !== null && typeof value === typeof to && inOrder(value, to, field) === 0);
  if (is === '=') return same;
  if (is === '!=') return !same;
  if (value === null || to === null) return false;
  const order = inOrder(value, to, field);
  return is === '<' ? order < 0 : is === '<=' ? order <= 0 : is === '>' ? order > 0 : order >= 0;
}

export function compare(a: Value, b: Value): number {
  const [one, other] = [a, b].map((value) => (typeof value === 'object' && value !== null ? Number(value.number) : String(value)));
  return one === other ? 0 : (one as string) < (other as string) ? -1 : 1;
}
