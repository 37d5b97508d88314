import type { Migration } from '../../checks/migrations.ts';
import { type Mode, type Policies, policiesOf } from '../../checks/policies.ts';
import type { Where } from '../../errors/hygge-error.ts';
import type { Rule } from '../../frames/judge.ts';
import type { Mask } from '../../frames/polish/mask.ts';
import type { Polish } from '../../frames/polish/polish.ts';
import type { DataType, Overridden, Schema } from '../../frames/schema.ts';

/**
 * The column in which a home that is opened for a feed of changes (`Opening.changes`) gives the version of each row: that of its newest change, or, of
 * rows that are read whole, the one that was captured before. Never null; the order of versions is that of commits.
 */
export const changeVersionColumn = '_change_version';

/** `watermark:` of an entity, validated. `initial` is the YAML scalar's source text. */
export interface WatermarkSpec {
  readonly column: string;
  /** The feed of the source that says what changed, by its name: `column` is then the one that the home puts beside the others. Absent: rows are told by `column`. */
  readonly changes?: string;
  readonly initial: string | null;
  readonly key: readonly string[];
  readonly lagMs: number;
  readonly overlapMs: number;
  readonly nulls: 'fail' | 'include' | 'exclude';
  readonly boundary: 'closed' | 'open';
  /** Rows whose time has not come yet. */
  readonly future: 'wait' | 'take' | 'fail';
}

/** What to do when the source's columns change. */
export interface SchemaSpec {
  readonly mode: Mode;
  /** The mode's, and what `schema_evolution` says. */
  readonly policies: Policies;
  /** `schema_evolution: { remove_columns: ignore }` is written: the source may have any columns. */
  readonly anyColumns: boolean;
  /** `expected_schema_path`: what the source should have, in place of what settled before. */
  readonly expected: Schema | null;
  /** Planned changes, in order. */
  readonly migrations: readonly Migration[];
  /** `schema_overrides`: types of columns of the source, whatever it has itself. */
  readonly overrides: readonly Override[];
  /** Whether reports show values of the columns they speak of. */
  readonly samples: 'show' | 'mask';
}

export interface Override extends Overridden {
  /** As the source calls it. */
  readonly column: string;
  readonly type: DataType;
  readonly where: Where;
}

/** What an entity whose config says nothing about it gets. */
export const schemaDefaults: SchemaSpec = {
  mode: 'warn',
  policies: policiesOf('warn', {}),
  anyColumns: false,
  expected: null,
  migrations: [],
  overrides: [],
  samples: 'show',
};

/** One side of an entity: the connector's type and its own validated config (paths final, templates filled, secrets still wrapped). */
export interface SideSpec {
  readonly type: string;
  readonly config: unknown;
  /** The named connection that it uses. */
  readonly connection?: ConnectionSpec;
  /** Where its place is written. */
  readonly where?: Where;
  /** Secrets that its config holds. */
  readonly secrets?: readonly SecretReference[];
}

/** A connection of hygge.yml, and what the system behind it bears at once, over all entities that use it. */
export interface ConnectionSpec {
  readonly name: string;
  readonly type: string;
  readonly maxReads: number | null;
  readonly maxWrites: number | null;
  /** How long the system is waited for when it does not answer, in milliseconds. Absent: not given. */
  readonly retryForMs?: number;
}

export interface SecretReference {
  readonly key: string;
  /** The variable that it comes from; null: it is written out. */
  readonly variable: string | null;
  readonly where: Where;
}

/** One entity of one flow, merged from workspace, flow, entity and command line: all that a run needs to know. */
export interface EntitySpec {
  readonly workspace: string;
  /** Absolute: the folder of hygge.yml; with `local_places: absolute` the root of its file system. */
  readonly root: string;
  readonly flow: string;
  readonly entity: string;
  /** Of a flow that finds its entities: it has settled others and not this one; this one settled and is not there any more; or why nobody could look. */
  readonly found?: 'new' | 'gone' | { readonly unseen: string };
  readonly home: SideSpec;
  readonly store: SideSpec;
  readonly runType: 'full_drop' | 'incremental';
  readonly ifExists: 'fail' | 'append' | 'replace';
  readonly writeStrategy: 'direct_insert' | 'temp_swap' | 'merge' | null;
  readonly watermark: WatermarkSpec | null;
  readonly onEmpty: 'replace' | 'keep' | 'fail';
  /** Source files that changed after they were taken (incremental by file). */
  readonly changedFiles: 'fail' | 'replace' | 'append' | 'ignore';
  /** An incremental entity is loaded whole when its last full load is older; absent or null: never by itself. */
  readonly fullEveryMs?: number | null;
  /** Rows that the source says are deleted: settled with a column that says so, removed, or left out. Absent: `deletesOf` says. */
  readonly deletes?: 'mark' | 'apply' | 'ignore';
  /** What is done to rows before they settle; absent: they settle as they are read. */
  readonly polish?: Polish;
  /** Columns whose values are nobody's business; absent: there are none. */
  readonly mask?: Mask;
  readonly schema: SchemaSpec;
  /** What rows have to keep to settle, in settled names; absent: nothing. */
  readonly rules?: readonly Rule[];
  /** Journal, intents and commit records older than this go. */
  readonly keepMs: number;
  /** Six-field cron, UTC; null: only by hand. */
  readonly schedule: string | null;
  /** Where the entity is configured, for messages. */
  readonly where: Where;
  /** Where the place of its home is written. */
  readonly homeWhere?: Where;
  /** Where the column of its watermark is written. */
  readonly watermarkWhere?: Where;
}
