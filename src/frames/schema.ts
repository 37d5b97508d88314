/** Hygge’s own schema model, kept with every frame. It is never taken from nodejs-polars, which drops zones and fails on decimals. */

export type TimeUnit = 'ms' | 'us' | 'ns';

export type DataType =
  | { readonly kind: 'bool' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' }
  | { readonly kind: 'float32' | 'float64' }
  /** Exact decimal: `precision` digits in all (1–38), `scale` of them after the point. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'binary' }
  /** Text or 16 bytes in the source that mean a UUID / a JSON document; settles as string. */
  | { readonly kind: 'uuid' | 'json' }
  | { readonly kind: 'date' }
  /** Time of day. */
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  /** Without `zone`: wall-clock time. With it: an instant, shown in that zone (`UTC`, `Europe/Copenhagen`). */
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zone?: string }
  | { readonly kind: 'duration'; readonly unit: TimeUnit }
  | { readonly kind: 'list'; readonly item: DataType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }
  /** A column that contains only nulls, and whose type the source does not know. */
  | { readonly kind: 'null' };

export interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** The source's own word for the type (`datetime2(7)`, `INT64`), for plans and messages. */
  readonly sourceType?: string;
  /** The source’s type says more than hygge’s does: a MAP that becomes a list, a time of day in UTC. A text: what is lost of its values, for messages. */
  readonly restated?: true | string;
  /** The texts are numbers of the source, which it may write in several ways: 5.0 and 5.000. Set for columns that are read, not for settled ones. */
  readonly numberTexts?: true;
  /** The config decided the type, not the data, so a change of type comes from the config. Set for columns that are read, not for settled ones. */
  readonly configured?: true;
  /** The type from `schema_overrides`. */
  readonly override?: Overridden;
  /** Its times change when they settle, as the store’s config says. */
  readonly retimed?: Retimed;
}

/** How times of a source are changed for a destination that can’t hold them unchanged. */
export interface Retimed {
  /** Digits beyond those of the type are cut. */
  readonly cut?: true;
  /** Wall-clock times become the instants that they would be in UTC. */
  readonly utc?: true;
}

/** The part of `schema_overrides` for a column in addition to its type, if it is written in the destination’s own words. */
export interface Overridden {
  /** The type in the words of the destination: `character varying(50)`. */
  readonly declared?: string;
  /** The most characters of a text. */
  readonly most?: number;
}

/** The `sourceType` of a column without values so far: its type is provisional, and the first value decides it. */
export const noValueYet = 'no value yet';

/** No value of the column was found, or it has a type without values. */
export function isUndecided({ sourceType, type }: Pick<Column, 'sourceType' | 'type'>): boolean {
  return sourceType === noValueYet || type.kind === 'null';
}

/** The column once it has values. */
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
