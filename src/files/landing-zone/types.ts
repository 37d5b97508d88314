/**
 * The columns of a mirrored table for hygge's values. Fabric keeps the table as a Delta table. It has no unsigned numbers, times of day, nanoseconds or
 * intervals, and nested values are JSON texts: https://learn.microsoft.com/fabric/mirroring/open-mirroring-landing-zone-format.
 */
import { heldByDelta } from '../../delta/write/types.ts';
import type { Catalog, ColumnsToSettle, Fit, Refusal, Standing, StoredType } from '../../engine/contracts/catalog.ts';
import { type FitDialect, fitColumns } from '../../engine/contracts/fit.ts';
import { describeType } from '../../frames/describe-type.ts';
import { hasExactJson } from '../../frames/documents.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { catalogOf } from '../store/catalog.ts';
import { markerName } from './row-marker.ts';

/** The column type for values of a type; undefined: no type stores the values exactly. */
export function held(type: DataType): StoredType | undefined {
  if (type.kind === 'list' || type.kind === 'struct') return hasExactJson(type) ? { type: { kind: 'json' } } : undefined;
  // UUIDs and JSON values are texts in Fabric, but the settled columns keep their types.
  if (type.kind === 'uuid' || type.kind === 'json') return { type };
  const inTable = heldByDelta(type);
  return inTable && { type: inTable };
}

/** The naming rules. 128 characters is the longest column name at the SQL endpoint. */
const naming = { longest: { most: 128, of: 'characters' }, case: 'ignored', reserved: [] } as const;

/**
 * Fits columns into a mirrored table. All columns may be null, because Fabric stops at a file that lacks a column without nulls. Fabric also does not document what
 * happens when a column starts to have nulls.
 */
export function fitMirrored({ schema, ...wanted }: ColumnsToSettle, standing: Standing, where: string): Fit {
  const dialect: FitDialect = { where, naming, held, remediesFor: () => [] };
  const loose: Schema = { columns: schema.columns.map((column) => ({ ...column, nullable: true })) };
  const fit = fitColumns({ ...wanted, schema: loose }, standing, dialect);
  const retyped = fit.changes.filter((change) => change.change === 'widen');
  const marked = schema.columns.find(({ name }) => name.toLowerCase() === markerName.toLowerCase());
  return {
    ...fit,
    changes: fit.changes.filter((change) => change.change !== 'widen'),
    refusals: [
      ...(marked === undefined ? [] : [markerRefusal(marked.name, where)]),
      ...retyped.map(({ column, from, to }) => retypedRefusal({ column, from, to }, where)),
      ...fit.refusals,
    ],
  };
}

function retypedRefusal(
  { column, from, to }: { readonly column: string; readonly from: string; readonly to: DataType },
  where: string,
): Refusal {
  return {
    code: 'HYG-4116',
    what: `Column ${column} of ${where} is ${from}, but the source has ${describeType(to)} now.`,
    why: ['Fabric stops the replication of a table when a column gets another type.'],
    tryThis: [
      'Settle the new values in a separate column: schema_evolution: { type_changes: new_column }',
      `Or load the table again: ${rebuild}`,
    ],
  };
}

/** The advice for loading a mirrored table again. */
export const rebuild = 'hygge reset FLOW.ENTITY, then hygge go, which makes the table again';

/** The columns of the rows that settled. */
export function mirroredSchema({ schema }: { readonly schema: Schema | null }): Schema {
  return { columns: schema?.columns.filter(({ name }) => name !== markerName) ?? [] };
}

/** The settled columns, which Fabric also has. */
export function mirroredCatalog({ columns }: Schema): Catalog {
  const mirrored = columns.filter(({ name }) => name !== markerName);
  return catalogOf({ columns: mirrored.map((column) => ({ ...column, nullable: true })) });
}

function markerRefusal(name: string, where: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} can't settle in ${where}: Fabric would read it as the row marker.`,
    why: ['The values of the column would decide which rows are inserted, updated or deleted. Here the key decides this.'],
    tryThis: [
      'Remove the column: polish.add_row_marker, or the constant of that name',
      'Or leave the column out: exclude of the home',
      'Or settle it under another name: migrations: [{ rename: … }]',
    ],
  };
}
