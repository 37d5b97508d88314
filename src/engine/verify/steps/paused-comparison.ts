/** A comparison that is made in steps: what its looks at both sides have come to, kept between two of them. */
import type { ComparedRows, DifferenceCounts, DifferingRow } from '../../../ports/answers/comparison.ts';
import type { Instant } from '../../../ports/values.ts';
import type { SumsAsJson } from '../rows/bucket-sums.ts';
import type { RangesAsJson } from '../rows/differing-ranges.ts';
import type { LeftOutAsJson } from '../rows/left-out-keys.ts';
import type { KeptOfBucketsAsJson } from '../rows/rows-of-buckets.ts';
import type { SecondLookAsJson } from '../rows/second-look.ts';
import type { SidePosition } from '../sides.ts';

/** Behind a slice of one side, in whichever look. */
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
  /** Rows in quarantine among those of the destination. */
  readonly apart: number;
  /** When the settled rows were read whose sums were known; null: this comparison read them, or has not begun to. */
  readonly settledReadAt: Instant | null;
}

/** Within the first look. */
export interface PausedFirstLook extends FirstLookAsJson, LookPosition {
  /** The keys of rows that are left out. */
  readonly leftOut: LeftOutAsJson;
}

/** Within a round: both sides are read again for the rows of the buckets that differ, and once more for the rows of the keys that do. */
export interface PausedRound {
  readonly round: number;
  readonly at: LookPosition;
  readonly stage: KeptOfBucketsAsJson | SecondLookAsJson;
  readonly first: FirstLookAsJson;
  readonly leftOut: LeftOutAsJson;
  readonly ranges: RangesAsJson | null;
  /** What the rounds before this one have come to. */
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
  /** What an earlier step left of this part; null: it begins. */
  readonly left: { readonly at: LookPosition; readonly stage: S } | null;
  /** Called behind each slice. Throws LookPaused where the time of the step is over. */
  readonly reached: (at: LookPosition, stage: () => S) => void;
}

/** What a step leaves to the next one, as an object of the state. */
export interface LeftComparison {
  /** The destination's head whose rows are compared. */
  readonly head: string;
  /** What is compared of each row: a step that finds something else begins again. */
  readonly of: string;
  /** The rows below the open group are compared alone, since the next run reads those of the group again. */
  readonly isBelowGroup: boolean;
  /** How many runs have settled during the comparison. */
  readonly moved: number;
  readonly rowsRead: { readonly source: number; readonly destination: number };
  readonly look: PausedLook;
}

/** Whether a step continues the comparison of an earlier one, and does not begin another. */
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

/** Thrown within a comparison, which says the rest. */
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
  /** Whether the time of the step is over. Asked behind each slice. */
  readonly isOver: () => boolean;
}
