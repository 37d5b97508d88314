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
  /** The absolute folder of the workspace. Relative paths start at this folder, never at the cwd. */
  readonly root: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scratch: Scratch;
  /** The network of this process: HTTP, the limits of requests to an account, and shared clients. */
  readonly network: Network;
  /** The connection pools of this process. */
  readonly pools: Pools;
  /**
   * Where the steps of an entity run are. `here`: all steps are in this process and share one open home. `anywhere`: each step may run in another
   * process, as in a function app, so it can’t use what the plan has opened.
   */
  readonly steps: 'here' | 'anywhere';
  /**
   * Aborts when the caller no longer waits for the requests that come before reading rows. Then such a request ends with the signal’s reason, and is
   * cancelled in the system, too. Later calls of a store continue, since a decided commit is finished. Absent: every request runs to its end.
   */
  readonly stop?: AbortSignal;
  /** The home’s `SourceDescription.pinned`, from the settled snapshot or from the plan of this run. Null: nothing has been decided by samples yet. */
  readonly pinned: Json | null;
  /** The feed of changes that `watermark.changes` names. The rows of the feed have `changeVersionColumn` and `deletedColumn`. Absent: a column of the rows is the watermark. */
  readonly changeFeed?: string;
  /** The source’s columns that identify a row of the entity (`watermark.key`), and whether the store merges rows by them. Absent: no key is known. */
  readonly rowKey?: { readonly columns: readonly string[]; readonly isMerged: boolean };
  /** The name of the connection that the home uses. Absent: the home uses no connection, or a store is opened. */
  readonly connection?: string;
  /**
   * Opens a document that all processes with the same state change one after another, such as the used part of a limit. Absent: no other process
   * shares the state, or the state may not be written. @param name any text of at most 200 characters.
   */
  readonly ledger?: (name: string) => Ledger;
  /** The workspace’s journal. Only the home that reads the journal uses it. */
  readonly journal?: Pick<StateStore, 'journal'>;
}

/** The result of one check of `debug`. */
export interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly why?: readonly string[];
  readonly tryThis?: readonly string[];
}

/** Keys that a config lacks, as the source itself suggests them. They are a proposal to a person, so no run reads them. */
export interface Proposal {
  /** Lines of YAML below `home:`, without indentation: `records: data`. */
  readonly home: readonly string[];
  /** How a run could read only new rows. Absent: no column of the source looks like a watermark. */
  readonly increment?: ProposedIncrement;
  /** Sentences with the reasons for the proposal, and with what the source does not show. */
  readonly notes: readonly string[];
}

export interface ProposedIncrement {
  readonly column: string;
  /** A column that may be the key of a row. Absent: no column looks like a key. */
  readonly key?: string;
  /** Lines of YAML below `home:` that are needed for the watermark. */
  readonly home: readonly string[];
  /** The keys that the config needs as well, but that only the documentation of the source explains: `window: { from: …, to: … }`. Absent: no further key is needed. */
  readonly lacks?: string;
  readonly notes: readonly string[];
}

/** What a right allows. `read` and `write`: rows. `stage`: writing data that is not visible yet. `manage`: changing containers, tables and columns themselves. */
export type AccessKind = 'read' | 'write' | 'stage' | 'manage';

/** The resource of a right in the system’s own terms. The narrowest term is first: `{ filesystem: 'raw', account: 'lake.dfs.core.windows.net' }`. */
export type Resource = Readonly<Record<string, string>>;

/**
 * A right, secret, environment name or host that a config needs. Debug, packaging, infrastructure and docs make sentences from it. The workspace adds
 * which entity needs it, and which variable holds a secret.
 */
export type Requirement =
  | {
      readonly need: 'role';
      /** The `type:` of the connector whose system has the resource. */
      readonly system: string;
      readonly doing: readonly AccessKind[];
      readonly resource: Resource;
      /** The smallest role, permission or action that is enough, under the system’s own name. */
      readonly role: string;
      /** The prefix of all paths that are read or written, if the resource is a whole container: `crm/`. Absent or empty: any path may be used. */
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
      /** The host as the system’s own tools show it. It may include a port. */
      readonly name: string;
      /** The port of the host. Absent: 443. */
      readonly port?: number;
    };

