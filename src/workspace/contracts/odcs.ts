/**
 * The Open Data Contract Standard, version 3, as a contract: objects are entities, properties are columns. Keys for people and for other tools are passed over;
 * what concerns rows and has no counterpart is told, line by line.
 */

import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import { parseTypeNode } from '../schema/column-type.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, type Entry, entry, type MapNode, type Scalar, type Tree, textOf } from '../yaml/tree.ts';
import { ColumnRules, isPattern } from './columns.ts';
import { type Contract, type ContractColumn, type DraftCheck, type Placed, quotedColumn } from './contract.ts';
import { uniqueNames, uniqueness } from './read-contract.ts';

/** Whether a file is one of the standard: by its name, or by what it says of itself. */
export function isOdcs(name: string, tree: Tree): boolean {
  return /\.odcs\.(ya?ml|json)$/i.test(name) || textOf(tree, 'kind') === 'DataContract';
}

const people = ['description', 'tags', 'customProperties', 'authoritativeDefinitions', 'id', 'businessName', 'deprecated', 'synonyms'];

const topKeys = [
  ...people,
  ...[
    'apiVersion',
    'kind',
    'version',
    'name',
    'status',
    'tenant',
    'domain',
    'dataProduct',
    'schema',
    'servers',
    'support',
    'price',
    'team',
    'roles',
  ],
  ...['slaDefaultElement', 'slaProperties', 'contractCreatedTs', 'context', 'variables'],
];

const objectKeys = [
  ...people,
  ...['name', 'physicalName', 'physicalType', 'logicalType', 'dataGranularityDescription', 'properties', 'quality', 'relationships'],
];

const propertyKeys = [
  ...people,
  ...[
    'name',
    'physicalName',
    'physicalType',
    'logicalType',
    'logicalTypeOptions',
    'required',
    'unique',
    'primaryKey',
    'primaryKeyPosition',
  ],
  ...[
    'partitioned',
    'partitionKeyPosition',
    'classification',
    'encryptedName',
    'criticalDataElement',
    'examples',
    'items',
    'properties',
    'map',
  ],
  ...['transformSourceObjects', 'transformLogic', 'transformDescription', 'relationships', 'quality', 'enum', 'semanticType'],
];

/** The custom property that holds the type of a column as hygge writes it. The standard's own types name no widths. */
const typeProperty = 'hyggeType';

interface Meant {
  /** The object's name in the file, where the config says it. */
  readonly object: string | undefined;
  readonly entity: string;
  readonly problems: Problems;
}

