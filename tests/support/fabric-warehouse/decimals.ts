/** Decimals lie in SQLite as texts: how they are compared, ordered and added up by their value. */
import type { DatabaseSync } from 'node:sqlite';
import { dottedAt, type Token, tokensOf } from '../tsql/scan.ts';

const places = 38;

/** Of every number that T-SQL writes, in units of 38 digits; undefined: it is none. */
function unitsOf(value: unknown): bigint | undefined {
  const text = typeof value === 'number' ? value.toFixed(20) : String(value);
  const [, sign, whole = '', fraction = ''] = /^\s*([-+]?)(\d+)(?:\.(\d*))?\s*$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const units = BigInt(whole + fraction.padEnd(places, '0').slice(0, places));
  return sign === '-' ? -units : units;
}

const scaleOf = (value: unknown): number => String(value).split('.')[1]?.length ?? 0;

function decimalOf(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const kept = scale === 0 ? digits.slice(0, -places) : `${digits.slice(0, -places)}.${digits.slice(-places).slice(0, scale)}`;
  return units < 0n ? `-${kept}` : kept;
}

export function addDecimals(sqlite: DatabaseSync): void {
  const function_ = (name: string, of: (...given: unknown[]) => unknown) =>
    sqlite.function(name, { varargs: true, useBigIntArguments: true, deterministic: true }, of as never);
  function_('hygge_compare', (one, other) => {
    if (one === null || other === null) return null;
    const [a, b] = [unitsOf(one), unitsOf(other)];
    const [x, y] = a === undefined || b === undefined ? [String(one), String(other)] : [a, b];
    return x < y ? -1 : x > y ? 1 : 0;
  });
  function_('hygge_order', (value) => {
    const units = unitsOf(value);
    return value === null || units === undefined
      ? value
      : `${units < 0n ? 0 : 1}${String(units + (units < 0n ? 10n ** 78n : 0n)).padStart(78, '0')}`;
  });
  const aggregates: Readonly<Record<string, (one: string, other: string) => string>> = {
    hygge_min: (one, other) => ((unitsOf(other) ?? 0n) < (unitsOf(one) ?? 0n) ? other : one),
    hygge_max: (one, other) => ((unitsOf(other) ?? 0n) > (unitsOf(one) ?? 0n) ? other : one),
    hygge_sum: (one, other) => decimalOf((unitsOf(one) ?? 0n) + (unitsOf(other) ?? 0n), Math.max(scaleOf(one), scaleOf(other))),
  };
  for (const [name, add] of Object.entries(aggregates))
    sqlite.aggregate(name, {
      ...{ start: null, useBigIntArguments: true },
      step: ((one: string | null, value: unknown) =>
        value === null ? one : one === null ? String(value) : add(one, String(value))) as never,
    });
}

interface Operand {
  readonly from: number;
  readonly to: number;
}

/** The operand that ends in front of a token: a name, a literal, or a call. */
function before(tokens: readonly Token[], at: number): Operand | undefined {
  let from = at - 1;
  if (tokens[from]?.text === ')') {
    const depth = tokens[from]?.depth;
    while (from >= 0 && !(tokens[from]?.text === '(' && tokens[from]?.depth === depth)) from--;
    if (tokens[from - 1]?.kind === 'word') from--;
  }
  while (tokens[from - 1]?.text === '.') from -= 2;
  return from < 0 ? undefined : { from, to: at - 1 };
}

function after(tokens: readonly Token[], at: number): Operand | undefined {
  const from = at + 1;
  let to = tokens[from]?.text === '-' ? from + 1 : from;
  const one = tokens[to];
  if (one === undefined) return undefined;
  if (one.kind === 'word' || one.kind === 'name') to = dottedAt(tokens, to).next - 1;
  const open = one.text === '(' ? to : to + 1;
  if (tokens[open]?.text === '(') {
    const depth = tokens[open]?.depth;
    to = open;
    while (to < tokens.length && !(tokens[to]?.text === ')' && tokens[to]?.depth === depth)) to++;
  }
  return { from, to };
}

const bare = (text: string): string => text.replace(/^\[|\]$/g, '');

/** A query in which decimals are compared, ordered and added up by their value. @param columns those of decimals, by name. */
export function byValue(sql: string, columns: ReadonlySet<string>): string {
  const tokens = tokensOf(sql);
  const isColumn = ({ to }: Operand) => tokens[to]?.kind !== 'text' && columns.has(bare(tokens[to]?.text ?? ''));
  const isConverted = ({ from }: Operand) =>
    /^(TRY_)?CONVERT$/i.test(tokens[from]?.text ?? '') && /^(decimal|numeric)$/i.test(tokens[from + 2]?.text ?? '');
  const changes: { readonly at: number; readonly end: number; readonly by: string }[] = [];
  let ordering: number | undefined;
  for (const [at, one] of tokens.entries()) {
    if (ordering !== undefined && (one.depth < ordering || /^(ROWS|RANGE|OFFSET|OPTION)$/i.test(one.text))) ordering = undefined;
    if (one.kind === 'word' && /^ORDER$/i.test(one.text)) ordering = one.depth;
    if (/^(=|<|>|<=|>=|<>|!=)$/.test(one.text)) {
      const [left, right] = [before(tokens, at), after(tokens, at)];
      if (!left || !right || ![left, right].some((side) => isColumn(side) || isConverted(side))) continue;
      const text = ({ from, to }: Operand) => sql.slice(tokens[from]?.at, tokens[to]?.end);
      changes.push({
        at: tokens[left.from]?.at ?? 0,
        end: tokens[right.to]?.end ?? 0,
        by: `hygge_compare(${text(left)}, ${text(right)}) ${one.text} 0`,
      });
    } else if (one.kind === 'word' && /^(MIN|MAX|SUM)$/i.test(one.text) && tokens[at + 1]?.text === '(') {
      const inner = after(tokens, at + 1);
      const isWhole = inner !== undefined && tokens[inner.to + 1]?.text === ')';
      if (inner && isWhole && (isColumn(inner) || isConverted(inner)))
        changes.push({ at: one.at, end: one.end, by: `hygge_${one.text.toLowerCase()}` });
    } else if (ordering === one.depth && (one.kind === 'word' || one.kind === 'name') && columns.has(bare(one.text))) {
      const whole = before(tokens, at + 1);
      if (whole)
        changes.push({ at: tokens[whole.from]?.at ?? 0, end: one.end, by: `hygge_order(${sql.slice(tokens[whole.from]?.at, one.end)})` });
    }
  }
  let [text, from] = ['', 0];
  for (const { at, end, by } of changes) {
    if (at < from) continue;
    text += sql.slice(from, at) + by;
    from = end;
  }
  return text + sql.slice(from);
}
