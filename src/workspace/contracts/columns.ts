/** Turns the columns of a contract into rules that judge one row. */
import { describeType } from '../../frames/describe-type.ts';
import { compareTexts, isFloat } from '../../frames/rules/measures.ts';
import type { Rule, Severity, TextFormat } from '../../frames/rules/rule.ts';
import type { ValueKind } from '../../frames/rules/value-kinds.ts';
import { valueText } from '../../frames/rules/value-text.ts';
import type { DataType } from '../../frames/schema.ts';
import { canBeWatermark } from '../../frames/watermark-text.ts';
import type { WrittenColumn } from '../schema/validation-schema.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, entry, type MapNode, type Scalar, type Tree } from '../yaml/tree.ts';
import { type Placed, quotedColumn } from './contract.ts';
import { patternProblem } from './expressions.ts';

export interface ColumnNode {
  readonly name: string;
  readonly spot: Spot;
  readonly tree: MapNode;
  /** The written column, after validation by its schema. */
  readonly read: WrittenColumn;
}

export interface Around {
  /** Lines of the file that `in_file` names; null: the problem with the file was reported. */
  listIn(path: Scalar): Promise<readonly string[] | null>;
  readonly problems: Problems;
}

/** The operator of each key that compares a column with another column of the same row. */
const comparisons = { less_than: '<', at_most: '<=', more_than: '>', at_least: '>=' } as const;

/** Keys for which the type of the column must be known. */
const ofValues = ['min', 'max', 'length', 'regex', 'in', 'in_file', 'format'] as const;

export async function rulesOfColumn(column: ColumnNode, around: Around): Promise<readonly Placed<Rule>[]> {
  const { name, tree, read } = column;
  const severity = read.severity === undefined ? {} : { severity: read.severity };
  const make = new ColumnRules(name, severity);
  const spotOf = (key: string) => entry(tree, key)?.spot ?? column.spot;
  const made: (Placed<Rule> | undefined)[] = [];
  if (read.nullable === false) made.push({ spot: spotOf('nullable'), value: make.notNull() });
  for (const [key, sign] of Object.entries(comparisons)) {
    const other = child(tree, key);
    if (other?.kind === 'scalar') made.push({ spot: other.spot, value: make.compared(key, sign, other.text) });
  }
  const untyped = ofValues.find((key) => entry(tree, key) !== undefined);
  if (read.type === undefined) {
    if (untyped !== undefined) needsType(column, untyped, around.problems);
    return made.filter((one) => one !== undefined);
  }
  const { type } = read;
  made.push(between({ column, type, make }, around.problems));
  made.push(lengthOf({ column, type, make }, around.problems));
  made.push(await matching({ column, type, make }, around.problems));
  made.push(await oneOf({ column, type, make }, around));
  if (read.format !== undefined && isText(column, type, { key: 'format', problems: around.problems }))
    made.push({ spot: spotOf('format'), value: make.format(read.format) });
  return made.filter((one) => one !== undefined);
}

/** The name of a rule consists of the column and the key that sets the rule. */
export class ColumnRules {
  readonly #column: string;
  readonly #severity: { readonly severity?: Severity };

  constructor(column: string, severity: { readonly severity?: Severity }) {
    this.#column = column;
    this.#severity = severity;
  }

  #of(key: string) {
    return { name: `${this.#column} ${key}`, column: this.#column, ...this.#severity };
  }

