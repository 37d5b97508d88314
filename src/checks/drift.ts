/** The differences between the columns of a source and the expected ones. Pure: two schemas in, differences out. */

import { levenshtein } from '../errors/did-you-mean.ts';
import { describeType, sameType } from '../frames/describe-type.ts';
import type { Column, DataType, Schema } from '../frames/schema.ts';
import { holds } from '../frames/widening.ts';
import type { DriftFound } from '../ports/notes.ts';
import type { Instant } from '../ports/values.ts';

export type TypeChangeDirection = 'widened' | 'narrowed' | 'incompatible';

export type SchemaDifference =
  | { readonly kind: 'added'; readonly column: Column }
  | { readonly kind: 'removed'; readonly column: Column; readonly renamedTo: string | null }
  /** A missing column exists again. `since`: when the column was first missing. */
  | { readonly kind: 'returned'; readonly name: string; readonly since: Instant }
  | {
      readonly kind: 'type';
      readonly name: string;
      readonly before: DataType;
      readonly now: DataType;
      readonly direction: TypeChangeDirection;
    }
  | { readonly kind: 'nullable'; readonly name: string; readonly now: 'nullable' | 'not null' }
  /** The same columns in another order: this difference is only noted, because readers match columns by name. */
  | { readonly kind: 'reordered' }
  /** The key has other columns than before. */
  | { readonly kind: 'key'; readonly before: readonly string[]; readonly now: readonly string[] };

/** @param order the source's column names in their last known order, if any: the settled order may differ. */
export function driftBetween(expected: Schema, now: Schema, order: readonly string[] = namesOf(expected)): readonly SchemaDifference[] {
  const before = byName(expected);
  const current = byName(now);
  const added = now.columns.filter((column) => !before.has(column.name));
  const removed = expected.columns.filter((column) => !current.has(column.name));
  const drifts: SchemaDifference[] = removed.map((column) => ({
    kind: 'removed',
    column,
    renamedTo: looksRenamed({ column, expected, now, added })?.name ?? null,
  }));
  for (const column of added) drifts.push({ kind: 'added', column });
  for (const column of now.columns) {
    const old = before.get(column.name);
    if (old) drifts.push(...changesOf(old, column));
  }
  if (isReordered(order, namesOf(now))) drifts.push({ kind: 'reordered' });
  return drifts;
}

/** If fewer than half of the settled columns exist, the source has not changed but is another source. */
export function isAnother(settled: readonly string[], now: readonly string[]): boolean {
  // Names that differ only in case are handled separately.
  const has = new Set(now.map((name) => name.toLowerCase()));
  return settled.filter((name) => has.has(name.toLowerCase())).length * 2 < settled.length;
}

function changesOf(old: Column, now: Column): readonly SchemaDifference[] {
  const drifts: SchemaDifference[] = [];
  if (!sameType(old.type, now.type))
    drifts.push({ kind: 'type', name: now.name, before: old.type, now: now.type, direction: directionOf(old.type, now.type) });
  if (old.nullable !== now.nullable) drifts.push({ kind: 'nullable', name: now.name, now: now.nullable ? 'nullable' : 'not null' });
  return drifts;
}

function directionOf(before: DataType, now: DataType): TypeChangeDirection {
  if (holds(now, before)) return 'widened';
  return holds(before, now) ? 'narrowed' : 'incompatible';
}

/** The order is compared only for columns of both schemas. */
function isReordered(before: readonly string[], now: readonly string[]): boolean {
  const [had, has] = [new Set(before), new Set(now)];
  const order = before.filter((name) => has.has(name));
  return now.filter((name) => had.has(name)).some((name, i) => name !== order[i]);
}

function namesOf({ columns }: Schema): readonly string[] {
  return columns.map(({ name }) => name);
}

/** The key columns when they last settled; undefined: the key columns were not recorded. */
export function keyDrift(before: readonly string[] | undefined, now: readonly string[]): SchemaDifference | undefined {
  if (before === undefined || JSON.stringify(before) === JSON.stringify(now)) return undefined;
  return { kind: 'key', before, now };
}

function byName({ columns }: Schema): ReadonlyMap<string, Column> {
  return new Map(columns.map((column) => [column.name, column]));
}

export type DriftFacts = Pick<DriftFound, 'kind' | 'column' | 'before' | 'now' | 'renamed_to' | 'direction'>;

/** The stored form: the column before and now. */
export function factsOf(drift: SchemaDifference): DriftFacts {
  const { kind } = drift;
  switch (kind) {
    case 'added':
      return { kind, column: drift.column.name, now: describeType(drift.column.type) };
    case 'removed': {
      const renamed = drift.renamedTo === null ? {} : { renamed_to: drift.renamedTo };
      return { kind, column: drift.column.name, before: describeType(drift.column.type), ...renamed };
    }
    case 'returned':
      return { kind, column: drift.name };
    case 'type':
      return { kind, column: drift.name, before: describeType(drift.before), now: describeType(drift.now), direction: drift.direction };
    case 'nullable':
      return { kind, column: drift.name, before: drift.now === 'nullable' ? 'not null' : 'nullable', now: drift.now };
    case 'reordered':
      return { kind, column: null };
    case 'key':
      return { kind, column: null, before: listed(drift.before), now: listed(drift.now) };
  }
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** A guess, which is only reported and never used in a decision. */

interface Suspect {
  /** The missing column. */
  readonly column: Column;
  readonly expected: Schema;
  readonly now: Schema;
  /** The new columns. */
  readonly added: readonly Column[];
}

/** The new column that a removed column may have become, because it has the same type, and a similar name or the same position. */
function looksRenamed({ column, expected, now, added }: Suspect): Column | undefined {
  const place = expected.columns.findIndex(({ name }) => name === column.name);
  const candidates = added
    .filter((candidate) => sameType(candidate.type, column.type))
    .map((candidate) => ({
      candidate,
      alike: likeness(column.name, candidate.name),
      sameplace: now.columns[place]?.name === candidate.name && expected.columns.length === now.columns.length,
    }))
    .filter(({ alike, sameplace }) => alike >= 0.6 || (sameplace && (alike >= 0.3 || added.length === 1)))
    .sort((a, b) => b.alike - a.alike);
  return candidates[0]?.candidate;
}

/** 1: equal except for case and separators; 0: nothing in common. */
function likeness(a: string, b: string): number {
  const [one, other] = [plain(a), plain(b)];
  const longest = Math.max(one.length, other.length);
  if (longest === 0) return 0;
  if (one.includes(other) || other.includes(one)) return Math.max(0.6, 1 - levenshtein(one, other) / longest);
  return 1 - levenshtein(one, other) / longest;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}
