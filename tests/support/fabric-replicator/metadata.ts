/** One column of delimited text. */
export interface DeclaredColumn {
  readonly name: string;
  readonly dataType: string;
  readonly isNullable: boolean;
}

/** What a `_metadata.json` sets. */
export interface Metadata {
  /** Empty: no keys. */
  readonly keyColumns: readonly string[];
  readonly strategy: 'SequentialFileName' | 'LastUpdateTimeFileDetection';
  readonly upsertsByDefault: boolean;
  readonly csv: {
    readonly extension: string;
    readonly columns: readonly DeclaredColumn[] | undefined;
    readonly rowSeparator: string;
    readonly columnSeparator: string;
    readonly quote: string;
    readonly escape: string;
    readonly nullValue: string;
  };
}

export const noMetadata: Metadata = {
  keyColumns: [],
  strategy: 'SequentialFileName',
  upsertsByDefault: false,
  csv: { extension: 'csv', columns: undefined, rowSeparator: '\r\n', columnSeparator: ',', quote: '"', escape: '\\', nullValue: '' },
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
 * the landing zone", "Nonsequential files" and "Delimited text requirements".
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
    csv: csvOf(json),
  };
}

function csvOf(json: Properties): Metadata['csv'] {
  const isCsv = String(property(json, 'fileFormat') ?? 'CSV').toUpperCase() === 'CSV';
  const extension = property(json, 'fileExtension') ?? (isCsv ? 'csv' : undefined);
  if (typeof extension !== 'string') throw new Error('DelimitedText needs a FileExtension');
  const format = (property(json, 'fileFormatTypeProperties') ?? {}) as Properties;
  if ((property(format, 'firstRowAsHeader') ?? true) !== true) throw new Error('FirstRowAsHeader is not true');
  if (!/^utf-?8$/i.test(String(property(format, 'encoding') ?? 'UTF-8'))) throw new Error('this model reads UTF-8 only');
  const schema = property(json, 'schemaDefinition') as Properties | undefined;
  const columns = schema === undefined ? undefined : (property(schema, 'columns') as readonly Properties[]);
  return {
    extension: extension.replace(/^\./, ''),
    columns: columns?.map((one) => ({
      name: String(property(one, 'name')),
      dataType: String(property(one, 'dataType')),
      // Without IsNullable: on no page; not null is the strictest.
      isNullable: property(one, 'isNullable') === true,
    })),
    rowSeparator: choice(format, 'rowSeparator', ['\r\n', '\n', '\r'], '\r\n'),
    columnSeparator: choice(format, 'columnSeparator', [',', ';', '|', '\t'], ','),
    quote: choice(format, 'quoteCharacter', ['"', "'", ''], '"'),
    escape: choice(format, 'escapeCharacter', ['\\', '/', '"', ''], '\\'),
    nullValue: String(property(format, 'nullValue') ?? ''),
  };
}
