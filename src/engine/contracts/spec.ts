import type { Migration } from '../../checks/migrations.ts';
import { type Mode, type Policies, policiesOf } from '../../checks/policies.ts';
import type { Where } from '../../errors/hygge-error.ts';
import { type Mask, noMask } from '../../frames/polish/mask.ts';
import type { Polish } from '../../frames/polish/polish.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { DataType, Overridden, Schema } from '../../frames/schema.ts';
import type { ValidationSpec } from './validation.ts';

/**
 * The column with the version of each row, in a home that is opened for a feed of changes (`Opening.changeFeed`). It has the version of the row’s
 * newest change. If the rows are read whole, it has the version that was captured before. It is never null, and versions ascend in the order of
 * commits.
 */
export const changeVersionColumn = '_change_version';

/** The validated `watermark:` of an entity. `initial` is the text of the YAML scalar as it is written. */
export interface WatermarkSpec {
  readonly column: string;
  /** The name of the source’s feed of changes. `column` is then the column that the home adds. Absent: `column` is a column of the rows. */
  readonly changes?: string;
  readonly initial: string | null;
  readonly key: readonly string[];
  readonly lagMs: number;
  /** Present if the config says `lag: 0s`. Absent: the config has another `lag`, or does not set `lag`. If `lag` is not set, a home whose bound is a clock uses its usual lag. */
  readonly noLag?: true;
  readonly overlapMs: number;
  readonly nulls: 'fail' | 'include' | 'exclude';
  readonly boundary: 'closed' | 'open';
  /** What to do with rows whose time is in the future. */
  readonly future: 'wait' | 'take' | 'fail';
}

/** What to do when the source’s columns change, and which columns are expected. */
export interface SchemaSpec {
  readonly mode: Mode;
  /** The policies of the schema mode, with the changes of `schema_evolution`. */
  readonly policies: Policies;
  /** Whether the source may have any columns, since the config says `schema_evolution: { remove_columns: ignore }`. */
  readonly anyColumns: boolean;
  /** The columns of `expected_schema_path`, which are expected instead of the settled ones. Null: the config has no such file. */
  readonly expected: Schema | null;
  /** Present if `expected` names only some of the columns. The others are expected as they settled last, or accepted as they arrive. Absent: `expected` names all columns. */
  readonly expectsOthers?: true;
  /** The migrations of the config, in their order. */
  readonly migrations: readonly Migration[];
  /** `schema_overrides`: the types of some of the source’s columns, which replace the source’s own types. */
  readonly overrides: readonly Override[];
  /** Whether reports show values of the columns. `mask`: they do not. */
  readonly samples: 'show' | 'mask';
}

export interface Override extends Overridden {
  /** The column's name in the source. */
  readonly column: string;
  readonly type: DataType;
  readonly where: Where;
}

/** The schema settings of an entity without a schema config. */
export const schemaDefaults: SchemaSpec = {
  mode: 'warn',
  policies: policiesOf('warn', {}),
  anyColumns: false,
  expected: null,
  migrations: [],
  overrides: [],
  samples: 'show',
};

/** The validated `deletes: { compare, then, max, complete, pause }` of an entity. */
export interface DeletesComparison {
  /** The keys are compared again when the last comparison is this old, in milliseconds. */
  readonly everyMs: number;
  /** What to do with settled rows that are gone from the source. `apply`: remove them. `mark`: mark them as deleted. */
  readonly action: 'apply' | 'mark';
  /** The share of the settled rows that may be gone, in percent. If more are gone, the run stops without a change. */
  readonly mostPercent: number;
  /** How many rows may be gone even if they are more than `mostPercent`, but never more than half of the settled rows. Absent: 0. */
  readonly mostRows?: number;
  /** Present if the config says that the source keeps all its rows, so that a settled row that the source does not show was deleted. Absent: the source may forget old rows. */
  readonly isComplete?: true;
  /** The pause between the two reads of the source, in milliseconds. Absent: 0. */
  readonly pauseMs?: number;
}

/** One side of an entity: the connector’s type and its own validated config. Paths in the config are final, templates are filled, and secrets are wrapped. */
export interface SideSpec {
  readonly type: string;
  readonly config: unknown;
  /** The named connection that the side uses. Absent: the side uses none. */
  readonly connection?: ConnectionSpec;
  /** The position in the config where the side's place is written. */
  readonly where?: Where;
  /** The secrets in the side's config. */
  readonly secrets?: readonly SecretReference[];
}

/** A connection of hygge.yml. Its limits are the limits of the system, and apply to all entities that use the connection together. */
export interface ConnectionSpec {
  readonly name: string;
  readonly type: string;
  readonly maxReads: number | null;
  readonly maxWrites: number | null;
  /** How long a run waits for the system if it does not answer, in milliseconds. Absent: the config does not say. */
  readonly retryForMs?: number;
}

export interface SecretReference {
  readonly key: string;
  /** The variable that holds the secret. Null: the config itself contains the secret. */
  readonly variable: string | null;
  readonly where: Where;
}

