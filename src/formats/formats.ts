import type { Json } from '../ports/values.ts';
import type { Format, FormatKind } from './contract/format.ts';
import { csvKind } from './csv/kind.ts';
import { jsonKind, ndjsonKind } from './json/kind.ts';
import { parquetKind } from './parquet/kind.ts';

/** The only list of formats. Its entries are light, because the code that reads and writes is loaded at the first use. */
export const formatKinds: readonly FormatKind[] = [parquetKind, csvKind, ndjsonKind, jsonKind];

/** `options`: the values of the format’s own keys, from the config of a home or a store. */
export async function formatOf(id: string, options: Readonly<Record<string, unknown>>): Promise<Format> {
  const kind = kindOf(id);
  return kind.open(options);
}

/** The keys of a config that belong to the config’s format. */
export function formatOptions(
  config: Readonly<Record<string, unknown>> & { readonly format: string },
  side: 'home' | 'store',
): Record<string, Json> {
  const kind = kindOf(config.format);
  const keys = Object.keys(side === 'home' ? kind.homeKeys : kind.storeKeys);
  return Object.fromEntries(keys.filter((key) => config[key] !== undefined).map((key) => [key, config[key] as Json]));
}

function kindOf(id: string): FormatKind {
  const kind = formatKinds.find((one) => one.id === id);
  if (!kind) throw new Error(`no format ${id}`);
  return kind;
}
