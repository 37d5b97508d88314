import type { AbsentPath } from '../../errors/absent-path.ts';
import type { Listed } from '../../narrate/commands/welcome-lines.ts';
import type { EntityDraft } from '../draft/draft.ts';
import type { Keys } from '../draft/yaml.ts';
import type { NamedChoice, Readable } from '../select/choice.ts';

/** Something that may become an entity. */
export interface Candidate extends Listed, NamedChoice {
  readonly schema: string | null;
}

/** What is in a place, and how a flow that reads it is written. */
export interface Source {
  /** The place as people write it; never holds a secret. */
  readonly shown: string;
  readonly flow: string;
  /** `table`, `file`: what there are many of. */
  readonly one: string;
  readonly candidates: readonly Candidate[];
  /** Names that no entity can have, and folders of several formats. */
  readonly leftOut: readonly string[];
  /** How far the place exists, asked where nothing is found in it. Absent: it is there. */
  absent?(): Promise<AbsentPath | undefined>;
  /** What of it is not read, and why, as sentences. @param patterns which of it is asked for; undefined: all. */
  notTaken(patterns: readonly string[] | undefined): readonly string[];
  /** What gives a role the right to read, as advice. */
  readonly rights?: readonly string[];
  /** Tables that cannot be read. */
  readonly unread?: readonly Readable[];
  /** The connection of a new workspace; null: the flow has all keys itself, or the connection exists. */
  readonly connection: Keys | null;
  /** @param lag of watermarks; null: none is needed. */
  flowOf(chosen: readonly Candidate[], lag: string | null): FlowText;
  /** The values of variables that are not set. */
  readonly variables: Readonly<Record<string, string>>;
  /** True where the command itself contained a password. */
  readonly isWrittenOut?: boolean;
}

export interface FlowText {
  readonly home: Keys;
  readonly run: readonly string[];
  readonly entities: readonly (EntityDraft & { readonly takesLag?: boolean })[];
}
