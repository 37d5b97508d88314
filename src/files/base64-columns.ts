import { toArrow } from '../frames/from-polars.ts';
import { type Arrow, arrow, type DataFrame, type Polars } from '../frames/native.ts';
import type { Column } from '../frames/schema.ts';
import { toPolars } from '../frames/to-polars.ts';

/** The rows with binary columns as base64 text. nodejs-polars has no words for such columns: they go by way of Arrow. */
export async function withBase64(data: DataFrame, columns: readonly Column[]): Promise<DataFrame> {
  const binary = columns.filter(({ type }) => type.kind === 'binary').map(({ name }) => name);
  if (binary.length === 0) return data;
  const A = await arrow();
  const table = await toArrow(data.select(...binary));
  const encoded = binary.map((name): readonly [string, Arrow.Vector] => {
    const vector = table.getChild(name);
    const texts = Array.from({ length: data.height }, (_, row) => base64(vector?.get(row)));
    return [name, A.vectorFromArray(texts, new A.Utf8())];
  });
  const turned = await toPolars(new A.Table(Object.fromEntries(encoded)));
  const rest = columns.map(({ name }) => name).filter((name) => !binary.includes(name));
  const joined =
    rest.length === 0
      ? turned
      : beside(
          turned,
          rest.map((name) => data.getColumn(name)),
        );
  return joined.select(...columns.map(({ name }) => name));
}

/** nodejs-polars declares that it answers nothing; it answers the frame with the columns added. */
function beside(data: DataFrame, columns: readonly Polars.Series[]): DataFrame {
  return data.hstack([...columns]) as unknown as DataFrame;
}

function base64(value: unknown): string | null {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') : null;
}
