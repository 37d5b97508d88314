/** The request and the answer of `hygge verify` for an entity. Facts only: the sentences are in narrate/commands/verify/comparison-lines.ts. */
import type { ErrorDetails } from '../events.ts';
import type { LastVerification, Verification } from '../state.ts';
import type { EntityKey, Instant } from '../values.ts';

export interface VerifyRequest {
  /** Only these ranges, instead of `range`: each side is read within them. Absent: all that is due. */
  readonly ranges?: readonly DifferingRange[];
  /** `counts`: rows are counted first, and compared only if the counts differ. `checksums`: rows are compared. */
  readonly by: 'counts' | 'checksums';
  /** `from..to` of the watermark as a person wrote them; the range ends before `to`. Null: all that is due. */
  readonly range: { readonly from: string; readonly to: string } | null;
  /** Settled names; null: all that can be compared. */
  readonly columns: readonly string[] | null;
  /** Settled names of the key columns; null: those that source or config name. */
  readonly key: readonly string[] | null;
  /** The share of the keys, above 0 and at most 1; the rows of a key are compared either all or not at all. */
  readonly sample: number;
  /** How many differing rows are described. */
  readonly rows: number;
  /** Milliseconds before differing rows are checked again. */
  readonly pauseMs: number;
  /** Milliseconds for which one snapshot of a source is read. */
  readonly maxSnapshotMs: number;
  /** Both sides are asked for the sums of all compared rows, with SQL that anyone can run. */
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

/** What will be compared, before rows are read. */
export interface ComparisonPlan extends EntityKey {
  /** The epoch of the destination's last commit, as the comparison began. */
  readonly epoch: number;
  readonly source: PlannedSide;
  readonly destination: PlannedSide;
  /** The source that the settled rows came from, for people; null: it is `source`, or unknown. */
  readonly settled_from: string | null;
  readonly scope: ComparedScope;
  readonly columns: readonly string[];
  /** The person chose the columns. */
  readonly chosen: boolean;
  readonly not_compared: readonly ColumnNotCompared[];
  /** Columns of the source that have not settled. */
  readonly not_settled: readonly string[];
  /** Settled names; empty: no key is known, and whole rows are compared. */
  readonly key: readonly string[];
  readonly load: ComparedLoad;
  /** Why rows of both sides are read; null: both sides sum their rows, and only differing parts are read. */
  readonly read_because: WhyRead | null;
}

/**
 * What a run does to settled rows. `incremental`: it reads only new rows. `replaces`: a full load replaces all rows. `merges`: a full load changes rows
 * by their key and removes none. `copies`: a full load adds a copy of all rows.
 */
export interface ComparedLoad {
  readonly how: 'incremental' | 'replaces' | 'merges' | 'copies';
  /** The rows of a changed source file settle in addition to its earlier ones. */
  readonly keeps_changed_files: boolean;
  /** What a full load does if the source has no rows. */
  readonly on_empty: 'replace' | 'keep' | 'fail';
}

/**
 * Why the two sides do not sum their rows themselves. `system`: a side has no SQL for it; `server`: this server has not; `column`: the SQL can't sum the
 * type of a column; `shaped`: a column is changed between source and destination; `sample`, `rules`, `deletes`: rows must be checked one by one; `key`:
 * `--key` names the key; `ranges`: few ranges are compared; `versions`: settled rows have the versions of a change feed.
 */
export interface WhyRead {
  /** Null: both sides. */
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
  /** False: `rows` is an estimate. */
  readonly rows_exact: boolean;
  readonly bytes: number | null;
  /** Whether the config leaves rows out by a condition (`where`). */
  readonly filtered: boolean;
}

export interface ComparedScope {
  /** The watermark's settled name; null: the entity has none, and all rows are due. */
  readonly column: string | null;
  /** Canonical text, included; null: no end. */
  readonly from: string | null;
  /** Canonical text; null: no end. */
  readonly to: string | null;
  readonly to_included: boolean;
  /** Whether the person asked for a range of the watermark. */
  readonly is_range: boolean;
  readonly sample: number;
  /** When the destination settled last. */
  readonly settled_at: Instant;
}

/** The values of a differing row on both sides. */
export interface DifferingRow {
  readonly found: 'only in the source' | 'only in the destination' | 'changed';
  /** The key's values, by settled name; null: no key is known. */
  readonly key: Readonly<Record<string, string | null>> | null;
  /** How many more equal rows this side has. */
  readonly times: number;
  /** `changed`: the columns that differ. Without a key: all compared columns of the row, the other side's values null. */
  readonly columns: readonly DifferingValue[];
}

/** Canonical texts (docs/building/row-sum.md), those of floats as decimals. Null where the value is null, or the config hides values. */
export interface DifferingValue {
  readonly column: string;
  readonly source: string | null;
  readonly destination: string | null;
}

/** Counts of differing rows, and of rows that only one side has but that are not differences. */
export interface DifferenceCounts {
  readonly only_in_source: number;
  readonly only_in_destination: number;
  readonly changed: number;
  /** These rows differed at first. The source has changed them since, and they are equal or not yet due now. */
  readonly source_changed: number;
  /** Another check found these rows equal, although the source had not changed them. */
  readonly not_visible_yet: number;
  /** False: there may be more, because too many rows differ to check them all. */
  readonly all_counted: boolean;
}

/** Values of the watermark, in its canonical text. */
export interface DifferingRange {
  readonly from: string;
  readonly to: string;
  /** False: `to` is the first value after the range. */
  readonly to_included: boolean;
}

/** The differing rows of a range. `source`, `destination`: those of each side. A changed row is in the range of its source's watermark. */
export interface DifferingRows {
  /** Only the source has them. */
  readonly adds: number;
  readonly changes: number;
  /** Only the destination has them. */
  readonly removes: number;
  readonly source: number;
  readonly destination: number;
}

/** Which rows `verify --repair` reads again. */
export interface DifferingRanges {
  /** The watermark's column in the source. */
  readonly column: string;
  /** In order, at most 32. They cover all differing rows that can be replaced by range. */
  readonly ranges: readonly (DifferingRange & { readonly rows: DifferingRows })[];
  /** Differing rows at the settled watermark or above it, which live runs still read. */
  readonly beyond: number;
  /** Differing rows without a watermark. */
  readonly unmarked: number;
  /** Differing rows that are in no range, because reading the range would remove settled rows that must stay: `last_good`, earlier versions, marked rows, rows that the next run changes. */
  readonly held: number;
  /** Differing rows of further ranges, which another repair reads. */
  readonly later: number;
}

export interface ComparedRows {
  readonly source: number;
  readonly destination: number;
  /** Above the settled watermark in the source, or above the range. */
  readonly not_yet_due: number;
  /** Rows of the source at the watermark that appeared or changed after the run, and that the next run loads. */
  readonly at_watermark: number;
  /** Settled rows whose newer version in the source is not yet due. */
  readonly updated_since: number;
  /** Older settled rows of a key that has newer ones, in a store that appends. The source no longer has them, so they are not compared. */
  readonly earlier_versions: number;
  /** Rows of the source that do not settle, since a newer row of their key does, in a store that merges. */
  readonly kept_as_newer: number;
  /** Settled rows whose key the source no longer has, and which the next comparison of keys removes or marks (`deletes: { compare }`). */
  readonly deletes_due: number;
  /** Settled rows that are marked as deleted. */
  readonly marked_deleted: number;
  /** Rows of the source that can't be read or break a rule, and so do not settle. */
  readonly left_out: number;
  /** Those of `left_out` whose key can't be read. */
  readonly unknown_keys: number;
  /** Settled rows of keys whose rows in the source are left out: an earlier row of the key settled, and stays. */
  readonly last_good: number;
  /** Settled rows whose key the source no longer has, and which stay permanently (`deletes: ignore`). */
  readonly deletes_ignored: number;
  /** Rows of the table that others wrote. Counted only if all rows are compared. */
  readonly foreign: number;
}

/** The last verdict about an entity, with the first differing rows, from a comparison that an app was asked for. */
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
  /** At most `VerifyRequest.rows`. */
  readonly differing: readonly DifferingRow[];
  /** The ranges of the differing rows; null: none differs, or the entity's rows can't be replaced by ranges of a watermark. */
  readonly repair: DifferingRanges | null;
  /** Row sums (docs/building/row-sum.md) of both sides; null: they were not computed. */
  readonly sums: { readonly source: string; readonly destination: string } | null;
  /** Whether the source is unchanged since its rows settled; null: it does not report this. */
  readonly source_as_settled: boolean | null;
  /** The other system's copy of the settled rows, if that was compared; null: the settled rows themselves were compared. */
  readonly replica: ComparedReplica | null;
  /** When the settled rows were read, if their sums come from the state because their files are unchanged; null: they were read now, or were not needed. */
  readonly settled_read_at: Instant | null;
  /** The proof that `--proof` asks for; null: it was not requested, or nothing was compared. */
  readonly proof: ComparisonProof | null;
  /** The queries to each side; null: there were none. */
  readonly work: { readonly source: SideWork; readonly destination: SideWork } | null;
  readonly seconds: number;
  readonly error: ErrorDetails | null;
}

