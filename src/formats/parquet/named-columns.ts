/** Gives the columns of a parquet file other names, and field ids. Pages contain no names, so only the footer changes. */
import { encoderDefect } from '../bytes/encoder-errors.ts';
import type { FileEncoder } from '../contract/format.ts';
import { integerAt, listAt, structAt, textAt } from './fields.ts';
import { tailOf } from './join.ts';
import { decodeStruct, encodeStruct, type ThriftField, type ThriftStruct, type ThriftValue, wire } from './thrift.ts';

/** The name and the id in the file of a column or of a struct’s field. */
export interface ColumnName {
  readonly name: string;
  readonly id: number;
  /** The new names of the fields of a struct, or of a struct in a list. Keys are the names in frames. */
  readonly fields: ColumnNames;
}

/** The new names of columns. Keys are the names in frames. */
export type ColumnNames = ReadonlyMap<string, ColumnName>;

/** An encoder that writes a file with these names. A column without a new name keeps its own name. */
export function encoderWithNames(encoder: FileEncoder, names: ColumnNames): FileEncoder {
  return new NamedEncoder(encoder, names);
}

class NamedEncoder implements FileEncoder {
  readonly #encoder: FileEncoder;
  readonly #names: ColumnNames;
  /** How many more bytes the new footer has than the old one. */
  #more = 0;

  constructor(encoder: FileEncoder, names: ColumnNames) {
    this.#encoder = encoder;
    this.#names = names;
  }

  get bytes(): number {
    return this.#encoder.bytes + this.#more;
  }

  takes(frame: Parameters<FileEncoder['add']>[0]): Promise<boolean> {
    return this.#encoder.takes?.(frame) ?? Promise.resolve(true);
  }

  add(frame: Parameters<FileEncoder['add']>[0]): AsyncIterable<Uint8Array> {
    return this.#encoder.add(frame);
  }

  async *end(): AsyncIterable<Uint8Array> {
    const last: Uint8Array[] = [];
    for await (const piece of this.#encoder.end()) last.push(piece.slice());
    const bytes = Buffer.concat(last);
    const start = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
    if (start < 0) throw encoderDefect('The end of a file does not have its footer.');
    const tail = tailOf(encodeStruct(withNames(decodeStruct(bytes.subarray(start, -8)), this.#names)));
    this.#more = tail.length - (bytes.length - start);
    if (start > 0) yield bytes.subarray(0, start);
    yield tail;
  }

  summary(): ReturnType<FileEncoder['summary']> {
    return this.#encoder.summary();
  }
}

/** A footer with the new names. The Arrow schema of the writer is left out, because it contains the old names. */
function withNames(footer: ThriftStruct, names: ColumnNames): ThriftStruct {
  const cursor = { elements: listAt(footer, 2) as readonly ThriftStruct[], at: 0 };
  const leaves: (readonly string[])[] = [];
  const elements = named(cursor, { own: undefined, fields: names, path: null, leaves });
  const groups = listAt(footer, 4).map((group) => withPaths(group as ThriftStruct, leaves));
  const notes = listAt(footer, 5).filter((pair) => textAt(pair as ThriftStruct, 1) !== 'ARROW:schema');
  const renamed = new Map(footer).set(2, structs(elements)).set(4, structs(groups)).set(5, structs(notes));
  if (notes.length === 0) renamed.delete(5);
  return renamed;
}

interface Within {
  readonly own: ColumnName | undefined;
  readonly fields: ColumnNames;
  /** The path of the element. Null: the element is the root, which is in no path. */
  readonly path: readonly string[] | null;
  readonly leaves: (readonly string[])[];
}

/** Renames the next element of the schema and the elements below it. The format lists elements depth first. */
function named(
  cursor: { readonly elements: readonly ThriftStruct[]; at: number },
  { own, fields, path, leaves }: Within,
): readonly ThriftStruct[] {
  const element = cursor.elements[cursor.at++];
  if (element === undefined) throw encoderDefect('A footer has fewer columns than it counts.');
  const name = own?.name ?? textAt(element, 4) ?? '';
  const written = own === undefined ? element : withName(element, own);
  const below = path === null ? [] : [...path, name];
  const count = integerAt(element, 5) ?? 0;
  if (count === 0) leaves.push(below);
  const children = Array.from({ length: count }, () => {
    const child = textAt(cursor.elements[cursor.at] as ThriftStruct, 4) ?? '';
    const isList = path !== null && isWrapper(element);
    const found = isList ? undefined : fields.get(child);
    return named(cursor, { own: found, fields: isList ? fields : (found?.fields ?? new Map()), path: below, leaves });
  });
  return [written, ...children.flat()];
}

/** Whether the element is the group around the items of a list, or the group that repeats. Such a group is not a struct with fields. */
function isWrapper(element: ThriftStruct): boolean {
  const repeated = 2;
  const converted = integerAt(element, 6);
  const list = 3;
  return integerAt(element, 3) === repeated || converted === list || structAt(element, 10)?.has(list) === true;
}

/** An element with the new name and id. The fields of a struct are in the order of their ids. */
function withName(element: ThriftStruct, { name, id }: ColumnName): ThriftStruct {
  const changed = new Map(element).set(4, { type: wire.binary, value: Buffer.from(name) }).set(9, { type: wire.i32, value: id });
  return new Map([...changed].sort(([a], [b]) => a - b));
}

function withPaths(group: ThriftStruct, leaves: readonly (readonly string[])[]): ThriftStruct {
  const columns = listAt(group, 1).map((column, at) => {
    const metadata = structAt(column as ThriftStruct, 3);
    const items = (leaves[at] ?? []).map((name) => Buffer.from(name));
    if (metadata === undefined || items.length === 0) throw encoderDefect('A footer has other columns in its row groups.');
    const renamed = new Map(metadata).set(3, { type: wire.list, value: { itemType: wire.binary, items } });
    return new Map(column as ThriftStruct).set(3, { type: wire.struct, value: renamed });
  });
  return new Map(group).set(1, structs(columns));
}

const structs = (items: readonly ThriftValue[]): ThriftField => ({ type: wire.list, value: { itemType: wire.struct, items } });
