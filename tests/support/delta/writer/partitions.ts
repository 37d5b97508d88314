/**
 * Partition values as the log has them, and the folder and path of a file as Spark and delta-rs name them: the folder's name is escaped as Hive does, and the path in
 * the log is that name once more as a URI.
 */
import type { Column, Row, Value } from './schema.ts';

/** How a writer spells what the protocol leaves open. */
export type Style = 'spark' | 'delta-rs';

export function partitionText(type: Column['type'], value: Value | undefined, style: Style): string | null {
  if (value === null || value === undefined) return null;
  if (type !== 'timestamp') return String(value);
  const text = String(value);
  return style === 'spark' ? `${text.replace(' ', 'T')}Z` : text;
}

/** The values of a row in the log, by the physical names of the columns. */
export function partitionValuesOf(columns: readonly Column[], row: Row, style: Style): Readonly<Record<string, string | null>> {
  return Object.fromEntries(columns.map((column) => [column.physicalName, partitionText(column.type, row[column.id], style)]));
}

/** `p=1/q=a%2Fb/`; '' without partitions. One value has another folder of each writer. */
export function partitionFolder(columns: readonly Column[], values: Readonly<Record<string, string | null>>, style: Style): string {
  const escaped = style === 'spark' ? hiveEscaped : encodeURIComponent;
  return columns
    .map(({ physicalName }) => `${escaped(physicalName)}=${escaped(values[physicalName] ?? '__HIVE_DEFAULT_PARTITION__')}/`)
    .join('');
}

/** The folder's name on a disk. */
function hiveEscaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  return text.replace(/[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** The path in the log: a URI. Spark leaves letters that are not ASCII as they are, delta-rs has none. */
export function uriOf(path: string, style: Style): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are ASCII
  return style === 'delta-rs' ? encodeURI(path) : path.replace(/[\u0000-\u007f]/gu, (c) => encodeURI(c));
}
