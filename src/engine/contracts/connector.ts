import type { ZodType } from 'zod';
import type { AbsentPath } from '../../errors/absent-path.ts';
import type { DataType, Overridden, Schema } from '../../frames/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Ledger, StateStore } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { Home } from './home.ts';
import type { Pools } from './pools.ts';
import type { Store } from './store.ts';

/** The arguments with which the engine opens a home or store. */
export interface Opening {
  readonly flow: string;
  readonly entity: string;
  /** The absolute folder of the workspace. Relative paths start there, never at the cwd. */
  readonly root: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scratch: Scratch;
  /** The network of this process: HTTP, limits of requests to an account, and shared clients. */
  readonly network: Network;
  /** The connection pools of this process. */
  readonly pools: Pools;
  /**
   * `here`: all steps of an entity run are in this process and share one open home. `anywhere`: each step may run in another process, as in a
   * function app, and can't use what the plan has opened.
   */
  readonly steps: 'here' | 'anywhere';
  /**
   * Aborts when the caller no longer waits for the requests that come before reading rows. Such a request then ends with the signal's reason, and is
   * cancelled in the system, too. Later calls of a store continue, since a decided commit is finished. Absent: no request is ever cancelled.
   */
  readonly stop?: AbortSignal;
  /** The home's `SourceDescription.pinned`, from the settled snapshot or from the plan of this run; null: nothing is decided yet. */
  readonly pinned: Json | null;
  /** The feed of changes that `watermark.changes` names. Its rows have `changeVersionColumn` and `deletedColumn`. Absent: a column of the rows is the watermark. */
  readonly changeFeed?: string;
  /** The source's columns that identify a row of the entity (`watermark.key`), and whether the store merges rows by them. Absent: no key is known. */
  readonly rowKey?: { readonly columns: readonly string[]; readonly isMerged: boolean };
  /** The name of the connection that the home uses. Absent: it uses none, or a store is opened. */
  readonly connection?: string;
  /**
   * A document that all processes with the same state change one after another, such as the used part of a limit. Absent: no other process shares the state, or
   * the state may not be written. @param name any text of at most 200 characters.
   */
  readonly ledger?: (name: string) => Ledger;
  /** The workspace's journal, for the home that reads the journal. */
  readonly journal?: Pick<StateStore, 'journal'>;
}

/** The result of one check of `debug`. */
export interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly why?: readonly string[];
  readonly tryThis?: readonly string[];
}

/** Keys that a config lacks, as the source itself suggests them. They are a proposal to a person: no run reads them. */
export interface Proposal {
  /** Lines of YAML below `home:`, without indentation: `records: data`. */
  readonly home: readonly string[];
  /** How a run could read only new rows. Absent: no column looks like a watermark. */
  readonly increment?: ProposedIncrement;
  /** The reasons for the proposal, and what the source does not show, as sentences. */
  readonly notes: readonly string[];
}

export interface ProposedIncrement {
  readonly column: string;
  /** The column that may be the key of a row. */
  readonly key?: string;
  /** Lines of YAML below `home:` that the watermark needs. */
  readonly home: readonly string[];
  /** The keys that have to be added first, and that only the documentation of the source explains: `window: { from: …, to: … }`. Absent: none. */
  readonly lacks?: string;
  readonly notes: readonly string[];
}

/** A kind of access. `stage`: writing data that is not visible yet. `manage`: changing containers, tables and columns themselves. */
export type AccessKind = 'read' | 'write' | 'stage' | 'manage';

/** The resource of a right in the system's own terms, the narrowest first: `{ filesystem: 'raw', account: 'lake.dfs.core.windows.net' }`. */
export type Resource = Readonly<Record<string, string>>;

/**
 * A right, secret, environment name or host that a config needs. Debug, packaging, infrastructure and docs make sentences from it. The workspace adds
 * which entity has the need, and which variable a secret comes from.
 */