/** Null: it was explained what is wrong with the file. */
export async function readOdcs(tree: Tree, meant: Meant): Promise<Contract | null> {
  const { problems } = meant;
  const before = problems.count;
  if (tree.kind !== 'map') {
    problems.add({
      code: 'HYG-1011',
      what: 'A data contract is a map with `apiVersion` and `schema`.',
      tryThis: ['Write `schema:` with a list of objects.'],
      spot: tree.spot,
    });
    return null;
  }
  onlyKnown(tree, topKeys, { of: 'a data contract', problems });
  const version = textOf(tree, 'apiVersion');
  if (version === undefined || !/^v?3\.\d+(\.\d+)?$/.test(version))
    problems.add({
      code: 'HYG-1103',
      what:
        version === undefined
          ? '`apiVersion` is missing: which version of the standard the file follows.'
          : `hygge does not know version ${quoted(version)} of the Open Data Contract Standard.`,
      why: ['It reads version 3: v3.0.0 to v3.1.0, and what v3.2.0 adds to properties.'],
      tryThis: ['Write `apiVersion: v3.1.0`, if the file follows that.'],
      spot: child(tree, 'apiVersion')?.spot ?? tree.spot,
    });
  const object = objectOf(tree, meant);
  if (object === undefined) return null;
  onlyKnown(object, objectKeys, { of: 'an object of a data contract', problems });
  const properties = child(object, 'properties');
  const nodes = properties?.kind === 'list' ? properties.items : [];
  if (nodes.length === 0)
    problems.add({
      code: 'HYG-1012',
      what: `${quoted('properties')} is missing: a contract names columns.`,
      tryThis: ['Add a property for each column.'],
      spot: object.spot,
      missing: 'properties',
    });
  const columns: ContractColumn[] = [];
  const rules: Placed<Rule>[] = [];
  const checks: Placed<DraftCheck>[] = [];
  for (const node of nodes) {
    const column = columnOf(node, problems);
    if (column === undefined) continue;
    const { name, tree: own } = column;
    columns.push({ name, spot: column.spot, type: typeOf(own), nullable: !isTrue(own, 'required') && !isTrue(own, 'primaryKey') });
    rules.push(...(await rulesOf(column, problems)));
    if (isTrue(own, 'unique')) checks.push({ spot: entry(own, 'unique')?.spot ?? column.spot, value: uniqueness([name]) });
    const quality = await propertyQuality(column, problems);
    rules.push(...quality.rules);
    checks.push(...quality.checks);
  }
  const settled = new Map(nodes.map((node) => [textOf(node, 'name') ?? '', textOf(node, 'physicalName') ?? textOf(node, 'name') ?? '']));
  checks.push(...objectQuality(object, settled, problems));
  const key = keyOf(nodes);
  if (key !== undefined)
    problems.warn(
      `key of ${key.spot.source.name}`,
      'The values of `primaryKey` are checked for nulls, not yet for being unique.',
      key.spot,
    );
  const distinct = { rules: withoutRepeats(rules), checks: withoutRepeats(checks) };
  uniqueNames(
    columns.map(({ name, spot }) => ({ value: { name }, spot })),
    'column',
    problems,
  );
  uniqueNames(distinct.rules, 'rule', problems);
  uniqueNames(distinct.checks, 'check', problems);
  const isComplete = columns.length > 0 && columns.every(({ type }) => type !== null);
  return problems.count > before ? null : { columns, isComplete, ...distinct };
}

/** `required` and a quality of no nulls are one rule. */
function withoutRepeats<T>(all: readonly Placed<T>[]): readonly Placed<T>[] {
  return [...new Map(all.map((one) => [JSON.stringify(one.value), one])).values()];
}

function objectOf(tree: MapNode, { object, entity, problems }: Meant): MapNode | undefined {
  const list = child(tree, 'schema');
  const objects = (list?.kind === 'list' ? list.items : []).filter((item) => item.kind === 'map');
  const isCalled = (wanted: string) => (one: MapNode) => [textOf(one, 'name'), textOf(one, 'physicalName')].includes(wanted);
  const found = objects.find(isCalled(object ?? entity)) ?? (object === undefined && objects.length === 1 ? objects[0] : undefined);
  if (found !== undefined) return found;
  const names = objects.flatMap((one) => textOf(one, 'name') ?? []);
  const near = object === undefined ? undefined : didYouMean(object, names);
  problems.add({
    code: objects.length === 0 ? 'HYG-1012' : 'HYG-1013',
    what:
      objects.length === 0
        ? '`schema` is missing: a data contract lists objects there.'
        : `The data contract has no object ${quoted(object ?? entity)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    ...(objects.length === 0 ? {} : { why: [`It has ${listed(names)}.`] }),
    tryThis: [
      objects.length === 0
        ? 'Add `schema: [{ name: …, properties: […] }]`.'
        : `Name the object behind the file: \`contract: ${tree.spot.source.name}#${names[0] ?? '…'}\`.`,
    ],
    spot: list?.spot ?? tree.spot,
  });
  return undefined;
}

function columnOf(node: Tree, problems: Problems): OdcsColumn | undefined {
  const name = textOf(node, 'physicalName') ?? textOf(node, 'name');
  if (node.kind !== 'map' || name === undefined) {
    problems.add({
      code: 'HYG-1012',
      what: '`name` is missing: a property of a data contract needs it.',
      tryThis: ['Add `name: …`.'],
      spot: node.spot,
      missing: 'properties.name',
    });
    return undefined;
  }
  onlyKnown(node, propertyKeys, { of: 'a property of a data contract', problems });
  return { name, tree: node, spot: child(node, 'name')?.spot ?? node.spot, make: new ColumnRules(name, {}) };
}

