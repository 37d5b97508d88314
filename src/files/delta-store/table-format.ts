/**
 * The parquet files of a table. With column mapping, rows have the column names of the table, and files have the physical names and ids of the columns. Without
 * column mapping, files are plain parquet files. Files of other programs are read by the rules for readers of Delta.
 */

import type { DeltaFile } from '../../delta/table.ts';
import { fileMapping } from '../../delta/values/mapping.ts';
import { dataFormat, readDeltaFile } from '../../delta/values/read.ts';
import { columnsOf, type TableDescription } from '../../delta/values/schema.ts';
import { columnNames, isMapped, mappedByName, mappingProtocol, namesAsText, withNewNames } from '../../delta/write/column-mapping.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { FileContent, FileSource, Format } from '../../formats/contract/format.ts';
import { encoderWithNames } from '../../formats/parquet/named-columns.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';
import { type NamesOfPart, renewed } from './commit-entry.ts';
import { notAsInTable } from './errors.ts';

/** The description of a table that does not exist yet and will have column mapping. */
export const mappedTable: TableDescription = {
  protocol: mappingProtocol,
  metadata: {
    id: '',
    name: null,
    description: null,
    schema: { type: 'struct', fields: [] },
    partitionColumns: [],
    configuration: mappedByName,
  },
};

/** Matches the names of data files that hygge wrote. All other files are from other programs, so their column types may differ from the table. */
const ownFile = /\d{20}-[0-9a-z]+-\d{5,}-\d{3,}-[0-9a-z]+\.[a-z.]+$/;

export const isOwnName = (name: string): boolean => ownFile.test(name);

/** Converts an error of the table reader into an error of the store. */
function ofStore(error: unknown): unknown {
  return error instanceof HyggeError && /^HYG-380[6-9]$/.test(error.code) ? notAsInTable(error) : error;
}

/** The format that reads the files of a table. @param describe returns the current table; undefined: the table does not exist yet. */
export function formatOfTable(parquet: Format, describe: () => Promise<TableDescription | undefined>): Format {
  const opened = new WeakMap<FileContent, { readonly format: Format; readonly content: FileContent }>();
  const inspected = async (source: FileSource, pinned: Json | null) => {
    const table = await describe();
    const isPlain = table === undefined || (!isMapped(table) && (isOwnName(source.name) || parquet.id !== 'parquet'));
    const format = isPlain ? parquet : mappedFormat(parquet, table);
    try {
      const content = await format.inspect(source, pinned);
      opened.set(content, { format, content });
      return { format, content };
    } catch (error) {
      throw ofStore(error);
    }
  };
  // Content that another format has encoded is encoded again.
  const known = async ({ source, content }: { readonly source: FileSource; readonly content: FileContent }) =>
    opened.get(content) ?? inspected(source, null);
  return {
    ...parquet,
    inspect: async (source, pinned) => (await inspected(source, pinned)).content,
    within: async (request) => {
      const { format, content } = await known(request);
      return format.within({ ...request, content });
    },
    async *read(request) {
      const { format, content } = await known(request);
      try {
        yield* format.read({ ...request, content });
      } catch (error) {
        throw ofStore(error);
      }
    },
    max: async (request) => {
      const { format, content } = await known(request);
      return format.max({ ...request, content });
    },
    nulls: async (request) => {
      const { format, content } = await known(request);
      return format.nulls({ ...request, content });
    },
  };
}

/** The rows that a commit settles. */
interface ToSettle {
  readonly schema: Schema;
  /** The seed for the names of new columns; see `seedOf`. */
  readonly seed: string;
}

/** A table with column mapping, and the new columns of a commit. In the table, the new columns have the same physical names as in the commit’s files. */
export function withSettling({ protocol, metadata }: TableDescription, { schema: { columns }, seed }: ToSettle): TableDescription {
  const named = new Set(columns.map(({ name }) => name));
  const fields = [...metadata.schema.fields.filter(({ name }) => !named.has(name)), ...columns.map((column) => renewed(column, metadata))];
  return { protocol, metadata: withNewNames({ ...metadata, schema: { type: 'struct', fields } }, seed) };
}

