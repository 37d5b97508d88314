/** Compares the source’s columns, after polish, with the destination’s columns, and decides what this run does about each difference. */

import type { ExpectedColumn } from '../../checks/destination.ts';
import { type Decision, evolve, overridesPolicy } from '../../checks/evolve.ts';
import { type MigratedColumn, migrate } from '../../checks/migrations.ts';
import { type Column, type DataType, isUndecided, type Schema } from '../../frames/schema.ts';
import type { Conforms } from '../../frames/values/conforms.ts';
import { convertible } from '../../frames/values/convert.ts';
import { finerTime } from '../../frames/widening.ts';
import { defined } from '../../ports/values.ts';
import type { Baseline } from '../contracts/records.ts';
import type { EntitySpec, SchemaSpec } from '../contracts/spec.ts';
import { cannotOverride, noneToOverride, overrideChanged, watermarkOverridden } from '../errors/overrides.ts';
import { migrationsDoNotFit, schemaDrifted } from '../errors/run.ts';

export interface EvolvedSchema {
  readonly schema: Schema;
  /** The destination’s columns. Each has its column in the frames. */
  readonly columns: readonly Conforms[];
  readonly expects: readonly ExpectedColumn[];
  readonly decisions: readonly Decision[];
  /** The present names of the source’s columns, after migrations. */
  readonly order: readonly string[];
}

/** Never throws, because a decision may be to stop. */
export function evolveSchema(spec: EntitySpec, source: Schema, before: Baseline): EvolvedSchema {
  const { columns } = migratedSource(spec, source);
  const found: Schema = { columns: columns.map(({ column: { configured: _, ...column } }) => column) };
  const expected = spec.schema.expected ? expectedOf(spec.schema, found, before) : before.expected;
  if (expected === null || (before.accepted && before.load === 'full' && !spec.schema.expected)) return asItIs(found, columns);
  const now = withExpectedTypes(spec.schema, withFinerTimes(found, expected), expected);
  const planned = new Set(columns.flatMap(({ column, planned: isPlanned }) => (isPlanned ? [column.name] : [])));
  const isOverridden = ({ column: { override } }: MigratedColumn) => override !== undefined && !spec.schema.expected;
  const overridden = new Set(columns.filter(isOverridden).map(({ column }) => column.name));
  const configured = new Set(spec.schema.expected ? [] : before.configured);
  const { policies } = spec.schema;
  const order = spec.schema.expected ? undefined : before.order;
  const evolution = evolve({
    expected,
    now,
    policies,
    order,
    accepted: before.accepted,
    planned,
    overridden,
    configured,
    optional: new Set(spec.validation?.optional),
    mode: before.load,
  });
  const sources = new Map(columns.map((one) => [one.column.name, one]));
  return {
    schema: evolution.schema,
    columns: evolution.settles.map(({ name, type, from }) => conforms(name, type, from === null ? undefined : sources.get(from))),
    expects: evolution.expects,
    decisions: before.expected === null ? evolution.decisions.map(ofFirstLoad) : evolution.decisions,
    order: now.columns.map(({ name }) => name),
  };
}

/** The decision in a first load. No row has settled before, so a new column has values in all rows. */
function ofFirstLoad(decision: Decision): Decision {
  return decision.outcome.code === 'settles' ? { ...decision, outcome: { code: 'settles_in_all' } } : decision;
}

/** Like `evolveSchema`, but decisions to stop become one FlowError HYG-2012 that lists all of them. */
export function mustEvolve(spec: EntitySpec, source: Schema, before: Baseline): EvolvedSchema {
  const made = evolveSchema(spec, source, before);
  const refused = made.decisions.filter(({ severity }) => severity === 'fail');
  const changed = refused.find(({ policy }) => policy === overridesPolicy);
  if (changed) throw overrideChanged(spec, changed);
  if (refused.length > 0) throw schemaDrifted(spec, refused, before.configured);
  return made;
}

/** `Baseline.configured`. @param polished the source’s columns after polish. */
export function configuredColumns(spec: EntitySpec, polished: Schema): Pick<Baseline, 'configured'> {
  if (!polished.columns.some((column) => column.configured)) return {};
  return { configured: migratedSource(spec, polished).columns.flatMap(({ column }) => (column.configured ? [column.name] : [])) };
}

/** The source’s columns after the migrations. These are the columns that are compared, and that `hygge schema accept` accepts. */
export function migratedSource(spec: EntitySpec, source: Schema): { readonly columns: readonly MigratedColumn[] } {
  const { columns, problems } = migrate(source, spec.schema.migrations);
  if (problems.length > 0) throw migrationsDoNotFit(spec, problems);
  return { columns };
}

/**
 * A time of day in microseconds counts as unchanged if it settled in nanoseconds: each value fits, and frames keep both in the same way. An older
 * hygge read the times of some databases in nanoseconds.
 */