export type Requirement =
  | {
      readonly need: 'role';
      /** The `type:` of the connector. */
      readonly system: string;
      readonly doing: readonly AccessKind[];
      readonly resource: Resource;
      /** The least role, permission or action that suffices, by the system's name for it. */
      readonly role: string;
      /** The prefix of all paths that are read or written, if the resource is a whole container: `crm/`. Absent or empty: any path. */
      readonly below?: string;
    }
  | {
      readonly need: 'secret';
      /** The config key that holds the secret. */
      readonly name: string;
    }
  | { readonly need: 'environment'; readonly name: string }
  | {
      readonly need: 'host';
      /** The host as the system's own tools show it, which may include a port. */
      readonly name: string;
      /** The port. Absent: 443. */
      readonly port?: number;
    };

export interface HomeSide<C = never> {
  /**
   * One zod schema is the source of types, validation, JSON Schema and reference docs. Its keys are in snake_case, and it is strict. It gets only the
   * connector's own keys, with templates filled and the keys of the connection added; `type`, `connection` and other keys of the workspace never reach
   * it.
   */
  readonly config: ZodType<C>;
  open(config: C, opening: Opening): Promise<Home>;
  /** Checks, for `debug`, that the source can be reached and read. The check leaves nothing behind. */
  probe(config: C, opening: Opening): Promise<readonly Finding[]>;
  /** Looks at the source for keys that the config lacks, for `debug` and `preview`. Undefined: the source suggests none. Absent: the connector never looks for them. */
  propose?(config: C, opening: Opening): Promise<Proposal | undefined>;
  /**
   * The entities that a published description of an API has, such as one of OpenAPI, for `generate entities`. A description at an address is fetched without a
   * sign-in. Throws ConfigError or HomeError. Absent: hygge reads no such descriptions.
   */
  described?(source: DescriptionSource, flow: DescribedFlow, opening: Opening): Promise<DescribedEntities>;
  /** What the config needs. @param changeFeed the feed that is read, `Opening.changeFeed`. */
  requirements(config: C, changeFeed?: string): readonly Requirement[];
  /**
   * Why the source can't run a query (`Home.oneNumber`), as far as the query's text shows, as a sentence; undefined: it can. Pure. Absent: the source has no
   * SQL.
   */
  queryProblem?(query: string): string | undefined;
  /** The feeds of changes that the home can read. Absent: none. */
  readonly feeds?: ChangeFeeds<C>;
  /** How the home reads the rows of parents. Absent: the home has no parents. */
  readonly parents?: ParentsOfHome<C>;
}

/** An API description: its text and its name for people, or its address. */
export type DescriptionSource = { readonly name: string; readonly text: string } | { readonly url: URL };

/** What the config of a flow already says about the homes of its entities. */
export interface DescribedFlow {
  /** Undefined: not known. */
  readonly baseUrl: string | undefined;
  /** Names that `path_params` have values for. */
  readonly pathParams: readonly string[];
  /** Keys of the home that are set. */
  readonly keys: readonly string[];
  /** Entities without a watermark need a run type of their own. */
  readonly isIncremental: boolean;
}

export interface DescribedEntities {
  readonly entities: readonly DescribedEntity[];
  /** What `generate` leaves out, as sentences. */
  readonly leftOut: readonly string[];
}

export interface DescribedEntity {
  readonly name: string;
  /** Its parent among these entities. Undefined: it has none. */
  readonly from: string | undefined;
  /** The rest of the entity's file, as lines of YAML. */
  readonly lines: readonly string[];
}

/** Parents are the records of another entity of the same flow, whose home is of the same type. All methods are pure. */
export interface ParentsOfHome<C> {
  /** The entity's name; undefined: the config has no parents. */
  nameIn(config: C): string | undefined;
  /** Why the other entity can not be a parent; undefined: it can. */
  unfit(parent: C): string | undefined;
  /** The config of the home together with the config of its parents, for `HomeSide.open`. */
  join(config: C, parent: C): C;
}

