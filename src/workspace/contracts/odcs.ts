/**
 * The Open Data Contract Standard, version 3, as a contract: objects are entities, properties are columns. Keys for people and for other tools are passed over;
 * what concerns rows and has no counterpart is told, line by line.
 */

import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import { parseTypeNode } from '../schema/column-type.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, type Entry, entry, type MapNode, type Tree, textOf } from '../yaml/tree.ts';
import { ColumnRules } from './columns.ts';
import type { Contract, ContractColumn, DraftCheck, Placed } from './contract.ts';
import { objectQuality, propertyQuality } from './odcs-quality.ts';
import { isTrue, type OdcsColumn, rulesOf } from './odcs-rules.ts';
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

function keyOf(nodes: readonly Tree[]): Entry | undefined {
  return nodes.filter((node) => isTrue(node, 'primaryKey')).map((node) => entry(node, 'primaryKey'))[0];
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
