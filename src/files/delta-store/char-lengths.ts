/** Checks texts in columns with a maximum length. Spark stores CHAR(n) and VARCHAR(n) as texts, and refuses rows with longer texts. */
import { charLength, charTypeIn, type TableDescription } from '../../delta/values/schema.ts';
import type { FrameToStage } from '../../engine/contracts/store.ts';
import { isData } from '../../engine/contracts/store.ts';
import { polars } from '../../frames/native.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { textTooLong } from './errors.ts';

interface Limit {
  readonly column: string;
  /** The type of the column: `varchar(3)`. */
  readonly type: string;
  /** The maximum length in characters. */
  readonly most: number;
}

/** The limits of the table's columns. Texts inside lists and structs have no limit here. */
export function limitsOf({ metadata }: TableDescription): readonly Limit[] {
  return metadata.schema.fields.flatMap(({ name, metadata: of }): readonly Limit[] => {
    const type = charTypeIn(of) ?? '';
    const length = charLength(type);
    return length === undefined ? [] : [{ column: name, type, most: length.most }];
  });
}

/** Passes frames on unchanged. Throws StoreError HYG-3921 for rows that would settle with a text that is too long. */
export async function* withinLimits(
  frames: AsyncIterable<FrameToStage>,
  limits: readonly Limit[],
  where: string,
): AsyncGenerator<FrameToStage> {
  const pl = await polars();
  for await (const one of frames) {
    const { frame } = one;
    const wanted = limits.filter(({ column }) => frame.schema.columns.some(({ name, type }) => name === column && type.kind === 'string'));
    if (isData(one) && wanted.length > 0 && frame.rows > 0) {
      const longest = wanted.map(({ column }) => pl.col(column).str.lengths().max().alias(column));
      const found = (await (await asPolars(frame).lazy()).select(...longest).collect()).row(0) as readonly (number | null)[];
      for (const [at, limit] of wanted.entries()) {
        const characters = Number(found[at] ?? 0);
        if (characters > limit.most) throw textTooLong(where, { ...limit, characters });
      }
    }
    yield one;
  }
}
