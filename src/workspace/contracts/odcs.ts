/**
 * The Open Data Contract Standard, version 3, as a contract: objects are entities, properties are columns. Keys for people and for other tools are
 * ignored. A statement about rows that hygge cannot check is reported at its line. Other unchecked statements about the data are listed in one warning.
 */

import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import { parseTypeNode } from '../schema/column-type.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import { child, entry, type MapNode, type Tree, textOf } from '../yaml/tree.ts';
import { ColumnRules } from './columns.ts';
import type { Contract, ContractColumn, DraftCheck, Placed } from './contract.ts';
import { serviceLevels } from './odcs-levels.ts';
import { objectQuality, propertyQuality } from './odcs-quality.ts';
import { OdcsReport } from './odcs-report.ts';
import { type OdcsColumn, rulesOf, textIn } from './odcs-rules.ts';
import { uniqueNames, uniqueness } from './read-contract.ts';

/** Whether a file follows the standard, judged by its name or its content. */
export function isOdcs(name: string, tree: Tree): boolean {
  return /\.odcs\.(ya?ml|json)$/i.test(name) || textOf(tree, 'kind') === 'DataContract';
}

const people = [
  'context',
  'description',
  'tags',
  'customProperties',
  'authoritativeDefinitions',
  'id',
  'businessName',
  'deprecated',
  'synonyms',
];

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
  ...['slaDefaultElement', 'slaProperties', 'contractCreatedTs', 'variables'],
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

/** The custom property with the type of a column in hygge's notation. The standard's own types have no widths. */
export const typeProperty = 'hyggeType';

interface Meant {
  /** The object's name in the file, if the config gives one. */
  readonly object: string | undefined;
  readonly entity: string;
  readonly problems: Problems;
}

/** Null: the problem with the file was reported. */
export async function readOdcs(tree: Tree, meant: Meant): Promise<Contract | null> {
  const { problems } = meant;
  const before = problems.count;
  const report = new OdcsReport(problems);
  if (tree.kind !== 'map') {
    problems.add({
      code: 'HYG-1011',
      what: 'A data contract is a map with `apiVersion` and `schema`.',
      tryThis: ['Write `schema:` with a list of objects.'],
      spot: tree.spot,
    });
    return null;
  }
  report.onlyKnown(tree, topKeys, 'a data contract');
  mustBeKnown(tree, problems);
  const object = objectOf(tree, meant);
  if (object === undefined) return null;
  report.onlyKnown(object, objectKeys, 'an object of a data contract');
  const nodes = listIn(object, 'properties');
  if (nodes.length === 0)
    problems.add({
      code: 'HYG-1012',
      what: `${quoted('properties')} is missing: a contract must list columns.`,
      tryThis: ['Add a property for each column.'],
      spot: object.spot,
      missing: 'properties',
    });
  const columns: ContractColumn[] = [];
  const rules: Placed<Rule>[] = [];
  const checks: Placed<DraftCheck>[] = [];
  for (const node of nodes) {
    const column = columnOf(node, report);
    if (column === undefined) continue;
    const { name, tree: own } = column;
    const required = ['required', 'primaryKey'].some((key) => report.isTrue(own, key));
    columns.push({ name, spot: column.spot, type: typeOf(own), nullable: !required, optional: false });
    rules.push(...(await rulesOf(column, report)));
    if (report.isTrue(own, 'unique')) checks.push({ spot: entry(own, 'unique')?.spot ?? column.spot, value: uniqueness([name]) });
    const quality = await propertyQuality(column, settledName(object) ?? meant.entity, report);
    rules.push(...quality.rules);
    checks.push(...quality.checks);
    leaveRelationships(own, report);
  }
  leaveRelationships(object, report);
  const settled = new Map(nodes.map((node) => [textOf(node, 'name') ?? '', settledName(node) ?? '']));
  checks.push(...objectQuality(object, settled, report));
  const names = namesOf(object);
  const others = objectsIn(tree).flatMap((one) => (one === object ? [] : namesOf(one)));
  checks.push(...serviceLevels(tree, { names, others, settled }, report));
  checks.push(...keyOf(nodes));
  report.warnOfLeft(names[0] ?? meant.entity);
  const distinct = { rules: withoutRepeats(rules), checks: withoutRepeats(checks) };
  uniqueNames(
    columns.map(({ name, spot }) => ({ value: { name }, spot })),
    'column',
    problems,
  );
  // Rows that break a rule are counted under its name, even if a check counts them.
  uniqueNames([...distinct.rules, ...distinct.checks.filter(({ value }) => value.type === 'broken rows')], 'rule', problems);
  uniqueNames(distinct.checks, 'check', problems);
  const isComplete = columns.length > 0 && columns.every(({ type }) => type !== null);
  return problems.count > before ? null : { columns, isComplete, ...distinct };
}

