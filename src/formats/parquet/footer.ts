import { homeCodes } from '../../errors/codes/home.ts';
import type { FileSource } from '../contract/format.ts';
import { damagedFooter, parquetError } from './errors.ts';
import { bytesAt, integerAt, listAt, structAt, textAt, truthAt } from './fields.ts';
import { decodeStruct, ThriftDamaged, type ThriftStruct, type ThriftValue } from './thrift.ts';

/** The statistics of one column in one row group, as bytes of the file. */
export interface Statistics {
  readonly nulls: number | undefined;
  readonly min: Uint8Array | undefined;
  readonly max: Uint8Array | undefined;
  /** Whether the data has this value. False: the value is only a bound. Undefined: the writer does not say. */
  readonly minExact: boolean | undefined;
  readonly maxExact: boolean | undefined;
}

/** One leaf column of one row group. `start` and `end`: the range of its pages in the file. */
export interface ColumnChunk {
  readonly values: number;
  readonly uncompressedBytes: number;
  readonly start: number;
  readonly end: number;
  /** Where the data pages begin. The dictionary page comes before them. */
  readonly dataStart: number;
  /** The number of the type in parquet.thrift. */
  readonly physicalType: number;
  readonly encodings: readonly ThriftValue[];
  readonly codec: number;
  readonly statistics: Statistics;
}

export interface RowGroup {
  readonly rows: number;
  readonly chunks: readonly ColumnChunk[];
}

export interface Footer {
  readonly tree: ThriftStruct;
  /** The position of the footer in the file. */
  readonly start: number;
  readonly rows: number;
  readonly elements: readonly ThriftStruct[];
  readonly groups: readonly RowGroup[];
  readonly metadata: ReadonlyMap<string, string>;
}

const magic = 'PAR1';
const mark = magic;
const encryptedMagic = 'PARE';
/** How many bytes of the file’s end are read first. Most footers are smaller, so that one request reads them. */
const firstRead = 64 * 1024;

/** Reads the footer with range requests. Throws a HomeError that names the file if the file is empty, torn, damaged, or no parquet file. */
export async function readFooter(source: FileSource): Promise<Footer> {
  if (source.bytes === 0) throw parquetError('HYG-3102', `${source.name} is empty (0 bytes).`);
  const tailStart = Math.max(0, source.bytes - firstRead);
  const tail = await source.read({ start: tailStart, end: source.bytes });
  if (tail.length !== source.bytes - tailStart) throw parquetError('HYG-3103', `${source.name} ends before its ${source.bytes} bytes.`);
  const length = await footerLength(source, tail);
  const start = source.bytes - 8 - length;
  const bytes = start >= tailStart ? tail.subarray(start - tailStart, tail.length - 8) : await source.read({ start, end: start + length });
  return parseFooter(bytes, { name: source.name, start });
}

async function footerLength(source: FileSource, tail: Uint8Array): Promise<number> {
  const mark = text(tail.subarray(-4));
  if (mark === encryptedMagic) throw parquetError('HYG-3108', `${source.name} is an encrypted parquet file.`);
  if (mark !== magic || source.bytes < 12) {
    const head = source.bytes >= 4 ? text(await source.read({ start: 0, end: 4 })) : '';
    if (head === magic) throw parquetError('HYG-3103', `${source.name} is torn: it begins like a parquet file, but its footer is missing.`);
    throw parquetError('HYG-3101', `${source.name} is not a parquet file.`, await whatElse(source));
  }
  const length = new DataView(tail.buffer, tail.byteOffset + tail.length - 8, 4).getUint32(0, true);
  if (length + 12 <= source.bytes) return length;
  throw parquetError('HYG-3104', `${source.name} has a damaged footer.`, {
    why: [`The file claims a footer of ${length} bytes, but the whole file has ${source.bytes}.`],
  });
}

/** What a file really is. A file without a known extension is read as parquet, and its content shows which format the config has to name. */
async function whatElse(source: FileSource): Promise<{ readonly why?: readonly string[]; readonly tryThis?: readonly string[] }> {
  if (/\.parquet$/i.test(source.name)) return {};
  const begin = text(await source.read({ start: 0, end: Math.min(source.bytes, 1024) })).trimStart();
  if ([...begin].some((character) => character < ' ' && !'\t\r\n'.includes(character))) return {};
  const format = begin.startsWith('[') ? 'json' : begin.startsWith('{') ? 'ndjson' : 'csv';
  return {
    why: ['The path of the home shows no format, so its files were read as parquet. But this file looks like text.'],
    tryThis: [`Name the format next to the path of the home: format: ${format}`, ...homeCodes['HYG-3101'].tryThis],
  };
}