export interface ChangeFeeds<C> {
  /** The names of the feeds, as `watermark.changes` has them. */
  readonly names: readonly string[];
  /** A key of the home that can't be combined with a feed, and the reason; undefined: there is none. Pure. */
  clashingKey(config: C): { readonly key: string; readonly needs: string } | undefined;
  /** A key that a feed needs and the home lacks, and what the key says; undefined: no key is missing. Pure. Absent: no feed needs a key. */
  missingKey?(config: C): { readonly key: string; readonly needs: string } | undefined;
}

/** A type by the store's own name for it. */
export interface OwnType extends Overridden {
  /** The values that a column of this type holds. */
  readonly type: DataType;
}

export interface StoreSide<C = never> {
  /** Reads the store's own name of a type, which `schema_overrides` may use; undefined: there is no such type. Pure. Absent: only hygge's types are used. */
  ownType?(written: string): OwnType | undefined;
  readonly config: ZodType<C>;
  /** Whether a store of this config can put small files together (`Store.compaction`), which `compact` of an entity needs. Pure. Absent: it never can. */
  compacts?(config: C): boolean;
  /** The stores can set rows apart if another row of the run has the same key (`RepeatsInStore.setApart`). Absent: they can't. */
  readonly setsRepeatsApart?: true;
  /** Keys of the original's store without a meaning here, and why. Each is accepted with a warning. Absent: there are none. */
  readonly retired?: Readonly<Record<string, string>>;
  open(config: C, opening: Opening): Promise<Store>;
  /** Opens the store of an intent, to finish the commit. @param today the entity's present config, for credentials only; null: the present config has another type. */
  at(place: Json, opening: Opening, today: C | null): Promise<Store>;
  probe(config: C, opening: Opening): Promise<readonly Finding[]>;
  requirements(config: C): readonly Requirement[];
}

/** How a place of the connector is written, and how hygge recognizes such a place without a `type:`. */
export interface Addresses {
  /** The schemes of the connector's URLs, in lower case, without the colon. */
  readonly schemes: readonly string[];
  /** The hosts of the connector's URLs. They decide between connectors that share a scheme. */
  readonly hosts?: readonly RegExp[];
  /** What the URLs of the connector have in their paths. It decides between connectors that share a scheme and a host; the others have any path. */
  readonly paths?: readonly RegExp[];
  /** Examples of places for messages, the usual form first. Empty: a path is enough. */
  readonly forms: readonly string[];
  /** Endings of paths that belong to this connector alone, in lower case, without the dot. */
  readonly extensions?: readonly string[];
}

/** A file format and its file name extensions, those of compressed files included. */
export interface FormatName {
  readonly id: string;
  readonly extensions: readonly string[];
}

/** The location of a side, which is compared with those of other sides. */
export interface DataLocation {
  /** A text that is equal for the same container, server or database, regardless of spelling, service and account. On this machine's disks it is ''. */
  readonly root: string;
  /** The absolute path within the root: folders, or the name of a table, between slashes. */
  readonly path: string;
  /** The location for people. It never holds a secret. */
  readonly shown: string;
  /** Only one entity can settle in this location, even if several would merge their rows. */
  readonly isForOne?: true;
}

/**
 * The family decides which keys the workspace fills in before it checks a side. `files`: a `path` that is joined from flow and entity, and a `format`
 * by the file name extension; stores also get `base`, the flow's own folder. `databases`: a `table`, which defaults to the entity's name if there is
 * neither a table nor a query. `others`: none.
 */
export type Family = 'files' | 'databases' | 'others';

/** The place that a URL names: values of the connector's own keys, and the path inside the container. */
export interface UrlLocation {
  readonly keys: Readonly<Record<string, string>>;
  readonly path: string;
}

