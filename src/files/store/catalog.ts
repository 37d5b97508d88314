/** Makes the catalog of a store whose columns have only names, types and nullability. */
import type { Catalog, TargetColumn } from '../../engine/contracts/catalog.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column, Schema } from '../../frames/schema.ts';

const plain = { default: null, filled: 'by rows', length: null, collation: null } as const;

/** The catalog for a schema. @param declared returns the destination’s own name for the type of a column. */
export function catalogOf({ columns }: Schema, declared: (column: Column) => string = ({ type }) => describeType(type)): Catalog {
  const described = columns.map((column): TargetColumn => {
    const { name, type, nullable } = column;
    return { ...plain, name, type: declared(column), holds: { type }, nullable };
  });
  return { columns: described, keys: [], dependents: [], rights: {} };
}
