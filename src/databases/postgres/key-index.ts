/** Which index finds the rows of a key, whatever values come. */
import type { KeyColumn, TableName } from '../writes.ts';
import { quoteName } from './dialect.ts';

/** An entry of a B-tree takes 2,704 bytes, and the server refuses rows with more; a character takes up to four. */
const mostBytesOfEntry = 2600;
/** `INDEX_MAX_KEYS` of the server. */
const mostColumns = 32;

const bytesOf: Partial<Record<KeyColumn['kind'], number>> = {
  ...{ bool: 1, int8: 2, int16: 2, int32: 4, int64: 8, uint8: 2, uint16: 4, uint32: 8, uint64: 12, float32: 4, float64: 8 },
  ...{ decimal: 48, uuid: 16, date: 4, time: 8, timestamp: 8, duration: 16 },
};

/** @returns the most bytes that a value takes; undefined: as many as come. */
function mostBytes({ kind, declared }: KeyColumn): number | undefined {
  const [, length] = /^(?:varchar|character varying|char|character)\s*\(\s*(\d+)\s*\)$/i.exec(declared) ?? [];
  return length === undefined ? bytesOf[kind] : 4 * Number(length) + 4;
}

/** @param how the kind of index, if it is not a B-tree. */
export function createIndex({ schema, name }: TableName, columns: readonly string[], how = ''): string {
  return `create index on ${quoteName(schema)}.${quoteName(name)} ${how}(${columns.map(quoteName).join(', ')})`;
}

/** A text of any length gets a hash index, which takes values of any length. A key of several columns with such a text gets no index. */
export function keyIndexOf(table: TableName, columns: readonly KeyColumn[]): readonly string[] {
  if (columns.length > mostColumns) return [];
  const names = columns.map((column) => column.name);
  const bytes = columns.reduce<number | undefined>((sum, column) => {
    const most = mostBytes(column);
    return sum === undefined || most === undefined ? undefined : sum + most;
  }, 0);
  if (bytes !== undefined && bytes <= mostBytesOfEntry) return [createIndex(table, names)];
  const [only] = columns;
  return columns.length === 1 && only?.kind === 'string' && only.declared === 'text' ? [createIndex(table, names, 'using hash ')] : [];
}
