import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../engine/contracts/frame.ts';
import { DefectError } from '../../errors/hygge-error.ts';
import { describeType } from '../describe-type.ts';
import { type Arrow, type Expr, type Polars, polars } from '../native.ts';
import type { Column, DataType } from '../schema.ts';
import { cellReader } from '../values/cells.ts';
import { inParts } from '../values/from-polars.ts';
import { asPolars } from '../values/polars-frame.ts';
import { canonicalText } from './canonical-text.ts';
import { RowWriter } from './row-writer.ts';
import { isText, textFamily } from './text-family.ts';

/** A column whose values are hashed, and the type in which its values are compared. */
interface SummedColumn extends Pick<Column, 'name' | 'type'> {
  /** `missing`: a JSON document that is `null` is treated as a null. */
  readonly nullDocuments?: 'missing';
}

/** For each row, in the frame’s order, the hash of the row text of these columns. Throws a DefectError if the frame lacks one of the columns. */
export async function rowHashes(frame: Frame, columns: readonly SummedColumn[]): Promise<BigInt64Array> {
  const hashes = new BigInt64Array(frame.rows);
  await putHashes(frame, columns, { into: new Int32Array(hashes.buffer), width: 2 });
  return hashes;
}

/**
 * For each row, in the frame’s order, the whole MD5 of the row text, 128 bits as four words. For decisions that are not checked afterwards
 * and concern so many rows that 64 bits are not enough.
 */
export async function longRowHashes(frame: Frame, columns: readonly SummedColumn[]): Promise<Int32Array> {
  const into = new Int32Array(4 * frame.rows);
  await putHashes(frame, columns, { into, width: 4 });
  return into;
}

async function putHashes(
  frame: Frame,
  columns: readonly SummedColumn[],
  { into, width }: { readonly into: Int32Array; readonly width: 2 | 4 },
): Promise<void> {
  const writer = new RowWriter();
  let at = 0;
  for await (const { batch, types } of batchesOf(frame, columns)) {
    writer.begin(types, batch.data.children);
    for (let row = 0; row < batch.numRows; row++, at += width) writer.hash(row, into, at, width);
  }
}

/** For each row, in the frame’s order, the canonical text of each of these columns. Null: the value is null. Only for a few rows, because each text is a string. */
export async function canonicalTexts(frame: Frame, columns: readonly SummedColumn[]): Promise<readonly (readonly (string | null)[])[]> {
  const rows: (readonly (string | null)[])[] = [];
  for await (const texts of eachRowsTexts(frame, columns)) rows.push(texts);
  return rows;
}

/** For each row, in the frame’s order, the canonical texts of these columns, one row at a time. */
export async function* eachRowsTexts(frame: Frame, columns: readonly SummedColumn[]): AsyncGenerator<readonly (string | null)[]> {
  for await (const { batch, types } of batchesOf(frame, columns)) {
    const readers = types.map((type, at) => cellReader(type, batch.data.children[at] as Arrow.Data));
    for (let row = 0; row < batch.numRows; row++) yield readers.map((read, at) => canonicalText(types[at] as DataType, read(row)));
  }
}

/** Some rows of a frame, with only the columns that are hashed. */
interface SummedBatch {
  readonly batch: Arrow.RecordBatch;
  /** The types of the columns, as `textType` returns them. */
  readonly types: readonly DataType[];
}

/** The rows of a frame, in order. A batch is valid until the next batch is requested. */
async function* batchesOf(frame: Frame, columns: readonly SummedColumn[]): AsyncGenerator<SummedBatch> {
  const types = columns.map((column) => textType(frame, column));
  const pl = await polars();
  const data = (await asPolars(frame).collect()).select(...columns.map((column) => valuesOf(pl, column)));
  for (const table of await inParts(data)) {
    for (const batch of table.batches) yield { batch, types };
    await setImmediate();
  }
}

function valuesOf(pl: typeof Polars, { name, nullDocuments }: SummedColumn): Expr {
  const value = pl.col(name);
  return nullDocuments === undefined
    ? value
    : pl
        .when(value.str.strip().eq(pl.lit('null')))
        .then(pl.lit(null))
        .otherwise(value)
        .alias(name);
}

/** The type in which the values of a column are stored: the frame’s own type, or for texts the type in which they are compared. */
function textType(frame: Frame, { name, type }: SummedColumn): DataType {
  const own = frame.schema.columns.find((column) => column.name === name)?.type;
  if (own === undefined) throw notSummed(`A frame without the column ${JSON.stringify(name)} was summed.`);
  if (isText(own) && isText(type)) return type;
  if (textFamily(own) === textFamily(type) || own.kind === 'null') return own;
  throw notSummed(
    `The column ${JSON.stringify(name)} is ${describeType(own)} and was summed as ${describeType(type)}, whose values have other texts.`,
  );
}

function notSummed(what: string): DefectError {
  return new DefectError({ code: 'HYG-9001', what, tryThis: ['Report it with the types of the source column and the settled column'] });
}
