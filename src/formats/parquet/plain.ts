import type { DataType } from '../../frames/schema.ts';
import { integerAt, structAt, textAt } from './fields.ts';
import type { ColumnChunk, RowGroup } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';
import { physical } from './leaf-type.ts';
import { encodeStruct, type ThriftField, type ThriftStruct, type ThriftValue, wire } from './thrift.ts';

/**
 * The footer for Polars, which replaces the footer of the file. Writers express the same thing in a dozen ways. Polars misreads some of
 * these ways, and other ways end the process. The new footer expresses what hygge understood in one plain way. Types are logical types
 * alone. Each repeated element is a list of three levels; the pages are the same, because no level is added. The footer has no Arrow
 * schema, no statistics and no indexes.
 */

/** The numbers for how often an element occurs. */
export const repetition = { required: 0, optional: 1, repeated: 2 } as const;

export interface NamedElement {
  readonly name: string;
  readonly repetition: number;
}

const i32 = (value: number): ThriftField => ({ type: wire.i32, value });
const i64 = (value: number): ThriftField => ({ type: wire.i64, value });
const struct = (...fields: readonly (readonly [number, ThriftField])[]): ThriftField => ({ type: wire.struct, value: new Map(fields) });
const binary = (value: string): ThriftField => ({ type: wire.binary, value: Buffer.from(value) });
const truth = (value: boolean): ThriftField => ({ type: value ? wire.true : wire.false, value });
const listOf = (itemType: number, items: readonly ThriftValue[]): ThriftField => ({ type: wire.list, value: { itemType, items } });

/** The field numbers of SchemaElement. */
const element = { type: 1, length: 2, repetition: 3, name: 4, children: 5, converted: 6, scale: 7, precision: 8, logical: 10 } as const;
const listConverted = 3;

export function plainGroup({ name, repetition: own }: NamedElement, children: number): ThriftStruct {
  return new Map([
    [element.repetition, i32(own)],
    [element.name, binary(name)],
    [element.children, i32(children)],
  ]);
}

/** The elements of a list and its middle group. The element of the item must follow. */
export function plainList(named: NamedElement): readonly ThriftStruct[] {
  const list = new Map(plainGroup(named, 1)).set(element.converted, i32(listConverted)).set(element.logical, struct([3, struct()]));
  return [list, plainGroup({ name: 'list', repetition: repetition.repeated }, 1)];
}

/** The leaf of a type. `source`: the element in the file. INT96 stays twelve bytes, because Polars would cut it to the range of nanoseconds. */
export function plainLeaf({ name, repetition: own }: NamedElement, type: DataType, source: ThriftStruct): ThriftStruct {
  const written = integerAt(source, 1) ?? physical.bytes;
  const isInt96 = written === physical.int96;
  const plain = new Map<number, ThriftField>([[element.type, i32(isInt96 ? physical.fixed : written)]]);
  if (isInt96) plain.set(element.length, i32(12));
  else if (written === physical.fixed) plain.set(element.length, i32(integerAt(source, element.length) ?? 0));
  plain.set(element.repetition, i32(own)).set(element.name, binary(name));
  const meaning = isInt96 ? {} : meaningOf(type, source);
  if (meaning.converted !== undefined) plain.set(element.converted, i32(meaning.converted));
  if (type.kind === 'decimal') plain.set(element.scale, i32(type.scale)).set(element.precision, i32(type.precision));
  if (meaning.logical !== undefined) plain.set(element.logical, struct(meaning.logical));
  return plain;
}

/** The elements of a flat column under another name. A uuid is marked as a uuid, though Polars does not need the mark. */
export function renamedLeaf(elements: readonly ThriftStruct[], name: string, { kind }: DataType): readonly ThriftStruct[] {
  return elements.map((leaf) => {
    const named = new Map(leaf).set(element.name, binary(name));
    return kind === 'uuid' ? named.set(element.logical, struct([14, struct()])) : named;
  });
}

interface Annotations {
  readonly converted?: number;
  readonly logical?: readonly [number, ThriftField];
}

const integers: Readonly<Partial<Record<DataType['kind'], number>>> = {
  uint8: 11,
  uint16: 12,
  uint32: 13,
  uint64: 14,
  int8: 15,
  int16: 16,
};
const unitIds = { ms: 1, us: 2, ns: 3 } as const;

function meaningOf(type: DataType, source: ThriftStruct): Annotations {
  const converted = integers[type.kind];
  if (converted !== undefined) return { converted };
  switch (type.kind) {
    case 'string':
    case 'json':
      return { converted: 0, logical: [1, struct()] };
    case 'date':
      return { converted: 6, logical: [6, struct()] };
    case 'decimal':
      return { converted: 5, logical: [5, struct([1, i32(type.scale)], [2, i32(type.precision)])] };
    case 'time':
      return { logical: [7, timed(timeUnit(source), false)] };
    case 'timestamp':
      return { logical: [8, timed(type.unit, type.zone !== undefined)] };
    default:
      return {};
  }
}

