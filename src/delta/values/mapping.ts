/** How each column of the table is made from one data file. */

import type { Frame } from '../../engine/contracts/frame.ts';
import type { FileContent, FileSource } from '../../formats/contract/format.ts';
import { type DataFrame, type Expr, type Polars, polars } from '../../frames/native.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import type { Conforms } from '../../frames/values/conforms.ts';
import { typedLiteral } from '../../frames/values/exact-literal.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import { polarsType } from '../../frames/values/polars-type.ts';
import { holds } from '../../frames/widening.ts';
import type { DeltaFile } from '../table.ts';
import { valueError } from './errors.ts';
import { type FileField, fileFields } from './field-ids.ts';
import { type Fit, fieldsIn, fitOf, lacking, lossy, placeIn } from './fit.ts';
import { leafValue } from './leaf-values.ts';
import { type ArrowColumn, arrowColumns } from './nested-values.ts';
import { partitionValueOf } from './partition.ts';
import { columnsOf, type TableColumn, type TableDescription } from './schema.ts';

/** The source of the values of one column. */
export type MadeColumn =
  | { readonly name: string; readonly type: DataType; readonly kind: 'file'; readonly from: string; readonly fit: Fit }
  /** The value of a partition; null: the rows of the partition have no value. */
  | { readonly name: string; readonly type: DataType; readonly kind: 'constant'; readonly text: string | null }
  /** The file is older than the column, so its rows have no value. */
  | { readonly name: string; readonly type: DataType; readonly kind: 'null' };

export interface FileMapping {
  /** The columns of the mapped rows, in the table’s order. */
  readonly schema: Schema;
  readonly columns: readonly MadeColumn[];
  /** Columns to request from the file; null: all of them. */
  readonly read: readonly string[] | null;
  /** The data file, for messages. */
  readonly name: string;
}

interface MappingRequest {
  readonly table: TableDescription;
  readonly columns: readonly string[] | null;
  readonly file: DeltaFile;
  readonly source: FileSource;
  readonly content: FileContent;
}

export async function fileMapping({ table, columns, file, source, content }: MappingRequest): Promise<FileMapping> {
  const known = columnsOf(table, columns);
  const wanted = columns === null ? known.columns : known.columns.filter(({ name }) => columns.includes(name));
  const fields = await fieldsOf({ source, content, byId: known.mode === 'id' });
  const made = wanted.map((column) => madeColumn(column, { fields, file, name: source.name, metadata: table.metadata }));
  const schema: Schema = { columns: wanted.map(({ column }) => column) };
  const needed = new Set(made.flatMap((column) => (column.kind === 'file' ? [column.from] : [])));
  const asked = needed.size > 0 ? made.flatMap((column) => (column.kind === 'file' ? [column.from] : [])) : counted(content.schema.columns);
  const all = asked.length === content.schema.columns.length && asked.every((name, i) => content.schema.columns[i]?.name === name);
  return { schema, columns: made, read: all ? null : asked, name: source.name };
}

/** A column to read if only the number of rows is needed, a small column if possible. */
function counted(columns: readonly Column[]): readonly string[] {
  const small = columns.find(({ type }) => /^(u?int|float|bool|date)/.test(type.kind)) ?? columns[0];
  return small === undefined ? [] : [small.name];
}

async function fieldsOf(of: {
  readonly source: FileSource;
  readonly content: FileContent;
  readonly byId: boolean;
}): Promise<readonly FileField[]> {
  const { source, content } = of;
  if (!of.byId) return content.schema.columns.map(({ name, type }) => ({ name, type, id: undefined, fields: fieldsIn(type) }));
  const fields = await fileFields(source, content);
  // A file without any ids is an error. Without the error, each column of the file would be read as nulls.
  if (fields.length > 0 && fields.every(({ id }) => id === undefined))
    throw valueError('HYG-3808', `${source.name} has no field ids, but the table finds its columns by field ids.`);
  return fields;
}

interface InFile {
  readonly fields: readonly FileField[];
  readonly file: DeltaFile;
  readonly name: string;
  readonly metadata: TableDescription['metadata'];
}