export interface HomeSide<C = never> {
  /**
   * The zod schema that is the source of types, validation, JSON Schema and reference docs. It is strict, and its keys are in snake_case. It
   * validates only the connector’s own keys, after templates are filled and the connection’s keys are added. The keys of the workspace, such as
   * `type` and `connection`, are removed before.
   */
  readonly config: ZodType<C>;
  open(config: C, opening: Opening): Promise<Home>;
  /** Checks, for `debug`, that the source can be reached and read. The check leaves no trace in the source. */
  probe(config: C, opening: Opening): Promise<readonly Finding[]>;
  /** Looks in the source for keys that the config lacks, for `debug` and `preview`. Undefined: the source suggests no key. Absent: the connector never looks for keys. */
  propose?(config: C, opening: Opening): Promise<Proposal | undefined>;
  /**
   * The entities that a published description of an API lists (an OpenAPI document, for example), for `generate entities`. A description is fetched
   * from its address without a sign-in. Throws ConfigError or HomeError. Absent: hygge reads no such descriptions.
   */
  described?(source: DescriptionSource, flow: DescribedFlow, opening: Opening): Promise<DescribedEntities>;
  /** What the config needs: rights, secrets, environment names and hosts. @param changeFeed the feed that is read, `Opening.changeFeed`. */
  requirements(config: C, changeFeed?: string): readonly Requirement[];
  /**
   * Why the source can’t run a query (`Home.oneNumber`), as a sentence, judged by the query’s text alone. Undefined: the text shows no reason. Pure.
   * Absent: the source has no SQL.
   */
  queryProblem?(query: string): string | undefined;
  /** The feeds of changes that the home can read. Absent: the home reads no feeds. */
  readonly feeds?: ChangeFeeds<C>;
  /** How the home reads the rows of parents. Absent: the home has no parents. */
  readonly parents?: ParentsOfHome<C>;
}

/** A description of an API: either its text with its name for people, or its address. */
export type DescriptionSource = { readonly name: string; readonly text: string } | { readonly url: URL };

/** What the config of a flow already says about the homes of its entities. */
export interface DescribedFlow {
  /** The base address of the API. Undefined: the config does not have it. */
  readonly baseUrl: string | undefined;
  /** The names of the path parameters for which `path_params` has values. */
  readonly pathParams: readonly string[];
  /** The keys of the home that are already set. */
  readonly keys: readonly string[];
  /** Whether the flow is incremental, so that an entity without a watermark needs its own `run_type`. */
  readonly isIncremental: boolean;
}

export interface DescribedEntities {
  readonly entities: readonly DescribedEntity[];
  /** What `generate` leaves out, as one sentence each. */
  readonly leftOut: readonly string[];
}

export interface DescribedEntity {
  readonly name: string;
  /** The entity that is the parent, among the entities of the description. Undefined: the entity has no parent. */
  readonly from: string | undefined;
  /** The rest of the entity's file, as lines of YAML. */
  readonly lines: readonly string[];
}

/** How a home reads the rows of parents. Parents are the records of another entity of the same flow, whose home has the same type. All methods are pure. */
export interface ParentsOfHome<C> {
  /** The name of the entity with the parents. Undefined: the config has no parents. */
  nameIn(config: C): string | undefined;
  /** Why the other entity can’t be a parent. Undefined: it can be one. */
  unfit(parent: C): string | undefined;
  /** The config of the home together with the config of its parents, for `HomeSide.open`. */
  join(config: C, parent: C): C;
}

export interface ChangeFeeds<C> {
  /** The names of the feeds, as `watermark.changes` writes them. */
  readonly names: readonly string[];
  /** A key of the home that can’t be combined with a feed, and the reason. Undefined: all keys can be combined with a feed. Pure. */
  clashingKey(config: C): { readonly key: string; readonly needs: string } | undefined;
  /** A key that a feed needs and the home lacks, and what the key says. Undefined: the home has all keys. Pure. Absent: no feed needs a key. */
  missingKey?(config: C): { readonly key: string; readonly needs: string } | undefined;
}