/** How paths in a container, a bucket or a lakehouse are handled, as opposed to paths on this machine's disks. */
export interface RemotePaths {
  /** Parses a URL of this connector without decoding any character; undefined: it is not a URL of this connector. */
  locate(url: string): UrlLocation | undefined;
  /** The default path of an entity, which may hold templates. @param written the side's keys as they are written. */
  defaultPath?(written: Readonly<Record<string, string>>): string | undefined;
  /** Lists the files below the path of a home's checked config, for `generate`. Absent: the connector can't list files. */
  list?(config: unknown, around: Pick<Opening, 'random' | 'network'>): AsyncIterable<{ readonly path: string; readonly bytes: number }>;
  /** Reports how much of the path of a home's checked config exists; undefined: there are files below the path, or its folders can't be listed. */
  absent?(config: unknown, around: Pick<Opening, 'random' | 'network'>): Promise<AbsentPath | undefined>;
  /** The complete URL of a side, with account and container, which `locate` can parse. It never holds a secret. @param config the checked config. */
  url(config: unknown): string;
  /** The strict schema of a place that is neither home nor store: account, container, credentials and `path`. */
  readonly place?: ZodType;
}

/** A request for the statements that make hygge's own schemas and tables in a database. */
export interface MetadataRequest {
  /** The keys of a connection, checked by `Connector.state`; null: no particular connection. */
  readonly config: unknown;
  readonly metadataSchema: string;
  /** The schema for staged tables, which only stores need. */
  readonly stagingSchema: string;
  /** Which tables are needed: those of stores, those of the state, or both. */
  readonly keeps: readonly ('store' | 'state')[];
  /** The role that gets the rights. Null: the role of the connection. */
  readonly role: string | null;
}

export interface Metadata {
  /** The role that gets the rights; null: the connection names none, and no statement grants a right. */
  readonly role: string | null;
  /** The database for people; null: no particular one. */
  readonly place: string | null;
  readonly statements: readonly string[];
  /** The statements that revoke the rights. Schemas and tables stay, with their content. */
  readonly undo: readonly string[];
}

/** A statement that an administrator runs once to give a right, and the statement that revokes it. Where hygge can't know a statement, it is a SQL comment. */
export interface Right {
  readonly give: string;
  /** The statement that revokes the right; null: the right stays. */
  readonly take: string | null;
  /** The statement makes an object on which other statements grant rights, so it comes first. */
  readonly first?: true;
}

/** A request for the statements that give a role the rights it needs in a database. */
export interface RightsRequest {
  /** The role's name in the database. */
  readonly role: string;
  /** The role signs in without a password, as an identity that the database may not know yet. */
  readonly byIdentity: boolean;
  /** The identity that signs in as the role, if its name differs. */
  readonly identity?: string | undefined;
  /** The needs, as `requirements` returns them. `isMade`: a flow of the workspace makes the table, which may not exist before the first load. */
  readonly needs: readonly { readonly right: string; readonly resource: Resource; readonly isMade?: boolean }[];
}

/** A table or view of a database. */
export interface TableFound {
  readonly schema: string;
  readonly name: string;
  /** The name as `table:` of a home accepts it. */
  readonly written: string;
  /** The database's word for it: `table`, `view`. */
  readonly kind: string;
  /** Why the table can't be read, in a few words: `no right to read`, `no columns`. Absent: the catalogue gives no reason. */
  readonly unread?: string;
  /** No role can read it, because it is a view of a table that is gone. A run that reads all tables fails because of it. */
  readonly isBroken?: true;
  /** An estimate; null: the database has none. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** The columns of a key, none of which is ever null; empty: no key is known. */
  readonly keys: readonly string[];
  /** All columns, in their order; null: the catalogue lists none. */
  readonly columns: readonly string[] | null;
  /** What makes `keys` a key; null: there is none. */
  readonly keyOf: 'primary key' | 'unique index' | null;
  /** Columns that may serve as watermark, the likeliest first. */
  readonly rising: readonly RisingColumn[];
  /** The feed of changes, as `watermark.changes` names it, that reports new and deleted rows. Absent: no such feed is known. */
  readonly feed?: string;
}