function typeOf(tree: MapNode) {
  const custom = child(tree, 'customProperties');
  const own = (custom?.kind === 'list' ? custom.items : []).find((item) => textOf(item, 'property') === typeProperty);
  return parseTypeNode(child(own, 'value')) ?? null;
}

function isTrue(tree: Tree, key: string): boolean {
  const held = child(tree, key);
  return held?.kind === 'scalar' && held.value === true;
}

function keyOf(nodes: readonly Tree[]): Entry | undefined {
  return nodes.filter((node) => isTrue(node, 'primaryKey')).map((node) => entry(node, 'primaryKey'))[0];
}

async function rulesOf(column: OdcsColumn, problems: Problems): Promise<readonly Placed<Rule>[]> {
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

function onlyKnown(tree: MapNode, keys: readonly string[], { of, problems }: { readonly of: string; readonly problems: Problems }): void {
  for (const [key, { spot }] of tree.entries) {
    if (keys.includes(key)) continue;
    const near = didYouMean(key, keys);
    unknown({ key, of, near, spot }, problems);
  }
}

function unknown(
  { key, of, near, spot }: { readonly key: string; readonly of: string; readonly near: string | undefined; readonly spot: Spot },
  problems: Problems,
): void {
  problems.add({
    code: 'HYG-1010',
    what: `There is no key ${quoted(key)} in ${of}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis: ['Correct it; what is not in the standard belongs below `customProperties`.'],
    spot,
  });
}

/** `quality`: metrics of the standard's library as rules and checks. */
interface Quality {
  readonly rules: readonly Placed<Rule>[];
  readonly checks: readonly Placed<DraftCheck>[];
}

/** What the figure of a metric may be: numbers that lie between, both included; null: no bound. */
interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
  /** The ends do not belong to it. */
  readonly excludesMin: boolean;
  readonly excludesMax: boolean;
}

const operators = [
  ...['mustBe', 'mustNotBe', 'mustBeGreaterThan', 'mustBeGreaterOrEqualTo', 'mustBeLessThan', 'mustBeLessOrEqualTo'],
  ...['mustBeBetween', 'mustNotBeBetween'],
];

interface Item {
  readonly tree: MapNode;
  readonly metric: string | undefined;
  readonly spot: Spot;
  readonly bounds: Bounds | undefined;
  readonly isPercent: boolean;
  readonly severity: { readonly onFail?: Severity };
  readonly problems: Problems;
}

/** Items that hygge is meant to check: texts are for people, and what another engine is named for is told of, and left to it. */
function itemsOf(tree: Tree, problems: Problems): readonly Item[] {
  const list = child(tree, 'quality');
  return (list?.kind === 'list' ? list.items : []).flatMap((item): readonly Item[] => {
    const type = textOf(item, 'type') ?? 'library';
    if (item.kind !== 'map' || type === 'text') return [];
    const spot = child(item, 'metric')?.spot ?? child(item, 'type')?.spot ?? item.spot;
    if (type === 'custom') {
      const engine = textOf(item, 'engine') ?? 'another tool';
      problems.warn(
        `quality of ${engine} in ${spot.source.name}`,
        `A check of the data contract is left to ${engine}: hygge does not make it.`,
        spot,
      );
      return [];
    }
    if (type !== 'library') {
      noCounterpart(
        type === 'sql' ? 'Checks of type `sql` of a data contract are not made by hygge.' : `There is no type of quality ${quoted(type)}.`,
        spot,
        problems,
      );
      return [];
    }
    const metric = textOf(item, 'metric');
    if (metric === undefined) {
      const rule = textOf(item, 'rule');
      noCounterpart(
        rule === undefined
          ? '`metric` is missing: what the check counts.'
          : `The rule ${quoted(rule)} is no metric of the standard's library.`,
        child(item, 'rule')?.spot ?? spot,
        problems,
      );
      return [];
    }
    const severity = /^(warn|warning|info)/i.test(textOf(item, 'severity') ?? '') ? ({ onFail: 'warn' } as const) : {};
    const found = { tree: item, metric, spot, isPercent: textOf(item, 'unit') === 'percent', severity, problems };
    return [{ ...found, bounds: boundsOf(item) }];
  });
}

