/** The action `metaData` with its schema. The meaning of types and the mapping of names to files are in src/delta/values. */
import type { HomeError } from '../../errors/hygge-error.ts';
import type { DeltaField, DeltaMetadata, DeltaType } from '../table.ts';
import type { RawMetadata } from './actions.ts';
import { deltaError } from './errors.ts';

/** The metadata with its parsed schema. Throws HYG-3709. @param table for messages. */
export function metadataFrom(raw: RawMetadata, table: string): DeltaMetadata {
  const { provider, schemaString, ...rest } = raw;
  if (provider.toLowerCase() !== 'parquet')
    throw unreadable(table, `The files of the table have the format ${JSON.stringify(provider)}, not parquet.`);
  return { ...rest, schema: schemaFrom(schemaString, rest.partitionColumns, table) };
}

function schemaFrom(text: string, partitionColumns: readonly string[], table: string): DeltaMetadata['schema'] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw unreadable(table, 'The schemaString is not JSON.');
  }
  const schema = typeFrom(parsed, { path: [], table });
  if (typeof schema === 'string' || schema.type !== 'struct') throw unreadable(table, 'The schemaString is not a struct.');
  const names = new Map<string, string>();
  for (const { name } of schema.fields) {
    const other = names.get(name.toLowerCase());
    if (other !== undefined) throw unreadable(table, `The columns ${other} and ${name} have the same name for Delta, which ignores case.`);
    names.set(name.toLowerCase(), name);
  }
  const unknown = partitionColumns.find((name) => !names.has(name.toLowerCase()));
  if (unknown !== undefined) throw unreadable(table, `The partition column ${unknown} is not in the schema.`);
  return schema;
}

interface Place {
  readonly path: readonly string[];
  readonly table: string;
}

function typeFrom(value: unknown, place: Place): DeltaType {
  if (typeof value === 'string' && value !== '') return value;
  const { type, ...parts } = objectFrom(value, place);
  if (type === 'struct' && Array.isArray(parts.fields))
    return {
      type,
      fields: parts.fields.map((field: unknown, at) => fieldFrom(field, { ...place, path: [...place.path, `field ${at + 1}`] })),
    };
  if (type === 'array')
    return { type, elementType: typeFrom(parts.elementType, within(place, 'element')), containsNull: parts.containsNull !== false };
  if (type === 'map')
    return {
      type,
      keyType: typeFrom(parts.keyType, within(place, 'key')),
      valueType: typeFrom(parts.valueType, within(place, 'value')),
      valueContainsNull: parts.valueContainsNull !== false,
    };
  throw unreadable(place.table, `${placed(place)} has a type that is neither a name nor a struct, array or map.`);
}

function fieldFrom(value: unknown, place: Place): DeltaField {
  const field = objectFrom(value, place);
  const { name, nullable, metadata } = field;
  if (typeof name !== 'string') throw unreadable(place.table, `${placed(place)} has no name.`);
  const named = { ...place, path: [...place.path.slice(0, -1), name] };
  const isRecord = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  return {
    name,
    type: typeFrom(field.type, named),
    nullable: nullable !== false,
    metadata: isRecord ? (metadata as Readonly<Record<string, unknown>>) : {},
  };
}

function objectFrom(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw unreadable(place.table, `${placed(place)} is not described.`);
}

const within = (place: Place, part: string): Place => ({ ...place, path: [...place.path, part] });

const placed = ({ path }: Place): string => (path.length === 0 ? 'The schema' : `Column ${path.join('.')}`);

function unreadable(table: string, why: string): HomeError {
  return deltaError('HYG-3709', `The metadata of ${table} can’t be read.`, { why: [why] });
}
