/** A comparison that is made in steps: what its looks at both sides have found so far, kept between two steps. */
import type { ComparedRows, DifferenceCounts, DifferingRow } from '../../../ports/answers/comparison.ts';
import type { Instant } from '../../../ports/values.ts';
import type { SumsAsJson } from '../rows/bucket-sums.ts';
import type { RangesAsJson } from '../rows/differing-ranges.ts';
import type { LeftOutAsJson } from '../rows/left-out-keys.ts';
import type { KeptOfBucketsAsJson } from '../rows/rows-of-buckets.ts';
import type { SecondLookAsJson } from '../rows/second-look.ts';
import type { SidePosition } from '../sides.ts';

/** A position after a slice of one side, in any look. */
export interface LookPosition {
  readonly side: 'source' | 'destination';
  readonly position: SidePosition;
  /** Rows of `side` that were read. */
  readonly read: number;
}

/** The sums and counts of both sides. */
export interface FirstLookAsJson {
  readonly source: SumsAsJson;
  readonly destination: SumsAsJson;
  /** The keys of rows that are not yet due. */
  readonly notDue: string;
  readonly rows: ComparedRows;
  /** How many of the destination's rows are in quarantine. */
  readonly apart: number;
  /** When the settled rows whose sums were known were read; null: this comparison read them, or has not begun to. */
  readonly settledReadAt: Instant | null;
}

/** A pause within the first look. */
export interface PausedFirstLook extends FirstLookAsJson, LookPosition {
  /** The keys of rows that are left out. */
  readonly leftOut: LeftOutAsJson;
}

/** A pause within a round: both sides are read again for the rows of the differing buckets, and once more for the rows of the differing keys. */
export interface PausedRound {
  readonly round: number;
  readonly at: LookPosition;
  readonly stage: KeptOfBucketsAsJson | SecondLookAsJson;
  readonly first: FirstLookAsJson;
  readonly leftOut: LeftOutAsJson;
  readonly ranges: RangesAsJson | null;
  /** The results of the rounds before this one. */
  readonly found: {
    readonly rows: ComparedRows;
    readonly counts: DifferenceCounts;
    readonly differing: readonly DifferingRow[];
    readonly allVersionsLookedAt: boolean;
  };
}

export type PausedLook = PausedFirstLook | PausedRound;

/** How a part of a round pauses, and where it continues. `S` has the gathered rows. */
export interface RoundSteps<S> {
  /** What an earlier step left of this part; null: this part begins. */
  readonly left: { readonly at: LookPosition; readonly stage: S } | null;
  /** Called after each slice. Throws LookPaused if the time of the step is over. */
  readonly reached: (at: LookPosition, stage: () => S) => void;
}

/** What a step leaves for the next one, as an object of the state. */
export interface LeftComparison {
  /** The destination's head whose rows are compared. */
  readonly head: string;
  /** Which columns of each row are compared: a step that finds other columns begins again. */
  readonly of: string;
  /** Only rows below the open group are compared, since the next run reads the rows of the group again. */
  readonly isBelowGroup: boolean;
  /** How many runs settled during the comparison. */
  readonly moved: number;
  readonly rowsRead: { readonly source: number; readonly destination: number };
  readonly look: PausedLook;
}

/** Whether a step continues the comparison of an earlier step, instead of beginning a new one. */
export function continuesWith(left: LeftComparison | null | undefined, now: Pick<LeftComparison, 'moved' | 'head'>): boolean {
  return left != null && left.moved === now.moved && left.head === now.head;
}

/** Thrown when the time of a step is over. */
export class ComparisonPaused extends Error {
  override readonly name = 'ComparisonPaused';
  readonly left: LeftComparison;

  constructor(left: LeftComparison) {
    super();
    this.left = left;
  }
}

/** Thrown within a comparison, which adds the rest. */
export class LookPaused extends Error {
  override readonly name = 'LookPaused';
  readonly look: PausedLook;

  constructor(look: PausedLook) {
    super();
    this.look = look;
  }
}

/** Why a comparison that takes too long is given up. */
export class TimeOver extends Error {
  override readonly name = 'TimeOver';
}

/** How a comparison pauses. */
export interface Pausing {
  /** What an earlier step left; null: there was none. */
  readonly left: LeftComparison | null;
  /** Whether the time of the step is over. Called after each slice. */
  readonly isOver: () => boolean;
}
