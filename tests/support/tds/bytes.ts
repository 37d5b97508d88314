/** Bytes of a message, from the front, little-endian as TDS has them. */
export class ByteReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  #step(size: number): number {
    if (this.left < size) throw new RangeError(`The message ends ${size - this.left} bytes early, at ${this.at}`);
    const at = this.at;
    this.at += size;
    return at;
  }

  u8 = (): number => this.#bytes.readUInt8(this.#step(1));
  u16 = (): number => this.#bytes.readUInt16LE(this.#step(2));
  i16 = (): number => this.#bytes.readInt16LE(this.#step(2));
  u32 = (): number => this.#bytes.readUInt32LE(this.#step(4));
  i32 = (): number => this.#bytes.readInt32LE(this.#step(4));
  u64 = (): bigint => this.#bytes.readBigUInt64LE(this.#step(8));
  i64 = (): bigint => this.#bytes.readBigInt64LE(this.#step(8));
  f32 = (): number => this.#bytes.readFloatLE(this.#step(4));
  f64 = (): number => this.#bytes.readDoubleLE(this.#step(8));

  /** An unsigned number of 3, 5 or up to 16 bytes. */
  unsigned(size: number): bigint {
    return this.bytes(size).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }

  bytes(size: number): Buffer {
    const at = this.#step(size);
    return this.#bytes.subarray(at, at + size);
  }

  /** UTF-16. */
  text = (characters: number): string => this.bytes(characters * 2).toString('utf16le');
  shortText = (): string => this.text(this.u8());
  longText = (): string => this.text(this.u16());
}

/** Bytes to send. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1 << 8);
  length = 0;

  #step(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }

  u8(value: number): this {
    const at = this.#step(1);
    this.#bytes.writeUInt8(value, at);
    return this;
  }

  u16(value: number): this {
    const at = this.#step(2);
    this.#bytes.writeUInt16LE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#step(4);
    this.#bytes.writeUInt32LE(value, at);
    return this;
  }

  i32(value: number): this {
    return this.u32(value >>> 0);
  }

  u64(value: bigint): this {
    const at = this.#step(8);
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
    return this;
  }

  f32(value: number): this {
    const at = this.#step(4);
    this.#bytes.writeFloatLE(value, at);
    return this;
  }

  f64(value: number): this {
    const at = this.#step(8);
    this.#bytes.writeDoubleLE(value, at);
    return this;
  }

  unsigned(value: bigint, size: number): this {
    let left = value;
    for (let n = 0; n < size; n++) {
      this.u8(Number(left & 0xffn));
      left >>= 8n;
    }
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#step(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  text(value: string): this {
    return this.bytes(Buffer.from(value, 'utf16le'));
  }

  shortText(value: string): this {
    return this.u8(value.length).text(value);
  }

  longText(value: string): this {
    return this.u16(value.length).text(value);
  }

  /** What follows, with its length (16 bits) before it. */
  sized(write: (to: ByteWriter) => void): this {
    const at = this.#step(2);
    write(this);
    this.#bytes.writeUInt16LE(this.length - at - 2, at);
    return this;
  }

  /** The bytes so far, which are then gone from here; `size`: only so many. */
  take(size = this.length): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, size));
    this.#bytes.copy(this.#bytes, 0, size, this.length);
    this.length -= size;
    return taken;
  }
}
