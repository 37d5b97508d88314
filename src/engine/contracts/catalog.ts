/** The destination's own columns, which `Store.inspect` reports and `Store.fit` compares with the wanted ones. */

import type { NameWithin } from '../../frames/polish/settled-names.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import type { ErrorDetails } from '../../ports/events.ts';

/** The hygge type whose values a column of the destination holds. */
export interface StoredType {
  readonly type: DataType;
  /** How many digits of a second the column keeps, if they are fewer than its unit has (`datetime2(0)`). */
  readonly digits?: number;
}

/** A column of the destination, as its catalogue describes it. */
export interface TargetColumn {
  readonly name: string;
  /** The declared type: `varchar(50)`, `datetime2(7)`. */
  readonly type: string;
  /** The values that the column holds; null: hygge does not know the type. */
  readonly holds: StoredType | null;
  readonly nullable: boolean;
  /** The default's expression, as the destination has it; null: there is no default. */
  readonly default: string | null;
  /**
   * Where the column's values come from: the rows; a counter of the destination where the rows have none (`counter`); a counter that takes values only with a
   * new row, and only where that is demanded (`identity`); or an expression over other columns (`generated`).
   */
  readonly filled: 'by rows' | 'counter' | 'identity' | 'generated';
  /** The most characters or bytes of a text or binary; null: the type has no limit. */
  readonly length: number | null;
  readonly collation: string | null;
  /** The rest of the declaration, which a statement that changes the column has to repeat: `DEFAULT 7 COMMENT 'pieces'`. */
  readonly beside?: string;
  /** Hygge made the table, and makes the column longer when a text is too long for it. */
  readonly follows?: true;
  /** The column compares texts loosely: texts that differ in case or accents are equal. */
  readonly isLoose?: true;
  /** The table is strict: it accepts only the few type names that its database has. */
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
  /** The columns that the object names; null: it depends on the table as a whole. */
  readonly columns: readonly string[] | null;
  /** After a swap the object still belongs to the old table. */
  readonly staysWithOld: boolean;
  /** Rows of another table refer to rows of this one, which therefore can't be deleted. */
  readonly holdsRows?: true;
  /** Deleting a row silently deletes or changes the rows that refer to it: ON DELETE CASCADE, SET NULL, SET DEFAULT. */
  readonly passesOn?: true;
  /** A rule of the destination itself, which applies to every table. No person made it, so no report names it. */
  readonly isAlways?: true;
  /** No statement drops the object alone: it goes with its table. */
  readonly goesWithTable?: true;
  /** As long as the object is there, no column of the table changes its type or its nulls. */
  readonly keepsColumns?: true;
  /** The statement that shows the object. Present if the account can't see whether there is one. */
  readonly unseen?: string;
  /** Advice that lets the account replace the table. Present if no object, but a missing right, prevents that. */
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
  /** Which rights hygge has on the table. If a right is missing from the record, the destination could not be asked for it. */
  readonly rights: Readonly<Partial<Record<TableRight, boolean>>>;
  /** For each right the complete statement that grants it to the account. Absent: the destination has no such statement, or hygge can't know it. */
  readonly grants?: Readonly<Partial<Record<TableRight, string>>>;
}

/** The columns that a run wants to settle. */
export interface ColumnsToSettle {
  /** The columns after polish, migrations and drift. */
  readonly schema: Schema;
  /** Whether the run writes to the existing table. If not, a new table replaces it, and the old columns do not matter. */
  readonly keepsTable: boolean;
  /** The names that settled before. A new column gets none of them. */
  readonly settled: readonly string[];
  /** The watermark's column, by its name in `schema`; null: the entity has no watermark. */
  readonly watermark: string | null;
  /** The columns of the merge key, by their names in `schema`. No committed row has a null in them. */
  readonly key?: readonly string[];
}

/** What `fit` knows about the destination. It is part of the plan, because some sources show their columns only while they are read. */
export interface Standing {
  readonly content: 'empty' | 'foreign' | 'ours';
  readonly catalog?: Catalog;
}

/** A change of the table that the rows need. The store makes its DDL from it. */
export type Change =
  | { readonly change: 'add column'; readonly column: Column }
  /** `from`: the present type in the destination's words. */
  | { readonly change: 'widen'; readonly column: string; readonly from: string; readonly to: DataType }
  | { readonly change: 'drop not null'; readonly column: string }
  | { readonly change: 'rename column'; readonly column: string; readonly to: string };

/** How the destination makes a change. `in place`: in metadata only. `rewrites`: it writes every row again, and may lock the table meanwhile. `no`: not at all. */
export type HowChanged = 'in place' | 'rewrites' | 'no';

export type PlannedChange = Change & { readonly how: Exclude<HowChanged, 'no'> };

/** How finely the destination keeps the watermark: exactly, in whole days, or with so many digits of a fraction (of a second or a number). */
export type WatermarkPrecision = 'exact' | 'days' | { readonly digits: number };

/** What a table has to become for the rows of a run. */
export interface Fit {
  /** The settled columns: the wanted ones in their order, then those that the store adds itself. */
  readonly schema: Schema;
  /** The columns that could not keep their names. */
  readonly renamed: readonly NameWithin[];
  readonly changes: readonly Change[];
  /** The reasons why the rows can't settle in the destination. If there is one, the run stops before it reads anything. */
  readonly refusals: readonly Refusal[];
  /** Null: the entity has no watermark. */
  readonly precision: WatermarkPrecision | null;
}

/** Why a store refuses rows or columns: the details of an error, to which the caller adds the place in the config. */
export type Refusal = Omit<ErrorDetails, 'where'> & {
  /** No change makes the existing table fit. A new table made for the rows would fit. */
  readonly needsAnotherTable?: true;
};

/** What is known about a destination in which other programs add rows and rewrite parts. */
export interface SharedParts {
  /** The number of rows that the entity's own commits left. Other programs may have added rows to its parts, or removed some. */
  readonly settledRows: number;
  /** The number of rows that other programs added at any time, and that a full load may replace. Null: it is not known. */
  readonly othersRows: number | null;
  /** Files that the entity's commits removed, as its heads counted them. Readers of earlier versions may still read them. */
  readonly oldFiles: { readonly files: number; readonly bytes: number };
  /** The number of rows of the open boundary group that are in parts of their own. Null: the parts can't be told apart, and all rows count. */
  readonly groupRows: number | null;
}
