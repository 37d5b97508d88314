/** `Store.fit` for stores with columns of their own, from what their dialect says. Pure. */
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
 * What `fitColumns` has to know about a kind of store.
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
  /** The type of a new column for values of this type; undefined: the store has no such column. */
  held(type: DataType): StoredType | undefined;
  /** Other remedies for a column that no type holds, such as a key of the store. @param isKey rows are merged by the column */
  remediesFor(column: Column, isKey: boolean): readonly string[];
  /** Whether an existing column accepts values of the type unchanged, though it `holds` values of another type. */
  takes?(there: TargetColumn, type: DataType): boolean;
  /** Columns with a counter. Absent: values of rows are never written to such a column. */
  readonly identities?: {
    /** Whether values of rows may be written to such a column. A text: the setting that allows it, `store: { identity_insert: true }`. */
    readonly fills: true | string;
    /** The rights that this needs, in addition to the right to insert. */
    readonly needs: readonly TableRight[];
  };
  /** Columns that the store adds at the end of every table it makes. Frames do not have these columns: `commit` fills them. */
  readonly own?: readonly Column[];
}

/** Fits the columns of `wanted` into the table of `standing`: changes of the table, or reasons why it is impossible. Applied to its own answer it answers the same. */
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

/** The store's own columns that the schema lacks. Settled schemas already have them. */
function missingOwn({ columns }: Schema, { own = [] }: FitDialect): readonly Column[] {
  return own.filter(({ name }) => !columns.some((column) => column.name === name));
}

/** A nullable column of an existing table stays nullable in the table that replaces it, because other writers may leave it out. */
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

/** Existing rows have no value in the new column. */
function added(column: Column, of: OfNewColumn, hasRows: boolean): ColumnFit {
  const fit = created(hasRows ? { ...column, nullable: true } : column, of);
  return fit.refusals.length > 0 ? fit : { ...fit, changes: [{ change: 'add column', column: fit.column }] };
}

/**
 * If a new column differs from another writer's column only in capitals, or in how accents are composed, most likely the same column is meant. Otherwise
 * rows of the other writer would have values in one of the two, and rows of hygge in the other. A column that settled before may get such a twin: the drift reports it.
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
  /** The column may be null in the source, and no row with a null in it is committed. */
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

/** No database has counters of texts, floats or fractions. */
const countable = (type: DataType): boolean => /^u?int/.test(type.kind) || (type.kind === 'decimal' && type.scale === 0);

/** An existing column keeps its declared type, whatever `schema_overrides` says. */
function asThere(column: Column, there: TargetColumn): Column {
  if (column.override?.declared === undefined || column.override.declared === there.type) return column;
  const { declared: _declared, ...override } = column.override;
  return { ...column, override };
}

function refuse(column: Column, refusal: Refusal): ColumnFit {
  return { column, changes: [], refusals: [refusal] };
}

/** When rows are conformed, each value that a narrower hygge type can't hold is found. Digits that only the store drops are not found. */
function heldExactly({ type }: Column, dialect: FitDialect): DataType | undefined {
  const held = dialect.held(type);
  return held && convertible(type, held.type) && keepsDigits(held, held.type) ? held.type : undefined;
}

function withoutType(column: Column, { dialect, isKey }: OfNewColumn): Refusal {
  const instead = typeInstead(column.type);
  const held = instead && heldExactly({ ...column, type: instead }, dialect);
  return noType(column, dialect.where, held, dialect.remediesFor(column, isKey));
}

/** The usual reason is more digits than the destination keeps; only reading the rows shows whether these are all zeros. Nested values are kept as documents. */
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

/** Refuses a required column that hygge did not make and that no column of the source fills. */
function unfilled({ name, type, nullable, default: given, filled }: TargetColumn, { where }: FitDialect): readonly Refusal[] {
  if (nullable || given !== null || filled !== 'by rows') return [];
  return [unfilledColumn({ name, type }, where)];
}

/** The rights that the rows need, each with the identity column that needs it; null: the right is needed for something else. */
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
