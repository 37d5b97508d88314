/** The result of `hygge verify --repair`. Facts only: the sentences are in narrate/commands/verify/repair-lines.ts. */
import type { ErrorDetails } from '../events.ts';
import type { EntityKey } from '../values.ts';
import type { Comparison, DifferingRange } from './comparison.ts';

/** What a repair reads and replaces, from metadata only. */
export interface RepairPlan {
  /** The source, for people. */
  readonly where: string;
  readonly ranges: readonly PlannedRepair[];
  /** Rows of the source, at most; null: unknown before they are read. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** How many settled files are replaced or rewritten. A file with rows of several ranges counts once. */
  readonly settled_files: number;
  /** The bytes of the rewritten files. */
  readonly settled_bytes: number;
  /** What the repair does to rows, over all ranges. */
  readonly effect: RepairEffect;
  /** How many settled rows were compared: `removes` is a share of them. */
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
  /** Settled rows that are removed, and of which the source has a newer version above the range: earlier versions, and rows that the next run loads again. */
  readonly earlier_versions: number;
  /** Settled rows that are marked as deleted, and are removed. */
  readonly marked_deleted: number;
}

export interface PlannedRepair extends DifferingRange {
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Settled files that are completely in the range. */
  readonly replaced: number;
  /** Settled files that may have rows on both sides of an end of the range. */
  readonly rewritten: number;
  readonly effect: RepairEffect;
  /** By how many rows the range is smaller afterwards; negative: it is larger. */
  readonly fewer: number;
}

/** The answer for one entity that differed, as `--output json` prints it. */
export interface Repair extends EntityKey {
  /**
   * `mended`: the differing rows are equal now. `differs`: some still differ, or a range failed. `planned`: `--dry-run`. `left`: the person declined.
   * `nothing to repair`: no range has the differing rows.
   */
  readonly verdict: 'mended' | 'differs' | 'planned' | 'left' | 'nothing to repair' | 'stopped';
  /** True only if all differences are repaired. */
  readonly ok: boolean;
  /** The differences before the repair. */
  readonly found: Comparison;
  readonly plan: RepairPlan | null;
  /** How many ranges are repaired: all of them with one commit, or none. */
  readonly done: number;
  /** Rows of the source that were read for the repair. */
  readonly rows_read: number;
  /** The comparison of the repaired ranges; null: there was none. */
  readonly proof: Comparison | null;
  readonly seconds: number;
  readonly error: ErrorDetails | null;
}
