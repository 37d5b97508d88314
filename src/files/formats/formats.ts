import type { Format } from '../format.ts';

/** The one list of formats. Loaded when first used. */
const formats: Readonly<Record<string, () => Promise<Format>>> = {
  parquet: async () => (await import('./parquet/parquet.ts')).parquet,
};

export async function formatOf(id: string): Promise<Format> {
  const load = formats[id];
  if (!load) throw new Error(`no format ${id}`);
  return load();
}
