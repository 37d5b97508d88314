/** The one statement that answers a request for sums. Its inner SELECT writes values as canonical texts, and its outer SELECT sums the rows of each bucket. */
import type { Division, DivisionPart, SummedColumn, SumsRequest, SumsStatement } from '../../engine/contracts/row-sums.ts';
import { unitsPerSecond } from '../../frames/calendar.ts';
import type { DataType } from '../../frames/schema.ts';
import { parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Engine, Relation, SourceColumn } from '../engine.ts';
import { comparableTextKind, type NoCanonicalText, type RowSums, type SummedText } from '../row-sums.ts';
import { whereAll } from '../select.ts';

/** What the statements need from a home. */
export interface SumsSource {
  readonly engine: Pick<Engine<never>, 'dialect' | 'finiteCondition'> & { readonly rowSums: RowSums };
  readonly relation: Relation;
  readonly specialValues: 'fail' | 'to_null';
}

/** The number of hash bits that divide rows, into 32 buckets. */
const bucketBits = 5;

/** A row without a hash adds this number to the sum. The number is larger than the sum of the hashes of 50 billion rows. */
export const lostHash = 10n ** 30n;

/** The canonical text of a column of the relation, or the reason why the column has no canonical text. */
export function canonicalTextOf(
  { engine, relation, specialValues }: SumsSource,
  { name, type }: SummedColumn,
): SummedText | NoCanonicalText {
  const column = relation.columns.find((one) => one.name === name);
  if (column === undefined) return { unable: `${name} is not a column of ${relation.shown}` };
  const kind = comparableTextKind(column.type);
  if (kind === undefined) return { unable: `the text of ${column.type.kind} values is made while they are read` };
  if (kind !== comparableTextKind(type)) return { unable: `the value is compared as ${type.kind}, but the column is ${column.type.kind}` };
  const found = engine.rowSums.text({ column, specialValues });
  if ('unable' in found) return found;
  const isThere = column.nullable ? [`${engine.dialect.quote(name)} IS NOT NULL`] : [];
  const conditions = [...isThere, ...(found.readIf === undefined ? [] : [found.readIf])];
  const hasValue = conditions.length === 0 ? {} : { hasValue: conditions.map((one) => `(${one})`).join(' AND ') };
  return { ...found, ...hasValue, ...(found.readIf === undefined ? {} : { text: `CASE WHEN ${found.readIf} THEN ${found.text} END` }) };
}

/** Types whose values are in the same order in every system, and can be written as literals. */
const orderedKinds: ReadonlySet<string> = new Set(['number', 'date', 'timestamp', 'instant', 'uuid']);

/** Why rows can’t be divided by the values of a column, as the end of a sentence. Undefined: rows can be divided by the column. */
export function whyNotOrdered({ relation }: SumsSource, { name, type }: SummedColumn): string | undefined {
  const column = relation.columns.find((one) => one.name === name);
  if (column === undefined) return `${name} is not a column of ${relation.shown}`;
  const kind = comparableTextKind(column.type) ?? '';
  if (column.shownAsText || !orderedKinds.has(kind) || kind !== comparableTextKind(type))
    return `values of ${column.type.kind} have another order there`;
  return undefined;
}

