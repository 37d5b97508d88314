import type { Migration } from '../../checks/migrations.ts';
import { type Mode, type Policies, policiesOf } from '../../checks/policies.ts';
import type { Where } from '../../errors/hygge-error.ts';
import { type Mask, noMask } from '../../frames/polish/mask.ts';
import type { Polish } from '../../frames/polish/polish.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { DataType, Overridden, Schema } from '../../frames/schema.ts';
import type { ValidationSpec } from './validation.ts';

/**
 * The column with the version of each row, in a home that is opened for a feed of changes (`Opening.changeFeed`). It is the version of the row's newest change,
 * or, if the rows are read whole, the version that was captured before. It is never null, and versions have the order of commits.
 */
export const changeVersionColumn = '_change_version';

/** The validated `watermark:` of an entity. `initial` is the source text of the YAML scalar. */
export interface WatermarkSpec {
  readonly column: string;
  /** The name of the source's feed of changes; `column` is then the column that the home adds. Absent: `column` is a column of the rows. */
  readonly changes?: string;
  readonly initial: string | null;
  readonly key: readonly string[];
  readonly lagMs: number;
  /** The config says `lag: 0s`. Absent: the config has another lag, or none. Without one, a home whose bound is a clock uses its usual lag. */
  readonly noLag?: true;
  readonly overlapMs: number;
  readonly nulls: 'fail' | 'include' | 'exclude';
  readonly boundary: 'closed' | 'open';
  /** What to do with rows whose time is in the future. */
  readonly future: 'wait' | 'take' | 'fail';
}

/** What to do when the source's columns change. */
export interface SchemaSpec {
  readonly mode: Mode;
  /** The policies of the mode, overridden by `schema_evolution`. */
  readonly policies: Policies;
  /** The config says `schema_evolution: { remove_columns: ignore }`, so the source may have any columns. */
  readonly anyColumns: boolean;
  /** The columns of `expected_schema_path`, which replace the settled ones as expectation; null: there is none. */
  readonly expected: Schema | null;
  /** `expected` does not name all columns: the others are expected as they settled last, or accepted as they arrive. Absent: it names all columns. */
  readonly expectsOthers?: true;
  /** The planned changes, in their order. */
  readonly migrations: readonly Migration[];
  /** `schema_overrides`: types of the source's columns, regardless of its own types. */
  readonly overrides: readonly Override[];
  /** Whether reports show values of the columns that they are about. */
  readonly samples: 'show' | 'mask';
}

export interface Override extends Overridden {
  /** The column's name in the source. */
  readonly column: string;
  readonly type: DataType;
  readonly where: Where;
}

/** The default for an entity without a schema config. */
export const schemaDefaults: SchemaSpec = {
  mode: 'warn',
  policies: policiesOf('warn', {}),
  anyColumns: false,
  expected: null,
  migrations: [],
  overrides: [],
  samples: 'show',
};

/** `deletes: { compare, then, max, complete, pause }`. */
export interface DeletesComparison {
  /** The age of the last comparison, in milliseconds, at which the keys are compared again. */
  readonly everyMs: number;
  /** What to do with settled rows that the source no longer has: `apply` removes them, `mark` marks them as deleted. */
  readonly action: 'apply' | 'mark';
  /** The share of the settled rows, in percent, that may be gone. If more are gone, the run stops and changes nothing. */
  readonly mostPercent: number;
  /** The number of rows that may be gone even if they are more than `mostPercent`, but never more than half of the settled rows. Absent: 0. */
  readonly mostRows?: number;
  /** The config says that the source keeps all its rows: a settled row that the source does not show was deleted. Absent: the source may forget old rows. */
  readonly isComplete?: true;
  /** Milliseconds between the two reads of the source. Absent: 0. */
  readonly pauseMs?: number;
}

/** One side of an entity: the connector's type and its own validated config, with final paths, filled templates and wrapped secrets. */
export interface SideSpec {
  readonly type: string;
  readonly config: unknown;
  /** The named connection that the side uses. */
  readonly connection?: ConnectionSpec;
  /** Where the side's place is written in the config. */
  readonly where?: Where;
  /** The secrets in the side's config. */
  readonly secrets?: readonly SecretReference[];
}

