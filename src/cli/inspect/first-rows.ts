import { everything, type Home, type SliceRef, usualSliceBytes } from '../../engine/contracts/home.ts';
import { readSliceInOneStep, untilDone } from '../../engine/contracts/steps.ts';
import { inOneSlice, type SequentialRead, type WaitClock } from '../../engine/plan/one-slice.ts';
import type { Cell } from '../../frames/cell.ts';
import { exactJson } from '../../frames/exact-json/exact-json.ts';
import type { Schema } from '../../frames/schema.ts';
import { overRows } from '../../frames/values/cells.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Json } from '../../ports/values.ts';

/** The first rows of a home, in the order of the home. */
export interface PreviewRows {
  /** The name of the source that the rows were read from, for messages. */
  readonly from: string;
  /** The columns of the rows. Undefined: the home shows its columns only while it is read, and no rows were read. */
  readonly schema: Schema | undefined;
  /** The rows, with values in the form of `exact-json.ts`. */
  readonly rows: readonly (readonly Json[])[];
  /** The number of rows, as far as the home knows it. */
  readonly total: { readonly n: number; readonly exact: boolean } | undefined;
  /** The number of unreadable rows before the last row. */
  readonly rejected: number;
}

export interface FirstRowsRequest {
  readonly pinned: Json | null;
  readonly limit: number;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Aborts the preview. Absent: only the end of the process aborts the preview. */
  readonly signal?: AbortSignal;
  /** Changes rows before they are shown. Absent: the rows are shown unchanged. */
  readonly shaped?: (frame: PolarsFrame) => Promise<PolarsFrame>;
  /** `one frame`: only one frame with rows is read, even if it has fewer rows than the limit. */
  readonly atMost?: 'one frame';
}

/** Reads the first rows of a home. @param open opens the home. If sampled rows decide how the home is read, the home is opened again with these decisions, as in a run. */
export async function firstRows(
  open: (pinned: Json | null) => Promise<Home>,
  { pinned, limit, clock, shaped, atMost, signal = new AbortController().signal }: FirstRowsRequest,
): Promise<PreviewRows> {
  const looking = await open(pinned);
  const description = await untilDone(clock, (cursor) => looking.describe(cursor, 'briefly', 'a few'));
  const isReady = description.pinned === undefined || looking.reading.readsAsPinned;
  const home = isReady ? looking : await open(description.pinned ?? null);
  const { slices } = await untilDone(clock, (cursor) => home.plan(everything, { sliceBytes: usualSliceBytes }, cursor));
  const rows: (readonly Json[])[] = [];
  let schema = description.schema;
  let rejected = 0;
  for await (const piece of limited(home, slices, { clock, window: everything, limit, signal })) {
    if ('rejected' in piece) rejected += piece.rejected.length;
    if (!(piece instanceof PolarsFrame)) continue;
    const frame = shaped === undefined ? piece : await shaped(piece);
    schema = rows.length === 0 ? frame.schema : schema;
    rows.push(...(await overRows(frame, (cells) => Array.from(cells, (row) => exactRow(frame.schema, row)))));
    if (atMost === 'one frame' && rows.length > 0) break;
  }
  return { from: home.place, schema, rows, total: description.rows, rejected };
}

const exactRow = ({ columns }: Schema, row: readonly Cell[]): readonly Json[] =>
  columns.map(({ type }, at) => exactJson(type, row[at] ?? null));

/** The home as a single slice that ends after this number of rows. */
export function endingAfter(home: Home, limit: number, clock: WaitClock): Home {
  return inOneSlice(home, clock, { most: limit, read: (of, slices, how) => limited(of, slices, { ...how, limit }) });
}

interface RowLimit extends SequentialRead {
  /** The exact number of rows after which the reading ends. */
  readonly limit: number;
}

/** Reads slices one after another until `limit` rows were read. Yields frames, and rows that are not readable. */
async function* limited(home: Home, slices: readonly SliceRef[], { clock, window, limit, signal }: RowLimit): AsyncGenerator<ReadFrame> {
  let left = limit;
  for (const slice of slices) {
    for await (const piece of readSliceInOneStep(clock, home, slice, { window, signal, onMissed: () => undefined })) {
      if ('rejected' in piece) {
        yield piece;
        continue;
      }
      const frame = await upTo(left, asPolars(piece));
      left -= frame.rows;
      yield frame;
      if (left === 0) return;
    }
  }
}

type ReadItem = ReturnType<Home['read']> extends AsyncIterable<infer Piece> ? Piece : never;
type ReadFrame = PolarsFrame | Extract<ReadItem, { readonly rejected: unknown }>;

async function upTo(rows: number, frame: PolarsFrame): Promise<PolarsFrame> {
  if (frame.rows <= rows) return frame;
  const lazy = (await frame.lazy()).limit(rows);
  const data = await lazy.collect().catch(async (cause: unknown) => {
    throw await frame.explain(cause);
  });
  const head = PolarsFrame.of({ schema: frame.schema, data, bytes: Math.ceil((frame.bytes * rows) / frame.rows) });
  return frame.origin === undefined ? head : head.readFrom(frame.origin);
}
