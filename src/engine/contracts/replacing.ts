/**
 * Types of a store (store.ts) for replacing a range of rows or the type of a column, for compaction, and for reading back the rows that settled
 * separately.
 */
import type { DataType, Schema } from '../../frames/schema.ts';
import type { Fingerprint, Watermark } from '../../frames/watermark.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { defined, type Json } from '../../ports/values.ts';
import type { Frame, Step } from './frame.ts';
import { type Checkpoint, type Edge, type SliceRef, sourcesOf } from './home.ts';
import type { FrameToStage, Head, Part, StageRequest, Supersede } from './store.ts';

/** Two values of a watermark, both as canonical text of the column’s type. */
export interface Ends {
  readonly from: Edge;
  /** The end of the range. Null: the range has no upper end. */
  readonly to: Edge | null;
}

/**
 * The settled rows whose watermark is between two values. A row without a watermark is in no range. Rows that hygge did not settle never change.
 */
export interface Range extends Ends {
  /** The settled name of the watermark's column. */
  readonly column: string;
  readonly type: Watermark['type'];
  /**
   * Which rows without a watermark are replaced with the range. `whole`: the rows in parts of the open boundary group. These parts are replaced as a
   * whole and read again. `with nulls`: all rows without a watermark. They belong to the group, and rows of the group may be in any part. `rows`: no
   * row without a watermark, only rows in the range.
   */
  readonly group: 'whole' | 'with nulls' | 'rows';
}

/** One or several ranges of rows, which one commit replaces together. */
export interface Ranges extends Omit<Range, keyof Ends> {
  /** The ranges, at least one, in the order of their values. A value is in at most one range. */
  readonly ranges: readonly Ends[];
  /** Present if a store that merges keeps rows whose newer versions settle separately, with this commit or an earlier one. Absent: such rows are removed. */
  readonly lastGood?: 'stays';
  /** Present if a table that can’t tell the rows of other writers apart loses their rows in the range, too. Absent: such a table is refused if it has rows of other writers. */
  readonly foreign?: 'replace';
}

/** Each of the ranges as an object of its own. */
export function eachRange({ column, type, group, ranges }: Pick<Ranges, 'ranges' | keyof Omit<Range, keyof Ends>>): readonly Range[] {
  return ranges.map((ends) => ({ column, type, ...ends, group }));
}

/** The range from the first value of all ranges to the last. */
export function hullOf(ranges: readonly Ends[]): Ends {
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined) throw new Error('the list of ranges is empty');
  return { from: first.from, to: last.to };
}

/** Ranges as plans and intents keep them. */
type StoredRanges = Omit<Ranges, 'ranges'> & (Ends | Pick<Ranges, 'ranges'>);

/** A `Supersede` as intents and plans keep it. */
export type StoredSupersede = Exclude<Supersede, { readonly what: 'range' }> | ({ readonly what: 'range' } & StoredRanges);

/**
 * A `Supersede` for the state. A single range is kept as older versions of hygge kept it. Several ranges have no `from`, so an older version, which
 * would replace the rows of only one range, fails before it changes anything. The intent then stays for a version that knows several ranges.
 */
export function storedSupersede(supersede: Supersede): StoredSupersede {
  if (supersede.what !== 'range') return supersede;
  const { ranges, group, lastGood, foreign, ...of } = supersede;
  const [only, ...others] = ranges;
  const ends = only !== undefined && others.length === 0 ? only : { ranges };
  return { ...of, ...ends, group, ...defined({ lastGood, foreign }) };
}

/** Reads a `Supersede` that this hygge or an older one has kept. */
export function supersedeIn(stored: StoredSupersede): Supersede {
  if (stored.what !== 'range' || 'ranges' in stored) return stored;
  const { from, to, ...of } = stored;
  return { ...of, ranges: [{ from, to }] };
}

/** A column that has only nulls so far, and the type that its first values give it. */
export interface RetypedColumn {
  /** The column's settled name. */
  readonly column: string;
  readonly type: DataType;
}

/** Which rows or columns of the settled parts are rewritten. */
export interface ReworkScope {
  /** The ranges whose rows are removed. Null: no rows are removed. */
  readonly range: Ranges | null;
  /** The columns that get another type. In a part with the old type, such a column has only nulls. */
  readonly retyped: readonly RetypedColumn[];
}

