/** `Store.fit` for stores with columns of their own, based on the store's dialect. Pure. */
import { fractionDigits } from '../../frames/calendar.ts';
import { sameType } from '../../frames/describe-type.ts';
import { hasExactJson } from '../../frames/documents.ts';
import { folded, type NameWithin, type NamingRules, namesWithin } from '../../frames/polish/settled-names.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import { convertible } from '../../frames/values/convert.ts';
import { common, holds } from '../../frames/widening.ts';
import type {
  Catalog,
  Change,
  ColumnsToSettle,
  Fit,
  Refusal,
  Standing,
  StoredType,
  TableRight,
  TargetColumn,
  WatermarkPrecision,
} from './catalog.ts';
import {
  dependentStaysRefusal,
  keptColumnRefusal,
  noRight,
  noType,
  nullableCountedColumn,
  nullableKeyColumn,
  otherType,
  selfFilledColumnRefusal,
  twinColumns,
  unfilledColumn,
  unknownType,
} from './errors.ts';

/**
 * What `fitColumns` has to know about the stores of one system.
 *
 * @example
 * const held = (type: DataType): StoredType | undefined => (type.kind === 'json' ? { type: { kind: 'string' } } : plain.has(type.kind) ? { type } : undefined);
 * const naming = { longest: { most: 63, of: 'bytes' }, case: 'kept', reserved: [] } as const;
 * fit: (wanted, standing) => fitColumns(wanted, standing, { where: 'erp public.orders', naming, held }),
 */
export interface FitDialect {
  /** The name of the destination in messages: `erp dbo.orders`. */
  readonly where: string;
  readonly naming: NamingRules;
  /** The type of a new column for values of this type. Undefined: the store has no column for such values. */
  held(type: DataType): StoredType | undefined;
  /** Further remedies for a column whose type the store does not have, such as a key of the store. @param isKey whether rows are merged by the column. */
  remediesFor(column: Column, isKey: boolean): readonly string[];
  /** Whether an existing column takes values of this type unchanged, though the column was made for another type. */
  takes?(there: TargetColumn, type: DataType): boolean;
  /** How the store writes into columns with a counter. Absent: it never writes values of rows into such a column. */
  readonly identities?: {
    /** Whether values of rows may be written into such a column. If it is a text: the setting that would allow it, `store: { identity_insert: true }`. */
    readonly fills: true | string;
    /** The rights that are needed to write values into a column with a counter, in addition to the right to insert. */
    readonly needs: readonly TableRight[];
  };
  /** Columns that the store adds at the end of every table that it makes. Frames do not have these columns, because `commit` fills them. */
  readonly own?: readonly Column[];
}

/** Fits the columns of `wanted` into the table of `standing`. It returns the changes of the table that are needed, or the reasons why the columns do not fit. If the result is fitted again, it stays the same. */
export function fitColumns(wanted: ColumnsToSettle, standing: Standing, dialect: FitDialect): Fit {
  const catalog = wanted.keepsTable ? standing.catalog : undefined;
  const there = catalog?.columns ?? [];
  const columns = [...wanted.schema.columns, ...missingOwn(wanted.schema, dialect)];
  const names = namesWithin(
    columns.map(({ name }) => name),
    dialect.naming,
    [...there.map(({ name }) => name), ...wanted.settled],
  );
  const fits = columns.map((column, i): ColumnFit => {
    const name = names[i]?.settled ?? column.name;
    const found = there.find((one) => one.name === name);
    const isKey = wanted.key?.includes(column.name) === true;
    if (catalog === undefined) return created(asLoose({ ...column, name }, standing, dialect), { dialect, isKey });
    if (found === undefined) return added({ ...column, name }, { dialect, isKey }, standing.content !== 'empty');
    return onto({ ...column, name }, found, { dialect, catalog, isFull: isKey });
  });
  const changes = fits.flatMap((one) => one.changes);
  const settled: Schema = { columns: fits.map(({ column }) => column) };
  const taken = new Set(settled.columns.map(({ name }) => name));
  return {
    schema: settled,
    renamed: names.filter(({ why }) => why !== null),
    changes,
    refusals: [
      ...twinsRefused(wanted, { names, changes, there }, dialect),
      ...fits.flatMap((one) => one.refusals),
      ...there.filter(({ name }) => !taken.has(name)).flatMap((one) => unfilled(one, dialect)),
      ...rightsRefused(rightsFor(wanted, standing, { settled, changes, dialect }), standing.catalog, dialect),
      ...dependentsRefused(wanted, standing, changes, dialect),
    ],
    precision: precisionOf(wanted, columns, { settled, there, dialect }),
  };
}

