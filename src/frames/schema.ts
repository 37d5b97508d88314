/** Our own schema model, carried beside every frame. nodejs-polars is never asked for it (it drops zones and fails on decimals). */

export type TimeUnit = 'ms' | 'us' | 'ns';

export type DataType =
  | { readonly kind: 'bool' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' }
  | { readonly kind: 'float32' | 'float64' }
  /** Exact decimal: `precision` digits in all (1–38), `scale` of them after the point. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'binary' }
  /** Text or 16 bytes in the source that means a UUID / a JSON document; settles as string. */
  | { readonly kind: 'uuid' | 'json' }
  | { readonly kind: 'date' }
  /** Time of day. */
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  /** Without `zone`: wall-clock time. With it: an instant, shown in that zone (`UTC`, `Europe/Copenhagen`). */
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zone?: string }
  | { readonly kind: 'duration'; readonly unit: TimeUnit }
  | { readonly kind: 'list'; readonly item: DataType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }
  /** A column of nothing but nulls whose type the source does not know. */
  | { readonly kind: 'null' };

export interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** The source's own word for the type (`datetime2(7)`, `INT64`), for plans and messages. */
  readonly sourceType?: string;
  /** The source's type says more than ours does: a MAP that becomes a list, a time of day in UTC. A text: what of its values is not kept, for people. */
  readonly restated?: true | string;
  /** The texts are numbers of the source, which it may write in several ways: 5.0 and 5.000. Told of columns that are read, not of those that settle. */
  readonly numberTexts?: true;
  /** The config has decided the type, and not the data: another one is the person's doing. Told of columns that are read, not of those that settle. */
  readonly configured?: true;
  /** `schema_overrides` says its type. */
  readonly override?: Overridden;
  /** Its times change where they settle, as the store's config says. */
  readonly retimed?: Retimed;
}

/** How times of a source become times of a destination that has no room for them as they are. */
export interface Retimed {
  /** Digits beyond those of the type are cut. */
  readonly cut?: true;
  /** Wall-clock times become the instants that they would be in UTC. */
  readonly utc?: true;
}

/** What `schema_overrides` says of a column beside its type, where that is written in the destination's own words. */
export interface Overridden {
  /** As the destination itself calls it: `character varying(50)`. */
  readonly declared?: string;
  /** Characters that a text may have. */
  readonly most?: number;
}

/** The `sourceType` of a column in which no value was met so far: its type only stands in, and the first value decides it. */
export const noValueYet = 'no value yet';

/** No value of it was met, or it has a type that no value has. */
export function isUndecided({ sourceType, type }: Pick<Column, 'sourceType' | 'type'>): boolean {
  return sourceType === noValueYet || type.kind === 'null';
}

/** As it is once it has values. */
export function decided<C extends Column>(column: C): C {
  if (column.sourceType !== noValueYet) return column;
  const { sourceType: _, ...rest } = column;
  return rest as C;
}

export interface Schema {
  readonly columns: readonly Column[];
}

/** How a source type settles: unchanged; in a larger type that holds every value; or with loss, which must be allowed by name. */
export type Fidelity = 'exact' | 'widened' | 'lossy';
