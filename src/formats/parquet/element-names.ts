import { integerAt, structAt } from './fields.ts';
import type { ThriftStruct } from './thrift.ts';

const physicalNames = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'];
const logicalNames: Readonly<Record<number, string>> = {
  1: 'STRING', 2: 'MAP', 3: 'LIST', 4: 'ENUM', 5: 'DECIMAL', 6: 'DATE', 7: 'TIME', 8: 'TIMESTAMP',
  10: 'INTEGER', 11: 'UNKNOWN', 12: 'JSON', 13: 'BSON', 14: 'UUID', 15: 'FLOAT16', 16: 'VARIANT', 17: 'GEOMETRY', 18: 'GEOGRAPHY',
}; // biome-ignore format: a table
const convertedNames = [
  'UTF8', 'MAP', 'MAP_KEY_VALUE', 'LIST', 'ENUM', 'DECIMAL', 'DATE', 'TIME_MILLIS', 'TIME_MICROS', 'TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS',
  'UINT_8', 'UINT_16', 'UINT_32', 'UINT_64', 'INT_8', 'INT_16', 'INT_32', 'INT_64', 'JSON', 'BSON', 'INTERVAL',
]; // biome-ignore format: a table

/** The type of a column in the words of the file, such as `INT64 TIMESTAMP`. */
export function describeElement(element: ThriftStruct): string {
  const logical = structAt(element, 10);
  const id = logical && [...logical.keys()][0];
  const meaning = id === undefined ? convertedNames[integerAt(element, 6) ?? -1] : logicalNames[id];
  return [physicalNames[integerAt(element, 1) ?? -1], meaning].filter((word) => word !== undefined).join(' ') || 'GROUP';
}
