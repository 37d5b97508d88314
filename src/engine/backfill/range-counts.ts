/** Counts the rows of both sides in the ranges that a repair reads again: the rows that would settle, and the rows that would be removed. */
import type { DifferingRange, VerifyRequest } from '../../ports/answers/comparison.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { hasPlace } from '../move/rejected-places.ts';
import { snapshotInForce } from '../schema/snapshot.ts';
import { prepare } from '../verify/preparation.ts';
import type { LeftOutRows } from '../verify/rows/left-out-keys.ts';
import { readSides } from '../verify/rows/read-sides.ts';
import { takenFiles } from '../verify/rows/taken-files.ts';
import type { ReadSide } from '../verify/sides.ts';
import { describedSource, standingOf } from '../verify/starting-point.ts';

export interface RowsInRange {
  /** How many rows of the source settle. */
  readonly source: number;
  /** How many settled rows are not marked as deleted. */
  readonly settled: number;
  readonly markedDeleted: number;
  /** Rows of the source that do not settle, because they break a rule or can’t be read. A file’s rows without a watermark count in the first range that reads the file. */
  readonly leftOut: number;
}

interface RangeCountContext {
  readonly ports: EnginePorts;
  readonly signal: AbortSignal;
}

/** The rows of each range, in the order of the ranges. Null: no row has settled. */
export async function rowsInRanges(
  spec: EntitySpec,
  request: VerifyRequest,
  ranges: readonly DifferingRange[],
  { ports, signal }: RangeCountContext,
): Promise<readonly RowsInRange[] | null> {
  const standing = await standingOf(spec, ports);
  if ('because' in standing) return null;
  const { store, head, row } = standing;
  if (store.settled?.gives !== 'rows') return null;
  await using destination = await store.settled.open(head);
  const snapshot = await snapshotInForce(ports, spec, row);
  const source = await describedSource(spec, store, { ports, signal, refresh: 'later', pinned: snapshot?.pinned ?? null });
  await using home = source.home;
  const asked = { ...request, range: null, ranges, columns: null, key: null, sample: 1, proof: false };
  const context = { ports, signal, planned: () => {}, tell: () => {}, standing, snapshot, source, destination, isReplica: false };
  const prepared = await prepare(spec, asked, context);
  if ('because' in prepared || prepared.scope.ranges === null) return null;
  const files = (await takenFiles(spec, ports, { row, home }))?.paths ?? null;
  const counted: RowsInRange[] = [];
  const read = new Set<string>();
  for (const [at, window] of prepared.scope.ranges.source.entries()) {
    const there = prepared.scope.ranges.destination[at];
    if (there === undefined) throw new Error('a range has no window in the destination');
    const one = { ...prepared, scope: { ...prepared.scope, ranges: { source: [window], destination: [there] } } };
    const sides = readSides(spec, { prepared: one, source, store, ports, files, maxSnapshotMs: request.maxSnapshotMs });
    // Counts the rows that it reads, since the home’s own count includes bad rows.
    const rows = await countRows(sides.source(null), { signal, read });
    const settled = await countRows(sides.destination(null), { signal, read: new Set() });
    counted.push({ source: rows.due, settled: settled.due, markedDeleted: settled.deleted, leftOut: rows.leftOut });
  }
  return counted;
}

/** @param read the files that were read for earlier ranges. This call adds the files that it reads. */
async function countRows(
  side: ReadSide,
  { signal, read }: { readonly signal: AbortSignal; readonly read: Set<string> },
): Promise<{ readonly due: number; readonly deleted: number; readonly leftOut: number }> {
  let [due, deleted, leftOut] = [0, 0, 0];
  const now = new Set<string>();
  for await (const piece of side.read(signal)) {
    if ('frame' in piece && piece.due) due += piece.frame.rows;
    if ('deleted' in piece) deleted += piece.deleted;
    if ('leftOut' in piece) leftOut += piece.rows - readBefore(piece.leftOut, { read, now });
  }
  for (const file of now) read.add(file);
  return { due, deleted, leftOut };
}

/** How many of the unreadable rows without a watermark were already counted with an earlier range. */
function readBefore(rows: LeftOutRows, { read, now }: { readonly read: ReadonlySet<string>; readonly now: Set<string> }): number {
  if (!('rejected' in rows) || rows.from === undefined) return 0;
  now.add(rows.from);
  return read.has(rows.from) ? rows.rejected.filter((row) => !hasPlace(row)).length : 0;
}
