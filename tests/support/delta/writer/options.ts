/** What a table of the foreign committer is made with, and how callers write its rows. */
import type { Feature } from './features.ts';
import type { Style } from './partitions.ts';
import type { Primitive, Value } from './schema.ts';

/** A type without the numbers that the table gives: `{ x: 'integer' }` is a struct. */
export type PlainType = Primitive | { readonly array: Primitive } | { readonly struct: Readonly<Record<string, Primitive>> };

export interface PlainColumn {
  readonly name: string;
  readonly type: PlainType;
}

/** A row by the names of its columns, as callers give and see it. */
export type PlainRow = Readonly<Record<string, Value>>;

export interface TableOptions {
  readonly seed: number;
  readonly columns: readonly PlainColumn[];
  readonly partitionBy?: readonly string[];
  readonly features?: readonly Feature[];
  /** Under the feature `columnMapping`. Default `name`. */
  readonly mapping?: 'name' | 'id';
  readonly properties?: Readonly<Record<string, string>>;
  /** Whether features are listed even where version numbers would say them. */
  readonly listed?: boolean;
  /** Who writes each commit. Default: either, by the seed. */
  readonly style?: Style;
  /** How many columns have statistics. Default 32. */
  readonly indexed?: number;
}

/** Copies the rows that stay to other files, or hides rows by a vector. */
export type How = 'rewrite' | 'vectors';
