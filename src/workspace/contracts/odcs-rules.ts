/** A property of a data contract as rules of one row: `required`, `enum` and `logicalTypeOptions`. */
import type { Rule } from '../../frames/rules/rule.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, entry, type MapNode, type Scalar, type Tree, textOf } from '../yaml/tree.ts';
import { type ColumnRules, isPattern } from './columns.ts';
import { type Placed, quotedColumn } from './contract.ts';

/** A property of a data contract. */
export interface OdcsColumn {
  /** As the column settles. */
  readonly name: string;
  readonly tree: MapNode;
  readonly spot: Spot;
  readonly make: ColumnRules;
}

/** Rules that the keys of a property say, beside its `quality`. */
export async function rulesOf(column: OdcsColumn, problems: Problems): Promise<readonly Placed<Rule>[]> {
  const { tree, make, spot } = column;
  const rules: Placed<Rule>[] = [];
  const requires = ['required', 'primaryKey'].find((key) => isTrue(tree, key));
  if (requires !== undefined) rules.push({ spot: entry(tree, requires)?.spot ?? spot, value: make.notNull() });
  const list = child(tree, 'enum');
  if (list?.kind === 'list') {
    const values = list.items.map((item) => literal(scalarOf(child(item, 'value'))));
    if (values.length > 0 && values.every((value) => value !== undefined))
      rules.push({ spot: list.spot, value: make.holds('enum', `${quotedColumn(column.name)} IN (${values.join(', ')})`) });
    else noCounterpart('An `enum` needs at least one entry, each with a `value`.', list.spot, problems);
  }
  const options = child(tree, 'logicalTypeOptions');
  if (options?.kind === 'map') rules.push(...(await ofOptions(column, options, problems)));
  for (const key of ['items', 'properties', 'map']) refuseInside(child(tree, key), problems);
  return rules;
}

const signs: Readonly<Record<string, string>> = { minimum: '>=', maximum: '<=', exclusiveMinimum: '>', exclusiveMaximum: '<' };

/** Formats that say how a value is written or how wide it is, and not which values there are. */
const notJudged: ReadonlySet<string> = new Set(['password', 'byte', 'binary']);
const formats = { email: 'email', uuid: 'uuid', uri: 'url' } as const;

async function ofOptions(column: OdcsColumn, options: MapNode, problems: Problems): Promise<readonly Placed<Rule>[]> {
  const { name, make, tree } = column;
  const kind = textOf(tree, 'logicalType') ?? 'string';
  const isTime = ['date', 'timestamp', 'time'].includes(kind);
  const rules: Placed<Rule>[] = [];
  const lengths: { min: number | null; max: number | null } = { min: null, max: null };
  for (const [key, { value, spot }] of options.entries) {
    const written = scalarOf(value);
    const sign = signs[key];
    if (written === undefined && key !== 'required') noCounterpart(`${quoted(key)} needs one value.`, spot, problems);
    else if (sign !== undefined && kind !== 'time' && written) {
      const bound = isTime ? timeLiteral(kind, String(written.value)) : numberLiteral(written.text);
      if (bound === undefined) noCounterpart(`${quoted(written.shown)} is no value that a ${kind} can be compared with.`, spot, problems);
      else rules.push({ spot, value: make.holds(key, `${quotedColumn(name)} ${sign} ${bound}`) });
    } else if (key === 'multipleOf' && kind === 'integer' && written && numberLiteral(written.text) !== undefined)
      rules.push({ spot, value: make.holds(key, `${quotedColumn(name)} % ${written.text} = 0`) });
    else if (key === 'minLength' || key === 'maxLength') lengths[key === 'minLength' ? 'min' : 'max'] = Number(written?.value);
    else if (key === 'pattern' && written) {
      const pattern = String(written.value);
      if (await isPattern(pattern, { spot, problems })) rules.push({ spot, value: make.matches(pattern) });
    } else if (key === 'format' && kind === 'string' && written) {
      const format = formats[written.text as keyof typeof formats];
      if (format !== undefined) rules.push({ spot, value: make.format(format) });
      else if (!notJudged.has(written.text))
        noCounterpart(`Texts of the format ${quoted(written.shown)} are not checked by hygge.`, spot, problems);
    } else if (!['format', 'timezone', 'defaultTimezone'].includes(key))
      noCounterpart(`${quoted(key)} of the logical type ${quoted(kind)} is not checked by hygge.`, spot, problems);
  }
  if (lengths.min !== null || lengths.max !== null) rules.push({ spot: options.spot, value: make.length(lengths.min, lengths.max) });
  return rules;
}

function numberLiteral(text: string): string | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? text : undefined;
}

function timeLiteral(kind: string, text: string): string | undefined {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  return kind === 'date' && time === undefined ? `DATE '${day}'` : `TIMESTAMP '${day} ${time ?? '00:00:00'}'`;
}

/** A rule of what lies inside a value has no column of its own. */
function refuseInside(tree: Tree | undefined, problems: Problems): void {
  if (tree === undefined || tree.kind === 'scalar') return;
  if (tree.kind === 'list') {
    for (const item of tree.items) refuseInside(item, problems);
    return;
  }
  for (const [key, { value, spot }] of tree.entries) {
    if (['required', 'unique'].includes(key) ? isTrue(tree, key) : ['quality', 'logicalTypeOptions', 'enum'].includes(key))
      noCounterpart(`${quoted(key)} of a value inside a column is not checked by hygge.`, spot, problems);
    if (['items', 'properties', 'map', 'key', 'value'].includes(key)) refuseInside(value, problems);
  }
}

export function isTrue(tree: Tree, key: string): boolean {
  const held = child(tree, key);
  return held?.kind === 'scalar' && held.value === true;
}

export function scalarOf(tree: Tree | undefined): Scalar | undefined {
  return tree?.kind === 'scalar' && tree.value !== null ? tree : undefined;
}

/** A value as Polars' SQL takes it; undefined: it is none. */
export function literal(value: Scalar | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value.value === 'number') return /^-?\d+(\.\d+)?$/.test(value.text) ? value.text : undefined;
  return typeof value.value === 'boolean' ? String(value.value) : `'${String(value.value).replaceAll("'", "''")}'`;
}

/** Tells of a part of a data contract that concerns rows and that hygge cannot judge. */
export function noCounterpart(what: string, spot: Spot, problems: Problems): void {
  problems.add({
    code: 'HYG-1103',
    what,
    why: ['To pass over it would look as if it were checked.'],
    tryThis: [
      'Remove it, or keep it for another tool: `type: custom` with its `engine`.',
      `In a contract of hygge's own it can be a rule: ${quoted('rules: [{ name: …, check: … }]')}.`,
    ],
    spot,
  });
}
