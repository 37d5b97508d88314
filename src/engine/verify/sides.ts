/** The rows of both sides as they are compared: rows of the source as they would settle, and rows of the destination as they settled. */

import { rowsWithin, splitAtEnd, type UpperEnd } from '../../frames/row-sum/some-rows.ts';
import { apartOnly } from '../../frames/rules/judge.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import { defined } from '../../ports/values.ts';
import type { Frame } from '../contracts/frame.ts';
import { deletedColumn, type Home, insideSumsOf, isFrame, type SliceRef, usualSliceBytes, type Window } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { DivisionPart } from '../contracts/row-sums.ts';
import { readSliceInOneStep, untilDone } from '../contracts/steps.ts';
import type { JudgedRows } from '../contracts/validation.ts';
import type { Shaper } from '../schema/shaper.ts';
import type { Corrector } from '../validation/corrections.ts';
import type { LeftOutRows } from './rows/left-out-keys.ts';

/** The rows of a side. Each call of `read` reads them again, from the beginning or from a position that an earlier call reached. */
export interface ReadSide {
  read(signal: AbortSignal, from?: SidePosition): AsyncIterable<SideRows>;
}

/** A position after a slice: the index of the slice’s window, and the slices of that window that are left. */
export interface SidePosition {
  readonly window: number;
  /** The slices of the window that are left. Null: all slices of the window are left. */
  readonly left: readonly SliceRef[] | null;
}

const beginning: SidePosition = { window: 0, left: null };

/** What reading a side returns. Rows are as they would settle. Rows that are due are compared. Rows that are not due are above the settled watermark, or above a range. */
export type SideRows =
  /** `apart`: rows in quarantine. They are compared with the source’s rows, which were set apart only because of other rows of their run. */
  | { readonly due: true; readonly frame: Frame; readonly apart?: true }
  | { readonly due: false; readonly frame: Frame }
  /** Rows that count on neither side of the comparison. */
  | { readonly leftOut: LeftOutRows; readonly rows: number }
  /** Settled rows that are marked as deleted. */
  | { readonly deleted: number; readonly marked: Frame }
  /** All rows before this position have been returned. A side that reads parts has no positions. */
  | { readonly reached: SidePosition };

export interface SourceSide {
  readonly ports: EnginePorts;
  /** Opens the home again after it was read for `maxSnapshotMs`. The caller disposes of the home. */
  readonly open: () => Promise<Home>;
  readonly shaper: Shaper;
  /** The window that is read first. The keys of its rows are not yet due. Null: no such window. */
  readonly unread: Window | null;
  /** The windows, which are read one after another. */
  readonly windows: readonly Window[];
  /** The end of the rows that are due. Null: all rows are due. */
  readonly end: UpperEnd | null;
  /** The paths of the files that were taken. Null: rows are not identified by their files. */
  readonly files: ReadonlySet<string> | null;
  readonly rules: readonly Rule[];
  /** The settled column that marks deleted rows. No rule judges this column. Null: the entity has no such column. */
  readonly deletedMark: string | null;
  /** Whether the home reports deleted rows and the config removes them. */
  readonly dropsDeleted: boolean;
  readonly maxSnapshotMs: number;
  /** The parts whose rows are read, for homes that can read parts. Null: all rows of the window. */
  readonly parts: readonly DivisionPart[] | null;
  /** Applies standing corrections to the rows, as runs do. */
  readonly corrector: Corrector;
}

export function sourceSide(of: SourceSide): ReadSide {
  return {
    async *read(signal, from = beginning) {
      if (of.unread !== null && from.window === 0 && from.left === null) yield* unreadRows(of, of.unread, signal);
      for (const [n, window] of of.windows.entries()) {
        if (n < from.window) continue;
        const left = n === from.window ? from.left : null;
        for await (const read of of.parts === null
          ? inSnapshots({ ...of, window, left }, signal)
          : inParts(of, { window, parts: of.parts }, signal)) {
          if ('leftOut' in read) yield read;
          else if ('left' in read) yield { reached: { window: n, left: read.left } };
          else yield* shapedRows(read.frame, of);
        }
      }
    },
  };
}

