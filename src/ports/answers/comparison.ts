/** The request and the answer of `hygge verify` for an entity. Facts only: the sentences are in narrate/commands/verify/comparison-lines.ts. */
import type { ErrorDetails } from '../events.ts';
import type { LastVerification, Verification } from '../state.ts';
import type { EntityKey, Instant } from '../values.ts';

export interface VerifyRequest {
  /** The ranges to compare, which replace `range`: each side is read within them. Absent: all rows that are due. */
  readonly ranges?: readonly DifferingRange[];
  /** `counts`: rows are counted first, and compared only if the counts differ. `checksums`: rows are compared. */
  readonly by: 'counts' | 'checksums';
  /** `from..to` of the watermark as a person wrote them; the range ends before `to`. Null: all rows that are due. */
  readonly range: { readonly from: string; readonly to: string } | null;
  /** The settled names of the columns to compare; null: all columns that can be compared. */
  readonly columns: readonly string[] | null;
  /** Settled names of the key columns; null: the columns that source or config name. */
  readonly key: readonly string[] | null;
  /** The share of the keys, above 0 and at most 1; all rows of a key are compared, or none of them. */
  readonly sample: number;
  /** How many differing rows are described. */
  readonly rows: number;
  /** The milliseconds until differing rows are checked again. */
  readonly pauseMs: number;
  /** The milliseconds for which one snapshot of a source is read. */
  readonly maxSnapshotMs: number;
  /** Whether both sides are queried for the sums of all compared rows, with SQL that anyone can run. */
  readonly proof: boolean;
}

/**
 * Why a settled column is not compared. `mask`: its values are masked. `constant`: the config sets its value. `run`: its values are facts of a run.
 * `mark`: hygge marks deleted rows in it. `gone`: the source no longer has it. `type`: the two sides have types that are never equal. `digits`: the
 * destination's column keeps fewer digits of a second than the source has.
 */
export interface ColumnNotCompared {
  readonly column: string;
  readonly why: 'mask' | 'constant' | 'run' | 'mark' | 'gone' | 'type' | 'digits';
}

/** The plan of a comparison, before rows are read. */
export interface ComparisonPlan extends EntityKey {
  /** The epoch of the destination’s last commit when the comparison began. */
  readonly epoch: number;
  readonly source: PlannedSide;
  readonly destination: PlannedSide;
  /** The place from which the settled rows came, for people. Null: they came from `source`, or the place is unknown. */
  readonly settled_from: string | null;
  readonly scope: ComparedScope;
  readonly columns: readonly string[];
  /** Whether the person chose the columns. */
  readonly chosen: boolean;
  readonly not_compared: readonly ColumnNotCompared[];
  /** Columns of the source that have not settled. */
  readonly not_settled: readonly string[];
  /** Settled names of the key columns; empty: no key is known, so whole rows are compared. */
  readonly key: readonly string[];
  readonly load: ComparedLoad;
  /** Why rows of both sides are read; null: both sides sum their rows, and only differing parts are read. */
  readonly read_because: WhyRead | null;
}

/**
 * The effect of a run on settled rows. `incremental`: the run reads only new rows. `replaces`: a full load replaces all rows. `merges`: a full load changes
 * rows by their key and removes none. `copies`: a full load adds a copy of all rows.
 */
export interface ComparedLoad {
  readonly how: 'incremental' | 'replaces' | 'merges' | 'copies';
  /** Whether the rows of a changed source file settle in addition to the file’s earlier rows. */
  readonly keeps_changed_files: boolean;
  /** The effect of a full load if the source has no rows. */
  readonly on_empty: 'replace' | 'keep' | 'fail';
}

/**
 * Why the two sides do not sum their rows themselves. `system`: a side has no SQL for sums; `server`: a side’s server has no SQL for sums; `column`: the
 * SQL can't sum the type of a column; `shaped`: a column is changed between source and destination; `sample`, `rules`, `deletes`: rows must be checked one
 * by one; `key`: `--key` names the key; `ranges`: few ranges are compared; `versions`: settled rows have the versions of a change feed.
 */
export interface WhyRead {
  /** The side with the reason; null: both sides. */
  readonly side: 'source' | 'destination' | null;
  readonly what: 'system' | 'server' | 'column' | 'shaped' | 'sample' | 'rules' | 'deletes' | 'key' | 'ranges' | 'versions';
  readonly column?: string;
  /** The system's own reason, as the end of a sentence. */
  readonly text?: string;
}

