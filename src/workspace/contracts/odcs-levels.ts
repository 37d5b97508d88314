/** `slaProperties` of a data contract: hygge checks only the freshness of rows, and the other levels are for people. */
import { quoted } from '../yaml/problems.ts';
import { child, entry, type MapNode, textOf } from '../yaml/tree.ts';
import type { DraftCheck, Placed } from './contract.ts';
import type { OdcsReport } from './odcs-report.ts';
import { numberText } from './odcs-rules.ts';

const keys = [
  ...['id', 'property', 'value', 'valueExt', 'unit', 'element', 'driver', 'description', 'scheduler', 'schedule'],
  ...['customProperties', 'authoritativeDefinitions'],
];

/** The names of freshness: `latency` in the standard, `freshness` in other tools. */
const ofFreshness: ReadonlySet<string> = new Set(['latency', 'ly', 'freshness']);

const second = 1_000;
const day = 86_400 * second;
/** A month counts as 31 days and a year as 366 days, which is their longest length. So no check is stricter than the contract. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^s(ec(ond)?s?)?$/, second],
  [/^m(in(ute)?s?)?$/, 60 * second],
  [/^h((ou)?rs?)?$/, 3_600 * second],
  [/^d(ays?)?$/, day],
  [/^w((ee)?ks?)?$/, 7 * day],
  [/^mo(nths?)?$/, 31 * day],
  [/^y((ea)?rs?)?$/, 366 * day],
];

interface ObjectNames {
  /** The names of the object: its name and its physical name. */
  readonly names: readonly string[];
  /** The names of the other objects of the file. */
  readonly others: readonly string[];
  /** Names of columns by the names of their properties. */
  readonly settled: ReadonlyMap<string, string>;
}

export function serviceLevels(tree: MapNode, object: ObjectNames, report: OdcsReport): readonly Placed<DraftCheck>[] {
  const list = child(tree, 'slaProperties');
  return (list?.kind === 'list' ? list.items : []).flatMap((item): readonly Placed<DraftCheck>[] => {
    if (item.kind !== 'map') return [];
    report.onlyKnown(item, keys, 'a service level of a data contract');
    const property = textOf(item, 'property') ?? '';
    const spot = child(item, 'property')?.spot ?? item.spot;
    const isFreshness = ofFreshness.has(property.toLowerCase());
    const element = textOf(item, 'element') ?? (isFreshness ? textOf(tree, 'slaDefaultElement') : undefined);
    const columns = elementsOf(element, object);
    if (columns === 'of another object') return [];
    if (!isFreshness || columns.length === 0) {
      report.leave(`the service level ${quoted(property)}`, spot);
      return [];
    }
    const maxAgeMs = durationOf(item);
    if (maxAgeMs === undefined) {
      report.noCounterpart(
        `${quoted('value')} and ${quoted('unit')} of ${quoted(property)} are not a length of time.`,
        entry(item, 'value')?.spot ?? spot,
      );
      return [];
    }
    return columns.map((column) => ({ spot, value: { type: 'freshness', name: `${property} ${column}`, column, maxAgeMs } }));
  });
}

/** The columns of the object that an element names: `orders.placed_at`, or `placed_at` where there is only one object. */
function elementsOf(written: string | undefined, { names, others, settled }: ObjectNames): readonly string[] | 'of another object' {
  if (written === undefined) return [];
  const parts = written.split(',').map((one) => one.trim());
  const isOf = (part: string) => (name: string) => part === name || part.startsWith(`${name}.`);
  const own = parts.filter((part) => names.some(isOf(part)) || !others.some(isOf(part)));
  if (own.length === 0) return 'of another object';
  return own.flatMap((part) => {
    const prefix = names.find((name) => part.startsWith(`${name}.`));
    const column = prefix === undefined ? (others.length === 0 ? part : '') : part.slice(prefix.length + 1);
    const name = settled.get(column) ?? column;
    return [...settled.values()].includes(name) ? [name] : [];
  });
}

/** A span of time, such as `value: 4` with `unit: d`, or `value: P1DT12H`. */
function durationOf(item: MapNode): number | undefined {
  const written = textOf(item, 'value') ?? '';
  const unit = textOf(item, 'unit');
  if (unit === undefined) return isoDuration(written);
  const times = units.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1];
  const value = numberText(child(item, 'value')) ?? (/^\d+(\.\d+)?$/.test(written) ? written : undefined);
  return times === undefined || value === undefined || Number(value) <= 0 ? undefined : Math.ceil(Number(value) * times);
}

function isoDuration(text: string): number | undefined {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  const times = [366 * day, 31 * day, 7 * day, day, 3_600 * second, 60 * second, second];
  const total = times.reduce((sum, each, i) => sum + each * Number(found?.[i + 1] ?? 0), 0);
  return total > 0 ? total : undefined;
}
