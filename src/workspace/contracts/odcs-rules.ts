/** Turns a property of a data contract into rules for one row: `required`, `logicalType`, `enum` and `logicalTypeOptions`. */
import { didYouMean } from '../../errors/did-you-mean.ts';
import { ipv4Pattern, ipv6Pattern } from '../../frames/rules/addresses.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import { type ValueKind, valueKinds } from '../../frames/rules/value-kinds.ts';
import { listed, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, entry, type MapNode, type Scalar, type Tree, textOf } from '../yaml/tree.ts';
import type { ColumnRules } from './columns.ts';
import { type Placed, quotedColumn } from './contract.ts';
import { NotTranslated, rustPattern } from './ecma-pattern.ts';
import { patternProblem } from './expressions.ts';
import type { OdcsReport } from './odcs-report.ts';

/** A property of a data contract. */
export interface OdcsColumn {
  /** The name of the settled column. */
  readonly name: string;
  readonly tree: MapNode;
  readonly spot: Spot;
  readonly make: ColumnRules;
  /** Whether the contract names the exact type, which is then compared like a type of an expected schema. */
  readonly isTyped: boolean;
}

/** Rules from the keys of a property, except `quality`. */
export async function rulesOf(column: OdcsColumn, report: OdcsReport): Promise<readonly Placed<Rule>[]> {
  const { tree, make, spot } = column;
  const rules: Placed<Rule>[] = [];
  const kind = kindOf(tree, report);
  if (!column.isTyped) rules.push({ spot: entry(tree, 'logicalType')?.spot ?? spot, value: make.there(kind) });
  const requires = ['required', 'primaryKey'].filter((key) => report.isTrue(tree, key))[0];
  if (requires !== undefined) rules.push({ spot: entry(tree, requires)?.spot ?? spot, value: make.notNull() });
  const values = enumOf(tree, report);
  if (values !== undefined) rules.push({ spot: entry(tree, 'enum')?.spot ?? spot, value: make.oneOf(values, 'enum') });
  const options = child(tree, 'logicalTypeOptions');
  if (options?.kind === 'map') rules.push(...(await ofOptions({ column, kind, options }, report)));
  for (const key of ['items', 'properties', 'map']) refuseInside(child(tree, key), report);
  return rules;
}

function kindOf(tree: MapNode, { problems }: OdcsReport): ValueKind | null {
  const written = textOf(tree, 'logicalType');
  const kind = valueKinds.find((one) => one === written);
  if (written === undefined || kind !== undefined) return kind ?? null;
  const near = didYouMean(written, valueKinds);
  problems.add({
    code: 'HYG-1013',
    what: `There is no logical type ${quoted(written)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis: [`Write one of ${listed([...valueKinds])}; the type of the source belongs in \`physicalType\`.`],
    spot: child(tree, 'logicalType')?.spot ?? tree.spot,
  });
  return null;
}

/** The possible values that a property lists. Undefined: the property has no list, or the problem with the list was reported. */
export function enumOf(tree: MapNode, report: OdcsReport): readonly string[] | undefined {
  const list = child(tree, 'enum');
  if (list === undefined) return undefined;
  const values = list.kind === 'list' ? list.items.map((item) => textIn(child(item, 'value'))).filter((text) => text !== undefined) : [];
  if (list.kind === 'list' && values.length > 0 && values.length === list.items.length) return values;
  report.noCounterpart('An `enum` needs at least one entry, each with a `value`.', list.spot);
  return undefined;
}

interface Options {
  readonly column: OdcsColumn;
  /** Null: the property has no logical type. */
  readonly kind: ValueKind | null;
  readonly options: MapNode;
}

type Option = Options & { readonly key: string; readonly written: Scalar | undefined; readonly spot: Spot };

const ends = {
  minimum: { end: 'min' },
  maximum: { end: 'max' },
  exclusiveMinimum: { end: 'min', excluded: true },
  exclusiveMaximum: { end: 'max', excluded: true },
} as const;

const ofNumbers = ['multipleOf', ...Object.keys(ends)];

