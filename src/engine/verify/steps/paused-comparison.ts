/** A comparison that is made in steps: the findings of its looks at both sides, as they are kept between two steps. */
import type { ComparedRows, DifferenceCounts, DifferingRow } from '../../../ports/answers/comparison.ts';
import type { Instant } from '../../../ports/values.ts';
import type { SumsAsJson } from '../rows/bucket-sums.ts';
import type { RangesAsJson } from '../rows/differing-ranges.ts';
import type { LeftOutAsJson } from '../rows/left-out-keys.ts';
import type { KeptOfBucketsAsJson } from '../rows/rows-of-buckets.ts';
import type { SecondLookAsJson } from '../rows/second-look.ts';
import type { SidePosition } from '../sides.ts';

/** A position after a slice of one side, in the first look or in a round. */
export interface LookPosition {
  readonly side: 'source' | 'destination';
  readonly position: SidePosition;
  /** How many rows of `side` were read. */
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
  /** When the settled rows with known sums were read. Null: this comparison read them, or has not begun to. */
  readonly settledReadAt: Instant | null;
}

/** A pause within the first look. */
export interface PausedFirstLook extends FirstLookAsJson, LookPosition {
  /** The keys of rows that are left out. */
  readonly leftOut: LeftOutAsJson;
}

/** A pause within a round. A round reads both sides again, first for the rows of the differing buckets, and then for the rows of the differing keys. */
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

/** How a part of a round pauses, and where it continues. The type `S` is for the rows gathered so far. */
export interface RoundSteps<S> {
  /** What an earlier step left of this part. Null: this part begins now. */
  readonly left: { readonly at: LookPosition; readonly stage: S } | null;
  /** Called after each slice. Throws LookPaused if the time of the step is over. */
  readonly reached: (at: LookPosition, stage: () => S) => void;
}

/** What a step leaves for the next step, as an object in the state. */
export interface LeftComparison {
  /** The id of the destination’s head whose rows are compared. */
  readonly head: string;
  /** Which columns of each row are compared. If a step finds other columns, the comparison begins again. */
  readonly of: string;
  /** Whether only rows below the open group are compared, because the next run reads the group’s rows again. */
  readonly isBelowGroup: boolean;
  /** How many runs settled during the comparison. */
  readonly moved: number;
  readonly rowsRead: { readonly source: number; readonly destination: number };
  readonly look: PausedLook;
}

/** Whether a step continues the comparison of an earlier step. Otherwise it begins a new one. */
export function continuesWith(left: LeftComparison | null | undefined, now: Pick<LeftComparison, 'moved' | 'head'>): boolean {
  return left != null && left.moved === now.moved && left.head === now.head;
}

/** Thrown when the time of a step is over. It has what the next step needs. */
export class ComparisonPaused extends Error {
  override readonly name = 'ComparisonPaused';
  readonly left: LeftComparison;

  constructor(left: LeftComparison) {
    super();
    this.left = left;
  }
}

/** Thrown within a comparison, with a part of what the next step needs. The comparison adds the rest. */
export class LookPaused extends Error {
  override readonly name = 'LookPaused';
  readonly look: PausedLook;

  constructor(look: PausedLook) {
    super();
    this.look = look;
  }
}

/** Why a comparison is given up: it takes too long. */
export class TimeOver extends Error {
  override readonly name = 'TimeOver';
}

/** How a comparison pauses. */
export interface Pausing {
  /** What an earlier step left. Null: no step came before. */
  readonly left: LeftComparison | null;
  /** Whether the time of the step is over. Called after each slice. */
  readonly isOver: () => boolean;
}
