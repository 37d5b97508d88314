import { integerAt, listAt, structAt, textAt } from './fields.ts';
import { EncodedValue, encodeStruct, type ThriftField, type ThriftList, type ThriftStruct, wire } from './thrift.ts';

/**
 * Joins many small parquet files into one. Their pages are written one after another. A single footer lists all row groups, and each offset
 * in it is moved to the new position of the pages. Everything else in the footer stays the same. In particular, statistics stay the same
 * byte for byte.
 */

/** The first and last bytes of a parquet file. */
export const mark = Buffer.from('PAR1', 'latin1');

/** The field numbers of positions. Row group: file_offset. Column: file_offset, offset_index_offset, column_index_offset. Metadata: data, index, dictionary page, bloom filter. */
const groupOffsets = [5];
const columnOffsets = [2, 4, 6];
const metadataOffsets = [9, 10, 11, 14];
const ordinal = 7;
/** The field numbers of a column chunk for the positions and lengths of its offset index and its column index. The next constant: the field numbers of the bloom filter in the chunk’s metadata. */
const columnIndexes = [4, 5, 6, 7];
const bloomFilter = [14, 15];

/** The encoded row groups of a footer, after their pages were moved by `shift` bytes. A page index contains positions, so it stays only if the pages stay. */
export function shiftedGroups(footer: ThriftStruct, shift: number): readonly EncodedValue[] {
  if (shift !== 0) return listAt(footer, 4).map((group) => movedGroup(group as ThriftStruct, (): number => shift));
  return listAt(footer, 4).map((group) => new EncodedValue(encodeStruct(shiftGroup(group as ThriftStruct, () => shift))));
}

/** A row group after the pages of each column were moved, while nothing outside the pages was moved. */
export function movedGroup(group: ThriftStruct, shiftOf: (column: number) => number): EncodedValue {
  const columns = listAt(group, 1).map((column) => withoutIndexes(column as ThriftStruct));
  const bare = new Map(group).set(1, { type: wire.list, value: { itemType: wire.struct, items: columns } });
  return new EncodedValue(encodeStruct(shiftGroup(bare, shiftOf)));
}

function withoutIndexes(column: ThriftStruct): ThriftStruct {
  const bare = without(column, columnIndexes);
  const metadata = structAt(column, 3);
  return metadata ? bare.set(3, { type: wire.struct, value: without(metadata, bloomFilter) }) : bare;
}

function without(struct: ThriftStruct, ids: readonly number[]): Map<number, ThriftField> {
  const bare = new Map(struct);
  for (const id of ids) bare.delete(id);
  return bare;
}

function shiftGroup(group: ThriftStruct, shiftOf: (column: number) => number): ThriftStruct {
  const columns = listAt(group, 1).map((column, i) => shiftColumn(column as ThriftStruct, shiftOf(i)));
  const shifted = shiftFields(group, groupOffsets, shiftOf(0));
  // The ordinal is left out, because it counts from 0 in each small file. The ordinal is optional, so a missing one is better than a wrong one.
  shifted.delete(ordinal);
  return shifted.set(1, { type: wire.list, value: { itemType: wire.struct, items: columns } });
}

function shiftColumn(column: ThriftStruct, shift: number): ThriftStruct {
  const metadata = structAt(column, 3);
  const shifted = shiftFields(column, columnOffsets, shift);
  return metadata ? shifted.set(3, { type: wire.struct, value: shiftFields(metadata, metadataOffsets, shift) }) : shifted;
}

function shiftFields(struct: ThriftStruct, ids: readonly number[], shift: number): Map<number, ThriftField> {
  const shifted = new Map(struct);
  for (const id of ids) {
    const offset = integerAt(struct, id);
    // An offset of 0 means that there is no such page, because the file’s mark is at position 0.
    if (offset !== undefined && offset > 0) shifted.set(id, { type: wire.i64, value: offset + shift });
  }
  return shifted;
}

/** The footer of the joined file: schema, metadata and writer of the first footer, with all row groups. */
export function joinedFooter(first: ThriftStruct, groups: readonly EncodedValue[], rows: number): Uint8Array {
  const footer = new Map(first);
  footer.set(3, { type: wire.i64, value: rows });
  footer.set(4, { type: wire.list, value: { itemType: wire.struct, items: groups } });
  return encodeStruct(footer);
}

/** A footer without its row groups, and without the entries that its writer added only for itself. */
export function plainFooter(footer: ThriftStruct): ThriftStruct {
  const notes = listAt(footer, 5).filter((pair) => textAt(pair as ThriftStruct, 1) === 'ARROW:schema');
  const structs = (items: ThriftList['items']): ThriftField => ({ type: wire.list, value: { itemType: wire.struct, items } });
  const plain = new Map(footer).set(4, structs([])).set(5, structs(notes));
  if (notes.length === 0) plain.delete(5);
  return plain;
}

/** The parts of a footer, as bytes, that must be equal in two files to join them. The parts are version, schema, metadata (which contains the Arrow schema), writer, and order of values. */
export function signature(footer: ThriftStruct): Uint8Array {
  const shared = [1, 2, 5, 6, 7].flatMap((id): [number, ThriftField][] => {
    const field = footer.get(id);
    return field ? [[id, field]] : [];
  });
  return encodeStruct(new Map<number, ThriftField>(shared));
}

/** The end of a parquet file: the footer, its length, and the mark. */
export function tailOf(footer: Uint8Array): Uint8Array {
  const tail = Buffer.alloc(footer.length + 8);
  tail.set(footer);
  tail.writeUInt32LE(footer.length, footer.length);
  tail.set(mark, footer.length + 4);
  return tail;
}