interface WindowOfSource extends SourceSide {
  readonly window: Window;
}

type ReadRows = { readonly frame: Frame } | Extract<SideRows, { readonly leftOut: LeftOutRows }> | { readonly left: readonly SliceRef[] };

/** Reads one slice after another. After a certain time, the home’s snapshot is released, and a new snapshot is used for the slices that are left. */
async function* inSnapshots(
  of: WindowOfSource & { readonly left: readonly SliceRef[] | null },
  signal: AbortSignal,
): AsyncGenerator<ReadRows> {
  const { ports, window, maxSnapshotMs } = of;
  let { left } = of;
  while (left === null || left.length > 0) {
    await using home = await of.open();
    const slices: readonly SliceRef[] = left ?? (await slicesOf(home, of));
    const opened = ports.clock.monotonicMs();
    let next = 0;
    while (next < slices.length && (next === 0 || ports.clock.monotonicMs() - opened < maxSnapshotMs)) {
      for await (const item of readSliceInOneStep(ports.clock, home, slices[next] as SliceRef, { window, signal })) {
        signal.throwIfAborted();
        yield isFrame(item) ? { frame: item } : { leftOut: item, rows: item.rejected.length };
      }
      next++;
      yield { left: slices.slice(next) };
    }
    left = slices.slice(next);
  }
}

/** Reads the changes that a feed has reported since the last run, including deleted rows. Only their keys matter, because these keys are not yet due. */
async function* unreadRows(of: SourceSide, window: Window, signal: AbortSignal): AsyncGenerator<SideRows> {
  const { ports, shaper, dropsDeleted } = of;
  await using home = await of.open();
  await untilDone(ports.clock, (cursor) => home.describe(cursor, 'whole', undefined, window), signal);
  const { slices } = await untilDone(ports.clock, (cursor) => home.plan(window, { sliceBytes: usualSliceBytes }, cursor));
  for (const slice of slices)
    for await (const item of readSliceInOneStep(ports.clock, home, slice, { window, signal })) {
      signal.throwIfAborted();
      if (!isFrame(item)) continue;
      const { set, unset } = dropsDeleted ? await item.apart(deletedColumn) : { set: null, unset: item };
      for (const rows of [set, unset]) if (rows !== null && rows.rows > 0) yield { due: false, frame: await shaper.frame(rows) };
    }
}

interface PartsOfWindow {
  readonly window: Window;
  readonly parts: readonly DivisionPart[];
}

async function* inParts(of: SourceSide, parts: PartsOfWindow, signal: AbortSignal): AsyncGenerator<ReadRows> {
  await using home = await of.open();
  for await (const frame of framesOf(home, parts, signal)) yield { frame };
}

async function* framesOf(home: Home, { window, parts }: PartsOfWindow, signal: AbortSignal): AsyncGenerator<Frame> {
  const sums = insideSumsOf(home);
  if (sums === undefined) throw new Error('a home that does not read parts got a request for one');
  for (const part of parts) yield* sums.readPart({ window, part }, signal);
}

async function slicesOf(home: Home, { ports, window, files }: WindowOfSource): Promise<readonly SliceRef[]> {
  // If the taken files are known, each slice is one file.
  const asked: Window = files === null ? window : { ...window, seen: [], changedFiles: 'replace' };
  const { slices } = await untilDone(ports.clock, (cursor) => home.plan(asked, { sliceBytes: usualSliceBytes }, cursor));
  return files === null ? slices : slices.filter(({ source }) => source !== undefined && files.has(source));
}

