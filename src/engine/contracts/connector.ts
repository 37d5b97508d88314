import type { ZodType } from 'zod';
import type { AbsentPath } from '../../errors/absent-path.ts';
import type { DataType, Overridden, Schema } from '../../frames/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { StateStore } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { Home } from './home.ts';
import type { Pools } from './pools.ts';
import type { Store } from './store.ts';

/** What a home or store is given when it is opened. */
export interface Opening {
  readonly flow: string;
  readonly entity: string;
  /** Absolute folder of the workspace; relative paths are against it, never the cwd. */
  readonly root: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scratch: Scratch;
  /** The way of this process to systems over a network: HTTP, requests at once to an account, clients that are made once. */
  readonly network: Network;
  /** Connections of this process, for connectors that keep some. */
  readonly pools: Pools;
  /**
   * `here`: all steps of an entity run are in this process, one handle of the home for all of them. `anywhere`: each may be in another one, as in a
   * function app: what a plan has opened is not there any more when its slices are read.
   */
  readonly steps: 'here' | 'anywhere';
  /**
   * Aborted when nobody waits any more for what is looked up before rows are read: such a question is broken off, in the system too, with the signal's reason. What
   * a store is asked afterwards goes on: what is decided is finished. Absent: never.
   */
  readonly stop?: AbortSignal;
  /** A home's own `Description.pinned`, as it settled or as this run's plan has it; null: nothing is decided yet. */
  readonly pinned: Json | null;
  /** The feed of changes that `watermark.changes` names: rows come with `changeVersionColumn` and `deletedColumn`. Absent: rows are told by a column of theirs. */
  readonly changes?: string;
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

/** `stage`: what is written and not visible yet. `manage`: containers, tables and columns themselves. */
export type Doing = 'read' | 'write' | 'stage' | 'manage';

/** What a right is given on, in the system's own terms, the narrowest first: `{ filesystem: 'raw', account: 'lake.dfs.core.windows.net' }`. */
export type Resource = Readonly<Record<string, string>>;

/**
 * A right, secret, environment name or host that a config needs: data, which debug, packaging, infrastructure and docs make their sentences of.
 * Who asks for it, and which variable a secret comes from, the workspace knows.
 */
export type Requirement =
  | {
      readonly need: 'role';
      /** The `type:` of the connector. */
      readonly system: string;
      readonly doing: readonly Doing[];
      readonly resource: Resource;
      /** The least role, permission or action that will do, as the system calls it. */
      readonly role: string;
      /** What the path of everything that is touched begins with there, where the resource is all of a container: `crm/`. Absent or empty: anything. */
      readonly below?: string;
    }
  | {
      readonly need: 'secret';
      /** The key of the config that holds it. */
      readonly name: string;
    }
  | { readonly need: 'environment'; readonly name: string }
  | {
      readonly need: 'host';
      /** As the system's own tools show it; may hold a port. */
      readonly name: string;
      /** Where it is called. Absent: 443. */
      readonly port?: number;
    };

export interface HomeSide<C = never> {
  /**
   * One zod schema is the source of types, validation, JSON Schema and reference docs. Keys in snake_case. Strict: `type`, `connection` and what
   * the workspace itself understands never reach it, only the keys of its own, with templates filled and those of the connection put in.
   */
  readonly config: ZodType<C>;
  open(config: C, opening: Opening): Promise<Home>;
  /** Checks, for `debug`, that the source can be reached and read. Leaves nothing behind. */
  probe(config: C, opening: Opening): Promise<readonly Finding[]>;
  /** @param changes the feed that is read, `Opening.changes`. */
  requirements(config: C, changes?: string): readonly Requirement[];
  /** Feeds of changes that it can be opened for. Absent: none. */
  readonly feeds?: Feeds<C>;
}

export interface Feeds<C> {
  /** As `watermark.changes` names them. */
  readonly names: readonly string[];
  /** A key of the home that can't be written beside one, and why. Pure. */
  clash(config: C): { readonly key: string; readonly needs: string } | undefined;
}

/** A type in a store's own words. */
export interface OwnType extends Overridden {
  /** What a column of it holds. */
  readonly type: DataType;
}

export interface StoreSide<C = never> {
  /** What a text means as the type of a column there, as `schema_overrides` may write it; undefined: nothing. Pure. Absent: types are hygge's. */
  ownType?(written: string): OwnType | undefined;
  readonly config: ZodType<C>;
  open(config: C, opening: Opening): Promise<Store>;
  /** Opens the store that an intent names, to finish it. @param today the entity's config now, for credentials only; null: it is of another type. */
  at(place: Json, opening: Opening, today: C | null): Promise<Store>;
  probe(config: C, opening: Opening): Promise<readonly Finding[]>;
  requirements(config: C): readonly Requirement[];
}

/** How a place is written, and what tells that it is one of this connector where no `type:` does. */
export interface Addresses {
  /** Schemes of its URLs, in lower case, without the colon. */
  readonly schemes: readonly string[];
  /** Hosts of its URLs. Of connectors that share a scheme, the one whose host it is has it. */
  readonly hosts?: readonly RegExp[];
  /** A place as people write it, for messages; the usual form first. Empty: a path is enough. */
  readonly forms: readonly string[];
  /** Endings of paths, in lower case, without the dot, that say by themselves whose they are. */
  readonly extensions?: readonly string[];
}

/** A format of files, and the endings that tell it; also of a compressed file. */
export interface FormatName {
  readonly id: string;
  readonly extensions: readonly string[];
}

/** Where a side lies, to be compared with others. */
export interface SideLocation {
  /** What tells the container, server or database from every other, however it is spelt, whichever service is asked and whoever asks. Of this machine's disks ''. */
  readonly root: string;
  /** Absolute in there: folders, or the name of a table, between slashes. */
  readonly path: string;
  /** For people. Never holds a secret. */
  readonly shown: string;
}

/**
 * What the sides of a connector have in common with those of others, which the workspace fills in before it checks them. `files`: a `path` that is
 * joined from flow and entity, and a `format` that its ending tells; stores also get `base`, the flow's own folder. `databases`: a `table`, which is
 * the entity's name where neither table nor query is written. `others`: nothing.
 */
export type Family = 'files' | 'databases' | 'others';

/** A place that a URL names: values of the connector's own keys, and the path inside. */
export interface UrlLocation {
  readonly keys: Readonly<Record<string, string>>;
  readonly path: string;
}

/** Paths that lie in a container, a bucket or a lakehouse instead of this machine's disks. */
export interface Remote {
  /** A URL of this connector taken apart, character by character as it is written; undefined: it is none. */
  locate(url: string): UrlLocation | undefined;
  /** Where an entity lies when no path is written; may hold templates. @param written the side's own texts. */
  defaultPath?(written: Readonly<Record<string, string>>): string | undefined;
  /** The files below the path of a home's checked config, for `generate`: by path, as they are listed. Absent: it can't be looked at. */
  list?(config: unknown, around: Pick<Opening, 'random' | 'network'>): AsyncIterable<{ readonly path: string; readonly bytes: number }>;
  /** How far the path of a home's checked config exists; undefined: there are files below it, or its folders cannot be listed. */
  absent?(config: unknown, around: Pick<Opening, 'random' | 'network'>): Promise<AbsentPath | undefined>;
  /** A side's place as people write it, whole, with account and container; `locate` understands it. Never holds a secret. @param config checked. */
  url(config: unknown): string;
  /** Checks a place there that is neither home nor store: account, container, who we are, and its `path`. Strict. */
  readonly place?: ZodType;
}

/** What is to be made of hygge's own in a database. */
export interface MetadataRequest {
  /** Keys of a connection, checked by `Connector.state`; null: of none in particular. */
  readonly config: unknown;
  readonly metadataSchema: string;
  /** Of stores alone. */
  readonly stagingSchema: string;
  /** What is kept there, of what can be: tables of stores, those of the state. */
  readonly keeps: readonly ('store' | 'state')[];
  /** Who is to use it. Null: whoever the connection says. */
  readonly role: string | null;
}

export interface Metadata {
  /** Null: nobody is known, and nobody is given a right. */
  readonly role: string | null;
  /** For people; null: no place in particular. */
  readonly place: string | null;
  readonly statements: readonly string[];
  /** What takes the rights back; what is made stays, with what is in it. */
  readonly undo: readonly string[];
}

/** What somebody runs once who may give rights, and what takes it back. A comment says what cannot be written here. */
export interface Right {
  readonly give: string;
  /** Null: it stays. */
  readonly take: string | null;
  /** It makes what other roles are given rights to, and so comes before them. */
  readonly first?: true;
}

/** Somebody's rights in a database. */
export interface RightsRequest {
  /** As the database knows it. */
  readonly role: string;
  /** It signs in without a password, as an identity that the database may not know yet. */
  readonly byIdentity: boolean;
  /** The identity that signs in as the role, where its name is another one. */
  readonly identity?: string | undefined;
  /** As `requirements` has them. @param isMade the table is one that a flow of the workspace makes: before the first load it may not be there */
  readonly needs: readonly { readonly right: string; readonly resource: Resource; readonly isMade?: boolean }[];
}

/** A table or view of a database. */
export interface TableFound {
  readonly schema: string;
  readonly name: string;
  /** As `table:` of a home takes it. */
  readonly written: string;
  /** The database's word for it: `table`, `view`. */
  readonly kind: string;
  /** Why it cannot be read, in a few words: `no right to read`, `no columns`. Absent: it can, as far as the catalogue tells. */
  readonly unread?: string;
  /** It cannot be read by any role: a view of a table that is gone. A run that takes all that is there fails for it. */
  readonly isBroken?: true;
  /** Estimates; null: the database has none. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Columns that tell a row from every other, none of which is ever null; empty: none are known. */
  readonly keys: readonly string[];
  /** What makes them a key; null: there is none. */
  readonly keyOf: 'primary key' | 'unique index' | null;
  /** Columns that may tell new rows from old ones, the likeliest first. */
  readonly rising: readonly RisingColumn[];
}

export interface RisingColumn {
  readonly column: string;
  /** What speaks for it, and against it. */
  readonly why: string;
  /** Each row has a value in it, and a row that changes gets a new one, as far as a name can tell. */
  readonly isProposed: boolean;
  /** A time or day: reading may stay behind the clock. */
  readonly isTime: boolean;
}

/** A statement of a file of SQL. */
export interface ScriptStatement {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  /** It takes away what is there: rows, columns, tables. */
  readonly isDestructive: boolean;
}

/** What a database offers beside moving rows. Configs are those of its home. */
export interface DatabaseSide<C = never> {
  /** The statements that let somebody do what a config there needs, each once. Pure. Absent: there are no rights. */
  rights?(of: RightsRequest): readonly Right[];
  /** Whom a config signs in as, as nothing but the config says it; undefined: a token or the machine does. Pure. */
  named?(config: C): string | undefined;
  /** Absent: its catalogue is not asked. */
  tables?(config: C, opening: Opening): Promise<readonly TableFound[]>;
  /** The statement that makes a table for these columns. Throws ConfigError HYG-1097 where there is no type for one. @param written as `table:` of a store takes it. */
  createTable?(written: string, schema: Schema, keys: readonly string[]): string;
  /** Throws ConfigError HYG-1095 for what can't be taken apart, HYG-1094 for what begins or ends transactions itself. */
  statements?(sql: string): readonly ScriptStatement[];
  /** The database takes back with a transaction what was defined in it: files of SQL are applied whole, or not at all. */
  readonly appliesAtOnce?: boolean;
  /**
   * One after another, in one transaction where the database can take back what they define: all or none. A StoreError HYG-4260 names the one that
   * failed, with its line. @param done called after each.
   */
  apply?(
    config: C,
    opening: Opening,
    of: { readonly statements: readonly ScriptStatement[]; readonly done: (at: number) => void },
  ): Promise<'at once' | 'one by one'>;
}

/** A connector offers a home, a store, or both. Built-ins and installed packages register through the same call. */
export interface Connector {
  /** The `type:` in YAML. */
  readonly id: string;
  readonly summary: string;
  /** What its tests ran against, for `list connectors`. */
  readonly verifiedAgainst: string;
  readonly family: Family;
  readonly addresses?: Addresses;
  /** Of the family `files`. */
  readonly formats?: readonly FormatName[];
  /**
   * Where a side lies, of its checked config: asked of every entity of a workspace, so that two that settle in one place are found. Undefined, or
   * absent: it can't be told, and only equal configs are one place. Pure, and called often: it opens nothing. Only the family `files` gets
   * paths made absolute; others get a path as it is written, and resolve it against `Opening.root` when they open.
   */
  place?(config: unknown): SideLocation | undefined;
  /**
   * Keys of a named connection of this type: server, account, who we are there; checked by themselves, and once more with the side that uses them.
   * Strict, and none of them needed: a side may say what its connection leaves out. Absent: there are none.
   */
  readonly connection?: ZodType;
  /** State may live over a connection of this type: checks its keys, whole. Absent: it may not. */
  readonly state?: ZodType;
  /** What makes all that hygge keeps of its own over a connection of this type, for who may not let it do so. Pure. Absent: it keeps nothing there. */
  metadata?(of: MetadataRequest): Metadata;
  readonly remote?: Remote;
  // biome-ignore lint/suspicious/noExplicitAny: a connector's own config type is known only inside it
  readonly home?: HomeSide<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly store?: StoreSide<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly database?: DatabaseSide<any>;
}

export interface ConnectorSides<H, S> extends Omit<Connector, 'home' | 'store' | 'database'> {
  readonly home?: HomeSide<H>;
  readonly database?: DatabaseSide<H>;
  readonly store?: StoreSide<S>;
}

/**
 * The one way to make a connector; keeps each side's config type together inside it.
 *
 * @example
 * const config = z.strictObject({ url: z.string().describe('The address of the API.') });
 * export const tickets = defineConnector({
 *   id: 'tickets',
 *   summary: 'Tickets of a help desk.',
 *   verifiedAgainst: 'its API, version 3',
 *   family: 'others',
 *   home: {
 *     config,
 *     open: async ({ url }, { clock }) => ticketsHome(url, clock),
 *     probe: async ({ url }) => [{ ok: await answers(url), what: `${url} answers` }],
 *     requirements: ({ url }) => [{ need: 'host', name: new URL(url).host }],
 *   },
 * });
 */
export function defineConnector<H = never, S = never>(sides: ConnectorSides<H, S>): Connector {
  return sides;
}
