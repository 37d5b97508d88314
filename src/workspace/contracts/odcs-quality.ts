/** Turns `quality` of a data contract, which has metrics of the standard's library, into rules and checks. */
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import { quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, entry, type MapNode, type Tree, textOf } from '../yaml/tree.ts';
import { ColumnRules } from './columns.ts';
import type { DraftCheck, Placed } from './contract.ts';
import type { OdcsReport } from './odcs-report.ts';
import { enumOf, matching, numberText, type OdcsColumn, scalarOf, textIn } from './odcs-rules.ts';

export interface Quality {
  readonly rules: readonly Placed<Rule>[];
  readonly checks: readonly Placed<DraftCheck>[];
}

const operators = [
  ...['mustBe', 'mustNotBe', 'mustBeGreaterThan', 'mustBeGreaterOrEqualTo', 'mustBeLessThan', 'mustBeLessOrEqualTo'],
  ...['mustBeBetween', 'mustNotBeBetween'],
];

const qualityKeys = [
  ...[
    'id',
    'name',
    'description',
    'type',
    'metric',
    'rule',
    'arguments',
    'unit',
    'severity',
    'query',
    'engine',
    'implementation',
    ...operators,
  ],
  ...['dimension', 'method', 'businessImpact', 'schedule', 'scheduler', 'tags', 'customProperties', 'authoritativeDefinitions'],
  // The key of the arguments in version 3.0, and in the text of 3.1.
  ...['validValues', 'pattern'],
];

/** The allowed range of a metric, in digits; null: no bound. An end of the range is included unless marked as excluded. */
interface Bounds {
  readonly min: string | null;
  readonly max: string | null;
  readonly excludesMin?: true;
  readonly excludesMax?: true;
}

interface Item {
  readonly tree: MapNode;
  readonly metric: string;
  readonly spot: Spot;
  /** The range of the metric; undefined: its bounds can’t be read. */
  readonly bounds: Bounds | undefined;
  readonly unit: 'rows' | 'percent';
  readonly severity: { readonly onFail?: Severity };
  readonly report: OdcsReport;
}

/** Names of metrics in version 3.0. */
const metricOfRule: Readonly<Record<string, string>> = {
  nullCheck: 'nullValues',
  duplicateCount: 'duplicateValues',
  validValues: 'invalidValues',
  rowCount: 'rowCount',
};

interface Items {
  readonly library: readonly Item[];
  readonly sql: readonly Placed<DraftCheck>[];
}

/** The items that hygge should check. Items of type `text` are for people, and items for another engine are left to that engine. @param names the names for queries. */
function itemsOf(tree: Tree, names: QueryNames, report: OdcsReport): Items {
  const list = child(tree, 'quality');
  const sql: Placed<DraftCheck>[] = [];
  const library = (list?.kind === 'list' ? list.items : []).flatMap((item): readonly Item[] => {
    if (item.kind !== 'map') {
      report.noCounterpart('An entry of `quality` is a map.', item.spot);
      return [];
    }
    report.onlyKnown(item, qualityKeys, 'a quality of a data contract');
    const type = textOf(item, 'type') ?? 'library';
    const spot = child(item, 'metric')?.spot ?? child(item, 'type')?.spot ?? item.spot;
    if (type === 'text') report.leave('a text about quality', spot);
    else if (type === 'custom') report.leave(`a check for ${textOf(item, 'engine') ?? 'another tool'}`, spot);
    else if (type === 'sql') sql.push(...sqlCheck(item, { names, spot, before: sql.length }, report));
    else if (type !== 'library') report.noCounterpart(`There is no type of quality ${quoted(type)}.`, spot);
    else return libraryItem(item, spot, report);
    return [];
  });
  return { library, sql };
}

/** The source’s names of the object and the property, for a query. */
export interface QueryNames {
  readonly object: string;
  readonly property?: string;
}