export interface PlannedSide {
  readonly where: string;
  /** `inside`: the system sums its rows, and only rows of differing parts are read. `read`: all rows are read. */
  readonly how: 'inside' | 'read';
  /** Null: unknown. */
  readonly rows: number | null;
  /** Whether `rows` is exact; false: `rows` is an estimate. */
  readonly rows_exact: boolean;
  readonly bytes: number | null;
  /** Whether the config leaves rows out by a condition (`where`). */
  readonly filtered: boolean;
}

export interface ComparedScope {
  /** The settled name of the watermark’s column; null: the entity has no watermark, so all rows are due. */
  readonly column: string | null;
  /** The lower end as canonical text, included; null: no lower end. */
  readonly from: string | null;
  /** The upper end as canonical text; null: no upper end. */
  readonly to: string | null;
  readonly to_included: boolean;
  /** Whether the person asked for a range of the watermark. */
  readonly is_range: boolean;
  readonly sample: number;
  /** The time of the destination’s last commit. */
  readonly settled_at: Instant;
}

/** The values of a differing row on both sides. */
export interface DifferingRow {
  readonly found: 'only in the source' | 'only in the destination' | 'changed';
  /** The key's values, by settled name; null: no key is known. */
  readonly key: Readonly<Record<string, string | null>> | null;
  /** How many more equal rows this side has. */
  readonly times: number;
  /** `changed`: the columns that differ. Without a key: all compared columns of the row, with null for the values of the other side. */
  readonly columns: readonly DifferingValue[];
}

/** The values as canonical texts (docs/building/row-sum.md), floats as decimals. Null: the value is null, or the config hides values. */
export interface DifferingValue {
  readonly column: string;
  readonly source: string | null;
  readonly destination: string | null;
}

/** The numbers of differing rows. */
export interface DifferenceCounts {
  readonly only_in_source: number;
  readonly only_in_destination: number;
  readonly changed: number;
  /** How many rows differed at first, but were then changed in the source, and are now equal or not yet due. */
  readonly source_changed: number;
  /** How many rows differed at first, but were equal in another check, although the source had not changed them. */
  readonly not_visible_yet: number;
  /** Whether the numbers are exact; false: more rows may differ, because too many rows differ to check all of them. */
  readonly all_counted: boolean;
}

/** A range of the watermark, whose ends are canonical text. */
export interface DifferingRange {
  readonly from: string;
  readonly to: string;
  /** Whether the range includes `to`; false: `to` is the first value after the range. */
  readonly to_included: boolean;
}

/** The differing rows of a range. `source`, `destination`: the rows of each side. A changed row is in the range of its watermark in the source. */
export interface DifferingRows {
  /** How many rows only the source has. */
  readonly adds: number;
  readonly changes: number;
  /** How many rows only the destination has. */
  readonly removes: number;
  readonly source: number;
  readonly destination: number;
}

/** The rows that `verify --repair` reads again. */
export interface DifferingRanges {
  /** The name of the watermark column in the source. */
  readonly column: string;
  /** The ranges in order, at most 32. Together the ranges cover all differing rows that can be replaced by range. */
  readonly ranges: readonly (DifferingRange & { readonly rows: DifferingRows })[];
  /** How many differing rows are at the settled watermark or above it, where live runs still read. */
  readonly beyond: number;
  /** How many differing rows have no watermark. */
  readonly unmarked: number;
  /** How many differing rows are in no range, because a repair of their range would remove settled rows that must stay. Such rows are: `last_good`, earlier versions, marked rows, and rows that the next run changes. */
  readonly held: number;
  /** How many differing rows are in further ranges, which another repair reads. */
  readonly later: number;
}

export interface ComparedRows {
  readonly source: number;
  readonly destination: number;
  /** How many rows of the source are above the settled watermark, or above the range. */
  readonly not_yet_due: number;
  /** Rows of the source at the watermark that appeared or changed after the run, and that the next run loads. */
  readonly at_watermark: number;
  /** Settled rows whose newer version in the source is not yet due. */
  readonly updated_since: number;
  /** Older settled rows of a key with newer rows, in a store that appends. The source no longer has the older rows, so they are not compared. */
  readonly earlier_versions: number;
  /** Rows of the source that do not settle because a newer row of their key settles, in a store that merges. */
  readonly kept_as_newer: number;
  /** Settled rows whose key the source no longer has, and which the next comparison of keys removes or marks (`deletes: { compare }`). */
  readonly deletes_due: number;
  /** Settled rows that are marked as deleted. */
  readonly marked_deleted: number;
  /** Rows of the source that can't be read or break a rule, and so do not settle. */
  readonly left_out: number;
  /** The rows of `left_out` whose key can’t be read. */
  readonly unknown_keys: number;
  /** Settled rows of keys whose rows in the source are now left out. The earlier settled row of such a key stays. */
  readonly last_good: number;
  /** Settled rows whose key the source no longer has, and which stay permanently (`deletes: ignore`). */
  readonly deletes_ignored: number;
  /** Rows of the table that other writers wrote. They are counted only if all rows are compared. */
  readonly foreign: number;
}

