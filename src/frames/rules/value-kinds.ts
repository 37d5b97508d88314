/** The kinds of a column’s values, in the words of the Open Data Contract Standard. A kind does not say how wide the type is. */
import type { DataType } from '../schema.ts';

export const valueKinds = [
  'string',
  'date',
  'timestamp',
  'time',
  'number',
  'integer',
  'object',
  'array',
  'boolean',
  'map',
  'vector',
] as const;
export type ValueKind = (typeof valueKinds)[number];

/**
 * Whether a column of the type can contain values of the kind. Systems without booleans store them as integers, and systems without objects
 * and lists store them as texts. Before version 3.1, the standard used `date` for all times.
 */
export function isOfKind(type: DataType, kind: ValueKind): boolean {
  const { kind: own } = type;
  const isInteger = /^u?int\d+$/.test(own) || (type.kind === 'decimal' && type.scale === 0);
  if (own === 'null') return true;
  switch (kind) {
    case 'string':
      return ['string', 'uuid', 'json', 'binary'].includes(own);
    case 'integer':
      return isInteger;
    case 'number':
      return isInteger || ['decimal', 'float32', 'float64'].includes(own);
    case 'boolean':
      return own === 'bool' || isInteger;
    case 'date':
      return ['date', 'timestamp', 'time'].includes(own);
    case 'timestamp':
      return own === 'timestamp';
    case 'time':
      return own === 'time' || own === 'duration';
    case 'array':
    case 'vector':
      return ['list', 'string', 'json', 'binary'].includes(own);
    case 'object':
    case 'map':
      return true;
  }
}
