/**
 * The types for replacing a range of rows, or the type of a column, for writing small parts again as larger ones, and for reading back what settled apart, in a
 * store (store.ts).
 */
import type { DataType, Schema } from '../../frames/schema.ts';
import type { Fingerprint, Watermark } from '../../frames/watermark.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { defined, type Json } from '../../ports/values.ts';
import type { Frame, Step } from './frame.ts';
import { type Checkpoint, type Edge, type SliceRef, sourcesOf } from './home.ts';
import type { FrameToStage, Head, Part, StageRequest, Supersede } from './store.ts';

/** Two values of a watermark, both canonical text of the column's type. */
export interface Ends {
  readonly from: Edge;
  /** Null: the range has no upper end. */
  readonly to: Edge | null;
}

/**
 * The settled rows whose watermark is between two values. Rows without a watermark are in no range. Rows that hygge did not settle never change.
 */
export interface Range extends Ends {
  /** The settled name of the watermark's column. */
  readonly column: string;
  readonly type: Watermark['type'];
  /**
   * `whole`: parts of the open boundary group are replaced as a whole, with their rows without a watermark, since they are read again. `with nulls`: other parts may
   * have rows of the group, and all rows without a watermark belong to it. `rows`: only rows in the range are replaced, and rows without a watermark stay.
   */
  readonly group: 'whole' | 'with nulls' | 'rows';
}

/** The rows of one range or of several, which one commit replaces together. */
export interface Ranges extends Omit<Range, keyof Ends> {
  /** At least one. Their order is that of the values, and no value is in two of them. */
  readonly ranges: readonly Ends[];
  /** A store that merges keeps rows whose newer versions settle apart, with this commit or an earlier one. Absent: such rows are removed. */
  readonly lastGood?: 'stays';
  /** In a table that can't identify the rows of other writers, their rows in the range are removed as well. Absent: such a table is refused if it has rows of other writers. */
  readonly foreign?: 'replace';
}

/** Each of the ranges by itself. */
export function eachRange({ column, type, group, ranges }: Pick<Ranges, 'ranges' | keyof Omit<Range, keyof Ends>>): readonly Range[] {
  return ranges.map((ends) => ({ column, type, ...ends, group }));
}

/** One range from the first value to the last. */
export function hullOf(ranges: readonly Ends[]): Ends {
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined) throw new Error('the list of ranges is empty');
  return { from: first.from, to: last.to };
}

/** The form in which plans and intents keep ranges. */
type StoredRanges = Omit<Ranges, 'ranges'> & (Ends | Pick<Ranges, 'ranges'>);

/** What intents and plans keep of `Supersede`. */
export type StoredSupersede = Exclude<Supersede, { readonly what: 'range' }> | ({ readonly what: 'range' } & StoredRanges);

/**
 * One range is kept as earlier versions kept it. Several ranges have no `from`. So an earlier version, which would replace the rows of only one, fails before it
 * changes anything, and the intent stays for a version that knows several ranges.
 */
export function storedSupersede(supersede: Supersede): StoredSupersede {
  if (supersede.what !== 'range') return supersede;
  const { ranges, group, lastGood, foreign, ...of } = supersede;
  const [only, ...others] = ranges;
  const ends = only !== undefined && others.length === 0 ? only : { ranges };
  return { ...of, ...ends, group, ...defined({ lastGood, foreign }) };
}

/** Reads what this version or an earlier one has kept. */
export function supersedeIn(stored: StoredSupersede): Supersede {
  if (stored.what !== 'range' || 'ranges' in stored) return stored;
  const { from, to, ...of } = stored;
  return { ...of, ranges: [{ from, to }] };
}

/** A column without a settled value so far, and the type that its first values give it. */
export interface RetypedColumn {
  /** The column's settled name. */
  readonly column: string;
  readonly type: DataType;
}

/** Which rows or columns of the settled parts are rewritten. */
export interface ReworkScope {
  /** The rows that are removed. Null: none. */
  readonly range: Ranges | null;
  /** The columns that get another type. A part in which such a column has its old type holds only nulls in it. */
  readonly retyped: readonly RetypedColumn[];
}

/** The result of reading a slice of rework. */
export interface ReworkResult {
  readonly slice: SliceRef;
  /** How many rows of the part are in the range, and therefore not staged again. */
  readonly dropped: number;
  /** A column gets another type, so the staged part replaces the old part even if none of its rows is in the range. Absent: a part without rows in the range stays. */
  readonly anew?: true;
  /** `ReworkCount.fingerprint`. */
  readonly fingerprint?: Fingerprint;
}

/**
 * Rework replaces a range, or the type of a column without values, in stores that can't change single rows of a part: it stages an affected part again. A
 * store that can change rows in place has no rework.
 */
export interface Rework {
  /**
   * Plans the slices from metadata only: one for each part that may hold rows inside and outside of the range, or whose rows are unknown, and one for each
   * part that may have a retyped column. Parts of rows that settled apart are included for the range if their watermarks are known.
   */
  plan(work: ReworkScope, cursor?: Json): Promise<Step<ReworkPlan>>;
  /** Counts the rows of the slice's part: the rows in the range, and all rows (null: unknown without reading them). It also says whether a column gets another type. */
  count(slice: SliceRef, work: ReworkScope, signal: AbortSignal): Promise<ReworkCount>;
  /** Reads the rows that stay, as they settled, except for columns that get another type. */
  read(slice: SliceRef, work: ReworkScope, from: Json | undefined, signal: AbortSignal): AsyncIterable<Frame | Checkpoint>;
}

