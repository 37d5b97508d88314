/** Conditions over one row, in the SQL dialect of Polars. A condition depends only on the row, so its result is the same wherever the row is read. */

import { isNamePattern } from '../native.ts';

/** Functions that return the same result for the same row. Functions are refused if they use other rows, read something, or depend on the time. */
const functions = new Set(
  `abs acos acosd asin asind atan atan2 atan2d atand cbrt ceil ceiling cos cosd cot cotd degrees div exp floor ln log log10 log1p log2 mod pi pow power radians
   round sign sin sind sqrt tan tand
   bit_and bit_count bit_or bit_xor
   coalesce greatest if ifnull least nullif
   bit_length char_length character_length concat concat_ws ends_with initcap left length lower ltrim normalize octet_length position regexp_like replace reverse
   right rtrim split_part starts_with strpos substr substring trim upper
   date date_part extract strftime strptime time timestamp
   cast try_cast
   array_contains array_get array_length array_to_string`.split(/\s+/),
);

/** Words that may come before a parenthesis without being a function. */
const words = new Set(
  `and between case else escape ilike in is like not or regexp rlike similar then to when xor by from for distinct
   char decimal dec float numeric varchar timestamp time`.split(/\s+/),
);

/** Words that are refused, because they begin queries or mean the time. */
const refused = new Set(
  `all any current_date current_time current_timestamp except exists intersect localtime localtimestamp over qualify select some union values window
   with`.split(/\s+/),
);

/** Matches one token. Names may have letters of any script, and may be in double quotes or between backticks. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}_@#][\p{L}\p{M}\p{N}_@#$]*|[^\s]/gu;

/** Says in a sentence why a text is not a condition over one row. Null: no word of the text is refused. Only Polars can decide whether the columns and types fit. */
export function conditionProblem(sql: string): string | null {
  const parts = [...sql.matchAll(token)].map(([text]) => text).filter((text) => !text.startsWith('--') && !text.startsWith('/*'));
  if (parts.length === 0) return 'It is empty.';
  let open = 0;
  for (const [i, part] of parts.entries()) {
    const word = part.toLowerCase();
    const isCalled = parts[i + 1] === '(';
    const follows = parts[i - 1];
    if (part === '(') open++;
    if (part === ')' && --open < 0) return 'A parenthesis is closed that was not opened.';
    if (part === ';') return 'The condition has a semicolon: a rule is one condition.';
    if (part === "'" || part === '"' || part === '`') return 'A quote is not closed.';
    if (!/^[a-z_]/.test(word) || (follows === '.' && !isCalled)) continue;
    if (refused.has(word)) return `${part} is not allowed in rules: a rule sees one row, without other rows or the clock.`;
    if (isCalled && !functions.has(word) && !words.has(word))
      return `${part}(…) is not allowed in rules. Rules may use functions of one row's values: ${few}.`;
  }
  return open > 0 ? 'A parenthesis is not closed.' : null;
}

const quotedText = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\//;
const inexact = new RegExp(`${quotedText.source}|(?<![\\w.])(\\d+)\\.(\\d+)(?![\\w.])|\\bis\\s+(not\\s+)?(true|false)\\b`, 'gi');

/** The most significant digits that every float holds. */
const floatDigits = 15;
const decimalDigits = 38;

/**
 * The condition in a form for which Polars follows SQL. In SQL, null is neither true nor false, but Polars returns null for `null IS TRUE`.
 * A number with more digits than a float holds becomes a decimal.
 */
export function asSqlMeansIt(condition: string): string {
  return condition.replace(
    inexact,
    (text: string, whole: string | undefined, digits: string | undefined, not: string | undefined, truth: string | undefined) => {
      if (truth !== undefined) return `IS ${not === undefined ? 'NOT ' : ''}DISTINCT FROM ${truth}`;
      if (whole === undefined || digits === undefined) return text;
      const length = whole.replace(/^0+/, '').length + digits.length;
      return length > floatDigits && length <= decimalDigits ? `CAST('${text}' AS DECIMAL(${decimalDigits}, ${digits.length}))` : text;
    },
  );
}

/** The name in quotes. Undefined: the text is not a name in quotes. */
function quotedName(text: string): string | undefined {
  const [quote = ''] = text;
  return text.length > 1 && (quote === '"' || quote === '`') ? text.slice(1, -1).replaceAll(quote + quote, quote) : undefined;
}

/** The columns that a condition may use. SQL names may be written in any case. */
export function columnsNamedIn(condition: string, columns: readonly string[]): readonly string[] {
  const names = new Set([...condition.matchAll(token)].map(([text]) => (quotedName(text) ?? text).toLowerCase()));
  return columns.filter((name) => names.has(name.toLowerCase()));
}

/**
 * The condition with other column names, for names that Polars would treat as patterns. Throws, as Polars does, if the condition uses such
 * a name for a column that does not exist.
 * @param others the new names, by the names that the condition has in quotes.
 */
export function withOtherNames(condition: string, others: ReadonlyMap<string, string>): string {
  return condition.replace(token, (text) => {
    const name = quotedName(text);
    if (name === undefined || !isNamePattern(name)) return text;
    const other = others.get(name);
    if (other === undefined) throw new Error(`unable to find column "${name}"; valid columns: ${JSON.stringify([...others.keys()])}`);
    return `"${other}"`;
  });
}

const few = 'abs, round, coalesce, length, lower, trim, starts_with, regexp_like, extract, cast and others';