interface ColumnFit {
  readonly column: Column;
  readonly changes: readonly Change[];
  readonly refusals: readonly Refusal[];
}

/** The store’s own columns that the schema lacks. A settled schema already has them. */
function missingOwn({ columns }: Schema, { own = [] }: FitDialect): readonly Column[] {
  return own.filter(({ name }) => !columns.some((column) => column.name === name));
}

/** The column for a table that replaces an existing one. A column that may be null in the existing table stays so, because other writers may leave the column out. */
function asLoose(column: Column, { catalog }: Standing, { naming }: FitDialect): Column {
  const same = (a: string, b: string) => (naming.case === 'ignored' ? a.toLowerCase() === b.toLowerCase() : a === b);
  const mayBeNull = catalog?.columns.some(({ name, nullable }) => nullable && same(name, column.name)) ?? false;
  return mayBeNull ? { ...column, nullable: true } : column;
}

interface OfNewColumn {
  readonly dialect: FitDialect;
  readonly isKey: boolean;
}

function created(column: Column, of: OfNewColumn): ColumnFit {
  const held = heldExactly(column, of.dialect);
  return held ? { column: typed(column, held), changes: [], refusals: [] } : { column, changes: [], refusals: [withoutType(column, of)] };
}

/** A column that is added to an existing table. It may be null, because existing rows have no value in it. */
function added(column: Column, of: OfNewColumn, hasRows: boolean): ColumnFit {
  const fit = created(hasRows ? { ...column, nullable: true } : column, of);
  return fit.refusals.length > 0 ? fit : { ...fit, changes: [{ change: 'add column', column: fit.column }] };
}

/**
 * Refuses a new column whose name differs from another writer’s column only in capitals, or in how accents are composed. Most likely the two are
 * meant to be one: as two columns, each would have the values of one writer only. A column that settled before may get such a twin, because the drift
 * reports it.
 */
function twinsRefused(
  { settled }: ColumnsToSettle,
  {
    names,
    changes,
    there,
  }: { readonly names: readonly NameWithin[]; readonly changes: readonly Change[]; readonly there: readonly TargetColumn[] },
  { where, naming }: FitDialect,
): readonly Refusal[] {
  if (naming.case !== 'kept') return [];
  const ours = new Set([...settled, ...names.map((one) => one.settled)]);
  const others = new Map(there.flatMap(({ name }) => (ours.has(name) ? [] : [[folded(name), name] as const])));
  const added = new Set(changes.flatMap((one) => (one.change === 'add column' ? [one.column.name] : [])));
  const twins = names.flatMap(({ wanted, settled: name }) => {
    const twin = added.has(name) ? others.get(folded(name)) : undefined;
    return twin === undefined ? [] : [{ name: wanted, twin }];
  });
  return twins.length === 0 ? [] : [twinColumns(twins, where)];
}

interface OfTable {
  readonly dialect: FitDialect;
  readonly catalog: Catalog;
  /** Whether a row with a null in the column is never committed, though the column may be null in the source. */
  readonly isFull: boolean;
}

