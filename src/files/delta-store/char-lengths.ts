/** Texts in columns with a maximum number of characters: Spark writes CHAR(n) and VARCHAR(n) as texts, and refuses rows with longer ones. */
import { charLength, charTypeIn, type TableDescription } from '../../delta/values/schema.ts';
import type { FrameToStage } from '../../engine/contracts/store.ts';
import { isData } from '../../engine/contracts/store.ts';
import { polars } from '../../frames/native.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { textTooLong } from './errors.ts';

interface Limit {
  readonly column: string;
  /** `varchar(3)`. */
  readonly type: string;
  /** In characters. */
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

/** The same frames. Throws StoreError HYG-3921 for rows that would settle with a longer text. */
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
