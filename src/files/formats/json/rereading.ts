/** How files that the store wrote are read back, value for value. */
import type { DataType } from '../../../frames/schema.ts';
import type { Json } from '../../../ports/values.ts';
import type { Format } from '../../format.ts';
import { type JsonReading, pinnedAs } from './pinned.ts';

type Rereading = Parameters<NonNullable<Format['rereading']>>[0];

/** Columns as they settled; those that the file holds besides (they settled once, and no more) are found by going through it. */
export async function pinnedFor(
  reading: JsonReading,
  sample: NonNullable<Format['sample']>,
  { source, schema, scratch }: Rereading,
): Promise<Json> {
  const columns = schema.columns.map(({ name, type }) => ({ name, type: asText(type), path: [name] }));
  return (await sample({ sources: [source], pinned: pinnedAs(reading, columns), scratch, look: 'whole' })).pinned;
}

/** JSON settles as a text in JSON: it is that text which stays. */
function asText(type: DataType): DataType {
  if (type.kind === 'list') return { ...type, item: asText(type.item) };
  if (type.kind === 'struct') return { ...type, fields: type.fields.map((field) => ({ ...field, type: asText(field.type) })) };
  return type.kind === 'json' ? { kind: 'string' } : type;
}