/** The result of one slice of rework. */
export interface ReworkResult {
  readonly slice: SliceRef;
  /** How many rows of the part are in the range. These rows are not staged again. */
  readonly dropped: number;
  /** Present if a column gets another type. Then the staged part replaces the old part even if all of its rows are outside of the range. Absent: a part with no row in the range stays. */
  readonly anew?: true;
  /** `ReworkCount.fingerprint`: the fingerprint of the rows in the range. */
  readonly fingerprint?: Fingerprint;
}

/**
 * Rework stages a settled part again in a store that can’t change single rows of a part. It is needed when a range is replaced, or when a column
 * without values gets a type. A store that can change rows in place has no rework.
 */
export interface Rework {
  /**
   * Plans the slices, from metadata only. A part gets a slice if its rows are unknown, or may lie both inside and outside of the range. It also gets
   * one if it may have a column that gets another type. Parts of rows that settled separately are included for the range if their watermarks are
   * known.
   */
  plan(work: ReworkScope, cursor?: Json): Promise<Step<ReworkPlan>>;
  /** Counts the rows in the slice’s part: the rows in the range, and all rows (null: unknown until they are read). It also says whether a column gets another type. */
  count(slice: SliceRef, work: ReworkScope, signal: AbortSignal): Promise<ReworkCount>;
  /** Reads the rows that stay, exactly as they settled, except for columns that get another type. */
  read(slice: SliceRef, work: ReworkScope, from: Json | undefined, signal: AbortSignal): AsyncIterable<Frame | Checkpoint>;
}

export interface ReworkCount {
  readonly rowsInRange: number;
  readonly rowsOfPart: number | null;
  readonly retypes: boolean;
  /** The fingerprint of the rows in the range. Absent: the store compares no fingerprints, or the range is empty. */
  readonly fingerprint?: Fingerprint;
}

export interface ReworkPlan {
  readonly slices: readonly SliceRef[];
  /** How many parts are removed as a whole, because all their rows are in the range. */
  readonly whole: number;
  /** Whether at least one part with the entity’s rows stays unchanged. */
  readonly leaves: boolean;
}

/** Which parts a compaction leaves unchanged, because a later run replaces them or their rows. The open boundary group is always left unchanged. */
export interface CompactionScope {
  /** Whether rows of different source files stay in different parts. They must if a changed file’s parts are replaced (`changed_files: replace`). */
  readonly bySource: boolean;
  /** The range that each run reads again. Parts that may hold rows of this range stay unchanged. Null: no range is read again. */
  readonly readAgain: Range | null;
}

export interface CompactionPlan {
  /** One slice for each group of small parts that become one; `partsOf` lists the parts of a group. A group has at least two parts, or one part with many rows that are marked as deleted. */
  readonly slices: readonly SliceRef[];
  /** How many parts contain rows of the entity. */
  readonly parts: number;
  /** How many of these parts are small or have many rows that are marked as deleted. Parts outside of a group count, too. */
  readonly small: number;
  /** The bytes of a full part. A part is small if it has less than half as many. */
  readonly targetBytes: number;
}

/** A part that stays unchanged, because a rewrite would remove this column or some of its values. */
export interface PartLeft {
  readonly name: string;
  readonly column: string;
  /** Why the rows would lose values of the column. `not settled`: the entity no longer has the column. `other type`: the settled type can’t hold the values of the part’s own type. */
  readonly why: 'not settled' | 'other type';
}

export type OpenedPart =
  | { readonly left: PartLeft }
  /** Reads all rows in the order of the part, with the columns of the schema that `open` got. */
  | { readonly read: (signal: AbortSignal) => AsyncIterable<Frame> };

/** The functions to which `Compaction.stage` hands the rows that it reads back. */
export interface ReadBack {
  readonly signal: AbortSignal;
  /** Called with all rows of all staged parts, decoded from the very bytes that were staged. Several calls may run at the same time. */
  readonly readBack: (frame: Frame) => Promise<void>;
}

/**
 * Compaction in a store of parts. Its methods never change the destination: only a commit (`Store.prepare` with `reworked`) replaces the old parts by
 * the staged ones.
 */
