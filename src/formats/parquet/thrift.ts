/**
 * Reads and writes Thrift’s compact protocol as a generic tree that keeps the wire type of each value. A footer that is decoded and encoded
 * again therefore has the same bytes, except for intended changes. Other codecs guess wire types from JavaScript values, and turn an i8
 * into an i32. Strict readers then lose the bit width of an integer column.
 */

export const wire = { true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, set: 10, struct: 12 } as const;

export interface ThriftField {
  readonly type: number;
  readonly value: ThriftValue;
}
export interface ThriftList {
  readonly itemType: number;
  readonly items: readonly ThriftValue[];
}
/** The fields by their ids, in the order of the ids. */
export type ThriftStruct = ReadonlyMap<number, ThriftField>;
/** A value that is already encoded. Its bytes are written unchanged. */
export class EncodedValue {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
/** An integer is a number. A value beyond 2^53 is refused, because all offsets and counts are smaller. A double stays eight bytes. */
export type ThriftValue = boolean | number | Uint8Array | ThriftList | ThriftStruct | EncodedValue;

/** Thrown if the bytes are not a complete thrift structure. */
export class ThriftDamaged extends Error {
  override readonly name = 'ThriftDamaged';
}

const deepest = 64;

export function decodeStruct(bytes: Uint8Array): ThriftStruct {
  const reader = new Reader(bytes);
  return reader.struct(0);
}

/** The structure at the beginning of the bytes. `length`: the number of bytes of the structure. */
export function decodeStructFrom(bytes: Uint8Array): { readonly struct: ThriftStruct; readonly length: number } {
  const reader = new Reader(bytes);
  return { struct: reader.struct(0), length: reader.at };
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  struct(depth: number): ThriftStruct {
    if (depth > deepest) throw new ThriftDamaged('nested too deeply');
    const fields = new Map<number, ThriftField>();
    let id = 0;
    for (;;) {
      const head = this.#byte();
      const type = head & 0x0f;
      if (type === 0) return fields;
      const delta = head >> 4;
      id = delta === 0 ? this.#zigzag() : id + delta;
      if (fields.has(id)) throw new ThriftDamaged(`field ${id} twice`);
      fields.set(id, { type, value: this.#value(type, depth) });
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case wire.true:
        return true;
      case wire.false:
        return false;
      case wire.byte:
        return (this.#byte() << 24) >> 24;
      case wire.i16:
      case wire.i32:
      case wire.i64:
        return this.#zigzag();
      case wire.double:
        return this.#take(8);
      case wire.binary:
        return this.#take(this.#varint());
      case wire.list:
      case wire.set:
        return this.#list(depth);
      case wire.struct:
        return this.struct(depth + 1);
      default:
        throw new ThriftDamaged(`unknown wire type ${type}`);
    }
  }

  #list(depth: number): ThriftList {
    const head = this.#byte();
    const itemType = head & 0x0f;
    const size = head >> 4 === 15 ? this.#varint() : head >> 4;
    // Each item needs at least one byte. A larger count is damage, and must not reserve memory.
    if (size > this.#bytes.length - this.#at) throw new ThriftDamaged(`a list of ${size} items does not fit`);
    const flags = itemType === wire.true || itemType === wire.false;
    const items = Array.from({ length: size }, () => (flags ? this.#byte() === 1 : this.#value(itemType, depth)));
    return { itemType, items };
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new ThriftDamaged('ends too early');
    return byte;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new ThriftDamaged(`${length} bytes do not fit`);
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 63; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if ((byte & 0x80) === 0) {
        if (!Number.isSafeInteger(value)) throw new ThriftDamaged('an integer beyond 2^53');
        return value;
      }
    }
    throw new ThriftDamaged('an integer that does not end');
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

export function encodeStruct(struct: ThriftStruct): Uint8Array {
  const writer = new Writer();
  writer.struct(struct);
  return writer.bytes();
}

class Writer {
  #buffer = new Uint8Array(4096);
  #length = 0;

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  struct(struct: ThriftStruct): void {
    let last = 0;
    for (const [id, field] of struct) {
      const type = field.value === true ? wire.true : field.value === false ? wire.false : field.type;
      const delta = id - last;
      if (delta > 0 && delta < 16) this.#byte((delta << 4) | type);
      else {
        this.#byte(type);
        this.#zigzag(id);
      }
      if (typeof field.value !== 'boolean') this.#value(type, field.value);
      last = id;
    }
    this.#byte(0);
  }

  #value(type: number, value: ThriftValue): void {
    if (value instanceof Uint8Array) {
      if (type === wire.binary) this.#varint(value.length);
      this.#append(value);
    } else if (value instanceof EncodedValue) this.#append(value.bytes);
    else if (value instanceof Map) this.struct(value);
    else if (typeof value === 'number') {
      if (type === wire.byte) this.#byte(value & 0xff);
      else this.#zigzag(value);
    } else if (typeof value === 'boolean') this.#byte(value ? 1 : 2);
    else this.#list(value as ThriftList);
  }

  #list(list: ThriftList): void {
    const size = list.items.length;
    this.#byte((Math.min(size, 15) << 4) | list.itemType);
    if (size >= 15) this.#varint(size);
    for (const item of list.items) this.#value(list.itemType, item);
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = byte;
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#byte((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  #zigzag(value: number): void {
    this.#varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + more));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