/** The last verdict about an entity, with the first differing rows, from a comparison in an app. */
export interface DescribedVerification extends LastVerification {
  readonly differing?: readonly DifferingRow[];
}

/** The answer for one entity, as `--output json` prints it. */
export interface Comparison extends EntityKey {
  readonly verdict: 'same' | 'differs' | 'not told';
  readonly by: Verification['by'];
  /** True only if both sides are the same. */
  readonly ok: boolean;
  readonly because: Verification['because'];
  readonly plan: ComparisonPlan | null;
  readonly rows: ComparedRows | null;
  readonly differences: DifferenceCounts | null;
  /** The described differing rows, at most `VerifyRequest.rows`. */
  readonly differing: readonly DifferingRow[];
  /** The ranges of the differing rows; null: all rows are equal, or the entity’s rows can’t be replaced by ranges of a watermark. */
  readonly repair: DifferingRanges | null;
  /** Row sums (docs/building/row-sum.md) of both sides; null: the sums were not computed. */
  readonly sums: { readonly source: string; readonly destination: string } | null;
  /** Whether the source is unchanged since its rows settled; null: the source does not report changes. */
  readonly source_as_settled: boolean | null;
  /** The other system’s copy of the settled rows, if the copy was compared; null: the settled rows themselves were compared. */
  readonly replica: ComparedReplica | null;
  /** If the files of the settled rows are unchanged, their sums come from the state: the time when the rows were read for these sums. Null: the rows were read now, or were not needed. */
  readonly settled_read_at: Instant | null;
  /** The proof that `--proof` asks for; null: a proof was not requested, or no row was compared. */
  readonly proof: ComparisonProof | null;
  /** The queries to each side; null: no query was sent. */
  readonly work: { readonly source: SideWork; readonly destination: SideWork } | null;
  readonly seconds: number;
  readonly error: ErrorDetails | null;
}

export interface ComparedReplica {
  /** The version of the other system's table whose rows were compared; null: the other system has no table yet. */
  readonly version: number | null;
  /** Whether the version has all settled rows; null: the rows were equal, so the version was not checked. */
  readonly has_all: boolean | null;
  /** The missing rows in words, or the reason why they are unknown; null: the version has all rows. */
  readonly missing: string | null;
}

/** The statements of both sides, and the answers of the statements that were run. At least one side has a statement. */
export interface ComparisonProof {
  readonly source: ProofOfSide | WhyRead;
  readonly destination: ProofOfSide | WhyRead;
}

export interface ProofOfSide {
  readonly where: string;
  /** The connector's type, such as `postgres`. */
  readonly system: string;
  readonly sql: string;
  /** The files that the statement reads by their names; null: the statement reads tables. */
  readonly files: ProofFiles | null;
  /** The answer of the statement: row sum (docs/building/row-sum.md) and column sums. Null: the statement was not run. */
  readonly answer: ProofAnswer | null;
  /** The columns in the order of the statement. `name`: the settled name; `own`: the side’s own name. */
  readonly columns: readonly { readonly name: string; readonly own: string }[];
}

export interface ProofFiles {
  readonly count: number;
  readonly bytes: number;
  /** The address that the names are relative to, for people. */
  readonly address: string;
  /** Whether the files are on a disk of the machine that wrote the proof. */
  readonly isLocal: boolean;
}

export interface ProofAnswer {
  readonly rows: number;
  readonly sum: string;
  /** The column sums, in the order of the columns. */
  readonly columns: readonly { readonly count: number; readonly sum: string }[];
}

export interface SideWork {
  /** How many statements the side ran to sum its rows. */
  readonly sums: number;
  /** How many rows were read. A row that was read twice counts twice. */
  readonly rows_read: number;
}

/** The progress of a comparison, reported from time to time. */
export type ComparisonProgress = RowsProgress | SourcePause;

/** The comparison waits, and does not read the source before `until`. */
interface SourcePause {
  readonly until: Instant;
  /** The task of another system that must happen first, as a sentence without a full stop. Null: the source asked for the pause. */
  readonly waitsFor: string | null;
}

export interface RowsProgress {
  readonly side: 'source' | 'destination';
  /** `again`: differing rows are checked again. */
  readonly look: 'first' | 'again';
  readonly rows: number;
  /** The number of rows to read; null: unknown. */
  readonly of: number | null;
}