export interface Compaction {
  /** The size of the frames that `stage` writes best, as bytes in memory. */
  readonly frameBytes: number;
  /** Groups the small parts of each partition, from metadata only. */
  plan(scope: CompactionScope): Promise<CompactionPlan>;
  /**
   * Opens a part of a group.
   * @param schema the columns that settle, without those of the partition. A column that the part lacks is null, and a narrower type becomes the
   * wider one. Throws HYG-4110 if the part is gone or has changed since it settled.
   */
  open(part: SliceRef, schema: Schema): Promise<OpenedPart>;
  /** Stages frames like `Store.stage`. Before it answers, it also reads back the staged rows. */
  stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, how: ReadBack): Promise<readonly Part[]>;
  /**
   * Reports files that earlier commits removed, but that readers of earlier versions may still read for a while. `remove`: also deletes the files
   * whose time is over; only the run with the claim does this. A store whose commits delete what they remove has no such files.
   */
  oldFiles(how: 'look' | 'remove'): Promise<readonly OwnNote[]>;
}

/** A slice for parts of one partition. If files stay apart, the parts also come from one source file. */
export function groupOfParts(parts: readonly SliceRef[]): SliceRef {
  const [first] = parts;
  const sources = [...new Set(parts.flatMap(sourcesOf))];
  const total = (of: (part: SliceRef) => number | null) => parts.reduce((sum, part) => sum + (of(part) ?? 0), 0);
  return {
    ref: parts as unknown as Json,
    rows: total(({ rows }) => rows),
    bytes: total(({ bytes }) => bytes),
    ...defined({ partition: first?.partition }),
    ...(sources.length === 0 ? {} : sources.length === 1 ? { source: sources[0] as string } : { sources }),
  };
}

/** The parts that a group’s slice stands for. */
export function partsOf({ ref }: SliceRef): readonly SliceRef[] {
  return ref as unknown as readonly SliceRef[];
}

/** Access to an entity’s rows that settled separately, because they can’t be read or break a rule. */
export interface Quarantine {
  /** The parts with the rows that are set apart under the settled head, from metadata only. */
  parts(): Promise<readonly QuarantinedPart[]>;
  /** The parts with standing corrections under the settled head. The method `parts` does not list these parts. */
  corrections(head: Head): Promise<readonly SliceRef[]>;
  /**
   * Reads all rows of a part, with the columns that they had at their commit: `schemaOfRole`. Throws a StoreError if the part is gone or has changed
   * since it settled.
   */
  read(part: SliceRef, signal: AbortSignal): AsyncIterable<Frame>;
}

/** Rows that were set apart together by one commit. */
export interface QuarantinedPart {
  /** The slice of the part. Its `apart` is always set. */
  readonly slice: SliceRef;
  /** `unreadable`: the rows do not fit the source’s format or types. `rule`: the rows break a rule. */
  readonly because: 'unreadable' | 'rule';
  readonly rows: number;
  /** The entity runs that set the rows apart. */
  readonly runs: readonly string[];
  /**
   * Why rows that break a rule can’t be judged again: an older or newer hygge wrote them in another way. Then `read` returns them as texts, as far as
   * possible. Absent: the rows can be judged again.
   */
  readonly writtenBy?: 'earlier version' | 'later version';
}

/** Rows in quarantine that a person has mended. Each mended row has the id of the row in quarantine that it replaces. */
export interface MendedRows {
  /** The name of the file with the mended rows, as the person wrote it. */
  readonly name: string;
  /**
   * Reads all mended rows in their order. They have the columns of `settled`, followed by the column `id` of `brokenColumns(settled)`, which always
   * has a value. If it is called again, it reads the same rows. Throws HYG-2113 if the file has other columns, HYG-2112 if a row has no id, and the
   * error of the format if a value does not fit its column.
   */
  read(settled: Schema, signal: AbortSignal): AsyncIterable<Frame>;
}

/**
 * How many rows leave the quarantine because their source file was read again. For each file it is the number of rows that could not be read before,
 * minus the number that can’t be read now.
 * @param gone what is removed from the quarantine. Rows that break a rule, and rows that come from no file, are not counted.
 */
export function rowsFewer(
  gone: readonly { readonly source?: string; readonly rows: number | null; readonly broken?: boolean }[],
  parts: readonly Pick<Part, 'role' | 'source' | 'rows'>[],
): number {
  const unread = gone.filter(({ broken, source }) => !broken && source !== undefined);
  const now = parts.filter(({ role }) => role === 'quarantine');
  const rowsOf = (some: readonly { readonly source?: string; readonly rows: number | null }[], of: string | undefined) =>
    some.filter(({ source }) => source === of).reduce((sum, { rows }) => sum + (rows ?? 0), 0);
  const fewer = [...new Set(unread.map(({ source }) => source))].map((source) => rowsOf(unread, source) - rowsOf(now, source));
  return fewer.reduce((sum, rows) => sum + Math.max(0, rows), 0);
}