  notNull(): Rule {
    return { ...this.#of('not null'), what: 'not null' };
  }

  /** @param as null: all kinds of values. */
  there(as: ValueKind | null): Rule {
    return { ...this.#of(as === null ? 'is there' : `is ${as}`), what: 'there', as };
  }

  noneOf(texts: readonly string[], orNull: boolean): Rule {
    return { ...this.#of('missing'), what: 'none of', texts, ...(orNull ? { orNull: true } : {}) };
  }

  /** One bound of a column, under its name in a data contract. */
  bounded(key: string, { end, excluded, text }: { readonly end: 'min' | 'max'; readonly excluded?: true; readonly text: string }): Rule {
    const both = { min: null, max: null, [end]: text };
    const excludes = excluded === undefined ? {} : end === 'min' ? { excludesMin: excluded } : { excludesMax: excluded };
    return { ...this.#of(key), what: 'between', ...both, ...excludes };
  }

  between(min: string | null, max: string | null): Rule {
    return { ...this.#of(min === null ? 'max' : max === null ? 'min' : 'min and max'), what: 'between', min, max };
  }

  length(min: number | null, max: number | null): Rule {
    return { ...this.#of('length'), what: 'length', min, max };
  }

  /** @param written the bound as written in the contract. */
  matches(pattern: string, written = pattern): Rule {
    return { ...this.#of('regex'), what: 'matches', pattern, ...(written === pattern ? {} : { written }) };
  }

  format(format: TextFormat): Rule {
    return { ...this.#of('format'), what: 'format', format };
  }

  oneOf(texts: readonly string[], key = 'in'): Rule {
    return { ...this.#of(key), what: 'one of', texts };
  }

  compared(key: string, sign: string, other: string): Rule {
    return this.holds(`${key} ${other}`, `${quotedColumn(this.#column)} ${sign} ${quotedColumn(other)}`);
  }

  holds(key: string, check: string): Rule {
    return { ...this.#of(key), what: 'holds', check, when: null };
  }
}

interface TypedColumn {
  readonly column: ColumnNode;
  readonly type: DataType;
  readonly make: ColumnRules;
}

function between({ column, type, make }: TypedColumn, problems: Problems): Placed<Rule> | undefined {
  const { tree } = column;
  const [min, max] = [scalarAt(tree, 'min'), scalarAt(tree, 'max')];
  const spot = entry(tree, 'min')?.spot ?? entry(tree, 'max')?.spot;
  if (spot === undefined) return undefined;
  if (!hasOrder(type)) return notFor(column, type, { key: min === undefined ? 'max' : 'min', problems });
  const [from, to] = [min && canonicalValue(type, min, problems), max && canonicalValue(type, max, problems)];
  if ((min && from === undefined) || (max && to === undefined)) return undefined;
  if (from !== undefined && to !== undefined && isAbove(type, from, to)) {
    problems.add({
      code: 'HYG-1013',
      what: `\`min\` of ${quoted(column.name)} is above its \`max\`, so no value would pass.`,
      tryThis: ['Exchange the two.'],
      spot: min?.spot ?? spot,
    });
    return undefined;
  }
  return { spot, value: make.between(from ?? null, to ?? null) };
}

/** Whether values of the type can have bounds. */
export function hasOrder(type: DataType): boolean {
  return canBeWatermark(type) || isFloat(type);
}

/** Both values are in canonical text. */
export function isAbove(type: DataType, a: string, b: string): boolean {
  return compareTexts(type, a, b) > 0;
}

function lengthOf({ column, type, make }: TypedColumn, problems: Problems): Placed<Rule> | undefined {
  const { length } = column.read;
  if (length === undefined || !isText(column, type, { key: 'length', problems })) return undefined;
  const spot = entry(column.tree, 'length')?.spot ?? column.spot;
  const [min, max] = typeof length === 'number' ? [length, length] : 'length' in length ? length : [length.min ?? null, length.max ?? null];
  if (min !== null && max !== null && min > max) {
    problems.add({
      code: 'HYG-1013',
      what: `The least \`length\` of ${quoted(column.name)} is above its largest, so no value would pass.`,
      tryThis: ['Exchange the two.'],
      spot,
    });
    return undefined;
  }
  return { spot, value: make.length(min, max) };
}

async function matching({ column, type, make }: TypedColumn, problems: Problems): Promise<Placed<Rule> | undefined> {
  const written = scalarAt(column.tree, 'regex');
  if (written === undefined || !isText(column, type, { key: 'regex', problems })) return undefined;
  const pattern = String(written.value);
  return (await isPattern(pattern, { spot: written.spot, problems })) ? { spot: written.spot, value: make.matches(pattern) } : undefined;
}

/** Whether Rust accepts the pattern. If not, the reason was reported. */
async function isPattern(pattern: string, { spot, problems }: { readonly spot: Spot; readonly problems: Problems }): Promise<boolean> {
  const wrong = await patternProblem(pattern);
  if (wrong === null) return true;
  problems.add({
    code: 'HYG-1100',
    what: `${quoted(pattern)} is not a valid regular expression of Rust: ${wrong}.`,
    why: [
      'Patterns have the syntax of Rust. These patterns never backtrack, so they are fast. But they have no look-around and no references to groups.',
    ],
    tryThis: ['Write the pattern without look-around and references, or write the condition as a rule: `rules: [{ name: …, check: … }]`.'],
    spot,
  });
  return false;
}

async function oneOf({ column, type, make }: TypedColumn, { listIn, problems }: Around): Promise<Placed<Rule> | undefined> {
  const { tree, name } = column;
  const [list, file] = [child(tree, 'in'), scalarAt(tree, 'in_file')];
  if (list === undefined && file === undefined) return undefined;
  const spot = list?.spot ?? file?.spot ?? column.spot;
  if (list !== undefined && file !== undefined) {
    problems.add({
      code: 'HYG-1010',
      what: `${quoted('in_file')} of ${quoted(name)} has no meaning next to ${quoted('in')}.`,
      tryThis: ['Remove one of the two.'],
      spot: file.spot,
    });
    return undefined;
  }
  if (!canBeWatermark(type)) return notFor(column, type, { key: list === undefined ? 'in_file' : 'in', problems });
  if (list?.kind === 'list') {
    const texts = list.items.map((item) => (item.kind === 'scalar' ? canonicalValue(type, item, problems) : undefined));
    return texts.every((text) => text !== undefined) ? { spot, value: make.oneOf(distinct(texts)) } : undefined;
  }
  const lines = file && (await listIn(file));
  if (!file || !lines) return undefined;
  const texts = lines.map((line) => valueText(type, line));
  const wrong = texts.indexOf(undefined);
  if (wrong === -1) return { spot, value: make.oneOf(distinct(texts.filter((text) => text !== undefined)), 'in_file') };
  problems.add({
    code: 'HYG-1013',
    what: `Line ${wrong + 1} of ${file.shown} is not a valid ${describeType(type)}: ${quoted(lines[wrong] ?? '')}.`,
    tryThis: [`Write values of type ${describeType(type)}, one a line, or correct the type of ${quoted(name)}.`],
    spot: file.spot,
  });
  return undefined;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function scalarAt(tree: Tree, key: string): Scalar | undefined {
  const held = child(tree, key);
  return held?.kind === 'scalar' && held.value !== null ? held : undefined;
}

/** The canonical text of a written value; undefined: the value does not fit the type, which was reported. */
export function canonicalValue(type: DataType, written: Scalar, problems: Problems): string | undefined {
  const text = valueText(type, typeof written.value === 'string' ? written.value : written.text);
  if (text !== undefined && !/nan$/i.test(isFloat(type) ? text : '')) return text;
  problems.add({
    code: 'HYG-1013',
    what: `${quoted(written.shown)} is not a valid ${describeType(type)}.`,
    tryThis: [`Write a value of that type, or correct the column's \`type\`.`],
    spot: written.spot,
  });
  return undefined;
}

interface AboutKey {
  readonly key: string;
  readonly problems: Problems;
}

function isText(column: ColumnNode, type: DataType, about: AboutKey): boolean {
  if (type.kind === 'string') return true;
  notFor(column, type, about);
  return false;
}

function notFor({ tree, spot, name }: ColumnNode, type: DataType, { key, problems }: AboutKey): undefined {
  problems.add({
    code: 'HYG-1010',
    what: `${quoted(key)} has no effect on ${quoted(name)}, a column of type ${describeType(type)}.`,
    tryThis: [`Remove ${quoted(key)}, or correct the type.`],
    spot: entry(tree, key)?.spot ?? spot,
  });
  return undefined;
}

function needsType({ tree, name, spot }: ColumnNode, key: string, problems: Problems): void {
  problems.add({
    code: 'HYG-1012',
    what: `\`type\` is missing: ${quoted(key)} of ${quoted(name)} needs to know how values are compared.`,
    tryThis: [`Add the type that the column settles with: \`type: ${key === 'min' || key === 'max' ? 'int64' : 'string'}\`.`],
    spot: entry(tree, key)?.spot ?? spot,
    missing: `columns.${name}.type`,
  });
}
