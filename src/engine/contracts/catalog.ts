/** The destination's own columns: what `Store.inspect` answers of them, and what `Store.fit` makes of them. */

import type { NameWithin } from '../../frames/polish/settled-names.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import type { ErrorDetails } from '../../ports/events.ts';

/** What a column there holds, as a type of ours. */
export interface Held {
  readonly type: DataType;
  /** Of a time that keeps fewer digits of a second than its unit says (`datetime2(0)`): so many. */
  readonly digits?: number;
}

/** A column of the destination, in the destination's own words. */
export interface TargetColumn {
  readonly name: string;
  /** `varchar(50)`, `datetime2(7)`. */
  readonly type: string;
  /** Null: a type that hygge knows no values of. */
  readonly holds: Held | null;
  readonly nullable: boolean;
  /** The expression as it is written there; null: none. */
  readonly default: string | null;
  /** Where its values come from: the rows, a counter of the destination (`identity`), or an expression over other columns (`generated`). */
  readonly filled: 'by rows' | 'identity' | 'generated';
  /** Of texts and binaries: as many characters or bytes as its type says; null: no such limit. */
  readonly length: number | null;
  readonly collation: string | null;
  /** What else its declaration says, where it has to be said again to change it: `DEFAULT 7 COMMENT 'pieces'`. */
  readonly beside?: string;
  /** The table is one that hygge made: a text that is too long for its column makes it longer. */
  readonly follows?: true;
  /** Texts that differ may be equal to it: in case, or in accents. */
  readonly isLoose?: true;
  /** The table it is in takes the few types that its database has, and no other words for them. */
  readonly isStrict?: true;
}

export interface TargetKey {
  readonly kind: 'primary' | 'unique';
  readonly name: string;
  readonly columns: readonly string[];
}

/** Something that goes wrong, or goes astray, when the table is altered or replaced. */
export interface Dependent {
  /** `view`, `foreign key`, `trigger`: in the destination's words, for people. */
  readonly kind: string;
  readonly name: string;
  /** Columns that it names; null: the table as a whole. */
  readonly columns: readonly string[] | null;
  /** After a swap it still speaks of the table that was there before. */
  readonly staysWithOld: boolean;
  /** Rows of another table point at rows of this one, which can't be deleted while they do. */
  readonly holdsRows?: true;
  /** Rows that point at a row which is deleted go with it, or are changed, without an error: ON DELETE CASCADE, SET NULL, SET DEFAULT. */
  readonly passesOn?: true;
  /** A rule of the destination itself, whatever depends on the table: nobody made it who has to be told. */
  readonly isAlways?: true;
  /** The account can't see whether there is one: the statement that shows it. */
  readonly unseen?: string;
  /** Nothing that depends on the table, but why the account may not put another one in its place: what would let it, as advice. */
  readonly allows?: string;
}

export type Right = 'create' | 'alter' | 'insert' | 'update' | 'delete' | 'drop';

/** What lies at the destination, beside rows. */
export interface Catalog {
  /** In their order. */
  readonly columns: readonly TargetColumn[];
  readonly keys: readonly TargetKey[];
  readonly dependents: readonly Dependent[];
  /** What hygge may do there. A right that is not listed could not be asked for. */
  readonly rights: Readonly<Partial<Record<Right, boolean>>>;
  /** The statement that gives a right to the account, as it stands. Absent: the destination has none, or it can't be told. */
  readonly grants?: Readonly<Partial<Record<Right, string>>>;
}

/** The columns that a run wants to settle. */
export interface WantedColumns {
  /** After polish, migrations and drift. */
  readonly schema: Schema;
  /** Whether the table that is there is written to; else one takes its place, and its columns need not agree with anything. */
  readonly keeps: boolean;
  /** Names that settled before: a new column takes none of them. */
  readonly settled: readonly string[];
  /** The watermark's column, by its name in `schema`. */
  readonly watermark: string | null;
  /** Columns in which no null is ever committed, by their names in `schema`: what rows are merged by. */
  readonly key?: readonly string[];
}

/** What `fit` knows of the destination; a plan carries it, for sources that show their columns only while they are read. */
export interface Standing {
  readonly content: 'empty' | 'foreign' | 'ours';
  readonly catalog?: Catalog;
}

/** What has to be done to the table before rows fit. The store writes its DDL from it. */
export type Change =
  | { readonly change: 'add column'; readonly column: Column }
  /** `from`: as the destination says it. */
  | { readonly change: 'widen'; readonly column: string; readonly from: string; readonly to: DataType }
  | { readonly change: 'drop not null'; readonly column: string }
  | { readonly change: 'rename column'; readonly column: string; readonly to: string };

/** `in place`: metadata only. `rewrites`: every row there is written anew, and the table may be locked for as long. */
export type Evolution = 'in place' | 'rewrites' | 'no';

export type PlannedChange = Change & { readonly how: Exclude<Evolution, 'no'> };

/** How finely the destination keeps the watermark: whole days, or so many digits of a fraction (of a second, of a number). */
export type WatermarkPrecision = 'exact' | 'days' | { readonly digits: number };

/** What a table is to be like for the rows of a run. */
export interface Fit {
  /** As it settles: the wanted columns in their order, then those that the store itself adds. */
  readonly schema: Schema;
  /** Columns that could not have their names. */
  readonly renamed: readonly NameWithin[];
  readonly changes: readonly Change[];
  /** Why the rows can't settle there; the run stops with them before it reads anything. */
  readonly refusals: readonly Refusal[];
  /** Null: the entity has no watermark. */
  readonly precision: WatermarkPrecision | null;
}

export type Refusal = Omit<ErrorDetails, 'where'>;