function boundsOf(item: MapNode): Bounds | undefined {
  const bounds = { min: null as number | null, max: null as number | null, excludesMin: false, excludesMax: false };
  const numbers = (tree: Tree | undefined): readonly number[] =>
    (tree?.kind === 'list' ? tree.items : [tree]).map((one) =>
      one?.kind === 'scalar' && typeof one.value === 'number' ? one.value : Number.NaN,
    );
  const used = operators.filter((key) => entry(item, key) !== undefined);
  for (const key of used) {
    const [first = Number.NaN, second = Number.NaN] = numbers(child(item, key));
    if (Number.isNaN(first) || (key === 'mustBeBetween' && Number.isNaN(second))) return undefined;
    if (key === 'mustBe') Object.assign(bounds, { min: first, max: first });
    else if (key === 'mustBeGreaterThan') Object.assign(bounds, { min: first, excludesMin: true });
    else if (key === 'mustBeGreaterOrEqualTo') bounds.min = first;
    else if (key === 'mustBeLessThan') Object.assign(bounds, { max: first, excludesMax: true });
    else if (key === 'mustBeLessOrEqualTo') bounds.max = first;
    // The standard has it for greater than the first and less than the second.
    else if (key === 'mustBeBetween') Object.assign(bounds, { min: first, max: second, excludesMin: true, excludesMax: true });
    else return undefined;
  }
  return used.length === 0 ? undefined : bounds;
}

/** Of things that are counted: there may be none. */
function allowsNone({ bounds }: Item): boolean {
  if (bounds === undefined) return false;
  const { min, max, excludesMin, excludesMax } = bounds;
  const noneBelow = min === null || (excludesMin ? min < 0 : min <= 0);
  return noneBelow && (max === 0 ? !excludesMax : max === 1 && excludesMax);
}

async function propertyQuality(column: OdcsColumn, problems: Problems): Promise<Quality> {
  const rules: Placed<Rule>[] = [];
  const checks: Placed<DraftCheck>[] = [];
  for (const item of itemsOf(column.tree, problems)) {
    const make = new ColumnRules(column.name, item.severity.onFail === undefined ? {} : { severity: item.severity.onFail });
    const rule = await ruleOf(item, { ...column, make });
    if (rule !== undefined) rules.push(...rule.map((value) => ({ value: named(value, item), spot: item.spot })));
    else checks.push(...checkOf(item, [column.name]));
  }
  return { rules, checks };
}

function named<T extends { readonly name: string }>(value: T, { tree }: Item): T {
  const name = textOf(tree, 'name');
  return name === undefined ? value : { ...value, name };
}

/** A metric that may count no row is a rule of each row. Undefined: it is none. */
async function ruleOf(item: Item, { name, make }: OdcsColumn): Promise<readonly Rule[] | undefined> {
  const { metric, tree, problems } = item;
  const given = child(tree, 'arguments');
  if (!['nullValues', 'missingValues', 'invalidValues'].includes(metric ?? '')) return undefined;
  if (!allowsNone(item) || item.isPercent) {
    if (metric === 'nullValues' && item.isPercent && item.bounds?.max != null) return undefined;
    noCounterpart(
      `A number of rows for ${quoted(metric ?? '')} is not checked by hygge, but that there is none: \`mustBe: 0\`.`,
      item.spot,
      problems,
    );
    return [];
  }
  if (metric === 'nullValues') return [make.notNull()];
  const list = child(given, metric === 'missingValues' ? 'missingValues' : 'validValues');
  const values = list?.kind === 'list' ? list.items : [];
  const literals = values.map((value) => literal(scalarOf(value))).filter((value) => value !== undefined);
  const isNullable = values.some((value) => value.kind === 'scalar' && value.value === null);
  if (metric === 'missingValues')
    return [
      ...(isNullable || values.length === 0 ? [make.notNull()] : []),
      ...(literals.length === 0 ? [] : [make.holds('missing', `${quotedColumn(name)} NOT IN (${literals.join(', ')})`)]),
    ];
  const pattern = scalarOf(child(given, 'pattern') ?? child(tree, 'pattern'));
  if (pattern !== undefined) {
    const text = String(pattern.value);
    return (await isPattern(text, { spot: pattern.spot, problems })) ? [make.matches(text)] : [];
  }
  if (literals.length > 0) return [make.holds('invalid', `${quotedColumn(name)} IN (${literals.join(', ')})`)];
  noCounterpart('`invalidValues` needs `arguments` with `validValues` or a `pattern`.', item.spot, problems);
  return [];
}

