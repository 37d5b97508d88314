export type TypedArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

const firstLength = 1024;

/** A typed array with the same content and room for `needed` values. */
export function withRoom<A extends TypedArray>(values: A, needed: number): A {
  if (needed <= values.length) return values;
  const larger = new (values.constructor as new (length: number) => A)(Math.max(needed, values.length * 2));
  (larger as { set(from: A): void }).set(values);
  return larger;
}

/** A typed array that grows when it is full. */
export class GrowingArray {
  readonly #zero: number | bigint;
  #values: TypedArray;
  #length = 0;

  constructor(make: new (length: number) => TypedArray) {
    this.#values = new make(firstLength);
    this.#zero = typeof this.#values[0] === 'bigint' ? 0n : 0;
  }

  get bytes(): number {
    return this.#length * this.#values.BYTES_PER_ELEMENT;
  }

  /** Adds a value. Null is stored as zero, because the validity bit marks the value as null. */
  push(value: number | bigint | null): void {
    if (this.#length === this.#values.length) this.#values = withRoom(this.#values, this.#length + 1);
    this.#values[this.#length++] = value ?? this.#zero;
  }

  taken(): TypedArray {
    return this.#values.subarray(0, this.#length);
  }
}

/** Collects bits as Arrow stores them: eight in a byte, with the lowest bit first. */
export class BitmapBuilder {
  #bytes = new Uint8Array(firstLength);
  #length = 0;

  push(bit: boolean): void {
    const byte = this.#length >> 3;
    this.#bytes = withRoom(this.#bytes, byte + 1);
    if (bit) this.#bytes[byte] = (this.#bytes[byte] ?? 0) | (1 << (this.#length & 7));
    this.#length++;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, (this.#length + 7) >> 3);
  }
}
