import type { AbsentPath } from '../../errors/absent-path.ts';
import type { Listed } from '../../narrate/commands/welcome-lines.ts';
import type { EntityDraft } from '../draft/draft.ts';
import type { Keys } from '../draft/yaml.ts';
import type { NamedChoice, Readable } from '../select/choice.ts';

/** A possible entity. */
export interface Candidate extends Listed, NamedChoice {
  readonly schema: string | null;
}

/** The contents of a place, and how a flow reads it. */
export interface Source {
  /** The place as people write it. It never contains a secret. */
  readonly shown: string;
  readonly flow: string;
  /** The word for one of its items: `table`, `file`. */
  readonly one: string;
  readonly candidates: readonly Candidate[];
  /** Names that no entity can have, and folders with several formats. */
  readonly leftOut: readonly string[];
  /** How much of the path exists, requested if nothing is found in the place. Absent: the place exists. */
  absent?(): Promise<AbsentPath | undefined>;
  /** Sentences about items that are not read, and why. @param patterns the requested items; undefined: all. */
  notTaken(patterns: readonly string[] | undefined): readonly string[];
  /** Advice on the right to read for a role. */
  readonly rights?: readonly string[];
  /** Tables that cannot be read. */
  readonly unread?: readonly Readable[];
  /** The connection of a new workspace. Null: the flow has all keys itself, or the connection exists. */
  readonly connection: Keys | null;
  /** @param lag of watermarks; null: none is needed. */
  flowOf(chosen: readonly Candidate[], lag: string | null): FlowText;
  /** Values for variables that are not set. */
  readonly variables: Readonly<Record<string, string>>;
  /** True if the command itself contained a password. */
  readonly isWrittenOut?: boolean;
}

export interface FlowText {
  readonly home: Keys;
  readonly run: readonly string[];
  readonly entities: readonly (EntityDraft & { readonly takesLag?: boolean })[];
}
