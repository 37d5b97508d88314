/** How files that the store wrote are read back, value for value. */
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
  const columns = schema.columns.map(({ name, type }) => ({ name, type, path: [name] }));
  return (await sample({ sources: [source], pinned: pinnedAs(reading, columns), scratch, look: 'whole' })).pinned;
}