function onto(column: Column, there: TargetColumn, of: OfTable): ColumnFit {
  const { dialect, catalog, isFull } = of;
  if (there.filled === 'generated') return refuse(column, selfFilledColumnRefusal(there, dialect.where));
  const fills = dialect.identities?.fills;
  if (there.filled === 'identity' && fills !== true) return refuse(column, selfFilledColumnRefusal(there, dialect.where, fills));
  const held = heldExactly(column, dialect);
  if (!held) return refuse(column, withoutType(column, { dialect, isKey: isFull }));
  const isTaken = dialect.takes?.(there, held) ?? false;
  if (there.holds === null && !isTaken) return refuse(column, unknownType(column, there, dialect.where));
  const known = isTaken ? null : there.holds;
  const keeps = known === null || (holds(known.type, held) && keepsDigits(known, held));
  const type = known === null ? held : keeps ? known.type : common(known.type, held);
  const isCounted = there.filled !== 'by rows';
  const staysCounted = !isCounted || keeps || (type !== undefined && countable(type));
  if (!type || !staysCounted || !convertible(column.type, type)) return refuse(column, otherType(column, there, dialect.where));
  const isKey = catalog.keys.some(({ kind, columns }) => kind === 'primary' && columns.includes(there.name));
  if (column.nullable && isKey && !isFull) return refuse(column, nullableKeyColumn(there, dialect.where));
  if (column.nullable && isCounted && !isFull) return refuse(column, nullableCountedColumn(there, dialect.where));
  const changes: Change[] = [];
  if (!keeps) changes.push({ change: 'widen', column: there.name, from: there.type, to: type });
  if (column.nullable && !there.nullable && !isKey && !isCounted) changes.push({ change: 'drop not null', column: there.name });
  const nullable = column.nullable || there.nullable;
  return { column: typed({ ...asThere(column, there), nullable }, type), changes, refusals: [] };
}

/** Whether a database may have a counter of this type: no counter counts texts, floats or fractions. */
const countable = (type: DataType): boolean => /^u?int/.test(type.kind) || (type.kind === 'decimal' && type.scale === 0);

/** The column with its existing declared type, whatever `schema_overrides` says. */
function asThere(column: Column, there: TargetColumn): Column {
  if (column.override?.declared === undefined || column.override.declared === there.type) return column;
  const { declared: _declared, ...override } = column.override;
  return { ...column, override };
}

function refuse(column: Column, refusal: Refusal): ColumnFit {
  return { column, changes: [], refusals: [refusal] };
}

/** The type in which the store holds the column’s values exactly. A value that does not fit a narrower hygge type is found when rows are conformed. But digits that only the store drops would be lost, so such a type counts as not held. */
function heldExactly({ type }: Column, dialect: FitDialect): DataType | undefined {
  const held = dialect.held(type);
  return held && convertible(type, held.type) && keepsDigits(held, held.type) ? held.type : undefined;
}

function withoutType(column: Column, { dialect, isKey }: OfNewColumn): Refusal {
  const instead = typeInstead(column.type);
  const held = instead && heldExactly({ ...column, type: instead }, dialect);
  return noType(column, dialect.where, held, dialect.remediesFor(column, isKey));
}

/** The type that an error proposes instead. The usual reason is more digits than the destination keeps; only reading shows whether these digits are all zeros. Nested values are proposed as documents. */
function typeInstead(type: DataType): DataType | undefined {
  if (type.kind === 'list' || type.kind === 'struct') return hasExactJson(type) ? { kind: 'json' } : undefined;
  const hasNanoseconds = (type.kind === 'time' || type.kind === 'timestamp' || type.kind === 'duration') && type.unit === 'ns';
  return hasNanoseconds ? { ...type, unit: 'us' } : undefined;
}

function keepsDigits({ digits }: StoredType, type: DataType): boolean {
  return digits === undefined || (type.kind !== 'timestamp' && type.kind !== 'time') || digits >= fractionDigits[type.unit];
}

function typed(column: Column, type: DataType): Column {
  return sameType(column.type, type) ? column : { ...column, type };
}

