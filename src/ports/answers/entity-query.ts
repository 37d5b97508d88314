import type { Json } from '../values.ts';

/** What settled of an entity, as a table of a query. */
export interface EntityView {
  readonly flow: string;
  readonly entity: string;
  /** The SELECT that gives its rows. */
  readonly rows: string;
  /** By what the newest row of each key is found, as the columns settled; null: no key or no watermark is known. */
  readonly latest: { readonly key: readonly string[]; readonly watermark: string } | null;
}

/** A SELECT of a person over entities of the workspace. */
export interface EntityQuery {
  readonly views: readonly EntityView[];
  readonly sql: string;
  /** At most so many rows are answered; null: all of them. */
  readonly most: number | null;
  /** An absolute path, for what does not fit into memory. */
  readonly scratch: string;
}

export interface QueryAnswer {
  /** `type` as the engine of the query writes it. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON: whole numbers of 64 bits and decimals are texts. */
  readonly rows: readonly (readonly Json[])[];
  /** More rows than `most`. */
  readonly hasMore: boolean;
}