const timed = (unit: keyof typeof unitIds, isUtc: boolean): ThriftField =>
  struct([1, truth(isUtc)], [2, struct([unitIds[unit], struct()])]);

/** The unit of a time in the file. hygge’s own type is always in nanoseconds, so the unit comes from the source. */
function timeUnit(source: ThriftStruct): keyof typeof unitIds {
  const logical = structAt(source, element.logical);
  const unit = logical && structAt(logical, 7) && structAt(structAt(logical, 7) ?? new Map(), 2);
  if (unit) return unit.has(1) ? 'ms' : unit.has(2) ? 'us' : 'ns';
  return integerAt(source, element.converted) === 7 ? 'ms' : 'us';
}

/** Expresses the columns and row groups of a file in the one plain way. */
export function plainFooter(
  columns: readonly FileColumn[],
  groups: readonly { readonly group: RowGroup; readonly tree: ThriftStruct }[],
): Uint8Array {
  const rows = groups.reduce((sum, { group }) => sum + group.rows, 0);
  // Columns without elements are left out: a column that is not read may consist of groups without fields.
  const held = columns.filter(({ plain }) => plain.length > 0);
  const root = new Map([
    [element.name, binary('schema')],
    [element.children, i32(held.length)],
  ]);
  const leaves = held.flatMap((column) => leafShapes(column.plain).map(({ path }, i) => ({ path, leaf: column.leaf + i })));
  return encodeStruct(
    new Map<number, ThriftField>([
      [1, i32(1)],
      [2, listOf(wire.struct, [root, ...held.flatMap(({ plain }) => plain)])],
      [3, i64(rows)],
      [
        4,
        listOf(
          wire.struct,
          groups.map(({ group, tree }) => plainRows(group, tree, leaves)),
        ),
      ],
    ]),
  );
}

interface Leaf {
  readonly path: readonly string[];
  readonly leaf: number;
}

function plainRows(group: RowGroup, tree: ThriftStruct, leaves: readonly Leaf[]): ThriftStruct {
  const chunks = leaves.flatMap(({ path, leaf }) => {
    const chunk = group.chunks[leaf];
    return chunk === undefined ? [] : [plainChunk(chunk, path)];
  });
  return new Map([
    [1, listOf(wire.struct, chunks)],
    [2, i64(group.chunks.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0))],
    [3, i64(integerAt(tree, 3) ?? group.rows)],
  ]);
}

function plainChunk(chunk: ColumnChunk, path: readonly string[]): ThriftStruct {
  const { physicalType, encodings, codec, values, uncompressedBytes, start, end, dataStart } = chunk;
  const metadata: (readonly [number, ThriftField])[] = [
    [1, i32(physicalType === physical.int96 ? physical.fixed : physicalType)],
    [2, listOf(wire.i32, encodings)],
    [
      3,
      listOf(
        wire.binary,
        path.map((name) => Buffer.from(name)),
      ),
    ],
    [4, i32(codec)],
    [5, i64(values)],
    [6, i64(uncompressedBytes)],
    [7, i64(end - start)],
    [9, i64(dataStart)],
  ];
  if (start < dataStart) metadata.push([11, i64(start)]);
  return new Map([
    [2, i64(start)],
    [3, struct(...metadata)],
  ]);
}

/** The path of a leaf below a column, and how the values of the leaf are stored in pages. */
export interface LeafShape {
  readonly path: readonly string[];
  /** The number of bytes of each value. 0: the values have different sizes. */
  readonly width: number;
  /** The highest definition level. The next member: the highest repetition level. */
  readonly definition: number;
  readonly repetition: number;
}

/** The shape of each leaf below a column, in the order of the file. */
export function leafShapes(elements: readonly ThriftStruct[]): readonly LeafShape[] {
  const shapes: LeafShape[] = [];
  let at = 0;
  const walk = (above: Omit<LeafShape, 'width'>): void => {
    const one = elements[at++];
    if (one === undefined) return;
    const own = integerAt(one, element.repetition);
    const here = {
      path: [...above.path, textAt(one, element.name) ?? ''],
      definition: above.definition + (own === repetition.required ? 0 : 1),
      repetition: above.repetition + (own === repetition.repeated ? 1 : 0),
    };
    const children = integerAt(one, element.children) ?? 0;
    if (children === 0) shapes.push({ ...here, width: integerAt(one, element.length) ?? 0 });
    for (let i = 0; i < children; i++) walk(here);
  };
  walk({ path: [], definition: 0, repetition: 0 });
  return shapes;
}
