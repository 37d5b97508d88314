/** What a `_metadata.json` sets. */
export interface Metadata {
  /** Empty: no keys. */
  readonly keyColumns: readonly string[];
  readonly strategy: 'SequentialFileName' | 'LastUpdateTimeFileDetection';
  readonly upsertsByDefault: boolean;
}

export const noMetadata: Metadata = {
  keyColumns: [],
  strategy: 'SequentialFileName',
  upsertsByDefault: false,
};

type Properties = Readonly<Record<string, unknown>>;

/** Pages write `keyColumns` in one example and `KeyColumns` in another: both name the property. */
function property(of: Properties, name: string): unknown {
  const other = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return of[name] ?? of[other];
}

function choice<T extends string>(of: Properties, name: string, values: readonly T[], usual: T): T {
  const value = property(of, name) ?? usual;
  const found = values.find((one) => one === value);
  if (found === undefined) throw new Error(`${name} is ${JSON.stringify(value)}`);
  return found;
}

/**
 * "Open mirroring landing zone requirements and format", https://learn.microsoft.com/fabric/mirroring/open-mirroring-landing-zone-format: sections "Metadata file in
 * the landing zone" and "Nonsequential files".
 * @returns undefined for a file that is no valid JSON object, or sets what no page has. How Fabric takes such a file is on no page; the strictest reading is that the
 * table has none.
 */
export function parseMetadata(content: Buffer): Metadata | undefined {
  try {
    const json = JSON.parse(content.toString('utf8')) as unknown;
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
    return metadataOf(json as Properties);
  } catch {
    return undefined;
  }
}

function metadataOf(json: Properties): Metadata {
  const keyColumns = property(json, 'keyColumns') ?? [];
  if (!Array.isArray(keyColumns) || keyColumns.some((one) => typeof one !== 'string') || new Set(keyColumns).size < keyColumns.length) {
    throw new Error('keyColumns is not a list of different names');
  }
  const upsertsByDefault = property(json, 'isUpsertDefaultRowMarker') ?? false;
  if (typeof upsertsByDefault !== 'boolean') throw new Error('isUpsertDefaultRowMarker is not a boolean');
  return {
    keyColumns: keyColumns as readonly string[],
    strategy: choice(json, 'fileDetectionStrategy', ['SequentialFileName', 'LastUpdateTimeFileDetection'], 'SequentialFileName'),
    upsertsByDefault,
  };
}