/** A type, read from the store’s own name for it. */
export interface OwnType extends Overridden {
  /** The values that a column of this type holds. */
  readonly type: DataType;
}

export interface StoreSide<C = never> {
  /** Reads the store’s own name of a type, as `schema_overrides` may have it. Undefined: the store has no type of this name. Pure. Absent: only hygge’s types can be named. */
  ownType?(written: string): OwnType | undefined;
  readonly config: ZodType<C>;
  /** Whether a store of this config can put small files together (`Store.compaction`). `compact` of an entity needs that. Pure. Absent: no store of this type can. */
  compacts?(config: C): boolean;
  /** Present if the stores can set a row apart because another row of the run has the same key (`RepeatsInStore.setApart`). */
  readonly setsRepeatsApart?: true;
  /** Keys of the original’s store that have no meaning in this store, each with the reason. Such a key is accepted with a warning. Absent: there are no such keys. */
  readonly retired?: Readonly<Record<string, string>>;
  open(config: C, opening: Opening): Promise<Store>;
  /** Opens the store of an intent, so that the commit can be finished. @param today the entity’s present config, for credentials only; null: the present config has another type. */
  at(place: Json, opening: Opening, today: C | null): Promise<Store>;
  probe(config: C, opening: Opening): Promise<readonly Finding[]>;
  requirements(config: C): readonly Requirement[];
}

/** How a place of the connector is written, and how hygge recognizes a place of it without a `type:`. */
export interface Addresses {
  /** The schemes of the connector's URLs, in lower case, without the colon. */
  readonly schemes: readonly string[];
  /** The hosts of the connector’s URLs. By the host hygge chooses between connectors that share a scheme. */
  readonly hosts?: readonly RegExp[];
  /** Patterns of the paths in the connector’s URLs. By the path hygge chooses between connectors that share a scheme and a host. Absent: any path. */
  readonly paths?: readonly RegExp[];
  /** Examples of places for messages, with the usual form first. Empty: a path is a complete place. */
  readonly forms: readonly string[];
  /** Endings of paths that belong only to this connector, in lower case, without the dot. */
  readonly extensions?: readonly string[];
}

/** A file format and its file name extensions. They include the extensions of compressed files. */
export interface FormatName {
  readonly id: string;
  readonly extensions: readonly string[];
}

/** The location of a side. The workspace compares it with the locations of other sides. */
export interface DataLocation {
  /** A text that is equal for equal containers, servers or databases, whatever the spelling, the service and the account. For this machine’s disks the text is empty. */
  readonly root: string;
  /** The absolute path within the root: folders, or the name of a table, separated by slashes. */
  readonly path: string;
  /** The location for people. It never holds a secret. */
  readonly shown: string;
  /** Present if only one entity can settle in this location, even if several entities would merge their rows. */
  readonly isForOne?: true;
}

/**
 * The family decides which keys the workspace fills in before it checks a side. `files`: `path`, joined from flow and entity, and `format`, by the
 * file name extension; a store also gets `base`, the flow’s own folder. `databases`: `table`, which is the entity’s name if the config has neither a
 * table nor a query. `others`: no key.
 */
export type Family = 'files' | 'databases' | 'others';

/** The place that a URL names: values of the connector's own keys, and the path inside the container. */
export interface UrlLocation {
  readonly keys: Readonly<Record<string, string>>;
  readonly path: string;
}