interface SqlItem {
  readonly names: QueryNames;
  readonly spot: Spot;
  /** How many earlier queries there are for the same object or property. */
  readonly before: number;
}

function sqlCheck(item: MapNode, { names, spot, before }: SqlItem, report: OdcsReport): readonly Placed<DraftCheck>[] {
  const written = textOf(item, 'query');
  if (written === undefined) {
    report.noCounterpart('`query` is missing: the query for the source.', spot);
    return [];
  }
  const query = written
    .replace(/\$?\{(?:object|table)\}/g, names.object)
    .replace(/\$?\{(?:property|column)\}/g, names.property ?? '{property}')
    .trim();
  const variable = /\$\{[^}]*\}|\{property\}/.exec(query)?.[0];
  if (variable !== undefined) {
    report.noCounterpart(
      `${quoted(variable)} in a query is a placeholder that hygge does not replace.`,
      entry(item, 'query')?.spot ?? spot,
    );
    return [];
  }
  const ends = inclusive(boundsOf(item), /^select\s+count\s*\(/i.test(query));
  if (ends === undefined) return withoutOperator({ tree: item, spot, report });
  const name = `sql ${names.property ?? names.object}${before === 0 ? '' : ` ${before + 1}`}`;
  return [{ spot, value: { type: 'sql', name: textOf(item, 'name') ?? name, query, ...ends, ...severityOf(item) } }];
}

/** Bounds with both ends included. If an end of a count is excluded, the nearest included number is used. */
function inclusive(bounds: Bounds | undefined, isCount: boolean): Pick<Bounds, 'min' | 'max'> | undefined {
  if (bounds === undefined) return undefined;
  const { min, max, excludesMin, excludesMax } = bounds;
  if (excludesMin !== true && excludesMax !== true) return { min, max };
  const isWhole = [min, max].every((end) => end === null || /^-?\d+$/.test(end));
  if (!isCount || !isWhole) return undefined;
  return {
    min: min !== null && excludesMin === true ? String(BigInt(min) + 1n) : min,
    max: max !== null && excludesMax === true ? String(BigInt(max) - 1n) : max,
  };
}

function severityOf(item: MapNode): { readonly onFail?: Severity } {
  return /^(warn|warning|info)/i.test(textOf(item, 'severity') ?? '') ? { onFail: 'warn' } : {};
}

function libraryItem(tree: MapNode, spot: Spot, report: OdcsReport): readonly Item[] {
  const rule = textOf(tree, 'rule');
  const metric = textOf(tree, 'metric') ?? (rule === undefined ? undefined : metricOfRule[rule]);
  if (metric === undefined) {
    const what =
      rule === undefined
        ? '`metric` is missing: what the check counts.'
        : `The rule ${quoted(rule)} is not a metric of the standard's library.`;
    report.noCounterpart(what, child(tree, 'rule')?.spot ?? spot);
    return [];
  }
  for (const key of ['schedule', 'scheduler']) {
    const held = entry(tree, key);
    if (held !== undefined) report.leave(`${quoted(key)} of a check, which each run evaluates`, held.spot);
  }
  const unit = textOf(tree, 'unit') ?? 'rows';
  if (unit !== 'rows' && unit !== 'percent') {
    report.noCounterpart(
      `${quoted(unit)} is not a unit that hygge supports: write \`rows\` or \`percent\`.`,
      child(tree, 'unit')?.spot ?? spot,
    );
    return [];
  }
  // These rules of version 3.0 need no operator.
  const isBare =
    rule !== undefined && ['nullCheck', 'validValues'].includes(rule) && !operators.some((key) => entry(tree, key) !== undefined);
  const severity = severityOf(tree);
  return [{ tree, metric, spot, unit, severity, report, bounds: isBare ? { min: null, max: '0' } : boundsOf(tree) }];
}