function mustBeKnown(tree: MapNode, problems: Problems): void {
  const kind = textOf(tree, 'kind');
  if (kind !== undefined && kind !== 'DataContract')
    problems.add({
      code: 'HYG-1103',
      what: `A file of the kind ${quoted(kind)} is not a data contract.`,
      tryThis: ['Name a file with `kind: DataContract`.'],
      spot: child(tree, 'kind')?.spot ?? tree.spot,
    });
  const version = textOf(tree, 'apiVersion');
  if (version !== undefined && /^v?3\.[0-2](\.\d+)?$/.test(version)) return;
  problems.add({
    code: 'HYG-1103',
    what:
      version === undefined
        ? '`apiVersion` is missing: which version of the standard the file follows.'
        : `hygge does not know version ${quoted(version)} of the Open Data Contract Standard.`,
    why: ['hygge reads version 3: v3.0.0 to v3.1.0, and the keys that v3.2.0 adds to properties.'],
    tryThis: ['Write `apiVersion: v3.1.0`, if the file follows that version.'],
    spot: child(tree, 'apiVersion')?.spot ?? tree.spot,
  });
}

/** `required` and a quality metric without nulls become one rule. */
function withoutRepeats<T>(all: readonly Placed<T>[]): readonly Placed<T>[] {
  return [...new Map(all.map((one) => [JSON.stringify(one.value), one])).values()];
}

function listIn(tree: Tree, key: string): readonly Tree[] {
  const list = child(tree, key);
  return list?.kind === 'list' ? list.items : [];
}

const namesOf = (object: MapNode): readonly string[] =>
  [textOf(object, 'name'), textOf(object, 'physicalName')].filter((name) => name !== undefined);

const objectsIn = (tree: MapNode): readonly MapNode[] => listIn(tree, 'schema').filter((item) => item.kind === 'map');

function objectOf(tree: MapNode, { object, entity, problems }: Meant): MapNode | undefined {
  const list = child(tree, 'schema');
  const objects = objectsIn(tree);
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
        : `Name the object after the file: \`contract: ${tree.spot.source.name}#${names[0] ?? '…'}\`.`,
    ],
    spot: list?.spot ?? tree.spot,
  });
  return undefined;
}

const settledName = (node: Tree): string | undefined => textOf(node, 'physicalName') ?? textOf(node, 'name');

/** The column of a property; undefined: the property is not a column, or its problem was reported. */
function columnOf(node: Tree, report: OdcsReport): OdcsColumn | undefined {
  const name = settledName(node);
  if (node.kind !== 'map' || name === undefined) {
    report.problems.add({
      code: 'HYG-1012',
      what: '`name` is missing: a property of a data contract needs it.',
      tryThis: ['Add `name: …`.'],
      spot: node.spot,
      missing: 'properties.name',
    });
    return undefined;
  }
  report.onlyKnown(node, propertyKeys, 'a property of a data contract');
  const semantic = entry(node, 'semanticType');
  // A property with logic is not a column, because readers compute the property themselves. A dimension without logic is a column.
  if (semantic !== undefined && textOf(node, 'semanticType') !== 'column' && entry(node, 'transformLogic') !== undefined) {
    report.leave(`a computed ${textOf(node, 'semanticType') ?? 'property'}`, semantic.spot);
    return undefined;
  }
  const isTyped = typeOf(node) !== null;
  const ownType = ownTypeOf(node);
  if (ownType !== undefined && !isTyped)
    report.problems.add({
      code: 'HYG-1013',
      what: `${quoted(typeProperty)} ${quoted(textIn(ownType) ?? '…')} is not a type.`,
      tryThis: ['Write a type as an expected schema has it: `decimal(10,2)`, `int64`, `timestamp[us, UTC]`.'],
      spot: ownType.spot,
    });
  return { name, tree: node, spot: child(node, 'name')?.spot ?? node.spot, make: new ColumnRules(name, {}), isTyped };
}

function leaveRelationships(tree: MapNode, report: OdcsReport): void {
  const held = entry(tree, 'relationships');
  if (held !== undefined) report.leave('`relationships`', held.spot);
}

/** The custom property that gives hygge the exact type of a column. */
function ownTypeOf(tree: MapNode): Tree | undefined {
  return child(
    listIn(tree, 'customProperties').find((item) => textOf(item, 'property') === typeProperty),
    'value',
  );
}

const typeOf = (tree: MapNode) => parseTypeNode(ownTypeOf(tree)) ?? null;

/** The combined values of the key's columns must be unique. `primaryKeyPosition` orders them, which only affects the name of the check. */
function keyOf(nodes: readonly Tree[]): readonly Placed<DraftCheck>[] {
  const placeOf = (node: Tree) => Number(textOf(node, 'primaryKeyPosition') ?? 0);
  const columns = nodes.filter((node) => isTrue(node, 'primaryKey')).sort((a, b) => placeOf(a) - placeOf(b));
  const [first] = columns;
  const names = columns.flatMap((node) => settledName(node) ?? []);
  if (first === undefined || names.length === 0) return [];
  return [{ spot: entry(first, 'primaryKey')?.spot ?? first.spot, value: uniqueness(names) }];
}

function isTrue(tree: Tree, key: string): boolean {
  const held = child(tree, key);
  return held?.kind === 'scalar' && held.value === true;
}
