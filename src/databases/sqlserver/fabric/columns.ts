/** The column types of a Warehouse for hygge’s values, and what the columns of its tables can store. */
import * as z from 'zod';
import type { Change, HowChanged, StoredType } from '../../../engine/contracts/catalog.ts';
import type { OwnType } from '../../../engine/contracts/connector.ts';
import { hasExactJson } from '../../../frames/documents.ts';
import type { DataType } from '../../../frames/schema.ts';
import { signedTypes } from '../../sql/signed-types.ts';
import type { FilledBy } from '../../writes.ts';
import { namedType, partsOf, typeOf } from '../columns.ts';
import { exactly } from './dialect.ts';

/** What a new column for values of the type would store. Undefined: no column can store the values. Instants are stored as their time in UTC. */
export function held(type: DataType): StoredType | undefined {
  switch (type.kind) {
    case 'timestamp':
      return type.unit === 'ns' ? undefined : { type: { ...type, unit: 'us', ...(type.zone === undefined ? {} : { zone: 'UTC' }) } };
    case 'time':
      return type.unit === 'ns' ? undefined : { type: { kind: 'time', unit: 'us' } };
    case 'duration':
      return undefined;
    case 'list':
    case 'struct':
      return hasExactJson(type) ? { type } : undefined;
    default:
      return { type: signedTypes[type.kind] ?? type };
  }
}

const plain: Readonly<Partial<Record<DataType['kind'], string>>> = {
  ...{ bool: 'bit', int16: 'smallint', int32: 'int', int64: 'bigint', float32: 'real', float64: 'float', binary: 'varbinary(max)' },
  ...{ uuid: 'uniqueidentifier', date: 'date', time: 'time(6)', timestamp: 'datetime2(6)' },
};

/** The declaration of a column for values of the type, in the words of the catalogue. Texts have no limit, because Fabric can’t alter a column later. */
export function declared(type: DataType): string {
  const own = signedTypes[type.kind] ?? type;
  return own.kind === 'decimal' ? `decimal(${own.precision},${own.scale})` : (plain[own.kind] ?? 'varchar(max)');
}

/** The types in which COPY INTO reads a file from Polars. Uuids are texts in the file. Times of day are also texts, because Polars would write them in nanoseconds. The commit converts these texts to the column’s own type. */
const stagedAsText: Readonly<Partial<Record<DataType['kind'], string>>> = { uuid: 'varchar(36)', time: 'varchar(15)' };

export const timestampsKey = z
  .enum(['exact', 'truncate'])
  .optional()
  .describe(
    'Times finer than microseconds, which no column of a Warehouse holds. exact, the default: such times are refused. truncate: such times are cut, and the plan says so.',
  );

/** How the commit converts a staged value. Undefined: the value is staged as its own type. */
export const stagedValue = (column: string, type: DataType): string | undefined =>
  stagedAsText[type.kind] === undefined ? undefined : `CONVERT(${declared(type)}, ${column})`;

/** The declaration of a staged column. Texts have an exact collation, because rows of a part are identified by their exact texts. */
export function declaredStaged(type: DataType, filledBy: FilledBy): string {
  const as = (filledBy === 'load' ? stagedAsText[type.kind] : undefined) ?? declared(type);
  return as.startsWith('varchar') ? `${as} COLLATE ${exactly}` : as;
}

/** Types of SQL Server that tables of Fabric can’t have. */
const absent: ReadonlySet<string> = new Set(['tinyint', 'money', 'smallmoney', 'json', 'nvarchar']);

/** The type of the values that a column stores, by its declaration. Undefined: hygge writes no values of this type. Fabric pads a `char` with blanks, which are not part of the value. */
export function holds(declaration: string): StoredType | undefined {
  const [name = '', first, second] = partsOf(declaration);
  if (absent.has(name)) return undefined;
  const known = namedType(name, [first, second]);
  if (known) return { type: known };
  if (name !== 'time' && name !== 'datetime2') return undefined;
  const digits = Number(first ?? 6);
  const type: DataType = { kind: name === 'time' ? 'time' : 'timestamp', unit: 'us' };
  return digits >= 6 ? { type } : { type, digits };
}

/** What a column accepts in addition to what `holds` returns: instants as their time in UTC, and documents as texts. */
export function takes(declaration: string, type: DataType): boolean {
  if (declaration === 'datetime2(6)') return type.kind === 'timestamp' && type.unit !== 'ns';
  return declaration === 'varchar(max)' && (type.kind === 'json' || type.kind === 'list' || type.kind === 'struct');
}

/** A type as a person writes it, in the words of the catalogue. Undefined: hygge writes no values of this type. */
export const ownType = (written: string): OwnType | undefined =>
  typeOf(written, { holds, lengths: { varchar: 8000, varbinary: 8000 }, timeDigits: 6 });

/** How Fabric changes a table. Fabric can add columns that may be null, but can’t alter a column. */
export const howChanged = ({ change }: Change): HowChanged => (change === 'add column' ? 'in place' : 'no');
