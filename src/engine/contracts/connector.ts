import type { ZodType } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { StateStore } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { Home, Store } from './contracts.ts';

/** What a home or store is given when it is opened. */
export interface Opening {
  readonly flow: string;
  readonly entity: string;
  /** Absolute folder of the workspace; relative paths are against it, never the cwd. */
  readonly root: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scratch: Scratch;
  /** A home's own `Description.pinned`, as it settled or as this run's plan has it; null: nothing is decided yet. */
  readonly pinned: Json | null;
  /** The workspace's own journal, for the home that reads it. */
  readonly journal?: Pick<StateStore, 'journal'>;
}

/** Something `debug` found. */
export interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly why?: readonly string[];
  readonly tryThis?: readonly string[];
}

/** A right, secret, environment name or host that a config needs. Read by debug, packaging, infrastructure and docs. */
export type Requirement =
  | { readonly need: 'role'; readonly role: string; readonly scope: string }
  | { readonly need: 'secret' | 'environment' | 'host'; readonly name: string };

export interface HomeSide<C = never> {
  /** One zod schema is the source of types, validation, JSON Schema and reference docs. Keys in snake_case. */
  readonly config: ZodType<C>;
  open(config: C, opening: Opening): Promise<Home>;
  /** Checks, for `debug`, that the source can be reached and read. Leaves nothing behind. */
  probe(config: C, opening: Opening): Promise<readonly Finding[]>;
  requirements(config: C): readonly Requirement[];
}

export interface StoreSide<C = never> {
  readonly config: ZodType<C>;
  open(config: C, opening: Opening): Promise<Store>;
  /** Opens the store that an intent names, to finish it. @param today the entity's config now, for credentials only; null: it is of another type. */
  at(place: Json, opening: Opening, today: C | null): Promise<Store>;
  probe(config: C, opening: Opening): Promise<readonly Finding[]>;
  requirements(config: C): readonly Requirement[];
}

/** A place that a URL names: values of the connector's own keys, and the path inside. */
export interface Located {
  readonly keys: Readonly<Record<string, string>>;
  readonly path: string;
}

/** Paths that lie in a container, a bucket or a lakehouse instead of this machine's disks. */
export interface Remote {
  /** A URL of this connector taken apart, character by character as it is written; undefined: it is none. */
  locate(url: string): Located | undefined;
  /** Where an entity lies when no path is written; may hold templates. @param written the side's own texts. */
  defaultPath?(written: Readonly<Record<string, string>>): string | undefined;
  /** A side's place as people write it, whole, with account and container; `locate` understands it. Never holds a secret. @param config checked. */
  url(config: unknown): string;
  /** Checks the keys of a place there that is neither home nor store, beside its path: account, container, who we are. Strict. */
  readonly place?: ZodType;
}

/** A connector offers a home, a store, or both. Built-ins and installed packages register through the same call. */
export interface Connector {
  /** The `type:` in YAML. */
  readonly id: string;
  readonly summary: string;
  /** What its tests ran against, for `list connectors`. */
  readonly verifiedAgainst: string;
  readonly remote?: Remote;
  // biome-ignore lint/suspicious/noExplicitAny: a connector's own config type is known only inside it
  readonly home?: HomeSide<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly store?: StoreSide<any>;
}

export interface ConnectorSides<H, S> extends Omit<Connector, 'home' | 'store'> {
  readonly home?: HomeSide<H>;
  readonly store?: StoreSide<S>;
}

/** The one way to make a connector; keeps each side's config type together inside it. */
export function defineConnector<H = never, S = never>(sides: ConnectorSides<H, S>): Connector {
  return sides;
}