function madeColumn(column: TableColumn, { fields, file, name: path, metadata }: InFile): MadeColumn {
  const { name, shape, nullable, isPartition, physicalName } = column;
  const { type } = column.column;
  if (isPartition) {
    const field = metadata.schema.fields.find((one) => one.name === name);
    const { partitionValues } = file;
    const written = Object.hasOwn(partitionValues, physicalName) ? partitionValues[physicalName] : null;
    const text = field === undefined ? null : partitionValueOf(field, written).text;
    if (text === null && !nullable) throw lacking(name, path);
    return { name, type, kind: 'constant', text };
  }
  const at = placeIn(fields, column);
  const own = at === null ? undefined : fields[at];
  if (own === undefined) {
    if (!nullable) throw lacking(name, path);
    return { name, type, kind: 'null' };
  }
  const fit = fitOf(shape, own, { file: path, path: name });
  return fit.kind === 'null' ? { name, type, kind: 'null' } : { name, type, kind: 'file', from: own.name, fit };
}

/** Rows of the file as rows of the table. A frame that already fits is not changed. A plan stays a plan if no value has to be read. */
export async function mapped(frame: Frame, mapping: FileMapping): Promise<PolarsFrame> {
  const { columns, schema } = mapping;
  const rows = asPolars(frame);
  if (!columns.every(isPlain)) return remade(rows, mapping);
  const made = await rows.conform({ schema, columns: columns.map(conforms), samples: 'mask' });
  return made.told(schema);
}

/** Whether `Frame.conform` can make the column without reading values. */
function isPlain(column: MadeColumn): boolean {
  if (column.kind === 'constant') return column.type.kind !== 'binary';
  // Polars can’t cast to the null type.
  if (column.kind === 'null') return column.type.kind !== 'null';
  const { fit } = column;
  if (fit.kind === 'same') return true;
  return fit.kind === 'leaf' && fit.pad === undefined && fit.to.kind !== 'timestamp' && holds(fit.to, fit.from);
}

function conforms(column: MadeColumn): Conforms {
  const { name, type } = column;
  const fill = column.kind === 'constant' && column.text !== null ? { type, text: column.text } : null;
  return { name, type, from: column.kind === 'file' ? column.from : null, fill };
}

/** The name of an additional column; no column of the file has this name. If all other columns are constants, the additional column keeps the number of rows. */
const rowsColumn = '_hygge row';

async function remade(frame: PolarsFrame, mapping: FileMapping): Promise<PolarsFrame> {
  const { columns, schema, name: file } = mapping;
  const pl = await polars();
  const data = await frame.taken();
  const [first = rowsColumn] = data.columns;
  const exprs: Expr[] = [pl.col(first).isNull().alias(rowsColumn)];
  const beside: ArrowColumn[] = [];
  for (const column of columns) {
    const made = expressionOf(pl, column) ?? (await leafOf(column, { data, file }));
    if (made === undefined) beside.push(arrowColumn(column, file));
    else exprs.push(made.alias(column.name));
  }
  const flat = data
    .lazy()
    .select(...exprs)
    .collectSync();
  const all = beside.length === 0 ? flat : (pl.concat([flat, await arrowColumns(data, beside)], { how: 'horizontal' }) as DataFrame);
  return PolarsFrame.of({ schema, data: all.select(...schema.columns.map(({ name }) => name)), bytes: frame.bytes });
}

function expressionOf(pl: typeof Polars, column: MadeColumn): Expr | undefined {
  if (column.kind === 'file') return column.fit.kind === 'same' ? pl.col(column.from) : undefined;
  if (column.type.kind === 'null') return pl.lit(null);
  const into = polarsType(pl, column.type);
  if (column.kind === 'constant' && column.text !== null)
    return into === undefined ? undefined : typedLiteral(pl, column.type, column.text);
  return into && pl.lit(null).cast(into);
}

async function leafOf(column: MadeColumn, { data, file }: { readonly data: DataFrame; readonly file: string }): Promise<Expr | undefined> {
  if (column.kind !== 'file' || column.fit.kind !== 'leaf') return undefined;
  const { value, lost } = await leafValue(column.from, column.fit);
  const rows = lost === null ? 0 : data.lazy().filter(lost).collectSync().height;
  if (rows > 0) throw lossy({ file, path: column.name }, { rows, from: column.fit.from, to: column.fit.to });
  return value;
}

function arrowColumn(column: MadeColumn, file: string): ArrowColumn {
  const { name, type } = column;
  if (column.kind === 'file')
    return { name, type, kind: 'fitted', from: column.from, fit: column.fit, lossy: (found) => lossy({ file, path: name }, found) };
  if (column.kind === 'constant' && column.text !== null) return { name, type, kind: 'bytes', bytes: Buffer.from(column.text) };
  return { name, type, kind: 'null' };
}