export interface RisingColumn {
  readonly column: string;
  /** The arguments for and against the column. */
  readonly why: string;
  /** By its name, the column has a value in each row, and a row that changes gets a new one. */
  readonly isSafeWatermark: boolean;
  /** The column is a time or a day, so that reading may stay behind the clock. */
  readonly isTime: boolean;
}

/** A statement of a file of SQL. */
export interface ScriptStatement {
  readonly text: string;
  /** The line of the statement's first word, counted from 1. */
  readonly line: number;
  /** The statement removes rows, columns or tables. */
  readonly isDestructive: boolean;
}

/** What a database offers besides moving rows. All configs here are configs of its home. */
export interface DatabaseSide<C = never> {
  /** The statements that give a role the rights that configs need, each once. Pure. Absent: the database has no rights. */
  rights?(of: RightsRequest): readonly Right[];
  /** The role that the config signs in as, if the config itself names it; undefined: a token or the machine decides. Pure. */
  configuredRole?(config: C): string | undefined;
  /**
   * The schema whose tables are called by their names alone. Null: tables there have a database and no schema. Absent: each table is called with
   * its schema.
   */
  readonly ownSchema?: string | null;
  /** The key of a home that names the table. Absent: `table`. With another key, a flow can't take all tables (`entities: "*"`). */
  readonly tableKey?: string;
  /** Lists the tables and views. Absent: hygge does not read the catalogue of this database. */
  tables?(config: C, opening: Opening): Promise<readonly TableFound[]>;
  /** The statement that makes a table with these columns. Throws ConfigError HYG-1097 if a column has no type there. @param written the name, as in `table:` of a store. */
  createTable?(written: string, schema: Schema, keys: readonly string[]): string;
  /** Splits a script into statements. Throws ConfigError HYG-1095 if that is impossible, HYG-1094 if the script begins or ends transactions itself. */
  statements?(sql: string): readonly ScriptStatement[];
  /** The database rolls back definitions with their transaction, so that a script is applied as a whole or not at all. */
  readonly appliesAtOnce?: boolean;
  /**
   * Runs the statements one after another, in one transaction if the database can roll back definitions. StoreError HYG-4260 names the statement that
   * failed, with its line. `done` is called after each statement.
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
  /** The systems that the connector's tests ran against, for `list connectors`. */
  readonly verifiedAgainst: string;
  readonly family: Family;
  readonly addresses?: Addresses;
  /** Manifests may describe systems that the connector reads: data that says which keys of its homes and connections a system has. */
  readonly manifests?: true;
  /** The file formats of a connector of the family `files`. */
  readonly formats?: readonly FormatName[];
  /**
   * The location of a side, from its checked config. The workspace compares the locations of all entities, to find two that settle in one place.
   * Undefined, or an absent method: the location is not known, and only equal configs are one place. Pure, and called often: it opens nothing. Only the
   * family `files` gets absolute paths; others get a path as it is written, and resolve it against `Opening.root` when they open.
   */
  place?(config: unknown): DataLocation | undefined;
  /**
   * The strict schema of a named connection of this type: server, account, credentials. The keys are checked alone, and again together with the side that
   * uses them. No key is required, since a side may add what its connection leaves out. Absent: there are no connections of this type.
   */
  readonly connection?: ZodType;
  /** The schema of a connection that keeps the state. Absent: the state can't be kept in this system. */
  readonly state?: ZodType;
  /**
   * The statements that make hygge's own schemas and tables over a connection of this type, for an administrator who does not allow hygge to make them.
   * Pure. Absent: hygge keeps nothing of its own there.
   */
  metadata?(of: MetadataRequest): Metadata;
  readonly remote?: RemotePaths;
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
 * Makes a connector. It is the only way to make one, and keeps the config type of each side consistent.
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