function withFinerTimes({ columns }: Schema, expected: readonly ExpectedColumn[]): Schema {
  const before = new Map(expected.map((one) => [one.from ?? one.name, one.seen?.type ?? one.type]));
  return {
    columns: columns.map((column) => {
      const was = before.get(column.name);
      const type = was === undefined || column.override !== undefined ? column.type : finerTime(column.type, was);
      return type === column.type ? column : { ...column, type };
    }),
  };
}

/** A column without any value so far fits each expected type. */
function withExpectedTypes({ expected: named }: SchemaSpec, now: Schema, expected: readonly ExpectedColumn[]): Schema {
  if (named === null) return now;
  const types = new Map(expected.flatMap((one) => (isUndecided(one) ? [] : [[one.from ?? one.name, one.seen?.type ?? one.type]])));
  return {
    columns: now.columns.map((column) => (isUndecided(column) ? { ...column, type: types.get(column.name) ?? column.type } : column)),
  };
}

function asItIs(now: Schema, columns: readonly MigratedColumn[]): EvolvedSchema {
  return {
    schema: now,
    columns: columns.map((one) => conforms(one.column.name, one.column.type, one)),
    expects: now.columns.map(expectedColumn),
    decisions: [],
    order: now.columns.map(({ name }) => name),
  };
}

/**
 * The expected columns. If the expected schema leaves a column open, the column is expected as it settled, or, before any row has settled, as the
 * source has it. If a column settled because `add_columns` allowed it, it is expected from then on. So if it disappears, `remove_columns` decides.
 */
function expectedOf({ expected, expectsOthers, policies }: SchemaSpec, found: Schema, before: Baseline): readonly ExpectedColumn[] {
  const named = expectedBy(expected ?? found, found);
  if (!expectsOthers && policies.addColumns === 'fail') return named;
  const byName = new Map(named.map((column) => [column.name, column]));
  const others = expectsOthers ? (before.expected ?? found.columns.map(expectedColumn)) : letIn(before, found, byName);
  const has = new Set(others.map(({ name }) => name));
  return [...others.map((column) => byName.get(column.name) ?? column), ...named.filter(({ name }) => !has.has(name))];
}

/** The settled columns that `add_columns` accepted, in their settled order. A column whose name differs from an expected name only in case is left out. */
function letIn({ expected }: Baseline, found: Schema, named: ReadonlyMap<string, ExpectedColumn>): readonly ExpectedColumn[] {
  const comes = new Set(found.columns.map(({ name }) => name));
  const missed = new Set([...named.keys()].flatMap((name) => (comes.has(name) ? [] : [name.toLowerCase()])));
  return (expected ?? []).filter(({ name, from }) => named.has(name) || !missed.has((from ?? name).toLowerCase()));
}

/** The columns as expected. A source that is stricter about nulls than expected counts as expected. */
function expectedBy(schema: Schema, now: Schema): readonly ExpectedColumn[] {
  const strict = new Set(now.columns.flatMap(({ name, nullable }) => (nullable ? [] : [name])));
  return schema.columns.map((column) => expectedColumn(strict.has(column.name) ? { ...column, nullable: false } : column));
}

export function expectedColumn(column: Schema['columns'][number]): ExpectedColumn {
  return { ...column, from: column.name, seen: null };
}

function conforms(name: string, type: Conforms['type'], source: MigratedColumn | undefined): Conforms {
  const override = source?.column.override;
  return { name, type, from: source?.from ?? null, fill: source?.fill ?? null, ...defined({ override }) };
}

/**
 * The source’s columns with the types of `schema_overrides`. This happens before columns are compared, so the source’s own types of these columns are
 * ignored.
 * @param origins for each column of `schema`, its column in the source; null: polish adds the column.
 */
export function overridden(spec: EntitySpec, schema: Schema, origins: readonly (string | null)[]): Schema {
  const { overrides } = spec.schema;
  if (overrides.length === 0) return schema;
  const missing = overrides.find(({ column }) => !origins.includes(column));
  if (missing)
    throw noneToOverride(
      spec,
      missing,
      origins.flatMap((name) => name ?? []),
    );
  return { columns: schema.columns.map((column, i) => asOverridden(spec, column, origins[i] ?? null)) };
}

function asOverridden(spec: EntitySpec, column: Column, origin: string | null): Column {
  const override = spec.schema.overrides.find((one) => one.column === origin);
  if (override === undefined) return column;
  const { type, declared, most } = override;
  if (!convertible(column.type, type)) throw cannotOverride(spec, override, column.type);
  if (spec.watermark?.column === origin && !isOrderedAlike(column.type, type)) throw watermarkOverridden(spec, override, column.type);
  const { sourceType: _source, restated: _restated, ...rest } = column;
  return { ...rest, type, override: { ...defined({ declared, most }) } };
}

/** Whether both types order values alike. The watermark’s column decides which rows are newer than the settled ones. As a text column it would decide wrongly about numbers: among texts, 10 comes before 9. */
function isOrderedAlike(source: DataType, settled: DataType): boolean {
  return source.kind === settled.kind || (isInteger(source) && isInteger(settled));
}

const isInteger = ({ kind }: DataType) => /^u?int\d/.test(kind);
