/** Decides how the key `timestamps` of a store changes times that are finer than the destination stores them. Pure. */
import type { Column, DataType, Retimed, Schema } from '../schema.ts';

export type Timestamps = 'truncate' | 'exact';

const isFiner = (type: DataType): boolean => (type.kind === 'timestamp' || type.kind === 'time') && type.unit === 'ns';

/**
 * The columns with their settled times. If the store says so, nanoseconds lose the digits beyond microseconds.
 * @param key columns that identify rows. Key columns are never cut, because two rows that differ only in these digits would become one.
 */
export function withTimesCut({ columns }: Schema, asked: Timestamps, key: readonly string[]): Schema {
  const all = columns.map((column): Column => {
    const timestamps = key.includes(column.name) ? 'exact' : asked;
    if (column.retimed !== undefined) return asBefore(column, timestamps);
    const { type } = column;
    if (timestamps === 'exact' || !isFiner(type)) return column;
    return { ...column, type: { ...type, unit: 'us' } as DataType, retimed: { cut: true } };
  });
  return { columns: all };
}

/** The column with the change with which it settled. If the config no longer allows to cut the digits of the column, finer values are refused. */
export function asBefore({ retimed, ...column }: Column, timestamps: Timestamps): Column {
  if (timestamps === 'truncate' || retimed?.cut === undefined) return { ...column, ...(retimed && { retimed }) };
  const { cut: _, ...others } = retimed;
  return Object.keys(others).length === 0 ? column : { ...column, retimed: others };
}

/** How finely the watermark is stored, if its digits are cut. */
export function precisionOfTimes<P>({ columns }: Schema, watermark: string | null, otherwise: P): P | { readonly digits: number } {
  return columns.find(({ name }) => name === watermark)?.retimed?.cut ? { digits: 6 } : otherwise;
}

/** Names the key of the store with which a column with too fine a type can settle. Columns that identify rows can’t use the key. */
export const timeRemedy = ({ type }: Pick<Column, 'type'>, isKey: boolean): readonly string[] =>
  !isKey && isFiner(type) ? ['Or have digits beyond microseconds cut: store: { timestamps: truncate }'] : [];

/** The names of the columns whose times are changed from now on. @param settled the columns that settled before. */
export function retimedNow(
  { columns }: Schema,
  settled: Schema | null | undefined,
  is: (retimed: Retimed) => true | undefined,
): readonly string[] {
  const before = new Map(settled?.columns.map(({ name, retimed }) => [name, JSON.stringify(retimed)]));
  return columns.flatMap(({ name, retimed }) =>
    retimed !== undefined && is(retimed) && before.get(name) !== JSON.stringify(retimed) ? [name] : [],
  );
}

export const cutText = 'digits beyond microseconds are cut (timestamps: truncate)';
