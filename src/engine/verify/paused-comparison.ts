/** A comparison that is made in steps: what the first look at both sides has come to, kept between two of them. */
import type { ComparedRows } from '../../ports/answers/comparison.ts';
import type { Instant } from '../../ports/values.ts';
import type { SumsAsJson } from './rows/bucket-sums.ts';
import type { LeftOutAsJson } from './rows/left-out-keys.ts';
import type { SidePosition } from './sides.ts';

/** The first look behind a slice of one side. */
export interface PausedLook {
  readonly side: 'source' | 'destination';
  readonly position: SidePosition;
  readonly source: SumsAsJson;
  readonly destination: SumsAsJson;
  /** The keys of rows that are not yet due. */
  readonly notDue: string;
  /** The keys of rows that are left out. */
  readonly leftOut: LeftOutAsJson;
  readonly rows: ComparedRows;
  /** Rows of `side` that were read. */
  readonly read: number;
  /** Rows in quarantine among those of the destination. */
  readonly apart: number;
  /** When the settled rows were read whose sums were known; null: this comparison read them, or has not begun to. */
  readonly settledReadAt: Instant | null;
}

/** What a step leaves to the next one, as an object of the state. */
export interface LeftComparison {
  /** The destination's head whose rows are compared. */
  readonly head: string;
  /** What is compared of each row: a step that finds something else begins anew. */
  readonly of: string;
  /** How often a run settled meanwhile. */
  readonly moved: number;
  readonly rowsRead: { readonly source: number; readonly destination: number };
  readonly look: PausedLook;
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

/** How a comparison pauses. */
export interface Pausing {
  /** What an earlier step left; null: there was none. */
  readonly left: LeftComparison | null;
  /** Whether the time of the step is over. Asked behind each slice. */
  readonly isOver: () => boolean;
}
