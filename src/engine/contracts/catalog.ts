/** The destination's own columns, which `Store.inspect` reports and `Store.fit` compares with the wanted ones. */

import type { NameWithin } from '../../frames/polish/settled-names.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import type { EntityKey } from '../../ports/values.ts';

/** The hygge type whose values a column of the destination holds. */
export interface StoredType {
  readonly type: DataType;
  /** How many digits of a second the column keeps. Present if the column keeps fewer than its unit has (`datetime2(0)`). */
  readonly digits?: number;
}

/** A column of the destination, as its catalogue describes it. */
export interface TargetColumn {
  readonly name: string;
  /** The declared type of the column: `varchar(50)`, `datetime2(7)`. */
  readonly type: string;
  /** The type of the values in the column. Null: hygge does not know the declared type. */
  readonly holds: StoredType | null;
  readonly nullable: boolean;
  /** The expression of the column’s default, as the destination shows it. Null: the column has no default. */
  readonly default: string | null;
  /**
   * What fills the column. `by rows`: the values of rows. `counter`: the destination’s counter, if a row has no value. `identity`: a counter that
   * accepts a row’s value only at an insert, and only on request. `generated`: an expression over other columns.
   */
  readonly filled: 'by rows' | 'counter' | 'identity' | 'generated';
  /** The most characters or bytes that a column of text or binary holds. Null: the type has no limit. */
  readonly length: number | null;
  readonly collation: string | null;
  /** The rest of the declaration, which a statement that changes the column has to repeat: `DEFAULT 7 COMMENT 'pieces'`. */
  readonly beside?: string;
  /** Present if hygge made the table, and makes the column longer when a text is too long for it. */
  readonly follows?: true;
  /** Present if the column compares texts loosely: texts that differ in case or accents are equal. */
  readonly isLoose?: true;
  /** Present if the table is strict, so that it accepts only the few type names that its database has. */
  readonly isStrict?: true;
}

export interface TargetKey {
  readonly kind: 'primary' | 'unique';
  readonly name: string;
  readonly columns: readonly string[];
}

/** An object that depends on the table, and that breaks or stays behind when the table is altered or replaced. */
export interface Dependent {
  /** The destination's word for the object, for people: `view`, `foreign key`, `trigger`. */
  readonly kind: string;
  readonly name: string;
  /** The columns that the object names. Null: the object depends on the table as a whole. */
  readonly columns: readonly string[] | null;
  /** Whether the object still belongs to the old table after a swap. */
  readonly staysWithOld: boolean;
  /** Present if rows of another table refer to rows of this table, so that these rows of this table can’t be deleted. */
  readonly holdsRows?: true;
  /** Present if deleting a row silently deletes or changes the rows that refer to it: ON DELETE CASCADE, SET NULL, SET DEFAULT. */
  readonly passesOn?: true;
  /** Present if the object is a rule of the destination itself, which applies to every table. No person made the rule, so no report names it. */
  readonly isAlways?: true;
  /** Present if no statement drops the object alone, because it is dropped with its table. */
  readonly goesWithTable?: true;
  /** Present if the table’s columns can’t change their type or their nulls as long as the object exists. */
  readonly keepsColumns?: true;
  /** The statement that shows the object. Present if the account can’t see whether the object exists. */
  readonly unseen?: string;
  /** What a person can do so that the account may replace the table. Present if a missing right, and not an object, prevents the replacement. */
  readonly allows?: string;
}

export const tableRights = ['create', 'alter', 'insert', 'update', 'delete', 'drop'] as const;

export type TableRight = (typeof tableRights)[number];

/** What the catalogue reports about the destination's table. */
export interface Catalog {
  /** The columns, in the table's order. */
  readonly columns: readonly TargetColumn[];
  readonly keys: readonly TargetKey[];
  readonly dependents: readonly Dependent[];
  /** Whether hygge has each right on the table. If a right is missing here, the destination could not be asked about this right. */
  readonly rights: Readonly<Partial<Record<TableRight, boolean>>>;
  /** For each right, the complete statement that grants the right to the account. Absent: the destination has no such statement, or hygge can’t know it. */
  readonly grants?: Readonly<Partial<Record<TableRight, string>>>;
}

/** The columns that a run wants to settle. */
export interface ColumnsToSettle {
  /** The columns after polish, migrations and drift. */
  readonly schema: Schema;
  /** Whether the run writes to the existing table. If not, a new table replaces the existing one, so the old columns do not matter. */
  readonly keepsTable: boolean;
  /** The names under which columns settled before. A new column must get another name. */
  readonly settled: readonly string[];
  /** The watermark’s column, by its name in `schema`. Null: the entity has no watermark. */
  readonly watermark: string | null;
  /** The columns of the merge key, by their names in `schema`. In each committed row all of them have a value. */
  readonly key?: readonly string[];
}

/** What `fit` knows about the destination. It is part of the plan because, for some sources, steps that read call `fit` when the columns become known. */
export interface Standing {
  readonly content: 'empty' | 'foreign' | 'ours';
  readonly catalog?: Catalog;
}

/** A change of the table that the rows need. The store makes its statements (DDL) from the change. */
export type Change =
  | { readonly change: 'add column'; readonly column: Column }
  /** `from`: the present type, as the destination writes it. */
  | { readonly change: 'widen'; readonly column: string; readonly from: string; readonly to: DataType }
  | { readonly change: 'drop not null'; readonly column: string }
  | { readonly change: 'rename column'; readonly column: string; readonly to: string };

/** How the destination makes a change. `in place`: it changes only metadata. `rewrites`: it writes every row again, and may lock the table meanwhile. `no`: it can’t make the change. */
export type HowChanged = 'in place' | 'rewrites' | 'no';

export type PlannedChange = Change & { readonly how: Exclude<HowChanged, 'no'> };

/** How finely the destination keeps the watermark: exactly, in whole days, or with `digits` digits after the decimal point (of a second or a number). */
export type WatermarkPrecision = 'exact' | 'days' | { readonly digits: number };

/** How a table has to change for the rows of a run. */
export interface Fit {
  /** The settled columns: first the wanted columns in their order, then the columns that the store itself adds. */
  readonly schema: Schema;
  /** The columns that could not keep their names. */
  readonly renamed: readonly NameWithin[];
  readonly changes: readonly Change[];
  /** The reasons why the rows can’t settle in the destination. With any reason, the run stops before it reads a row. */
  readonly refusals: readonly Refusal[];
  /** How finely the destination keeps the watermark. Null: the entity has no watermark. */
  readonly precision: WatermarkPrecision | null;
}

/** Why a store refuses rows or columns: the details of an error, to which the caller adds the place in the config. */
export type Refusal = Omit<ErrorDetails, 'where'> & {
  /** Present if no change makes the existing table fit, but a new table made for the rows would fit. */
  readonly needsAnotherTable?: true;
};

/** What is known about a destination in which other programs add rows and rewrite parts. */
export interface SharedParts {
  /** How many rows the entity’s own commits left. Other programs may have added rows to the entity’s parts, or removed some. */
  readonly settledRows: number;
  /** How many rows other programs added at any time. A full load may replace these rows. Null: the number is not known. */
  readonly othersRows: number | null;
  /** Files that the entity's commits removed, as its heads counted them. Readers of earlier versions may still read them. */
  readonly oldFiles: { readonly files: number; readonly bytes: number };
  /** The other entities of hygge whose rows the destination may contain. No load may remove these rows. */
  readonly others: readonly EntityKey[];
  /** How many rows of the open boundary group are in parts of their own. Null: these parts can’t be told from others, so all rows count. */
  readonly groupRows: number | null;
}
