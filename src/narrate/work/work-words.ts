import type { EntitySummary, EventBase, EventBody } from '../../ports/events.ts';
import type { JournalRow } from '../../ports/state.ts';

/** How far an entity run is. */
export interface Progress {
  readonly rows: number;
  readonly rowsTotal: number | null;
  /** What the plan knows of the rows to come. */
  readonly expects: 'exactly' | 'about' | 'unknown';
  /** A backfill updates and inserts rows by their key: none is removed, and how many are new is not known. */
  readonly updatesByKey: boolean;
}

export interface EndWords {
  /** A line among others, without the destination. */
  readonly brief: boolean;
  readonly updatesByKey?: boolean;
}

type PlanEvent = EventBase & Extract<EventBody, { readonly event: 'plan' }>;

/** The words for entity runs of one kind of work. A new kind is a file next to this one, and a line in `kinds.ts`. */
export interface WorkWords {
  /** The modes that plans of this kind have, in words. */
  readonly modes: Readonly<Record<string, string>>;
  /** The lane of its rows in the journal; that of a backfill has its range after it. */
  readonly lane: string;
  /** Whether the entity of the run was counted by the run that this one follows. */
  readonly follows: boolean;
  /** What a run works on that reads nothing of the source, and what its plan foretells of it; null: the run reads the source. */
  readonly object: { readonly name: string; foretold(plan: PlanEvent): string } | null;
  /** Whether an event or a line is of a run of this kind. */
  isOf(event: Partial<EntitySummary>): boolean;
  /** Behind the entity's name, to distinguish the lines of one entity. */
  label(event: Partial<EntitySummary>): string;
  /** Behind the name of an entity that failed. */
  failedLabel(event: Partial<EntitySummary>): string;
  /** While rows are staged. */
  copying(progress: Progress): string;
  /** When all rows are staged. */
  publishing(progress: Progress): string;
  /** How a run ended that did not fail. @param took `2 s` */
  outcome(summary: EntitySummary, took: string, how: EndWords): string;
  /** Since when nothing was new, after the reason of a skipped run. */
  since(summary: EntitySummary): string;
  /** The end of a command whose runs are all of this kind; null: the rows that it moved tell. */
  closing(found: 'some' | 'none'): string | null;
  /** What the run was about, in a list of the journal. */
  about(row: JournalRow): string;
  /** What the run did, in its own entry of the journal; null: how it moved rows. */
  did(row: JournalRow): string | null;
  /** How the run moved rows. @param isWhole it has no watermark to begin at */
  how(isWhole: boolean): string;
}