function boundsOf(item: MapNode): Bounds | undefined {
  const bounds: { -readonly [K in keyof Bounds]: Bounds[K] } = { min: null, max: null };
  const used = operators.filter((key) => entry(item, key) !== undefined);
  for (const key of used) {
    const written = child(item, key);
    const [first, second] = (written?.kind === 'list' ? written.items : [written]).map(numberText);
    if (first === undefined || (key === 'mustBeBetween' && second === undefined)) return undefined;
    if (key === 'mustBe') Object.assign(bounds, { min: first, max: first });
    else if (key === 'mustBeGreaterThan') Object.assign(bounds, { min: first, excludesMin: true });
    else if (key === 'mustBeGreaterOrEqualTo') bounds.min = first;
    else if (key === 'mustBeLessThan') Object.assign(bounds, { max: first, excludesMax: true });
    else if (key === 'mustBeLessOrEqualTo') bounds.max = first;
    // `mustBeBetween` of the standard excludes both ends.
    else if (key === 'mustBeBetween') Object.assign(bounds, { min: first, max: second, excludesMin: true, excludesMax: true });
    // A count is never below 0.
    else if (key === 'mustNotBe' && Number(first) === 0) Object.assign(bounds, { min: first, excludesMin: true });
    else return undefined;
  }
  return used.length === 0 ? undefined : bounds;
}

/** Whether the metric may count no rows at all. */
function allowsNone({ bounds, unit }: Item): boolean {
  if (bounds === undefined) return false;
  const { min, max, excludesMin, excludesMax } = bounds;
  const noneBelow = min === null || (excludesMin === true ? Number(min) < 0 : Number(min) <= 0);
  if (!noneBelow || max === null) return false;
  return excludesMax === true ? unit === 'rows' && Number(max) > 0 && Number(max) <= 1 : Number(max) === 0;
}

/** A metric that must count no rows becomes a rule for each row. Any other metric becomes a check. */
export async function propertyQuality(column: OdcsColumn, object: string, report: OdcsReport): Promise<Quality> {
  const rules: Placed<Rule>[] = [];
  const { library, sql } = itemsOf(column.tree, { object, property: column.name }, report);
  const checks = [...sql];
  for (const item of library) {
    const { spot, metric } = item;
    if (metric === 'duplicateValues') {
      checks.push(...duplicatesOf(item, [column.name]));
      continue;
    }
    const isRule = allowsNone(item);
    const make = new ColumnRules(column.name, isRule && item.severity.onFail !== undefined ? { severity: item.severity.onFail } : {});
    const rule = await ruleOf(item, { ...column, make });
    if (rule === undefined) continue;
    if (isRule) rules.push({ spot, value: named(rule, item) });
    else checks.push(...brokenRows(item, { rule, column: column.name }));
  }
  return { rules, checks };
}

function named<T extends { readonly name: string }>(value: T, { tree }: Item): T {
  const name = textOf(tree, 'name');
  return name === undefined ? value : { ...value, name };
}

/** The rule that rows break if the metric counts them. Undefined: the metric can’t become a rule, and the reason was reported. */
async function ruleOf({ metric, tree, spot, report }: Item, { make, tree: property }: OdcsColumn): Promise<Rule | undefined> {
  const given = child(tree, 'arguments');
  switch (metric) {
    case 'nullValues':
      return make.notNull();
    case 'missingValues': {
      const { texts, hasNull } = valuesIn(child(given, 'missingValues'));
      return texts.length === 0 ? make.notNull() : make.noneOf(texts, hasNull);
    }
    case 'invalidValues': {
      const pattern = scalarOf(child(given, 'pattern') ?? child(tree, 'pattern'));
      const { texts } = valuesIn(child(given, 'validValues') ?? child(tree, 'validValues'));
      if (pattern !== undefined && texts.length > 0) {
        report.noCounterpart('A check of `invalidValues` has either `validValues` or a `pattern`: for both, write two checks.', spot);
        return undefined;
      }
      if (pattern !== undefined) return matching(make, { pattern: String(pattern.value), spot: pattern.spot }, report);
      const known = texts.length > 0 ? texts : enumOf(property as MapNode, report);
      if (known !== undefined) return make.oneOf(known, 'invalid');
      report.noCounterpart('`invalidValues` needs `arguments` with `validValues` or a `pattern`.', spot);
      return undefined;
    }
    default:
      report.noCounterpart(`The metric ${quoted(metric)} of a property is not checked by hygge.`, spot);
      return undefined;
  }
}