/** @param conditions the conditions of the home and of the window. */
export function sumsStatement(
  source: SumsSource,
  { scope: { part }, division, columns, of }: SumsRequest,
  conditions: readonly (string | null | undefined)[],
): SumsStatement {
  const { dialect, rowSums } = source.engine;
  const values = new Values(source);
  const summed = columns.map((column) => values.text(column));
  const hashOf = (key: readonly SummedColumn[]) => rowSums.rowHash(key.map((column) => values.text(column)));
  const hashes = [...new Set([part, division].flatMap((by) => (by?.by === 'hash' ? [hashOf(by.key)] : [])))];
  const byValue = division.by === 'value' ? [`${bucketOf(source, division)} AS hygge_bucket`] : [];
  const where = whereAll([...conditions, part && valuePartCondition(source, part)]);
  const list = [...values.list, ...byValue];
  let from = `(SELECT ${list.length > 0 ? list.join(', ') : '1 AS one'} FROM ${source.relation.from}${where}${fenced(rowSums)}) AS hygge_values`;
  const hashed = [...hashes.map((hash, n) => `${hash} AS k${n}`), `${rowSums.rowHash(summed)} AS hygge_hash`];
  from = `(SELECT hygge_values.*, ${hashed.join(', ')} FROM ${from}${fenced(rowSums)}) AS hygge_hashes`;
  const bits = part?.by === 'hash' && part.bits > 0 ? [`${rowSums.bits('k0', 0, part.bits)} = ${part.prefix}`] : [];
  const bucket = bucketExpression(rowSums, division, `k${hashes.length - 1}`);
  const sums =
    of === 'rows' ? [] : summed.flatMap((one) => [rowSums.integerAsText(dialect.count(one.text)), rowSums.sumAsText(rowSums.hash(one))]);
  const answers = ['bucket', 'rows', 'sum', ...columns.flatMap((_, n) => (of === 'rows' ? [] : [`count_${n + 1}`, `sum_${n + 1}`]))];
  const selected = [
    // MySQL refuses a selected expression that it does not recognise as the expression in GROUP BY, so the value is selected by `min`.
    rowSums.integerAsText(bucket === undefined ? '0' : `min(${bucket})`),
    rowSums.integerAsText(dialect.count('*')),
    rowSums.sumAsText('hygge_hash', String(lostHash)),
    ...sums,
  ];
  const grouped = bucket === undefined ? '' : ` GROUP BY ${bucket}`;
  return {
    sql: `SELECT ${selected.map((one, n) => `${one} AS ${dialect.quote(answers[n] ?? '')}`).join(', ')} FROM ${from}${whereAll(bits)}${grouped}`,
    answers,
  };
}

const fenced = ({ optimizerFence }: RowSums): string => (optimizerFence === undefined ? '' : ` ${optimizerFence}`);

/** Collects canonical texts as columns of the innermost SELECT, each text only once. */
class Values {
  readonly list: string[] = [];
  readonly #source: SumsSource;
  readonly #texts = new Map<string, SummedText>();

  constructor(source: SumsSource) {
    this.#source = source;
  }