async function* shapedRows(read: Frame, of: SourceSide): AsyncGenerator<SideRows> {
  const { end, dropsDeleted, deletedMark, shaper } = of;
  if (read.rows === 0) return;
  const { within, beyond } = end === null ? { within: read, beyond: null } : await splitAtEnd(read, end);
  // If a row was deleted since, its key is not yet due.
  if (beyond !== null && beyond.rows > 0) yield* judgedRows(await shaper.frame(beyond), of, false);
  // Marked rows are left out, as on the settled side.
  const isMarked = dropsDeleted || (deletedMark !== null && within.schema.columns.some(({ name }) => name === deletedColumn));
  const frame = isMarked ? (await within.apart(deletedColumn)).unset : within;
  if (frame.rows > 0) yield* judgedRows(await shaper.frame(frame), of, true);
}

async function* judgedRows(read: Frame, of: SourceSide, due: boolean): AsyncGenerator<SideRows> {
  const { frame: shaped } = await of.corrector.corrected(read);
  const { kept, broken } = await judged(shaped, of);
  if (broken !== null) yield { leftOut: broken, rows: broken.rows };
  if (kept.rows > 0) yield { due, frame: kept };
}

/** Separates rows, as they would settle, into good rows and rows that break a rule. Null: all rows keep the rules. */
export async function judged(
  shaped: Frame,
  { ports, rules, deletedMark }: Pick<SourceSide, 'ports' | 'rules' | 'deletedMark'>,
): Promise<Pick<JudgedRows, 'kept' | 'broken'>> {
  if (rules.length === 0) return { kept: shaped, broken: null };
  return ports.frames.judge(shaped, { ...apartOnly, rules, ...defined({ exempts: deletedMark ?? undefined }) });
}

export interface SettledSide {
  readonly ports: EnginePorts;
  readonly home: Home;
  /** The windows, which are read one after another. */
  readonly windows: readonly Window[];
  /** The settled column that marks deleted rows. Null: the entity has no such column. */
  readonly deletedMark: string | null;
  /** The parts whose rows are read, for homes that can read parts. Null: all rows of the windows. */
  readonly parts: readonly DivisionPart[] | null;
  /** Reads the rows in quarantine that are compared with the source’s rows. Null: no such rows. */
  readonly apart: ((signal: AbortSignal) => AsyncGenerator<Frame>) | null;
}

export function settledSide(of: SettledSide): ReadSide {
  return {
    async *read(signal, from = beginning) {
      if (from.window === 0 && from.left === null) yield* framesApart(of, signal);
      for await (const rows of settledFrames(of, from, signal)) {
        signal.throwIfAborted();
        if ('reached' in rows) {
          yield rows;
          continue;
        }
        const { set, unset } = of.deletedMark !== null ? await rows.apart(of.deletedMark) : { set: null, unset: rows };
        if (set !== null && set.rows > 0) yield { deleted: set.rows, marked: set };
        if (unset.rows > 0) yield { due: true, frame: unset };
      }
    },
  };
}

async function* framesApart({ apart, windows }: SettledSide, signal: AbortSignal): AsyncGenerator<SideRows> {
  for await (const rows of apart?.(signal) ?? []) {
    for (const { column, lower, upper, nulls } of windows) {
      const frame = column === null ? rows : await rowsWithin(rows, { column, lower, upper, nulls });
      if (frame.rows > 0) yield { due: true, frame, apart: true };
    }
  }
}

async function* settledFrames(
  { ports, home, windows, parts }: SettledSide,
  from: SidePosition,
  signal: AbortSignal,
): AsyncGenerator<Frame | { readonly reached: SidePosition }> {
  for (const [n, window] of windows.entries()) {
    if (n < from.window) continue;
    if (parts !== null) {
      yield* framesOf(home, { window, parts }, signal);
      continue;
    }
    const left = n === from.window ? from.left : null;
    const slices = left ?? (await untilDone(ports.clock, (cursor) => home.plan(window, { sliceBytes: usualSliceBytes }, cursor))).slices;
    for (const [at, slice] of slices.entries()) {
      for await (const item of readSliceInOneStep(ports.clock, home, slice, { window, signal })) if (isFrame(item)) yield item;
      yield { reached: { window: n, left: slices.slice(at + 1) } };
    }
  }
}