function valuesIn(list: Tree | undefined): { readonly texts: readonly string[]; readonly hasNull: boolean } {
  const values = list?.kind === 'list' ? list.items : [];
  return {
    texts: values.map(textIn).filter((text) => text !== undefined),
    hasNull: values.some((value) => value.kind === 'scalar' && value.value === null),
  };
}

function brokenRows(item: Item, { rule, column }: { readonly rule: Rule; readonly column: string }): readonly Placed<DraftCheck>[] {
  const { bounds, unit, severity, spot, metric } = item;
  if (bounds === undefined) return withoutOperator(item);
  const { name } = named({ name: `${metric} ${column}` }, item);
  return [{ spot, value: { type: 'broken rows', name, rule: { ...rule, name, severity: 'warn' }, unit, ...bounds, ...severity } }];
}

function withoutOperator({ tree, spot, report }: Pick<Item, 'tree' | 'spot' | 'report'>): readonly [] {
  const used = operators.find((key) => entry(tree, key) !== undefined);
  report.noCounterpart(
    used === undefined
      ? 'The allowed number is missing: write `mustBe: 0`, or another operator of the standard.'
      : `${quoted(used)} is not checked by hygge in this form.`,
    (used === undefined ? undefined : entry(tree, used)?.spot) ?? spot,
  );
  return [];
}

function duplicatesOf(item: Item, columns: readonly string[]): readonly Placed<DraftCheck>[] {
  const { severity, spot, report } = item;
  if (allowsNone(item))
    return [{ spot, value: named({ type: 'uniqueness', name: `uniqueness ${columns.join(', ')}`, columns, ...severity }, item) }];
  report.noCounterpart('hygge checks only that no duplicates exist, not how many exist: `mustBe: 0`.', spot);
  return [];
}

/** @param settled names of columns by the names of their properties. */
export function objectQuality(object: MapNode, settled: ReadonlyMap<string, string>, report: OdcsReport): readonly Placed<DraftCheck>[] {
  const names = { object: textOf(object, 'physicalName') ?? textOf(object, 'name') ?? '' };
  const { library, sql } = itemsOf(object, names, report);
  const ofLibrary = library.flatMap((item) => {
    const { metric, bounds, severity, spot, unit } = item;
    if (metric === 'rowCount' && unit === 'rows') {
      if (bounds === undefined) return withoutOperator(item);
      const { min, max, excludesMin, excludesMax } = bounds;
      const minRows = min === null ? null : Math.ceil(Number(min)) + (excludesMin && Number.isInteger(Number(min)) ? 1 : 0);
      const maxRows = max === null ? null : Math.floor(Number(max)) - (excludesMax && Number.isInteger(Number(max)) ? 1 : 0);
      const volume = {
        type: 'volume',
        name: 'volume',
        minRows,
        maxRows,
        withinPercent: null,
        rows: 'settled',
        ofAll: true,
        ...severity,
      } as const;
      return [{ spot, value: named(volume, item) }];
    }
    const list = child(child(item.tree, 'arguments'), 'properties');
    const names = (list?.kind === 'list' ? list.items : []).flatMap((one) =>
      one.kind === 'scalar' ? [settled.get(one.text) ?? one.text] : [],
    );
    if (metric === 'duplicateValues' && names.length > 0) return duplicatesOf(item, names);
    report.noCounterpart(`The metric ${quoted(metric)} of an object is not checked by hygge in this form.`, spot);
    return [];
  });
  return [...sql, ...ofLibrary];
}
