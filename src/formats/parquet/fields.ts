import { ThriftDamaged, type ThriftStruct, type ThriftValue } from './thrift.ts';

/** Reads fields of a thrift structure by their type. A field of another type than the format requires is damage. */

export function integerAt(struct: ThriftStruct, id: number): number | undefined {
  return typed(struct, id, (value): value is number => typeof value === 'number');
}

export function truthAt(struct: ThriftStruct, id: number): boolean | undefined {
  return typed(struct, id, (value): value is boolean => typeof value === 'boolean');
}

export function bytesAt(struct: ThriftStruct, id: number): Uint8Array | undefined {
  return typed(struct, id, (value): value is Uint8Array => value instanceof Uint8Array);
}

export function textAt(struct: ThriftStruct, id: number): string | undefined {
  const bytes = bytesAt(struct, id);
  return bytes === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

export function structAt(struct: ThriftStruct, id: number): ThriftStruct | undefined {
  return typed(struct, id, (value): value is ThriftStruct => value instanceof Map);
}

/** The items of a list. An absent list is an empty list. */
export function listAt(struct: ThriftStruct, id: number): readonly ThriftValue[] {
  const value = struct.get(id)?.value;
  if (value === undefined) return [];
  if (typeof value === 'object' && 'items' in value) return value.items;
  throw new ThriftDamaged(`field ${id} is not a list`);
}

function typed<T extends ThriftValue>(struct: ThriftStruct, id: number, is: (value: ThriftValue) => value is T): T | undefined {
  const value = struct.get(id)?.value;
  if (value === undefined) return undefined;
  if (is(value)) return value;
  throw new ThriftDamaged(`field ${id} has another type than the format says`);
}
