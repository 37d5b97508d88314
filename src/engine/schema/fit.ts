/** Fits the columns that a run wants to settle into the destination: under which names, with which types, and with or without nulls. */
import type { ExpectedColumn } from '../../checks/destination.ts';
import { describeType, sameType } from '../../frames/describe-type.ts';
import type { NameWithin } from '../../frames/polish/settled-names.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import type { ChangeTold } from '../../ports/events.ts';
import type { Note } from '../../ports/notes.ts';
import { defined } from '../../ports/values.ts';
import type { Change, ColumnsToSettle, PlannedChange, Refusal, WatermarkPrecision } from '../contracts/catalog.ts';
import type { Baseline } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { cannotChange, cannotSettle, columnsGone, withTableAnew } from '../errors/fit.ts';
import type { EvolvedSchema } from './evolved-schema.ts';
import type { SourceShape } from './shape.ts';

export interface SchemaInStore extends EvolvedSchema {
  /** The columns of `schema`, followed by the columns that the store itself adds. */
  readonly withStoreColumns: Schema;
  readonly renamedByStore: readonly NameWithin[];
  readonly changes: readonly PlannedChange[];
  readonly precision: WatermarkPrecision | null;
}

interface Destination {
  readonly store: Store;
  readonly before: Baseline;
  /** The name of the watermark’s column in the schema after polish. */
  readonly watermark: string | null;
  /** The settled names of the merge key's columns. */
  readonly key: readonly string[];
}

/** Throws the store’s refusals (`fit`). Throws HYG-2077 for a change that the store can’t make. */
export function fitToStore(spec: EntitySpec, evolving: EvolvedSchema, { store, before, watermark, key }: Destination): SchemaInStore {
  const names = evolving.schema.columns.map(({ name }) => name);
  const wanted: ColumnsToSettle = {
    schema: { columns: evolving.schema.columns.map((column, i) => ({ ...column, ...defined({ retimed: evolving.expects[i]?.retimed }) })) },
    keepsTable: before.keeps ?? before.load === 'incremental',
    settled: (before.expected ?? []).map(({ name }) => name),
    watermark: watermark === null ? null : (evolving.columns.find(({ from }) => from === watermark)?.name ?? null),
    key: evolving.columns.flatMap(({ from, name }) => (from != null && key.includes(from) ? [name] : [])),
  };
  const standing = before.there ?? { content: 'empty' };
  const fit = store.fit(wanted, standing);
  const impossible = fit.changes.filter((change) => evolutionOf(store, change) === 'no');
  const gone = goneFrom(before, fit.changes);
  const refusals: readonly Refusal[] = [
    ...(gone.length > 0 ? [columnsGone(spec, store.where, gone)] : []),
    ...fit.refusals,
    ...impossible.map((change) => cannotChange(store.where, change)),
  ];
  if (refusals.length > 0) {
    const isFull = before.load === 'full';
    const isFixed = wanted.keepsTable && (isFull || (standing.catalog?.dependents ?? []).some(({ staysWithOld }) => staysWithOld));
    const fitsAnother = wanted.keepsTable && store.fit({ ...wanted, keepsTable: false }, { content: 'empty' }).refusals.length === 0;
    throw cannotSettle(
      spec,
      refusals.map((one) => (fitsAnother && (isFull || one.needsAnotherTable) ? withTableAnew(spec, one, isFixed) : one)),
    );
  }
  const columns = fit.schema.columns.slice(0, names.length);
  return {
    ...evolving,
    schema: { columns },
    withStoreColumns: fit.schema,
    columns: evolving.columns.map((one, i) => ({ ...one, ...nameAndType(columns[i], one) })),
    expects: evolving.expects.map((one, i) => asSettled(one, columns[i])),
    renamedByStore: fit.renamed,
    changes: fit.changes.map((change) => ({ ...change, how: evolutionOf(store, change) === 'rewrites' ? 'rewrites' : 'in place' })),
    precision: fit.precision,
  };
}

/** Settled columns that were removed from the table while its rows stay. In a new column, these rows would have null. */
function goneFrom({ load, there, expected }: Baseline, changes: readonly Change[]): readonly string[] {
  if (load !== 'incremental' || there?.content !== 'ours') return [];
  const settled = new Set((expected ?? []).map(({ name }) => name));
  return changes.flatMap((change) => (change.change === 'add column' && settled.has(change.column.name) ? [change.column.name] : []));
}

function evolutionOf(store: Store, change: Change) {
  return store.howChanged(change);
}

function nameAndType(
  settled: Column | undefined,
  { name, type }: Pick<Column, 'name' | 'type'>,
): Pick<Column, 'name' | 'type' | 'retimed'> {
  return settled ? { name: settled.name, type: settled.type, ...defined({ retimed: settled.retimed }) } : { name, type };
}

/** The column as the next run expects it. The next run compares the source with its own earlier columns, not with the store’s types for them. */
function asSettled(expected: ExpectedColumn, settled: Column | undefined): ExpectedColumn {
  if (settled === undefined) return expected;
  const { name, type, nullable, retimed } = settled;
  if (sameType(type, expected.type) && nullable === expected.nullable) return name === expected.name ? expected : { ...expected, name };
  const seen = expected.seen ?? { type: expected.type, nullable: expected.nullable };
  return { ...expected, name, type, nullable, seen, ...defined({ retimed }) };
}

/** The notes on columns that got other names. They are reported once, because these names have settled from then on. A difference only in case is a note, and not a warning. */
export function renamedColumnNotes(
  all: readonly NameWithin[],
  where: string,
): { readonly warnings: readonly Note[]; readonly notes: readonly Note[] } {
  const noted = ({ wanted, settled, why }: NameWithin): Note => ({
    code: 'renamed',
    column: wanted,
    as: settled,
    why: why ?? 'case',
    where,
  });
  return {
    warnings: all.filter(({ why }) => why !== 'case').map(noted),
    notes: all.filter(({ why }) => why === 'case').map(noted),
  };
}

/** The notes on changes to an existing table. If a person made the table, the notes are warnings, because the person did not ask for the changes. */
export function alteredTableNotes(
  changes: readonly PlannedChange[],
  { where, isOurs }: { readonly where: string; readonly isOurs: boolean },
): { readonly warnings: readonly Note[]; readonly notes: readonly Note[] } {
  const altered: readonly Note[] = changes.length === 0 ? [] : [{ code: 'alters', where, changes: changes.map(changeFacts) }];
  return isOurs ? { warnings: [], notes: altered } : { warnings: altered, notes: [] };
}

/** The changes of hygge’s own table that no drift note reports. A person must have altered the table. */
export function changesWithoutDrift({
  changes,
  drift,
  schema,
  origins,
}: Pick<SourceShape, 'changes' | 'drift' | 'schema' | 'origins'>): readonly PlannedChange[] {
  const drifted = new Set(drift.map(({ column }) => column));
  return changes.filter((change) => {
    const name = change.change === 'add column' ? change.column.name : change.column;
    const at = schema?.columns.findIndex((column) => column.name === name) ?? -1;
    return !drifted.has(origins[at] ?? name);
  });
}

export function changeFacts(change: PlannedChange): ChangeTold {
  const { how } = change;
  switch (change.change) {
    case 'add column':
      return { change: change.change, column: change.column.name, type: describeType(change.column.type), how };
    case 'widen':
      return { change: change.change, column: change.column, type: describeType(change.to), how };
    case 'drop not null':
      return { change: change.change, column: change.column, how };
    case 'rename column':
      return { change: change.change, column: change.column, to: change.to, how };
  }
}
