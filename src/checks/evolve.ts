/** From drift and policies to the settled columns: the destination’s columns after this run, and the source column of each. Pure. */
import { describeType, sameType } from '../frames/describe-type.ts';
import type { Column, DataType, Schema } from '../frames/schema.ts';
import { becomesDocument, convertible } from '../frames/values/convert.ts';
import { common } from '../frames/widening.ts';
import type { DriftOutcome } from '../ports/notes.ts';
import { Destination, type DestinationColumn, type ExpectedColumn } from './destination.ts';
import { driftBetween, type SchemaDifference } from './drift.ts';
import { accepting, type Policies } from './policies.ts';

export interface Decision {
  readonly drift: SchemaDifference;
  /** `add_columns: auto`; null: no policy covers the difference. */
  readonly policy: string | null;
  readonly severity: 'fail' | 'warn' | 'note';
  readonly outcome: DriftOutcome;
}

export interface Evolution {
  /** The destination's columns in order: existing ones, then new ones. */
  readonly schema: Schema;
  /** The destination’s columns with their source columns, for staging. */
  readonly settles: readonly DestinationColumn[];
  /** The columns that the next run expects. */
  readonly expects: readonly ExpectedColumn[];
  readonly decisions: readonly Decision[];
}

export interface EvolveRequest {
  /** The settled columns, or the columns in `expected_schema_path`. */
  readonly expected: readonly ExpectedColumn[];
  readonly now: Schema;
  readonly policies: Policies;
  /** The source's columns in their last known order; absent: in the expected order. */
  readonly order?: readonly string[] | undefined;
  /** Whether a person accepted the source as it is, regardless of the policies. */
  readonly accepted?: boolean;
  /** Columns in `migrations`, whose appearance or new type is not drift. */
  readonly planned?: ReadonlySet<string>;
  /** Columns with a type in `schema_overrides`, whose changed type is intended. */
  readonly overridden?: ReadonlySet<string>;
  /** Columns whose type is set by the home’s config, so that a full load gives them that type. */
  readonly configured?: ReadonlySet<string>;
  /** Columns that are optional in the contract, so that the source may lack them. */
  readonly optional?: ReadonlySet<string>;
  /** Whether a full load rewrites the existing rows; false: an incremental run adds to them. */
  readonly mode: 'full' | 'incremental';
}

type Verdict = Omit<Decision, 'drift'>;

/** The decision for a column named in `schema_overrides`. */
export const overridesPolicy = 'schema_overrides';

/** The decision for a missing column that the contract calls optional. The missing column is not reported. */
export const optionalPolicy = 'optional';

export function evolve(request: EvolveRequest): Evolution {
  const { expected, now, policies: usual, order, accepted = false, mode } = request;
  const { planned = new Set(), overridden = new Set(), configured = new Set(), optional = new Set() } = request;
  const destination = new Destination(expected, now);
  const decisions = driftBetween(asInSource(expected), now, order).map((drift): Decision => ({ drift, ...decide(drift) }));
  return { ...destination.settled(), decisions };

  function decide(drift: SchemaDifference): Verdict {
    const about = 'column' in drift ? drift.column.name : 'name' in drift ? drift.name : '';
    if (drift.kind === 'type' && destination.isUndecided(about)) return firstValue(destination, drift);
    if (drift.kind === 'type' && overridden.has(about)) return { ...anotherOverride(destination, drift, mode), policy: overridesPolicy };
    if (drift.kind === 'type' && configured.has(about) && mode === 'full')
      return { ...anotherOverride(destination, drift, mode), policy: null };
    if (drift.kind === 'removed' && optional.has(about)) return withoutOptional(destination, drift.column);
    if (planned.has(about)) return { ...answer(drift, accepting), policy: 'migrations', severity: 'note' };
    if (!accepted) return answer(drift, usual);
    const verdict = answer(drift, accepting);
    // The policies after a person’s acceptance are not in the config, so the answer has `accepted` instead of a policy.
    return { ...verdict, policy: verdict.policy && 'accepted' };
  }

  function answer(drift: SchemaDifference, policies: Policies): Verdict {
    switch (drift.kind) {
      case 'added':
        return added(destination, drift.column, policies.addColumns, mode);
      case 'removed':
        return removed(destination, drift.column, policies.removeColumns, mode);
      case 'type':
        return retyped(destination, drift, policies.typeChanges, mode);
      case 'nullable':
        return nullability(destination, drift, policies.nullableChanges);
      case 'reordered':
        return { policy: null, severity: 'note', outcome: { code: 'by_name' } };
      case 'returned':
        return { policy: null, severity: 'warn', outcome: { code: 'null_meanwhile', since: drift.since } };
      case 'key':
        return { policy: null, severity: 'warn', outcome: { code: 'key', columns: drift.now } };
    }
  }
}

/** The source as it last settled, without parked columns. */
function asInSource(expected: readonly ExpectedColumn[]): Schema {
  return {
    columns: expected.flatMap(({ from, seen, type, nullable }) => (from === null ? [] : [{ name: from, ...(seen ?? { type, nullable }) }])),
  };
}

function added(destination: Destination, column: Column, policy: Policies['addColumns'], mode: EvolveRequest['mode']): Verdict {
  const named = `add_columns: ${policy}`;
  switch (policy) {
    case 'fail':
      return { policy: named, severity: 'fail', outcome: { code: 'stops' } };
    case 'auto':
      destination.add(column.name, column);
      return { policy: named, severity: 'warn', outcome: { code: mode === 'full' ? 'settles_in_all' : 'settles' } };
    case 'warn':
    case 'ignore':
      return { policy: named, severity: policy === 'warn' ? 'warn' : 'note', outcome: { code: 'left_out' } };
  }
}

