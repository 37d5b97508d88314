/** Drift in words, for plans, warnings, errors and the journal. */
import { describeType } from '../frames/describe-type.ts';
import type { DriftTold } from '../ports/events.ts';
import type { Drift } from './drift.ts';

/** The column it is about; null: all of them. */
export function columnOf(drift: Drift): string | null {
  if (drift.kind === 'reordered' || drift.kind === 'key') return null;
  return 'column' in drift ? drift.column.name : drift.name;
}

/** What changed: `column email (string) is new`. */
export function change(drift: Drift): string {
  switch (drift.kind) {
    case 'added':
      return `column ${drift.column.name} (${describeType(drift.column.type)}) is new`;
    case 'removed':
      return `column ${drift.column.name} is gone${drift.renamedTo === null ? '' : ` (renamed to ${drift.renamedTo}?)`}`;
    case 'type':
      return `column ${drift.name} was ${describeType(drift.before)} and is ${describeType(drift.now)} now`;
    case 'nullable':
      return `column ${drift.name} is ${drift.now} now`;
    case 'reordered':
      return 'the columns are in another order';
    case 'key':
      return `the key was ${listed(drift.before)} and is ${listed(drift.now)} now`;
  }
}

/** The same in words for tables: what the column was, and what it is. */
export function sides(drift: Drift): Pick<DriftTold, 'before' | 'now' | 'renamed_to' | 'direction'> {
  switch (drift.kind) {
    case 'added':
      return { now: describeType(drift.column.type) };
    case 'removed':
      return { before: describeType(drift.column.type), ...(drift.renamedTo === null ? {} : { renamed_to: drift.renamedTo }) };
    case 'type':
      return { before: describeType(drift.before), now: describeType(drift.now), direction: drift.direction };
    case 'nullable':
      return { before: drift.now === 'nullable' ? 'not null' : 'nullable', now: drift.now };
    case 'reordered':
      return {};
    case 'key':
      return { before: listed(drift.before), now: listed(drift.now) };
  }
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** The whole of it: what changed, since when, what comes of it, and what decided it. */
export function told(one: Pick<DriftTold, 'change' | 'policy' | 'outcome'>, since?: string): string {
  const when = since === undefined ? '' : ` since ${since}`;
  const who = one.policy === null ? '' : ` (${one.policy})`;
  return `${one.change}${when}: ${one.outcome}${who}`;
}