/** The validated `verify:` of an entity: how its rows are compared with the source after a commit. */
export interface VerifySpec {
  readonly by: 'counts' | 'checksums';
  /** A run compares again when the last comparison is this old, in milliseconds. Null: a run compares after each commit. */
  readonly everyMs: number | null;
  /** The compared columns, by their settled names. Null: all columns that can be compared. */
  readonly columns: readonly string[] | null;
  readonly onDifference: 'warn' | 'fail';
}

/** The validated `verify.replicated` of an entity. */
export interface ReplicationSpec {
  /** How long a run waits for the other system at its end, in milliseconds. */
  readonly withinMs: number;
  /** How a run ends if its commit is not replicated in time. True: as an error. False: as a warning. */
  readonly fails: boolean;
}

/** The validated `expect:` of an entity. */
export interface ExpectSpec {
  /** The entity is stale when the last commit with rows is this old, in milliseconds. Null: the entity is never stale. */
  readonly everyMs: number | null;
  /** The days on which no rows are expected, as `2026-12-25`, in the schedule’s time zone. */
  readonly except: readonly string[];
}

/** What to do with rows that the source has deleted. */
export type Deletes = 'mark' | 'apply' | 'ignore' | 'unsaid';

/** The values for an entity whose config does not set them. */
export const entityDefaults = {
  fullEveryMs: Number.POSITIVE_INFINITY,
  deletes: 'unsaid',
  compactEveryMs: Number.POSITIVE_INFINITY,
  mask: noMask,
  timezone: 'UTC',
  stallMs: Number.POSITIVE_INFINITY,
} as const satisfies Partial<EntitySpec>;

/** The complete config of one entity of a flow, merged from workspace, flow, entity and command line. */
export interface EntitySpec {
  readonly workspace: string;
  /** The absolute folder of hygge.yml. With `local_places: absolute`, it is the root of the folder’s file system instead. */
  readonly root: string;
  readonly flow: string;
  readonly entity: string;
  /**
   * Only for an entity in a flow that finds its entities. `new`: other entities of the flow have settled, but this one has not. `gone`: this entity
   * has settled, but is gone from the source. `unseen`: why the home could not be searched.
   */
  readonly found?: 'new' | 'gone' | { readonly unseen: string };
  readonly home: SideSpec;
  readonly store: SideSpec;
  readonly runType: 'full_drop' | 'incremental';
  readonly ifExists: 'fail' | 'append' | 'replace';
  readonly writeStrategy: 'direct_insert' | 'temp_swap' | 'merge' | null;
  readonly watermark: WatermarkSpec | null;
  readonly onEmpty: 'replace' | 'keep' | 'fail';
  /** What a full load does if it would leave at most half of the settled rows. */
  readonly onShrink: 'warn' | 'stop' | 'allow';
  /** What to do with source files that changed after they were read (incremental by file). */
  readonly changedFiles: 'fail' | 'replace' | 'append' | 'ignore';
  /** An incremental entity gets a full load when the last one is this old, in milliseconds. Infinity: it never gets one by itself. */
  readonly fullEveryMs: number;
  /** What to do with deleted rows. `mark`: settle them with a mark. `apply`: remove them from the destination. `ignore`: leave them out. `unsaid`: the config does not say it, so `effectiveDeletes` decides. */
  readonly deletes: Deletes;
  /** How a comparison of keys finds rows that are gone from the source. Absent: keys are not compared. */
  readonly compareDeletes?: DeletesComparison;
  /** Small settled files are put together after a run when the last compaction is this old, in milliseconds. Infinity: never by itself. */
  readonly compactEveryMs: number;
  /** How rows are transformed before they settle. Absent: rows settle as they are read. */
  readonly polish?: Polish;
  /** The columns whose values are masked. */
  readonly mask: Mask;
  readonly schema: SchemaSpec;
  /** How rows are compared with the source after a commit. Absent: they are not compared. */
  readonly verify?: VerifySpec;
  /** Whether and how a run asks at its end if another system has taken over the settled rows. Absent: the run does not ask. */
  readonly replication?: ReplicationSpec;
  /** The rules and checks for the rows, by settled names. Absent: the entity has no rules and no checks. */
  readonly validation?: ValidationSpec;
  /** How long journal, intents and commit records are kept, in milliseconds. */
  readonly keepMs: number;
  /** The schedule of the flow, as six-field cron in UTC. Null: the flow has no schedule. */
  readonly schedule: string | null;
  /** The time zone of the schedule. */
  readonly timezone: string;
  /** A run is reported as stuck if for this long no row and no answer arrives, in milliseconds. Infinity: it is never reported. */
  readonly stallMs: number;
  /** What the config expects of the entity. Absent: the config expects nothing. */
  readonly expect?: ExpectSpec;
  /** Where the config has the entity, for messages. */
  readonly where: Where;
  /** Where the config has the home’s path or table. */
  readonly homeWhere: Where;
  /** Where the config has the watermark’s column. Without a watermark: where it has the entity. */
  readonly watermarkWhere: Where;
}

/** The rules by which rows are judged: the rules of single rows, and the rules for which a check counts the broken rows. */
export function rulesOf({ validation }: Pick<EntitySpec, 'validation'>): readonly Rule[] {
  const { rules = [], checks = [] } = validation ?? {};
  return [...rules, ...checks.flatMap((check) => (check.type === 'broken rows' ? [check.rule] : []))];
}