/** Options that hygge reads for each logical type. */
export const optionsOf: Readonly<Record<ValueKind, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  date: [...Object.keys(ends), 'format'],
  timestamp: [...Object.keys(ends), 'format', 'timezone', 'defaultTimezone'],
  time: [...Object.keys(ends), 'format', 'timezone', 'defaultTimezone'],
  number: [...ofNumbers, 'format'],
  integer: [...ofNumbers, 'format'],
  object: ['minProperties'],
  array: ['minItems', 'maxItems', 'uniqueItems'],
  boolean: [],
  map: [],
  vector: ['dimensions', 'elementType', 'distanceMetric', 'embeddingModel', 'embeddingModelVersion', 'normalized'],
};

/** Formats that describe the notation or the width of a value, but do not limit the values. */
const notJudged: ReadonlySet<string> = new Set(['password', 'byte', 'binary']);
const formats = { email: 'email', uuid: 'uuid', uri: 'url' } as const;
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const patterns: Readonly<Record<string, string>> = {
  ipv4: ipv4Pattern,
  ipv6: ipv6Pattern,
  hostname: `^${label}(?:\\.${label})*$`,
};

async function ofOptions(of: Options, report: OdcsReport): Promise<readonly Placed<Rule>[]> {
  const rules: Placed<Rule>[] = [];
  for (const [key, { value, spot }] of of.options.entries) {
    if (of.kind !== null && !optionsOf[of.kind].includes(key))
      report.noCounterpart(`${quoted(key)} of the logical type ${quoted(of.kind)} is not checked by hygge.`, spot);
    else rules.push(...(await ofOption({ ...of, key, written: scalarOf(value), spot }, report)));
  }
  const length = lengthOf(of, report);
  return length === undefined ? rules : [...rules, length];
}

async function ofOption(option: Option, report: OdcsReport): Promise<readonly Placed<Rule>[]> {
  const { column, key, written, spot, kind } = option;
  const { name, make } = column;
  const place = (value: Rule | undefined) => (value === undefined ? [] : [{ spot, value }]);
  if (key in ends) return place(boundOf(option, report));
  const number = written === undefined ? undefined : numberText(written);
  switch (key) {
    case 'minLength':
    case 'maxLength':
    case 'timezone':
    case 'defaultTimezone':
      return [];
    case 'pattern': {
      if (written === undefined) break;
      return place(await matching(make, { pattern: String(written.value), spot }, report));
    }
    case 'format':
      return kind === 'string' || kind === null ? place(formatOf(option, report)) : [];
    case 'multipleOf':
      if (number === undefined || number.includes('.') || kind === 'number') break;
      return place(make.holds(key, `${quotedColumn(name)} % ${number} = 0`));
    case 'minItems':
    case 'maxItems':
      if (number === undefined) break;
      if (key === 'minItems' && number === '0') return [];
      return place(make.holds(key, `ARRAY_LENGTH(${quotedColumn(name)}) ${key === 'minItems' ? '>=' : '<='} ${number}`));
    case 'uniqueItems':
      if (written?.value === false) return [];
      break;
    case 'minProperties':
      if (number === '0') return [];
      break;
    default:
      // Options of a vector are ignored, because they describe how the vector is made.
      if (kind === 'vector') return [];
  }
  report.noCounterpart(
    written === undefined && ['pattern', 'minItems', 'maxItems'].includes(key)
      ? `${quoted(key)} needs one value.`
      : `${quoted(key)} of the logical type ${quoted(kind ?? 'string')} is not checked by hygge.`,
    spot,
  );
  return [];
}

/** Patterns of the standard follow ECMA-262. Undefined: the reason why the pattern can't be used was reported. */
export async function matching(
  make: ColumnRules,
  { pattern, spot }: { readonly pattern: string; readonly spot: Spot },
  { problems }: OdcsReport,
): Promise<Rule | undefined> {
  let wrong: string | null;
  try {
    const rust = rustPattern(pattern);
    wrong = await patternProblem(rust);
    if (wrong === null) return make.matches(rust, pattern);
  } catch (error) {
    if (!(error instanceof NotTranslated)) throw error;
    wrong = error.message;
  }
  problems.add({
    code: 'HYG-1100',
    what: `hygge can’t use the pattern ${quoted(pattern)}: ${wrong.replace(/\.+$/, '')}.`,
    why: ['Patterns of a data contract are regular expressions of ECMA-262. hygge matches them in linear time, without backtracking.'],
    tryThis: [
      'Write the pattern without that syntax. The condition of a look-ahead can be a separate check: `quality: [{ metric: invalidValues, arguments: { pattern: … }, mustBe: 0, name: … }]`.',
      "Or write a rule in a contract of hygge's own: `rules: [{ name: …, check: … }]`.",
    ],
    spot,
  });
  return undefined;
}