/** @param at.start the position of the footer, at which all chunks must have ended. */
export function parseFooter(bytes: Uint8Array, at: { readonly name: string; readonly start: number }): Footer {
  try {
    const tree = decodeStruct(bytes);
    if (structAt(tree, 8) !== undefined) throw parquetError('HYG-3108', `${at.name} is an encrypted parquet file.`);
    const elements = listAt(tree, 2).map(asStruct);
    const leaves = elements.slice(1).filter((element) => (integerAt(element, 5) ?? 0) === 0 && element.has(1)).length;
    const groups = listAt(tree, 4).map((group) => rowGroup(asStruct(group), leaves, at.start));
    const rows = groups.reduce((sum, group) => sum + group.rows, 0);
    const said = required(integerAt(tree, 3), 'row count');
    // Early writers in Rust wrote 0 as the row count of a file of any length. For such a file, the row groups decide the number of rows: their counts are compared with their pages.
    if (said !== rows && said !== 0) throw new ThriftDamaged('row groups do not add up to the row count');
    return { tree, start: at.start, rows, elements, groups, metadata: keyValues(tree) };
  } catch (cause) {
    if (!(cause instanceof ThriftDamaged)) throw cause;
    throw damagedFooter(at.name, cause);
  }
}

function rowGroup(group: ThriftStruct, leaves: number, limit: number): RowGroup {
  const chunks = listAt(group, 1).map((item) => chunk(asStruct(item), limit));
  if (chunks.length !== leaves) throw new ThriftDamaged(`a row group with ${chunks.length} columns in a file with ${leaves}`);
  const rows = required(integerAt(group, 3), 'row count of a row group');
  if (rows < 0) throw new ThriftDamaged('a negative row count');
  return { rows, chunks };
}

function chunk(column: ThriftStruct, limit: number): ColumnChunk {
  const meta = structAt(column, 3);
  if (meta === undefined) throw new ThriftDamaged('a column without metadata');
  if (column.has(1)) throw new ThriftDamaged('its data is in another file, which hygge does not read');
  const data = required(integerAt(meta, 9), 'page offset');
  const dictionary = integerAt(meta, 11);
  const values = required(integerAt(meta, 5), 'value count');
  if (values < 0) throw new ThriftDamaged('a negative value count');
  // Some writers write 0 for "no dictionary". No page can be at position 0, because the file’s mark is there.
  const written = dictionary === undefined || dictionary === 0 ? data : Math.min(data, dictionary);
  // If the column has no values, an offset of 0 means "no pages".
  const start = values === 0 && written === 0 ? mark.length : written;
  const end = start + required(integerAt(meta, 7), 'compressed size');
  if (start < mark.length || end < start || end > limit) throw new ThriftDamaged(`a column at bytes ${start}–${end} is outside the data`);
  return {
    values,
    uncompressedBytes: integerAt(meta, 6) ?? 0,
    start,
    end,
    dataStart: Math.max(start, data),
    physicalType: required(integerAt(meta, 1), 'physical type'),
    encodings: listAt(meta, 2),
    codec: required(integerAt(meta, 4), 'codec'),
    statistics: statistics(structAt(meta, 12)),
  };
}

/** Reads only the newer fields of statistics, because different writers ordered the older min and max in different ways. */
function statistics(struct: ThriftStruct | undefined): Statistics {
  if (struct === undefined) return { nulls: undefined, min: undefined, max: undefined, minExact: undefined, maxExact: undefined };
  return {
    nulls: integerAt(struct, 3),
    max: bytesAt(struct, 5),
    min: bytesAt(struct, 6),
    maxExact: truthAt(struct, 7),
    minExact: truthAt(struct, 8),
  };
}

function keyValues(tree: ThriftStruct): ReadonlyMap<string, string> {
  return new Map(
    listAt(tree, 5)
      .map(asStruct)
      .map((pair) => [textAt(pair, 1) ?? '', textAt(pair, 2) ?? '']),
  );
}

function asStruct(value: ThriftValue): ThriftStruct {
  if (value instanceof Map) return value;
  throw new ThriftDamaged('a structure was expected');
}

function required(value: number | undefined, what: string): number {
  if (value === undefined) throw new ThriftDamaged(`no ${what}`);
  return value;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