function withoutOptional(destination: Destination, { name }: Column): Verdict {
  destination.change(name, { nullable: true });
  return { policy: optionalPolicy, severity: 'note', outcome: { code: 'stays_null' } };
}

function removed(destination: Destination, { name }: Column, policy: Policies['removeColumns'], mode: EvolveRequest['mode']): Verdict {
  const named = `remove_columns: ${policy}`;
  if (policy === 'fail') return { policy: named, severity: 'fail', outcome: { code: 'stops' } };
  if (policy === 'ignore' && mode === 'full') {
    destination.drop(name);
    return { policy: named, severity: 'note', outcome: { code: 'dropped' } };
  }
  destination.change(name, { nullable: true });
  return { policy: named, severity: policy === 'warn' ? 'warn' : 'note', outcome: { code: 'stays_null' } };
}

type TypeDrift = SchemaDifference & { readonly kind: 'type' };

/** A column that settled without a value has no fixed type yet, so its type change needs no policy. */
function firstValue(destination: Destination, { name, now }: TypeDrift): Verdict {
  destination.decide(name, now);
  return {
    policy: null,
    severity: 'note',
    outcome: { code: 'first_value', type: describeType(now) },
  };
}

function retyped(destination: Destination, drift: TypeDrift, policy: Policies['typeChanges'], mode: EvolveRequest['mode']): Verdict {
  const named = `type_changes: ${policy}`;
  const settled = destination.typeOf(drift.name) ?? drift.before;
  const code = sameType(settled, drift.now) ? 'same_again' : 'converted';
  switch (policy) {
    case 'fail':
      return { policy: named, severity: 'fail', outcome: { code: 'stops' } };
    case 'warn':
    case 'cast':
      if (!convertible(drift.now, settled)) return { policy: named, ...noConversion(settled, drift.now) };
      return { policy: named, severity: policy === 'warn' ? 'warn' : 'note', outcome: { code, type: describeType(settled) } };
    case 'widen':
      return { policy: named, ...widened(destination, { name: drift.name, settled, now: drift.now }, mode) };
    case 'new_column':
      return { policy: named, ...beside(destination, { name: drift.name, settled, now: drift.now }) };
    case 'accept':
      return { policy: 'accepted', ...taken(destination, { name: drift.name, settled, now: drift.now }, mode) };
  }
}

/** A full load rewrites all rows. */
function anotherOverride(destination: Destination, { name, before, now }: TypeDrift, mode: EvolveRequest['mode']): Omit<Verdict, 'policy'> {
  const settled = destination.typeOf(name) ?? before;
  if (mode === 'incremental') return widened(destination, { name, settled, now }, mode);
  destination.change(name, { type: now });
  return { severity: 'note', outcome: { code: 'anew', gone: false } };
}

interface Change {
  readonly name: string;
  readonly settled: DataType;
  readonly now: DataType;
}

function widened(destination: Destination, { name, settled, now }: Change, mode: EvolveRequest['mode']): Omit<Verdict, 'policy'> {
  const wide = holdsBoth(settled, now);
  if (!wide) return { severity: 'fail', outcome: { code: 'no_common_type', settled: describeType(settled), now: describeType(now) } };
  if (sameType(wide, settled)) return { severity: 'note', outcome: { code: 'fits', type: describeType(wide) } };
  destination.change(name, { type: wide });
  const old = mode === 'full' ? null : describeType(settled);
  return { severity: 'warn', outcome: { code: 'widened', type: describeType(wide), before: old } };
}

/** A list or a struct that settled as a document remains a document, even if its fields change. */
function holdsBoth(settled: DataType, now: DataType): DataType | undefined {
  return becomesDocument(now, settled) ? settled : common(settled, now);
}

function noConversion(settled: DataType, now: DataType): Omit<Verdict, 'policy'> {
  return { severity: 'fail', outcome: { code: 'no_conversion', settled: describeType(settled), now: describeType(now) } };
}

function taken(destination: Destination, change: Change, mode: EvolveRequest['mode']): Omit<Verdict, 'policy'> {
  return holdsBoth(change.settled, change.now) ? widened(destination, change, mode) : beside(destination, change);
}

function beside(destination: Destination, { name, settled, now }: Change): Omit<Verdict, 'policy'> {
  if (sameType(settled, now)) return { severity: 'note', outcome: { code: 'same_again', type: describeType(settled) } };
  destination.park(name);
  const fresh = destination.add(
    `${name}_${describeType(now)
      .replace(/[^a-z0-9]+/gi, '_')
      .replace(/_+$/, '')}`,
    { name, type: now, nullable: true },
  );
  return { severity: 'warn', outcome: { code: 'new_column', column: name, as: fresh } };
}

function nullability(
  destination: Destination,
  drift: SchemaDifference & { readonly kind: 'nullable' },
  policy: Policies['nullableChanges'],
): Verdict {
  const named = `nullable_changes: ${policy}`;
  if (policy === 'fail') return { policy: named, severity: 'fail', outcome: { code: 'stops' } };
  if (drift.now === 'nullable') destination.change(drift.name, { nullable: true });
  const code = drift.now === 'nullable' ? 'may_be_null' : 'stays_nullable';
  return { policy: named, severity: policy === 'warn' ? 'warn' : 'note', outcome: { code } };
}