/** Refuses a required column of another program if no column of the source fills it. */
function unfilled({ name, type, nullable, default: given, filled }: TargetColumn, { where }: FitDialect): readonly Refusal[] {
  if (nullable || given !== null || filled !== 'by rows') return [];
  return [unfilledColumn({ name, type }, where)];
}

/** The rights that the rows need. Each right has the identity column that needs it, or null if something else needs the right. */
function rightsFor(
  { keepsTable }: ColumnsToSettle,
  { catalog }: Standing,
  of: { readonly settled: Schema; readonly changes: readonly Change[]; readonly dialect: FitDialect },
): ReadonlyMap<TableRight, string | null> {
  if (catalog === undefined || !keepsTable) return new Map([['create', null]]);
  const { settled, changes, dialect } = of;
  const names = new Set(settled.columns.map(({ name }) => name));
  const { fills, needs = [] } = dialect.identities ?? {};
  const filled = catalog.columns.find(({ name, filled: by }) => by === 'identity' && fills === true && names.has(name));
  return new Map<TableRight, string | null>([
    ['insert', null],
    ...(filled === undefined ? [] : needs.map((right) => [right, filled.name] as const)),
    ...(changes.length > 0 ? [['alter', null] as const] : []),
  ]);
}

function rightsRefused(
  needed: ReadonlyMap<TableRight, string | null>,
  catalog: Catalog | undefined,
  { where }: FitDialect,
): readonly Refusal[] {
  return [...needed].flatMap(([right, identity]) =>
    catalog?.rights[right] === false ? [noRight(right, where, { grant: catalog.grants?.[right], identity })] : [],
  );
}

function dependentsRefused(
  { keepsTable }: ColumnsToSettle,
  { catalog }: Standing,
  changes: readonly Change[],
  { where }: FitDialect,
): readonly Refusal[] {
  const dependents = catalog?.dependents ?? [];
  if (!keepsTable) return dependents.filter(({ staysWithOld }) => staysWithOld).map((one) => dependentStaysRefusal(one, where));
  return changes.flatMap((change) => {
    if (change.change !== 'widen' && change.change !== 'drop not null') return [];
    const keeping = dependents.filter(
      ({ columns, keepsColumns }) => keepsColumns || (change.change === 'widen' && columns?.includes(change.column)),
    );
    const holds = catalog?.columns.find(({ name }) => name === change.column)?.holds?.type;
    return keeping.length === 0 ? [] : [keptColumnRefusal(change, { dependents: keeping, where, holds })];
  });
}

interface Settling {
  readonly settled: Schema;
  readonly there: readonly TargetColumn[];
  readonly dialect: FitDialect;
}

function precisionOf(
  { watermark }: ColumnsToSettle,
  columns: readonly Column[],
  { settled, there, dialect }: Settling,
): WatermarkPrecision | null {
  if (watermark === null) return null;
  const at = columns.findIndex(({ name }) => name === watermark);
  const [wanted, becomes] = [columns[at]?.type, settled.columns[at]];
  if (wanted === undefined || becomes === undefined) return 'exact';
  const held = there.find(({ name }) => name === becomes.name)?.holds ?? dialect.held(wanted);
  return coarser(wanted, { ...held, type: becomes.type });
}

function coarser(wanted: DataType, { type, digits }: StoredType): WatermarkPrecision {
  if (wanted.kind === 'timestamp' && type.kind === 'date') return 'days';
  if ((wanted.kind === 'timestamp' || wanted.kind === 'time') && (type.kind === 'timestamp' || type.kind === 'time')) {
    const kept = Math.min(digits ?? 9, fractionDigits[type.unit]);
    return kept < fractionDigits[wanted.unit] ? { digits: kept } : 'exact';
  }
  if (wanted.kind === 'decimal' && type.kind === 'decimal' && type.scale < wanted.scale) return { digits: type.scale };
  return 'exact';
}