/** The format that writes files with the columns that a commit settles, and reads files of the table. */
export function writingFormat(parquet: Format, table: TableDescription, settles: ToSettle): Format {
  const described = withSettling(table, settles);
  const after = described.metadata;
  const names = columnNames(after.schema.fields);
  return {
    ...mappedFormat(parquet, described),
    encoder: (options) => encoderWithNames(parquet.encoder(options), names),
    styleOf: (schema) => {
      const own = schema.columns.map(({ name }) => name);
      const style: NamesOfPart = { columns: own, names: namesAsText(after.schema.fields, own) };
      return style as unknown as Json;
    },
  };
}

/** A file as the log would describe it, as far as known before it is opened. Without partition values, because partition columns are not read. */
const fileOf = ({ bytes }: FileSource): DeltaFile => ({
  path: '',
  partitionValues: {},
  bytes,
  modificationTime: 0,
  vector: null,
  stats: null,
});

function mappedFormat(parquet: Format, table: TableDescription): Format {
  const inner = dataFormat(table);
  const known = new WeakMap<FileContent, FileContent>();
  const all = columnsOf(table).columns.filter(({ isPartition }) => !isPartition);
  /** How the columns are made from the file. */
  const madeIn = async (source: FileSource, content: FileContent) => {
    const columns = all.map(({ name }) => name);
    const { columns: made } = await fileMapping({ table, columns, file: fileOf(source), source, content });
    return made.filter(({ kind }) => kind === 'file');
  };
  const inspected = async (source: FileSource): Promise<{ readonly content: FileContent; readonly told: FileContent }> => {
    const content = await inner.inspect(source, null);
    const names = new Set((await madeIn(source, content)).map(({ name }) => name));
    const columns = all.filter(({ name }) => names.has(name)).map(({ column }) => column);
    const told: FileContent = { ...content, schema: { columns } };
    known.set(told, content);
    return { content, told };
  };
  const innerOf = async (source: FileSource, content: FileContent) => known.get(content) ?? (await inspected(source)).content;
  /** The name of a column in the file. Undefined: the file lacks the column, or its values have another type. */
  const inFile = async (column: string, source: FileSource, content: FileContent) => {
    const made = (await madeIn(source, content)).find(({ name }) => name === column);
    return made?.kind === 'file' && made.fit.kind === 'same' ? made.from : undefined;
  };
  return {
    ...parquet,
    inspect: async (source) => (await inspected(source)).told,
    within: async ({ source, content, window }) => {
      const opened = await innerOf(source, content);
      const from = window.column === null ? undefined : await inFile(window.column.column, source, opened);
      if (window.column === null || from === undefined) return content.pieces.map(() => true);
      return inner.within({ source, content: opened, window: { ...window, column: { ...window.column, column: from } } });
    },
    async *read({ source, content, columns, ...request }) {
      const opened = await innerOf(source, content);
      yield* readDeltaFile({
        ...{ ...request, table, source, format: inner, content: opened, file: fileOf(source) },
        columns: columns ?? content.schema.columns.map(({ name }) => name),
        // Files that are read here never have a vector.
        openVector: () => Promise.reject(new Error('Files of this kind have no vector')),
      });
    },
    max: async ({ source, content, column, ...request }) => {
      const opened = await innerOf(source, content);
      return inner.max({ ...request, source, content: opened, column: (await inFile(column, source, opened)) ?? column });
    },
    nulls: async ({ source, content, column, ...request }) => {
      const opened = await innerOf(source, content);
      return inner.nulls({ ...request, source, content: opened, column: (await inFile(column, source, opened)) ?? column });
    },
  };
}