function checkOf(item: Item, columns: readonly string[]): readonly Placed<DraftCheck>[] {
  const { metric, bounds, severity, spot, problems } = item;
  const place = (value: DraftCheck) => [{ spot, value: named(value, item) }];
  if (metric === 'nullValues' && bounds?.max != null) {
    // Less than 1 % of nulls is more than 99 % of values.
    const threshold = 1 - bounds.max / 100 + (bounds.excludesMax ? Number.EPSILON : 0);
    return place({ type: 'completeness', name: `completeness ${columns[0]}`, column: columns[0] ?? '', threshold, ...severity });
  }
  if (metric === 'duplicateValues' && allowsNone(item) && !item.isPercent)
    return place({ type: 'uniqueness', name: `uniqueness ${columns.join(', ')}`, columns, ...severity });
  noCounterpart(
    metric === 'duplicateValues'
      ? 'A number of duplicates is not checked by hygge, but that there is none: `mustBe: 0`.'
      : `The metric ${quoted(metric ?? '')} of a property is not checked by hygge.`,
    spot,
    problems,
  );
  return [];
}

/** @param settled names of columns by the names of their properties. */
function objectQuality(object: MapNode, settled: ReadonlyMap<string, string>, problems: Problems): readonly Placed<DraftCheck>[] {
  return itemsOf(object, problems).flatMap((item) => {
    const { metric, bounds, severity, spot } = item;
    if (metric === 'rowCount' && bounds !== undefined && !item.isPercent) {
      const minRows = bounds.min === null ? null : Math.ceil(bounds.min) + (bounds.excludesMin && Number.isInteger(bounds.min) ? 1 : 0);
      const maxRows = bounds.max === null ? null : Math.floor(bounds.max) - (bounds.excludesMax && Number.isInteger(bounds.max) ? 1 : 0);
      return [
        { spot, value: named({ type: 'volume', name: 'volume', minRows, maxRows, withinPercent: null, ...severity } as const, item) },
      ];
    }
    const list = child(child(item.tree, 'arguments'), 'properties');
    const names = (list?.kind === 'list' ? list.items : []).flatMap((one) =>
      one.kind === 'scalar' ? [settled.get(one.text) ?? one.text] : [],
    );
    if (metric === 'duplicateValues' && names.length > 0) return checkOf(item, names);
    noCounterpart(`The metric ${quoted(metric ?? '')} of an object is not checked by hygge as it is written.`, spot, problems);
    return [];
  });
}

/** A property of a data contract. */
interface OdcsColumn {
  /** As the column settles. */
  readonly name: string;
  readonly tree: MapNode;
  readonly spot: Spot;
  readonly make: ColumnRules;
}

function scalarOf(tree: Tree | undefined): Scalar | undefined {
  return tree?.kind === 'scalar' && tree.value !== null ? tree : undefined;
}

/** A value as Polars' SQL takes it; undefined: it is none. */
function literal(value: Scalar | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value.value === 'number') return /^-?\d+(\.\d+)?$/.test(value.text) ? value.text : undefined;
  return typeof value.value === 'boolean' ? String(value.value) : `'${String(value.value).replaceAll("'", "''")}'`;
}

/** Tells of a part of a data contract that concerns rows and that hygge cannot judge. */
function noCounterpart(what: string, spot: Spot, problems: Problems): void {
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