/** How paths in a container, a bucket or a lakehouse are handled. Paths on this machine’s disks need no such methods. */
export interface RemotePaths {
  /** Parses a URL of this connector without decoding any character. Undefined: the URL is not one of this connector. */
  locate(url: string): UrlLocation | undefined;
  /** The default path of an entity, which may contain templates. @param written the side’s keys as they are written. */
  defaultPath?(written: Readonly<Record<string, string>>): string | undefined;
  /** Lists the files below the path of a home's checked config, for `generate`. Absent: the connector can't list files. */
  list?(config: unknown, around: Pick<Opening, 'random' | 'network'>): AsyncIterable<{ readonly path: string; readonly bytes: number }>;
  /** How much of the path of a home’s checked config exists. Undefined: files exist below the path, or its folders can’t be listed. */
  absent?(config: unknown, around: Pick<Opening, 'random' | 'network'>): Promise<AbsentPath | undefined>;
  /** The complete URL of a side, with account and container, which `locate` can parse. It never holds a secret. @param config the checked config. */
  url(config: unknown): string;
  /** The strict schema of a place that is neither home nor store: account, container, credentials and `path`. */
  readonly place?: ZodType;
}

/** A request for the statements that make hygge's own schemas and tables in a database. */
export interface MetadataRequest {
  /** The keys of a connection, checked by `Connector.state`. Null: the statements are for no particular connection. */
  readonly config: unknown;
  readonly metadataSchema: string;
  /** The name of the schema for staged tables. Only stores need it. */
  readonly stagingSchema: string;
  /** Which tables are made: the tables of stores, of the state, or both. */
  readonly keeps: readonly ('store' | 'state')[];
  /** The role that gets the rights. Null: the role that the connection names. */
  readonly role: string | null;
}

export interface Metadata {
  /** The role that gets the rights. Null: the connection names no role, so no statement grants a right. */
  readonly role: string | null;
  /** The database, for people. Null: the statements are for no particular database. */
  readonly place: string | null;
  readonly statements: readonly string[];
  /** The statements that revoke the rights. They leave schemas and tables with their content. */
  readonly undo: readonly string[];
}

/** A statement that an administrator runs once to give a right, and the statement that revokes the right. If hygge can’t know a statement, its text is a SQL comment. */
export interface Right {
  readonly give: string;
  /** The statement that revokes the right. Null: the right can’t be revoked alone, so it stays. */
  readonly take: string | null;
  /** Present if the statement makes an object on which other statements grant rights, so that it comes first. */
  readonly first?: true;
}

/** A request for the statements that give a role the rights it needs in a database. */
export interface RightsRequest {
  /** The role's name in the database. */
  readonly role: string;
  /** Whether the role signs in without a password, as an identity that the database may not know yet. */
  readonly byIdentity: boolean;
  /** The identity that signs in as the role, if its name differs from the role’s name. */
  readonly identity?: string | undefined;
  /** The rights that are needed, as `requirements` returns them. `isMade`: a flow of the workspace makes the table, so it may not exist before the first load. */
  readonly needs: readonly { readonly right: string; readonly resource: Resource; readonly isMade?: boolean }[];
}

/** A table or view of a database. */
export interface TableFound {
  readonly schema: string;
  readonly name: string;
  /** The name of the table, as `table:` of a home accepts it. */
  readonly written: string;
  /** The database’s word for the table: `table`, `view`. */
  readonly kind: string;
  /** Why the table can't be read, in a few words: `no right to read`, `no columns`. Absent: the catalogue gives no reason. */
  readonly unread?: string;
  /** Present if no role can read the table, because it is a view of a table that is gone. A run that reads all tables fails because of it. */
  readonly isBroken?: true;
  /** An estimate of the number of rows. Null: the database has no estimate. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** The columns of a key, which always have values. Empty: no key is known. */
  readonly keys: readonly string[];
  /** The names of all columns, in their order. Null: the catalogue lists no columns. */
  readonly columns: readonly string[] | null;
  /** The constraint or index that makes `keys` a key. Null: the table has no such constraint or index. */
  readonly keyOf: 'primary key' | 'unique index' | null;
  /** Columns that may serve as watermark, with the likeliest first. */
  readonly rising: readonly RisingColumn[];
  /** The feed of changes that reports new and deleted rows, as `watermark.changes` names it. Absent: no such feed is known. */
  readonly feed?: string;
}

export interface RisingColumn {
  readonly column: string;
  /** The arguments for and against the column as a watermark. */
  readonly why: string;
  /** Whether the name of the column suggests that it has a value in each row, and that a changed row gets a new value. */
  readonly isSafeWatermark: boolean;
  /** Whether the column is a time or a day, so that the watermark can lag behind the clock. */
  readonly isTime: boolean;
}

