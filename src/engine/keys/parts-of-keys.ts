/** Finds the settled parts that have rows with given keys, and these rows. */
import type { KeySet } from '../../keys/key-set.ts';
import type { Frame } from '../contracts/frame.ts';
import { everything, type SliceRef } from '../contracts/home.ts';
import { readSliceInOneStep } from '../contracts/steps.ts';
import { type ComparisonRequest, deletedMarks, hashedKeys, notMarked, readKeys, settledColumns, settledHome } from './compare-keys.ts';

export interface PartOfKeys {
  readonly slice: SliceRef;
  /** How many rows of the part have one of the keys and are not marked as deleted. */
  readonly rows: number;
  readonly keys: KeySet;
}

/** @param rows rows that have the keys. */
export async function partsOfKeys(request: ComparisonRequest, rows: readonly Frame[]): Promise<readonly PartOfKeys[]> {
  const hash = hashOf(request);
  const keys = await hashedKeys(rows, hash);
  const counts = new Map<SliceRef, number>();
  await using there = await settledHome(request);
  for await (const { frame: read, slice } of readKeys(request, there, settledColumns(request.key), deletedMarks(request))) {
    const frame = await notMarked(request, read);
    const count = frame.rows === 0 ? 0 : frame.rows - keys.missing(await hash(frame)).count;
    if (count > 0) counts.set(slice, (counts.get(slice) ?? 0) + count);
  }
  return [...counts].map(([slice, count]) => ({ slice, rows: count, keys }));
}

/** Reads all rows of a part, with all their columns. */
export async function* rowsOfPart(request: ComparisonRequest, slice: SliceRef): AsyncGenerator<Frame> {
  const { ports, signal, onRows } = request;
  await using there = await settledHome(request);
  for await (const item of readSliceInOneStep(ports.clock, there, slice, { window: everything, signal })) {
    signal.throwIfAborted();
    if ('rejected' in item || item.rows === 0) continue;
    await onRows?.(item.rows);
    yield item;
  }
}

/** Divides a frame. `of`: the rows with one of the keys. `marked`: the rows that an earlier comparison marked, whatever their key. The frames lack the column of the mark. */
export async function splitByKeys(
  request: ComparisonRequest,
  frame: Frame,
  keys: KeySet,
): Promise<{ readonly of: Frame; readonly marked: Frame | null; readonly others: Frame }> {
  const [column] = deletedMarks(request);
  const { set: marked, unset } = column === undefined ? { set: null, unset: frame } : await frame.apart(column);
  const { marks } = keys.missing(await hashOf(request)(unset));
  return { of: await unset.pick(marks.map((mark) => 1 - mark)), marked, others: await unset.pick(marks) };
}

function hashOf(request: ComparisonRequest): (frame: Frame) => Promise<BigInt64Array> {
  const columns = settledColumns(request.key);
  return (frame) => request.ports.frames.keys.exact(frame, columns);
}
