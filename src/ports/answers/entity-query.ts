import type { Json } from '../values.ts';

/** The settled rows of an entity, as a table of a query. */
export interface EntityView {
  readonly flow: string;
  readonly entity: string;
  /** The SELECT that returns its rows. */
  readonly rows: string;
  /** The settled columns that identify the newest row of each key; null: no key or no watermark is known. */
  readonly latest: { readonly key: readonly string[]; readonly watermark: string } | null;
}

/** A person's SELECT over entities of the workspace. */
export interface EntityQuery {
  readonly views: readonly EntityView[];
  readonly sql: string;
  /** The most rows of the answer; null: no limit. */
  readonly most: number | null;
  /** An absolute path for data that does not fit into memory. */
  readonly scratch: string;
}

export interface QueryAnswer {
  /** `type` as the engine of the query writes it. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON: whole numbers of 64 bits and decimals are texts. */
  readonly rows: readonly (readonly Json[])[];
  /** Whether there are more rows than `most`. */
  readonly hasMore: boolean;
}
