import type { AbsentPath } from '../../errors/absent-path.ts';
import type { Listed } from '../../narrate/commands/welcome-lines.ts';
import type { EntityDraft } from '../draft/draft.ts';
import type { Keys } from '../draft/yaml.ts';
import type { NamedChoice, Readable } from '../select/choice.ts';

/** A possible entity. */
export interface Candidate extends Listed, NamedChoice {
  readonly schema: string | null;
}

/** The possible entities in a source, and how a flow reads them. */
export interface Source {
  /** The address or path of the source, as people write it, without a secret. */
  readonly shown: string;
  readonly flow: string;
  /** The word for one item of the source: `table`, `file`. */
  readonly one: string;
  readonly candidates: readonly Candidate[];
  /** Names that an entity can not have, and folders with files of several formats. */
  readonly leftOut: readonly string[];
  /** How much of the path exists. Called if the source has no items. Absent: the path is known to exist. */
  absent?(): Promise<AbsentPath | undefined>;
  /** Sentences about items that are not read, with the reasons. @param patterns the patterns of requested items. Undefined: all items are requested. */
  notTaken(patterns: readonly string[] | undefined): readonly string[];
  /** Advice on how a role gets the right to read. */
  readonly rights?: readonly string[];
  /** Tables that hygge can not read. */
  readonly unread?: readonly Readable[];
  /** The connection for a new workspace. Null: the flow itself has all keys, or the connection exists already. */
  readonly connection: Keys | null;
  /** @param lag the lag of watermarks. Null: watermarks need no lag. */
  flowOf(chosen: readonly Candidate[], lag: string | null): FlowText;
  /** Values for variables that are not set in the environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether the command itself contained a password. */
  readonly isWrittenOut?: boolean;
}

export interface FlowText {
  readonly home: Keys;
  readonly run: readonly string[];
  readonly entities: readonly (EntityDraft & { readonly takesLag?: boolean })[];
}