export interface ReworkCount {
  readonly rowsInRange: number;
  readonly rowsOfPart: number | null;
  readonly retypes: boolean;
  /** The fingerprint of the rows in the range. Absent: the store compares no fingerprints, or the range has no rows. */
  readonly fingerprint?: Fingerprint;
}

export interface ReworkPlan {
  readonly slices: readonly SliceRef[];
  /** How many parts lie completely in the range. */
  readonly whole: number;
  /** At least one part with the entity's rows stays unchanged. */
  readonly leaves: boolean;
}

/** Which parts a compaction leaves unchanged, because a later run replaces them or their rows. The open boundary group always stays. */
export interface CompactionScope {
  /** Rows of different source files are not put together: `changed_files: replace` replaces the parts of a file. */
  readonly bySource: boolean;
  /** Parts that may hold rows of this range stay: each run reads them again. Null: there is no such range. */
  readonly readAgain: Range | null;
}

export interface CompactionPlan {
  /** One slice for each group of small parts that are put together; `partsOf` lists them. Each group has at least two parts, or one part with many rows that are marked as deleted. */
  readonly slices: readonly SliceRef[];
  /** How many parts contain rows of the entity. */
  readonly parts: number;
  /** How many of these parts are small, or have many rows that are marked as deleted, in a group or not. */
  readonly small: number;
  /** The bytes of a full part. A part is small below half of them. */
  readonly targetBytes: number;
}

/** Why a part stays unchanged: its rows would lose this column, or values of it. */
export interface PartLeft {
  readonly name: string;
  readonly column: string;
  /** `not settled`: the part has a column that the entity no longer has. `other type`: the settled type can't hold the values of the part's own type. */
  readonly why: 'not settled' | 'other type';
}

export type OpenedPart =
  | { readonly left: PartLeft }
  /** Reads all rows, in the order of the part, in the columns of the schema that `open` was given. */
  | { readonly read: (signal: AbortSignal) => AsyncIterable<Frame> };

/** What `Compaction.stage` calls with the rows that it reads back. */
export interface ReadBack {
  readonly signal: AbortSignal;
  /** Called with all rows of all staged parts, as they are decoded from the very bytes that were staged. Several calls may be under way at once. */
  readonly readBack: (frame: Frame) => Promise<void>;
}

/**
 * Compaction of a store of parts. Nothing in it changes the destination: only a commit (`Store.prepare` with `reworked`) replaces the parts that were
 * read by the staged ones.
 */
export interface Compaction {
  /** The bytes in memory of the frames that `stage` writes best. */
  readonly frameBytes: number;
  /** Groups the small parts of each partition, from metadata only. */
  plan(scope: CompactionScope): Promise<CompactionPlan>;
  /**
   * Opens a part of a group.
   * @param schema the columns that settle, without those of the partition. Columns that the part lacks are null, and narrower types become wider ones.
   * Throws HYG-4110 if the part is gone or is not the one that settled.
   */
  open(part: SliceRef, schema: Schema): Promise<OpenedPart>;
  /** Stages as `Store.stage` does, and reads back what it staged before it answers. */
  stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, how: ReadBack): Promise<readonly Part[]>;
  /**
   * Reports files that earlier commits removed, and that readers of earlier versions may read for a while. `remove`: also deletes the files whose time is over; only the run with
   * the claim calls it so. A store has no such files if its commits delete what they remove.
   */
  oldFiles(how: 'look' | 'remove'): Promise<readonly OwnNote[]>;
}

/** A slice for parts of one partition, and of one source file if files stay apart. */
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

/** The parts of a group. */
export function partsOf({ ref }: SliceRef): readonly SliceRef[] {
  return ref as unknown as readonly SliceRef[];
}

/** Rows of an entity that settled apart: they can't be read, or break a rule. */
export interface Quarantine {
  /** Which rows are apart under the settled head, from metadata only. */
  parts(): Promise<readonly QuarantinedPart[]>;
  /** The parts with standing corrections under the settled head. `parts` does not list them. */
  corrections(head: Head): Promise<readonly SliceRef[]>;
  /**
   * All rows of a part, with the columns of their commit: `schemaOfRole`. Throws a StoreError if the part is gone or is not the one that settled.
   */
  read(part: SliceRef, signal: AbortSignal): AsyncIterable<Frame>;
}

/** The rows that one commit set apart together. */
export interface QuarantinedPart {
  /** Has `apart`. */
  readonly slice: SliceRef;
  /** `unreadable`: rows that are not what the source's format or type says. `rule`: rows that break a rule. */
  readonly because: 'unreadable' | 'rule';
  readonly rows: number;
  /** The entity runs that set its rows apart. */
  readonly runs: readonly string[];
  /**
   * Why rows that break a rule can't be judged again: another version of hygge wrote them, in another form. `read` gives them as texts then, as far as it can.
   * Absent: they can.
   */
  readonly writtenBy?: 'earlier version' | 'later version';
}

/** Rows in quarantine that a person has mended. Each names the row that it replaces by the id that the row has there. */
export interface MendedRows {
  /** The name of their file, as the person wrote it. */
  readonly name: string;
  /**
   * All rows in their order: the columns of `settled`, and behind them the column `id` of `brokenColumns(settled)`, without nulls. Called several times, and reads
   * the same rows each time. Throws HYG-2113 if the file has other columns, HYG-2112 if a row has no id, and the error of the format if a value does not fit its
   * column.
   */
  read(settled: Schema, signal: AbortSignal): AsyncIterable<Frame>;
}

/**
 * How many rows leave the quarantine since their source file was read again: for each file the rows that could not be read before, minus those that can't be read now.
 * @param gone what is removed from the quarantine. Rows that break a rule, and rows of no file, are not counted.
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