/** A statement in a file of SQL. */
export interface ScriptStatement {
  readonly text: string;
  /** The line of the statement's first word, counted from 1. */
  readonly line: number;
  /** Whether the statement removes rows, columns or tables. */
  readonly isDestructive: boolean;
}

/** What a database offers besides moving rows. All configs in these methods are configs of the database’s home. */
export interface DatabaseSide<C = never> {
  /** The statements that give a role the rights that configs need. Each statement is returned once. Pure. Absent: the database has no rights. */
  rights?(of: RightsRequest): readonly Right[];
  /** The role that the config signs in as, if the config itself names the role. Undefined: a token or the machine decides the role. Pure. */
  configuredRole?(config: C): string | undefined;
  /**
   * The schema whose tables are called by their names alone. Null: tables of this system have a database, but no schema. Absent: each table is called
   * with its schema.
   */
  readonly ownSchema?: string | null;
  /** The key of a home that names the table. Absent: the key is `table`. With another key, a flow can’t take all tables (`entities: "*"`). */
  readonly tableKey?: string;
  /** Lists the tables and views. Absent: hygge does not read the catalogue of this database. */
  tables?(config: C, opening: Opening): Promise<readonly TableFound[]>;
  /** The statement that makes a table with these columns. Throws ConfigError HYG-1097 if the database has no type for a column. @param written the name of the table, as in `table:` of a store. */
  createTable?(written: string, schema: Schema, keys: readonly string[]): string;
  /** Splits a script into statements. Throws ConfigError HYG-1095 if the script can’t be split, and HYG-1094 if it begins or ends transactions itself. */
  statements?(sql: string): readonly ScriptStatement[];
  /** Whether the database rolls back definitions with their transaction, so that a script is applied completely or not at all. */
  readonly appliesAtOnce?: boolean;
  /**
   * Runs the statements one after another, in one transaction if the database can roll back definitions. It calls `done` after each statement. Throws
   * StoreError HYG-4260 with the statement that failed and its line.
   */
  apply?(
    config: C,
    opening: Opening,
    of: { readonly statements: readonly ScriptStatement[]; readonly done: (at: number) => void },
  ): Promise<'at once' | 'one by one'>;
}

/** A connector offers a home, a store, or both. Built-in connectors and installed packages register through the same call. */
export interface Connector {
  /** The `type:` of the connector in YAML. */
  readonly id: string;
  readonly summary: string;
  /** The systems that the connector's tests ran against, for `list connectors`. */
  readonly verifiedAgainst: string;
  readonly family: Family;
  readonly addresses?: Addresses;
  /** Present if manifests may describe systems that the connector reads. A manifest is data: it says which keys of the connector’s homes and connections a system has. */
  readonly manifests?: true;
  /** The file formats of a connector of the family `files`. */
  readonly formats?: readonly FormatName[];
  /**
   * The location of a side, from its checked config. The workspace compares the locations of all entities, to find two entities that settle in one
   * place. Undefined, or an absent method: the location is not known, so only equal configs count as one place. Pure, and called often, so it opens
   * nothing. Only the family `files` gets absolute paths. The others get paths as they are written, and resolve them against `Opening.root` when they
   * open.
   */
  place?(config: unknown): DataLocation | undefined;
  /**
   * The strict schema of a named connection of this type: server, account, credentials. The keys are checked alone, and again together with the side
   * that uses the connection. No key is required, since a side may add what its connection leaves out. Absent: this type has no connections.
   */
  readonly connection?: ZodType;
  /** The schema of a connection that keeps the state. Absent: the state can't be kept in this system. */
  readonly state?: ZodType;
  /**
   * The statements that make hygge’s own schemas and tables over a connection of this type. They are for an administrator who does not allow hygge to
   * make them. Pure. Absent: hygge keeps nothing of its own in this system.
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
 * Makes a connector. Every connector is made by this function, because it keeps the config type of each side consistent.
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
