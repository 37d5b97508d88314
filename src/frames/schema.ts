/** hygge’s own model of a schema, which each frame has. The schema is never taken from nodejs-polars, which drops time zones and fails on decimals. */

export type TimeUnit = 'ms' | 'us' | 'ns';

export type DataType =
  | { readonly kind: 'bool' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' }
  | { readonly kind: 'float32' | 'float64' }
  /** An exact decimal: `precision` digits in all (1–38), and `scale` of these digits after the point. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'binary' }
  /** A text or 16 bytes in the source that mean a UUID, or a text that is a JSON document. Both settle as string. */
  | { readonly kind: 'uuid' | 'json' }
  | { readonly kind: 'date' }
  /** A time of day. */
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  /** Without `zone`: a wall-clock time. With `zone`: an instant, shown in this zone (`UTC`, `Europe/Copenhagen`). */
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zone?: string }
  | { readonly kind: 'duration'; readonly unit: TimeUnit }
  | { readonly kind: 'list'; readonly item: DataType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }
  /** A column that has only nulls, and whose type the source does not know. */
  | { readonly kind: 'null' };

export interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** The source's own word for the type (`datetime2(7)`, `INT64`), for plans and messages. */
  readonly sourceType?: string;
  /** Set if the source’s type says more than hygge’s type: for example, a MAP becomes a list, or a time of day is in UTC. A text: what values lose, for messages. */
  readonly restated?: true | string;
  /** Set if the texts are numbers that the source may write in several ways: 5.0 and 5.000. Only for columns that are read, and not for settled columns. */
  readonly numberTexts?: true;
  /** Set if the config decided the type. A change of the type then comes from the config, and not from the data. Only for columns that are read, and not for settled columns. */
  readonly configured?: true;
  /** The settings for the column from `schema_overrides`. */
  readonly override?: Overridden;
  /** Set if the column’s times change when they settle, because the store’s config says so. */
  readonly retimed?: Retimed;
}

/** How times of a source are changed, if the destination can’t hold them unchanged. */
export interface Retimed {
  /** Set if fraction digits beyond the digits of the type are cut. */
  readonly cut?: true;
  /** Set if wall-clock times become instants, as if they were in UTC. */
  readonly utc?: true;
}

/** The settings for a column from `schema_overrides` besides the type, if they are written in the destination’s own words. */
export interface Overridden {
  /** The type in the words of the destination, such as `character varying(50)`. */
  readonly declared?: string;
  /** The largest number of characters of a text. */
  readonly most?: number;
}

/** The `sourceType` of a column that has had no values so far. The type of the column is provisional, and the first value decides the type. */
export const noValueYet = 'no value yet';

/** Whether the type of the column is undecided: the column has had no value, or its type has no values. */
export function isUndecided({ sourceType, type }: Pick<Column, 'sourceType' | 'type'>): boolean {
  return sourceType === noValueYet || type.kind === 'null';
}

/** The column after its first value, when the type is no longer provisional. */
export function decided<C extends Column>(column: C): C {
  if (column.sourceType !== noValueYet) return column;
  const { sourceType: _, ...rest } = column;
  return rest as C;
}

export interface Schema {
  readonly columns: readonly Column[];
}

/** How a source type settles. `exact`: unchanged. `widened`: in a larger type that holds all values. `lossy`: with a loss, which the config must allow by name. */
export type Fidelity = 'exact' | 'widened' | 'lossy';