/** A connection of hygge.yml, with the limits of its system over all entities that use it. */
export interface ConnectionSpec {
  readonly name: string;
  readonly type: string;
  readonly maxReads: number | null;
  readonly maxWrites: number | null;
  /** Milliseconds that a run waits for the system when it does not answer. Absent: the config does not say. */
  readonly retryForMs?: number;
}

export interface SecretReference {
  readonly key: string;
  /** The variable that holds the secret; null: the config holds it literally. */
  readonly variable: string | null;
  readonly where: Where;
}

/** The validated `verify:` of an entity: the comparison with the source after a commit. */
export interface VerifySpec {
  readonly by: 'counts' | 'checksums';
  /** The age of the last comparison, in milliseconds, at which a run compares again; null: a run compares after each commit. */
  readonly everyMs: number | null;
  /** The compared columns, by settled names; null: all columns that can be compared. */
  readonly columns: readonly string[] | null;
  readonly onDifference: 'warn' | 'fail';
}

/** The validated `verify.replicated` of an entity. */
export interface ReplicationSpec {
  /** Milliseconds that a run waits for the other system at its end. */
  readonly withinMs: number;
  /** If a commit is not replicated in time, the run ends as an error, and not as a warning. */
  readonly fails: boolean;
}

/** The validated `expect:` of an entity. */
export interface ExpectSpec {
  /** Milliseconds after the last commit with rows at which the entity is stale; null: it never is. */
  readonly everyMs: number | null;
  /** Days on which nothing is expected, as `2026-12-25`, on the clocks of the schedule's zone. */
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
  /** The absolute folder of hygge.yml, or the root of its file system with `local_places: absolute`. */
  readonly root: string;
  readonly flow: string;
  readonly entity: string;
  /**
   * The entity's status in a flow that finds its entities. `new`: other entities of the flow have settled, and this one has not. `gone`: this entity has settled,
   * and the source no longer has it. `unseen`: why the home could not be searched.
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
  /** What to do with source files that changed after they were taken (incremental by file). */
  readonly changedFiles: 'fail' | 'replace' | 'append' | 'ignore';
  /** The age of the last full load, in milliseconds, at which an incremental entity gets another one; Infinity: never by itself. */
  readonly fullEveryMs: number;
  /** What to do with deleted rows: settle them with a mark, remove them from the destination, or leave them out. `unsaid`: the config does not say it, and `effectiveDeletes` decides. */
  readonly deletes: Deletes;
  /** How rows that the source no longer has are found by comparing keys; absent: they are not looked for. */
  readonly compareDeletes?: DeletesComparison;
  /** The age of the last compaction, in milliseconds, at which small settled files are put together after a run; Infinity: never by itself. */
  readonly compactEveryMs: number;
  /** The transformation of rows before they settle; absent: they settle as they are read. */
  readonly polish?: Polish;
  /** The columns whose values are masked. */
  readonly mask: Mask;
  readonly schema: SchemaSpec;
  /** The comparison with the source after a commit; absent: there is none. */
  readonly verify?: VerifySpec;
  /** Whether and how a run asks at its end if another system has taken over what settled; absent: it does not ask. */
  readonly replication?: ReplicationSpec;
  /** The rules and checks of the rows, by settled names; absent: there are none. */
  readonly validation?: ValidationSpec;
  /** Milliseconds for which journal, intents and commit records are kept. */
  readonly keepMs: number;
  /** The schedule, as six-field cron in UTC; null: the flow has none. */
  readonly schedule: string | null;
  /** The zone of the schedule. */
  readonly timezone: string;
  /** Milliseconds without a row or an answer after which a run is reported as stuck; Infinity: it never is. */
  readonly stallMs: number;
  /** What the config expects of the entity; absent: nothing. */
  readonly expect?: ExpectSpec;
  /** The entity's place in the config, for messages. */
  readonly where: Where;
  /** The place in the config of the home's path or table. */
  readonly homeWhere: Where;
  /** The place of the watermark's column in the config; without a watermark, the place of the entity. */
  readonly watermarkWhere: Where;
}

/** The rules that rows are judged by: rules of single rows, and rules whose broken rows a check counts. */
export function rulesOf({ validation }: Pick<EntitySpec, 'validation'>): readonly Rule[] {
  const { rules = [], checks = [] } = validation ?? {};
  return [...rules, ...checks.flatMap((check) => (check.type === 'broken rows' ? [check.rule] : []))];
}