function boundOf({ column, key, written, spot, kind }: Option, report: OdcsReport): Rule | undefined {
  const end = ends[key as keyof typeof ends];
  const text = written === undefined ? undefined : kind === null ? textIn(written) : boundText(kind, written);
  if (text === undefined) {
    report.noCounterpart(
      written === undefined ? `${quoted(key)} needs one value.` : `${quoted(written.shown)} can’t be compared with a ${kind}.`,
      spot,
    );
    return undefined;
  }
  if (kind !== 'time') return column.make.bounded(key, { ...end, text });
  const sign = { min: '>', max: '<' }[end.end] + ('excluded' in end ? '' : '=');
  return column.make.holds(key, `${quotedColumn(column.name)} ${sign} TIME '${text}'`);
}

function boundText(kind: ValueKind, written: Scalar): string | undefined {
  if (kind === 'number' || kind === 'integer') return numberText(written);
  const text = String(written.value);
  const zone = '(?:Z|[+-]\\d{2}:?\\d{2})?';
  if (kind !== 'time')
    return new RegExp(`^\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?${zone})?$`).test(text) ? text : undefined;
  return /^\d{2}:\d{2}$/.test(text) ? `${text}:00` : /^\d{2}:\d{2}:\d{2}(\.\d+)?$/.test(text) ? text : undefined;
}

function formatOf({ column, written, spot }: Option, report: OdcsReport): Rule | undefined {
  const text = written === undefined ? '' : (textIn(written) ?? '');
  const format = formats[text as keyof typeof formats];
  if (format !== undefined) return column.make.format(format);
  const pattern = patterns[text];
  if (pattern !== undefined) return { ...column.make.matches(pattern), name: `${column.name} ${text}` };
  if (!notJudged.has(text)) report.noCounterpart(`Texts of the format ${quoted(text)} are not checked by hygge.`, spot);
  return undefined;
}

function lengthOf({ column, options }: Options, report: OdcsReport): Placed<Rule> | undefined {
  const [min, max] = ['minLength', 'maxLength'].map((key) => {
    const held = entry(options, key);
    if (held === undefined) return null;
    const number = Number(scalarOf(held.value)?.value ?? Number.NaN);
    if (Number.isSafeInteger(number) && number >= 0) return number;
    report.noCounterpart(`${quoted(key)} needs a number of characters.`, held.spot);
    return null;
  });
  if (min == null && max == null) return undefined;
  const spot = (entry(options, 'minLength') ?? entry(options, 'maxLength'))?.spot ?? options.spot;
  return { spot, value: column.make.length(min ?? null, max ?? null) };
}

/** A rule about a value inside a column has no column of its own. */
function refuseInside(tree: Tree | undefined, report: OdcsReport): void {
  if (tree === undefined || tree.kind === 'scalar') return;
  if (tree.kind === 'list') {
    for (const item of tree.items) refuseInside(item, report);
    return;
  }
  for (const [key, { value, spot }] of tree.entries) {
    if (['required', 'unique'].includes(key) ? report.isTrue(tree, key) : ['quality', 'logicalTypeOptions', 'enum'].includes(key))
      report.noCounterpart(`${quoted(key)} of a value inside a column is not checked by hygge.`, spot);
    if (['items', 'properties', 'map', 'key', 'value'].includes(key)) refuseInside(value, report);
  }
}

export function scalarOf(tree: Tree | undefined): Scalar | undefined {
  return tree?.kind === 'scalar' && tree.value !== null ? tree : undefined;
}

/** A value with all its written digits; undefined: the text is not a value of the kind. */
export function textIn(tree: Tree | undefined): string | undefined {
  const scalar = scalarOf(tree);
  return scalar === undefined ? undefined : typeof scalar.value === 'number' ? scalar.text : String(scalar.value);
}

/** The digits of a number; undefined: the text is not a number, or has an exponent. */
export function numberText(tree: Tree | undefined): string | undefined {
  const scalar = scalarOf(tree);
  return typeof scalar?.value === 'number' && /^-?\d+(\.\d+)?$/.test(scalar.text) ? scalar.text : undefined;
}
