import type { TimeUnit } from '../../frames/schema.ts';
import { ThriftDamaged } from './thrift.ts';

/** Facts about a column that only the writer’s Arrow schema has, such as the name of a zone, a duration or a dictionary. */
export interface ArrowHint {
  readonly zone?: string;
  readonly duration?: TimeUnit;
  readonly dictionary?: true;
  /** The unit of a timestamp. */
  readonly unit?: TimeUnit;
  /** The number of bits of a whole number. */
  readonly bits?: number;
  readonly children: readonly ArrowHint[];
}

export const noHint: ArrowHint = { children: [] };

/** The positions of the fields that are read, in Arrow’s Schema.fbs and Message.fbs. */
const message = { headerType: 1, header: 2, isSchema: 1 } as const;
const schemaFields = 1;
const field = { name: 0, typeId: 2, type: 3, dictionary: 4, children: 5 } as const;
const timestamp = { id: 10, unit: 0, zone: 1 } as const;
const integer = { id: 2, bits: 0 } as const;
const duration = { id: 18, unit: 0 } as const;
const units: readonly TimeUnit[] = ['ms', 'ms', 'us', 'ns'];
const milliseconds = 1;

/**
 * Returns the hints by column name, from the `ARROW:schema` entry of a footer. The entry is an IPC message with a schema, in base64. Throws
 * `ThriftDamaged` if the entry is invalid, because Polars would not refuse such an entry but end the process. The entry is decoded here
 * rather than by apache-arrow. apache-arrow takes 40 ms to load, and allocates all the memory of the machine for a damaged length.
 */
export function arrowHints(encoded: string | undefined): ReadonlyMap<string, ArrowHint> {
  if (encoded === undefined) return new Map();
  try {
    const buffer = flatBuffer(body(Buffer.from(encoded, 'base64')));
    const root = FlatTable.root(buffer);
    const schema = root.integer(message.headerType, 1) === message.isSchema ? root.table(message.header) : undefined;
    if (schema === undefined) throw new RangeError('not a schema');
    return new Map(schema.tables(schemaFields).map((each) => [each.text(field.name) ?? '', hintOf(each, buffer)]));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ThriftDamaged('its Arrow schema cannot be read');
  }
}

/** The bytes of the message, after its length. Newer writers put a mark of four bytes before the length. */
function body(bytes: Buffer): Uint8Array {
  return bytes.readUInt32LE(0) === 0xffff_ffff ? bytes.subarray(8) : bytes.subarray(4);
}

function hintOf(column: FlatTable, buffer: FlatBuffer): ArrowHint {
  buffer.visit();
  const children = column.tables(field.children).map((child) => hintOf(child, buffer));
  const type = column.table(field.type);
  const typeId = column.integer(field.typeId, 1) ?? 0;
  if (column.table(field.dictionary) !== undefined) return { dictionary: true, children };
  if (typeId === timestamp.id) {
    const zone = type?.text(timestamp.zone);
    const unit = units[type?.integer(timestamp.unit, 2) ?? 0];
    return { ...(zone ? { zone } : {}), ...(unit ? { unit } : {}), children };
  }
  const bits = typeId === integer.id ? type?.integer(integer.bits, 2) : undefined;
  if (bits !== undefined) return { bits, children };
  if (typeId !== duration.id) return { children };
  return { duration: units[type?.integer(duration.unit, 2) ?? milliseconds] ?? 'ms', children };
}

/** Reads the few parts of FlatBuffers that a schema needs. Each step is checked: a step outside the bytes throws a RangeError. */

interface FlatBuffer {
  readonly view: DataView;
  /** Counts a step. The number of steps is limited, because a damaged buffer may contain cycles. */
  visit(): void;
}

function flatBuffer(bytes: Uint8Array): FlatBuffer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let left = bytes.byteLength / 8;
  return {
    view,
    visit: () => {
      if (--left < 0) throw new RangeError('more tables than fit');
    },
  };
}

class FlatTable {
  readonly #buffer: FlatBuffer;
  readonly #at: number;

  constructor(buffer: FlatBuffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  static root(buffer: FlatBuffer): FlatTable {
    return new FlatTable(buffer, buffer.view.getUint32(0, true));
  }

  /** A small unsigned integer of one or two bytes. Undefined: the field is absent, so it has its default. */
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
