/** `quality` of a data contract: metrics of the standard's library as rules and checks. */
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, entry, type MapNode, type Tree, textOf } from '../yaml/tree.ts';
import { ColumnRules, isPattern } from './columns.ts';
import { type DraftCheck, type Placed, quotedColumn } from './contract.ts';
import { literal, noCounterpart, type OdcsColumn, scalarOf } from './odcs-rules.ts';

export interface Quality {
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

export async function propertyQuality(column: OdcsColumn, problems: Problems): Promise<Quality> {
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
export function objectQuality(object: MapNode, settled: ReadonlyMap<string, string>, problems: Problems): readonly Placed<DraftCheck>[] {
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
