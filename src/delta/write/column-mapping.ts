/**
 * Column mapping for a writer: the names and ids that the columns of a table have in its files. The name and id of a new column are computed from the commit that adds the column,
 * so each process that stages rows for the commit uses the same name and id.
 */
import { hash } from 'node:crypto';
import type { ColumnName, ColumnNames } from '../../formats/parquet/named-columns.ts';
import type { DeltaField, DeltaMetadata, DeltaProtocol, DeltaType } from '../table.ts';
import { mappingMode, type TableDescription } from '../values/schema.ts';
import { uuidOf } from './uuids.ts';

const idKey = 'delta.columnMapping.id';
const nameKey = 'delta.columnMapping.physicalName';
const modeKey = 'delta.columnMapping.mode';
const mostKey = 'delta.columnMapping.maxColumnId';

export const isMapped = (table: TableDescription): boolean => mappingMode(table) !== 'none';

/** The properties of a new table with column mapping by name. */
export const mappedByName: DeltaMetadata['configuration'] = { [modeKey]: 'name', [mostKey]: '0' };

/** The protocol of a table with column mapping and no other feature. */
export const mappingProtocol: DeltaProtocol = { minReaderVersion: 2, minWriterVersion: 5, readerFeatures: null, writerFeatures: null };

/**
 * The metadata with a name and an id for each column and each field of a struct that has none, and with the largest id that was ever used.
 * @param seed of the commit. If a column was dropped and is added again, the seed gives it another name in files, so that its old values
 * stay hidden.
 */
export function withNewNames(metadata: DeltaMetadata, seed: string): DeltaMetadata {
  const ids = new Ids(metadata);
  const fields = metadata.schema.fields.map((field) => fieldWithName(field, { ids, seed, path: [] }));
  const configuration = { ...metadata.configuration, [mostKey]: String(ids.last) };
  return { ...metadata, schema: { type: 'struct', fields }, configuration };
}

class Ids {
  last: number;

  constructor({ configuration, schema }: DeltaMetadata) {
    const written = Number(configuration[mostKey] ?? 0);
    this.last = Math.max(Number.isSafeInteger(written) ? written : 0, ...idsIn(schema));
  }

  next(): number {
    this.last += 1;
    return this.last;
  }
}

function idsIn(type: DeltaType): readonly number[] {
  if (typeof type === 'string') return [];
  if (type.type === 'array') return idsIn(type.elementType);
  if (type.type === 'map') return [...idsIn(type.keyType), ...idsIn(type.valueType)];
  return type.fields.flatMap(({ metadata, type: of }) => [...(typeof metadata[idKey] === 'number' ? [metadata[idKey]] : []), ...idsIn(of)]);
}

interface Naming {
  readonly ids: Ids;
  readonly seed: string;
  readonly path: readonly string[];
}

function fieldWithName(field: DeltaField, { path: above, ...naming }: Naming): DeltaField {
  const path = [...above, field.name];
  const isNamed = typeof field.metadata[nameKey] === 'string' && field.metadata[nameKey] !== '';
  const names = isNamed
    ? typeof field.metadata[idKey] === 'number'
      ? {}
      : { [idKey]: naming.ids.next() }
    : { [idKey]: naming.ids.next(), [nameKey]: `col-${uuidOf(JSON.stringify([naming.seed, path]))}` };
  return { ...field, metadata: { ...field.metadata, ...names }, type: typeWithNames(field.type, { ...naming, path }) };
}

function typeWithNames(type: DeltaType, naming: Naming): DeltaType {
  if (typeof type === 'string') return type;
  const below = (of: DeltaType, name: string) => typeWithNames(of, { ...naming, path: [...naming.path, name] });
  if (type.type === 'struct') return { ...type, fields: type.fields.map((field) => fieldWithName(field, naming)) };
  if (type.type === 'array') return { ...type, elementType: below(type.elementType, 'element') };
  return { ...type, keyType: below(type.keyType, 'key'), valueType: below(type.valueType, 'value') };
}

/** The type `mine`, with the names in files that the type `there` has. Both types have fields with the same names. */
export function withNamesOf(mine: DeltaType, there: DeltaType): DeltaType {
  if (typeof mine === 'string' || typeof there === 'string') return mine;
  if (mine.type === 'struct' && there.type === 'struct') {
    const named = new Map(there.fields.map((field) => [field.name, field]));
    const fields = mine.fields.map((field): DeltaField => {
      const same = named.get(field.name);
      return same === undefined ? field : { ...field, metadata: same.metadata, type: withNamesOf(field.type, same.type) };
    });
    return { type: 'struct', fields };
  }
  if (mine.type === 'array' && there.type === 'array') return { ...mine, elementType: withNamesOf(mine.elementType, there.elementType) };
  return mine;
}

/** The names of columns in files, for an encoder. */
export function columnNames(fields: readonly DeltaField[]): ColumnNames {
  return new Map(
    fields.map(({ name, type, metadata }): [string, ColumnName] => [
      name,
      { name: physicalNameOf({ name, metadata }), id: Number(metadata[idKey] ?? 0), fields: columnNames(fieldsIn(type)) },
    ]),
  );
}

/** The name of a column in files, in partition values and in statistics. */
export function physicalNameOf({ name, metadata }: Pick<DeltaField, 'name' | 'metadata'>): string {
  const written = metadata[nameKey];
  return typeof written === 'string' ? written : name;
}

/** The names of columns in files, for their names in the table. Unknown names stay unchanged. */
export function namesInFiles(metadata: Pick<DeltaMetadata, 'schema'> | undefined): (name: string) => string {
  const names = new Map(metadata?.schema.fields.map((field) => [field.name, physicalNameOf(field)]));
  return (name) => names.get(name) ?? name;
}

function fieldsIn(type: DeltaType): readonly DeltaField[] {
  if (typeof type === 'string') return [];
  if (type.type === 'array') return fieldsIn(type.elementType);
  return type.type === 'struct' ? type.fields : [];
}

/** The names and ids of some columns as a text, so that two commits can compare their names and ids. */
export function namesAsText(fields: readonly DeltaField[], columns: readonly string[]): string {
  const asList = (names: ColumnNames): unknown => [...names].map(([own, { name, id, fields: below }]) => [own, name, id, asList(below)]);
  const wanted = new Set(columns);
  const found = fields.filter(({ name }) => wanted.has(name)).sort(({ name: a }, { name: b }) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify(asList(columnNames(found))), 'hex');
}
