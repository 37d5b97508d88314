/** Turns columns into text by Arrow, if Polars would write their values in another form, much slower, or not at all. */
import { type Arrow, arrow, type DataFrame } from '../../frames/native.ts';
import { letGoOfBytes } from '../../frames/native-bytes.ts';
import type { Column } from '../../frames/schema.ts';
import type { Texts } from '../../frames/times/time-texts.ts';
import { withArrow } from '../../frames/values/from-polars.ts';
import { toPolars } from '../../frames/values/to-polars.ts';

/** Returns the function that turns a column’s values into text. The results of the function for nulls are ignored. Undefined: the column stays unchanged. */
export type ToTexts = (column: Column) => ((data: Arrow.Data) => Texts) | undefined;

/** Replaces columns of a frame by their texts, in place, so the caller must own the frame. `columns` are all columns of the frame, in order. */
export async function turnIntoTexts(data: DataFrame, columns: readonly Column[], toTexts: ToTexts): Promise<void> {
  const turned = columns.flatMap((column, index) => {
    const turn = toTexts(column);
    return turn === undefined ? [] : [{ index, name: column.name, turn }];
  });
  if (turned.length === 0) return;
  const A = await arrow();
  const plain = data.select(...turned.map(({ name }) => name));
  const made = await withArrow(plain, async (table) => {
    const texts = turned.map(({ turn }, place) => (table.getChildAt(place)?.data ?? []).map((piece) => textData(A, piece, turn(piece))));
    const rows = await toPolars(new A.Table(Object.fromEntries(texts.map((pieces, place) => [String(place), new A.Vector(pieces)]))));
    for (const { values, valueOffsets } of texts.flat()) for (const array of [values, valueOffsets]) letGoOfBytes(array);
    return rows;
  });
  for (const [place, { index, name }] of turned.entries()) data.replaceAtIdx(index, made.getColumn(String(place)).alias(name));
}

function textData(A: typeof Arrow, { length, nullCount, nullBitmap }: Arrow.Data, { bytes, offsets }: Texts): Arrow.Data<Arrow.Utf8> {
  return A.makeData({ type: new A.Utf8(), length, nullCount, nullBitmap, valueOffsets: offsets, data: bytes });
}

/** Turns bytes into base64. */
export function base64Texts(data: Arrow.Data): Texts {
  const { values, valueOffsets: ends } = data as { readonly values: Uint8Array; readonly valueOffsets: Int32Array | BigInt64Array };
  const texts = Array.from({ length: data.length }, (_, row) =>
    Buffer.from(values.buffer, values.byteOffset + Number(ends[row]), Number(ends[row + 1]) - Number(ends[row])).toString('base64'),
  );
  const offsets = new Int32Array(data.length + 1);
  for (const [row, text] of texts.entries()) offsets[row + 1] = (offsets[row] ?? 0) + text.length;
  return { bytes: Buffer.from(texts.join(''), 'latin1'), offsets };
}
