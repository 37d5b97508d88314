import type { Json } from '../values.ts';

/** The settled rows of an entity, as a table of a query. */
export interface EntityView {
  readonly flow: string;
  readonly entity: string;
  /** The SELECT that returns the entity’s rows. */
  readonly rows: string;
  /** The settled columns that identify the newest row of each key; null: the key or the watermark is unknown. */
  readonly latest: { readonly key: readonly string[]; readonly watermark: string } | null;
}

/** A person's SELECT over entities of the workspace. */
export interface EntityQuery {
  readonly views: readonly EntityView[];
  readonly sql: string;
  /** The most rows of the answer; null: no limit. */
  readonly most: number | null;
  /** The absolute path of a folder for data that does not fit into memory. */
  readonly scratch: string;
}

export interface QueryAnswer {
  /** The columns; `type` as the query engine writes it. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The rows, with values as JSON: whole numbers of 64 bits and decimals are texts. */
  readonly rows: readonly (readonly Json[])[];
  /** Whether the query has more rows than `most`. */
  readonly hasMore: boolean;
}
