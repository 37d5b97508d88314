/** The org’s description of an object: its fields, and the types with which they are read. */
import { deletedColumn } from '../../engine/contracts/home.ts';
import type { DataType, Schema } from '../../frames/schema.ts';

/** A field as the REST API describes it. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_describesobjects_describesobjectresult.htm */
export interface DescribedField {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  /** `precision`: the number of digits in total. `scale`: the number of digits after the decimal point. */
  readonly precision: number;
  readonly scale: number;
  readonly digits: number;
  readonly nillable: boolean;
  /** Whether the value is the result of a formula or a roll-up summary. */
  readonly calculated: boolean;
  readonly filterable: boolean;
  readonly referenceTo: readonly string[];
  /** In a reference, the name by which a query selects fields of the referenced record. */
  readonly relationshipName?: string | null;
}

export interface DescribedObject {
  readonly name: string;
  readonly label: string;
  readonly queryable: boolean;
  readonly fields: readonly DescribedField[];
}

/** A column that is read from the org. */
export interface OrgColumn {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** The type of the field in the org: `currency(18,2)`, `reference(Account)`, `string(255)`. Absent: the column is not a field of the object. */
  readonly sourceType?: string;
  /** The expression in the query: `Account.Name`, `COUNT(Id) records`. Absent: the column has the name of the field. */
  readonly source?: string;
  /** The path of the value in a record. Absent: the path is the name of the field. */
  readonly path?: readonly string[];
}

/** The expression that selects the field in a query. */
export const sourceName = ({ name, source }: Pick<OrgColumn, 'name' | 'source'>): string =>
  source ?? (name === deletedColumn ? 'IsDeleted' : name);

/** The path of a column’s value in a record. */
export const pathOf = (column: OrgColumn): readonly string[] => column.path ?? [sourceName(column)];

/** The columns in the form that all homes report. */
export const schemaOf = (columns: readonly OrgColumn[]): Schema => ({
  columns: columns.map(({ source: _source, path: _path, ...column }) => column),
});

/** Types of fields that a query does not return, since they have no value of their own, or contain bytes. */
const leftOutTypes: ReadonlySet<string> = new Set(['address', 'location', 'base64', 'complexvalue']);

export function isLeftOut({ type }: DescribedField): boolean {
  return leftOutTypes.has(type);
}

export function columnOf(field: DescribedField, declared: ReadonlyMap<string, DataType>): OrgColumn {
  const { name, nillable } = field;
  return { name, type: declared.get(name) ?? typeOf(field), nullable: nillable || name !== 'Id', sourceType: wordsOf(field) };
}

export function typeOf(field: DescribedField): DataType {
  switch (field.type) {
    case 'boolean':
      return { kind: 'bool' };
    case 'int':
      return { kind: 'int32' };
    case 'long':
      return { kind: 'int64' };
    case 'double':
    case 'currency':
    case 'percent':
      return numberOf(field);
    case 'date':
      return { kind: 'date' };
    case 'datetime':
      return { kind: 'timestamp', unit: 'ms', zone: 'UTC' };
    default:
      return { kind: 'string' };
  }
}

/** The type of a number. A formula returns as many digits as its calculation has, even if its field declares fewer digits. */
function numberOf({ precision, scale, calculated }: DescribedField): DataType {
  if (calculated || precision < 1 || precision > 38 || scale > precision) return { kind: 'float64' };
  return { kind: 'decimal', precision, scale };
}

function wordsOf({ type, length, precision, scale, digits, referenceTo }: DescribedField): string {
  if (type === 'reference') return referenceTo.length === 0 || referenceTo.length > 3 ? type : `${type}(${referenceTo.join(', ')})`;
  if (precision > 0) return `${type}(${precision},${scale})`;
  if (type === 'int' && digits > 0) return `${type}(${digits})`;
  return length > 0 ? `${type}(${length})` : type;
}
