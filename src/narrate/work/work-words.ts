import type { EntitySummary, EventBase, EventBody } from '../../ports/events.ts';
import type { JournalRow } from '../../ports/state.ts';

/** The progress of an entity run. */
export interface Progress {
  readonly rows: number;
  readonly rowsTotal: number | null;
  /** How exactly the plan knows the number of rows. */
  readonly expects: 'exactly' | 'about' | 'unknown';
  /** A backfill updates and inserts rows by their key: such a backfill removes no rows, and the number of new rows is unknown. */
  readonly updatesByKey: boolean;
}

export interface EndWords {
  /** Whether the line is part of a list, which leaves out the destination. */
  readonly brief: boolean;
  readonly updatesByKey?: boolean;
}

type PlanEvent = EventBase & Extract<EventBody, { readonly event: 'plan' }>;

/** The words for entity runs of one kind of work. A new kind needs a file next to this file, and a line in `kinds.ts`. */
export interface WorkWords {
  /** The modes that plans of this kind have, in words. */
  readonly modes: Readonly<Record<string, string>>;
  /** The lane of its rows in the journal; the lane of a backfill ends with its range. */
  readonly lane: string;
  /** Whether the previous run of the same entity already counted the entity. */
  readonly follows: boolean;
  /** The subject of a run that reads nothing from the source, and the expectation of its plan; null: the run reads the source. */
  readonly object: { readonly name: string; foretold(plan: PlanEvent): string } | null;
  /** Whether an event or a line belongs to a run of this kind. */
  isOf(event: Partial<EntitySummary>): boolean;
  /** The text after the entity's name that distinguishes its lines. */
  label(event: Partial<EntitySummary>): string;
  /** The text after the name of an entity that failed. */
  failedLabel(event: Partial<EntitySummary>): string;
  /** The text while rows are staged. */
  copying(progress: Progress): string;
  /** The text when all rows are staged. */
  publishing(progress: Progress): string;
  /** The result of a run that did not fail. @param took `2 s` */
  outcome(summary: EntitySummary, took: string, how: EndWords): string;
  /** The time since which nothing was new, after the reason of a skipped run. */
  since(summary: EntitySummary): string;
  /** The last line of a command whose runs are all of this kind; null: the line is made from the moved rows. */
  closing(found: 'some' | 'none'): string | null;
  /** The subject of the run, in a list of the journal. */
  about(row: JournalRow): string;
  /** The result of the run, in its own entry of the journal; null: `how` is shown. */
  did(row: JournalRow): string | null;
  /** How the run moved rows. @param isWhole whether the run reads all rows, because it has no watermark */
  how(isWhole: boolean): string;
}
