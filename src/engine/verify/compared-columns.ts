/** Which settled columns are compared with the source, under which names and types, and why the other columns are not compared. */
import { isText, textFamily } from '../../frames/row-sum/text-family.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import type { ColumnNotCompared } from '../../ports/answers/comparison.ts';
import type { Catalog } from '../contracts/catalog.ts';
import { deletedAtColumn, deletedColumn } from '../contracts/home.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';
import { changeVersionColumn, type EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';

export interface ColumnSides {
  readonly spec: EntitySpec;
  /** The settled columns, as the store reads them back. */
  readonly settled: Schema;
  /** The columns of the source’s rows as they would settle now, each with its column in the source. */
  readonly shaped: Schema;
  readonly origins: readonly (string | null)[];
  /** The columns of the destination’s table. Absent: the destination is not a table. */
  readonly catalog?: Catalog | undefined;
  /** The store’s `nullDocuments`: how a JSON document that is `null` settles. */
  readonly nullDocuments: Store['nullDocuments'];
}

export interface ComparedColumns {
  /** The compared columns, in the order in which they settled. Both sides use the same names. */
  readonly columns: readonly SummedColumn[];
  readonly notCompared: readonly ColumnNotCompared[];
  /** The columns of the source that have not settled. */
  readonly notSettled: readonly string[];
}

export function comparedColumns(sides: ColumnSides): ComparedColumns {
  const { settled, shaped } = sides;
  const columns: SummedColumn[] = [];
  const notCompared: ColumnNotCompared[] = [];
  for (const { name, type } of settled.columns) {
    const why = whyNot(sides, name, type);
    if (why === null) columns.push(comparedColumn(sides, name, type));
    else notCompared.push({ column: name, why });
  }
  const known = new Set(settled.columns.map(({ name }) => name));
  return { columns, notCompared, notSettled: shaped.columns.map(({ name }) => name).filter((name) => !known.has(name)) };
}

function comparedColumn(sides: ColumnSides, name: string, settled: DataType): SummedColumn {
  const type = comparedType(settled, shapedType(sides, name) ?? settled);
  return type.kind === 'json' && sides.nullDocuments === 'missing' ? { name, type, nullDocuments: sides.nullDocuments } : { name, type };
}

function shapedType({ shaped }: ColumnSides, name: string): DataType | undefined {
  return shaped.columns.find((column) => column.name === name)?.type;
}

function whyNot(sides: ColumnSides, name: string, type: DataType): ColumnNotCompared['why'] | null {
  const { spec, shaped, origins, catalog } = sides;
  const at = shaped.columns.findIndex((column) => column.name === name);
  const origin = origins[at] ?? null;
  const own = shaped.columns[at];
  if (name === deletedColumn || origin === deletedColumn) return 'mark';
  if (spec.compareDeletes?.action === 'mark' && (name === deletedAtColumn || origin === deletedAtColumn)) return 'mark';
  if (origin === changeVersionColumn) return 'run';
  const added = spec.polish?.added.find((one) => one.name === name);
  if (added !== undefined && origin === null) return added.what === 'constant' ? 'constant' : 'run';
  const hash = origin === null ? spec.polish?.hashIds.find((one) => one.name === name) : undefined;
  if ((hash?.from ?? [origin]).some((from) => from !== null && spec.mask.columns.has(from))) return 'mask';
  // A column without an origin has only nulls, or the value that a migration sets.
  // If the column’s type changed, the values of the source’s column with this name settle in another column.
  if (own === undefined || (origin === null && hash === undefined)) return origins.includes(name) ? 'type' : 'gone';
  if (catalog?.columns.find((column) => column.name === name)?.holds?.digits !== undefined) return 'digits';
  return isComparable(type, own.type) ? null : 'type';
}

/** The type in which two columns are compared. If one of them is a text, it is the more specific type of the other, such as JSON or an id. */
function comparedType(settled: DataType, source: DataType): DataType {
  if (settled.kind === 'null') return source;
  return settled.kind === 'string' && isText(source) ? source : settled;
}

/** Whether a value has the same canonical text in both types, so that the columns can be compared. */
export function isComparable(one: DataType, other: DataType): boolean {
  if (one.kind === 'null' || other.kind === 'null') return true;
  if (one.kind === 'list' && other.kind === 'list') return isComparable(one.item, other.item);
  if (one.kind === 'struct' && other.kind === 'struct')
    return (
      one.fields.length === other.fields.length && one.fields.every(({ type }, at) => isComparable(type, other.fields[at]?.type ?? type))
    );
  return textFamily(one) === textFamily(other) || (isText(one) && isText(other));
}
