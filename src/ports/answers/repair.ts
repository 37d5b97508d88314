/** The result of `hygge verify --repair`. Facts only: the sentences are in narrate/commands/verify/repair-lines.ts. */
import type { ErrorDetails } from '../events.ts';
import type { EntityKey } from '../values.ts';
import type { Comparison, DifferingRange } from './comparison.ts';

/** The plan of a repair: the rows to read and to replace, from metadata only. */
export interface RepairPlan {
  /** The source, for people. */
  readonly where: string;
  readonly ranges: readonly PlannedRepair[];
  /** The most rows of the source; null: unknown before the rows are read. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** How many settled files are replaced or rewritten. A file with rows of several ranges counts once. */
  readonly settled_files: number;
  /** The total size of the rewritten files, in bytes. */
  readonly settled_bytes: number;
  /** The numbers of written and removed rows, over all ranges. */
  readonly effect: RepairEffect;
  /** How many settled rows were compared. The limit of `removes` is a share of this number. */
  readonly compared: number;
  /** How many rows may be removed before a person must confirm the number (`--removes`). */
  readonly removes_at_most: number;
}

/** Rows that a repair writes or removes. */
export interface RepairEffect {
  /** Rows that only the source has. */
  readonly adds: number;
  /** Rows that both sides have, with other values. */
  readonly changes: number;
  /** Settled rows that the source does not have. */
  readonly removes: number;
  /** Removed settled rows with a newer version in the source, above the range: earlier versions, and rows that the next run loads again. */
  readonly earlier_versions: number;
  /** Removed settled rows that are marked as deleted. */
  readonly marked_deleted: number;
}

export interface PlannedRepair extends DifferingRange {
  readonly rows: number | null;
  readonly bytes: number | null;
  /** How many settled files are completely in the range. */
  readonly replaced: number;
  /** How many settled files may have rows inside and outside the range. */
  readonly rewritten: number;
  readonly effect: RepairEffect;
  /** How many rows the range has lost after the repair; negative: the range has more rows than before. */
  readonly fewer: number;
}

/** The answer for one entity with differences, as `--output json` prints it. */
export interface Repair extends EntityKey {
  /**
   * `mended`: the differing rows are equal now. `differs`: some rows still differ, or the repair of a range failed. `planned`: the command was a dry run.
   * `left`: the person declined the repair. `nothing to repair`: all differing rows are outside the ranges.
   */
  readonly verdict: 'mended' | 'differs' | 'planned' | 'left' | 'nothing to repair' | 'stopped';
  /** True only if all differences are repaired. */
  readonly ok: boolean;
  /** The differences before the repair. */
  readonly found: Comparison;
  readonly plan: RepairPlan | null;
  /** How many ranges are repaired: all ranges with one commit, or 0. */
  readonly done: number;
  /** How many rows of the source were read for the repair. */
  readonly rows_read: number;
  /** The comparison of the repaired ranges; null: the ranges were not compared. */
  readonly proof: Comparison | null;
  readonly seconds: number;
  readonly error: ErrorDetails | null;
}
