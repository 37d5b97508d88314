/** The little of FlatBuffers that it takes to look a schema up: every step is checked to lie inside, else a RangeError. */

export interface FlatBuffer {
  readonly view: DataView;
  /** Counts what is looked at: a damaged buffer may point in circles. */
  visit(): void;
}

export function flatBuffer(bytes: Uint8Array): FlatBuffer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let left = bytes.byteLength / 8;
  return {
    view,
    visit: () => {
      if (--left < 0) throw new RangeError('more tables than fit');
    },
  };
}

export class FlatTable {
  readonly #buffer: FlatBuffer;
  readonly #at: number;

  constructor(buffer: FlatBuffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  static root(buffer: FlatBuffer): FlatTable {
    return new FlatTable(buffer, buffer.view.getUint32(0, true));
  }

  /** A small unsigned integer of so many bytes; undefined: left at its default. */
  integer(id: number, bytes: 1 | 2): number | undefined {
    const at = this.#field(id);
    if (at === undefined) return undefined;
    return bytes === 1 ? this.#buffer.view.getUint8(at) : this.#buffer.view.getUint16(at, true);
  }

  table(id: number): FlatTable | undefined {
    const at = this.#field(id);
    return at === undefined ? undefined : new FlatTable(this.#buffer, this.#follow(at));
  }

  tables(id: number): readonly FlatTable[] {
    const at = this.#field(id);
    if (at === undefined) return [];
    const start = this.#follow(at);
    const { view } = this.#buffer;
    const length = view.getUint32(start, true);
    if (length > view.byteLength / 4) throw new RangeError('a list that does not fit');
    return Array.from({ length }, (_, index) => new FlatTable(this.#buffer, this.#follow(start + 4 + index * 4)));
  }

  text(id: number): string | undefined {
    const at = this.#field(id);
    if (at === undefined) return undefined;
    const start = this.#follow(at);
    const { view } = this.#buffer;
    const length = view.getUint32(start, true);
    if (start + 4 + length > view.byteLength) throw new RangeError('a text that does not fit');
    return Buffer.from(view.buffer, view.byteOffset + start + 4, length).toString('utf8');
  }

  #field(id: number): number | undefined {
    const { view } = this.#buffer;
    const layout = this.#at - view.getInt32(this.#at, true);
    const slot = 4 + id * 2;
    const offset = slot < view.getUint16(layout, true) ? view.getUint16(layout + slot, true) : 0;
    return offset === 0 ? undefined : this.#at + offset;
  }

  #follow(at: number): number {
    return at + this.#buffer.view.getUint32(at, true);
  }
}
