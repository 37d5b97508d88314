import type { Frame } from '../../engine/contracts/frame.ts';
import { arrow, type DataFrame, polars } from '../../frames/native.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { toPolars } from '../../frames/values/to-polars.ts';

/** No column of a file has this name. */
const keptColumn = '_hygge kept';

/** The rows that have a 1 in `kept` (see `DeletedRows.kept`). @param of.rows how many those are. */
export async function withoutDeleted(frame: Frame, { kept, rows }: { readonly kept: Uint8Array; readonly rows: number }): Promise<Frame> {
  const [A, pl] = await Promise.all([arrow(), polars()]);
  const from = asPolars(frame);
  const data = await from.taken();
  const bits = A.makeData({ type: new A.Bool(), length: frame.rows, nullCount: 0, data: kept });
  const marks = await toPolars(new A.Table({ [keptColumn]: new A.Vector([bits]) }));
  const names = data.columns;
  const left = (pl.concat([data, marks], { how: 'horizontal' }) as DataFrame)
    .lazy()
    .filter(pl.col(keptColumn))
    .select(...names)
    .collectSync();
  if (left.height !== rows) throw new Error(`${rows} rows should stay, and ${left.height} do`);
  return from.partOf(left);
}