export interface ComparedReplica {
  /** The version of the other system's table whose rows were compared; null: it has no table yet. */
  readonly version: number | null;
  /** Whether the version has all settled rows; null: the rows were equal, so this was not asked. */
  readonly has_all: boolean | null;
  /** What is missing, or why that is unknown; null: nothing is missing. */
  readonly missing: string | null;
}

/** The statements of both sides, and the answers of those that ran. At least one side has a statement. */
export interface ComparisonProof {
  readonly source: ProofOfSide | WhyRead;
  readonly destination: ProofOfSide | WhyRead;
}

export interface ProofOfSide {
  readonly where: string;
  /** The connector's type, such as `postgres`. */
  readonly system: string;
  readonly sql: string;
  /** The statement reads these files by their names. Null: it reads tables. */
  readonly files: ProofFiles | null;
  /** What the statement answered: row sum (docs/building/row-sum.md) and column sums. Null: it was not run. */
  readonly answer: ProofAnswer | null;
  /** In the order of the statement. `name`: as it settled; `own`: the side's own name. */
  readonly columns: readonly { readonly name: string; readonly own: string }[];
}

export interface ProofFiles {
  readonly count: number;
  readonly bytes: number;
  /** The address that the names are relative to, for people. */
  readonly address: string;
  /** The files are on a disk of the machine that wrote the proof. */
  readonly isLocal: boolean;
}

export interface ProofAnswer {
  readonly rows: number;
  readonly sum: string;
  /** In the order of the columns. */
  readonly columns: readonly { readonly count: number; readonly sum: string }[];
}

export interface SideWork {
  /** Statements by which the side summed its rows. */
  readonly sums: number;
  /** How many rows were read, counted each time. */
  readonly rows_read: number;
}

/** Progress, reported now and then. */
export type ComparisonProgress = RowsProgress | SourcePause;

/** The source is not read before `until`. */
interface SourcePause {
  readonly until: Instant;
  /** What another system must do first, as a sentence without a full stop. Null: the source asked for the pause. */
  readonly waitsFor: string | null;
}

export interface RowsProgress {
  readonly side: 'source' | 'destination';
  /** `again`: differing rows are checked again. */
  readonly look: 'first' | 'again';
  readonly rows: number;
  /** Null: unknown. */
  readonly of: number | null;
}