  text(column: SummedColumn): SummedText {
    const known = this.#texts.get(column.name);
    if (known !== undefined) return known;
    const found = canonicalTextOf(this.#source, column);
    if ('unable' in found) throw new Error(`sums were requested for ${column.name}: ${found.unable}`);
    const at = this.#texts.size + 1;
    this.list.push(`${found.text} AS v${at}`);
    if (found.hasValue !== undefined) this.list.push(`CASE WHEN ${found.hasValue} THEN 1 ELSE 0 END AS h${at}`);
    const text = { ...found, text: `v${at}`, ...(found.hasValue === undefined ? {} : { hasValue: `h${at} = 1` }) };
    this.#texts.set(column.name, text);
    return text;
  }
}

function bucketExpression(rowSums: RowSums, division: Division, hash: string): string | undefined {
  switch (division.by) {
    case 'nothing':
      return undefined;
    case 'value':
      return 'hygge_bucket';
    case 'hash':
      return rowSums.bits(hash, division.bits, bucketBits);
  }
}

/** The bucket of a row as a tree of comparisons, so that a row needs five comparisons instead of 31. */
function bucketOf(source: SumsSource, { column, bounds }: Division & { readonly by: 'value' }): string {
  const of = comparedColumn(source, column);
  const literals = bounds.map((bound) => literalOf(source, of, column.type, bound));
  const within = (from: number, to: number): string => {
    if (from === to) return String(from);
    const middle = Math.floor((from + to) / 2);
    return `CASE WHEN ${of.ordered} < ${literals[middle]} THEN ${within(from, middle)} ELSE ${within(middle + 1, to)} END`;
  };
  return `CASE WHEN ${of.isNull} THEN ${bounds.length + 1} ELSE ${within(0, bounds.length)} END`;
}

/** The condition for the rows of a part. A part by hashes needs canonical texts, so another function handles it. */
export function valuePartCondition(source: SumsSource, part: DivisionPart): string | undefined {
  if (part.by === 'hash') return undefined;
  const of = comparedColumn(source, part.column);
  if (part.by === 'no value') return of.isNull;
  const edge = (sign: string, text: string | null) =>
    text === null ? [] : [`${of.ordered} ${sign} ${literalOf(source, of, part.column.type, text)}`];
  const edges = [...edge('>=', part.from), ...edge('<', part.below)];
  return [...edges, ...(edges.length === 0 || of.mayBeSpecial ? [`NOT (${of.isNull})`] : [])].join(' AND ');
}

/** The condition for the rows with a hash in the part, written over the columns of the relation. */
export function hashPartCondition(source: SumsSource, part: DivisionPart): string | undefined {
  if (part.by !== 'hash' || part.bits === 0) return undefined;
  const { rowSums } = source.engine;
  const texts = part.key.map((column) => {
    const found = canonicalTextOf(source, column);
    if ('unable' in found) throw new Error(`rows of a hash were requested by ${column.name}: ${found.unable}`);
    return found;
  });
  return `${rowSums.bits(rowSums.rowHash(texts), 0, part.bits)} = ${part.prefix}`;
}

interface ComparedColumn {
  readonly column: SourceColumn;
  readonly ordered: string;
  /** A condition for rows in which the home reads null. */
  readonly isNull: string;
  readonly mayBeSpecial: boolean;
}

export function comparedColumn({ engine, relation, specialValues }: SumsSource, { name }: SummedColumn): ComparedColumn {
  const column = relation.columns.find((one) => one.name === name);
  if (column === undefined) throw new Error(`no column ${name}: the home has been described`);
  const quoted = engine.dialect.quote(name);
  const finite = specialValues === 'to_null' ? engine.finiteCondition?.(quoted, column.type) : undefined;
  const isNull = finite === undefined ? `${quoted} IS NULL` : `${quoted} IS NULL OR NOT (${finite})`;
  return {
    column,
    ordered: engine.dialect.sortExpression(quoted, column.type, column.sourceType),
    isNull,
    mayBeSpecial: finite !== undefined,
  };
}

/**
 * A bound as a literal of the column’s own type. A bound is rounded up to the next value that the column can store. For example, nanoseconds must not be
 * rounded down to the microseconds of the column.
 */
function literalOf({ engine: { dialect } }: SumsSource, { column }: ComparedColumn, type: DataType, text: string): string {
  const own = column.type;
  const fitted = boundInTypeOf(own, type, text);
  return dialect.literal(fitted.type, fitted.text, column.sourceType);
}

interface Bound {
  readonly type: DataType;
  readonly text: string;
}

export function boundInTypeOf(own: DataType, type: DataType, text: string): Bound {
  if (own.kind === 'timestamp' && type.kind === 'timestamp') {
    const key = mustKey(type, text) as bigint;
    const [from, to] = [unitsPerSecond[type.unit], unitsPerSecond[own.unit]];
    return { type: own, text: watermarkText(own, to >= from ? key * (to / from) : ceilOf(key, from / to)) };
  }
  if (comparableTextKind(own) === 'number') {
    const digits = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (digits === null) throw new Error(`${JSON.stringify(text)} is not a number`);
    const [, sign = '', whole = '', fraction = ''] = digits;
    const unscaled = BigInt(`${sign}${whole}${fraction}`);
    const scale = own.kind === 'decimal' ? own.scale : 0;
    const key =
      fraction.length <= scale
        ? unscaled * 10n ** BigInt(scale - fraction.length)
        : ceilOf(unscaled, 10n ** BigInt(fraction.length - scale));
    const fitted = watermarkText({ kind: 'decimal', precision: 38, scale }, key);
    return { type: parsedKey(own, fitted) === undefined ? { kind: 'decimal', precision: 38, scale } : own, text: fitted };
  }
  return { type: own, text: watermarkText(type, mustKey(type, text)) };
}

function mustKey(type: DataType, text: string): bigint | string {
  const key = parsedKey(type, text);
  if (key === undefined) throw new Error(`${JSON.stringify(text)} is not a value of ${type.kind}`);
  return key;
}

function ceilOf(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by > 0n ? quotient + 1n : quotient;
}
