import { isNamePattern } from '../../frames/native.ts';
import type { Column, DataType, Schema, TimeUnit } from '../../frames/schema.ts';
import { type ArrowHint, arrowHints, noHint } from './arrow-hints.ts';
import { describeElement } from './element-names.ts';
import { parquetError } from './errors.ts';
import { integerAt, structAt, textAt, truthAt } from './fields.ts';
import type { Footer } from './footer.ts';
import { type ElementPlace, leafType, lossyType, physical, variantId } from './leaf-type.ts';
import { type NamedElement, plainGroup, plainLeaf, plainList, repetition } from './plain.ts';
import { ThriftDamaged, type ThriftStruct } from './thrift.ts';

/** A column of the file: its type in hygge, and how its values are stored. */
export interface FileColumn extends Column {
  /** The number of the column’s first leaf, in the order of the row groups’ chunks. `leaves`: the number of leaves, which is one for a flat column. */
  readonly leaf: number;
  readonly leaves: number;
  readonly flat: boolean;
  /** The physical type of a flat column. */
  readonly physical: number | undefined;
  /** How the reader turns the stored values into values of `type`. */
  readonly reading: 'as is' | 'restated' | 'uuid from bytes' | 'text from categories' | 'INT96';
  /** The elements of the column, in the form for Polars. */
  readonly plain: readonly ThriftStruct[];
}

export interface FileSchema extends Schema {
  readonly columns: readonly FileColumn[];
}

/** The schema of a parquet file, with hygge’s types. `int96`: the unit in which INT96 is read. Throws a HomeError for types that would lose data, and for names that can’t be distinguished. */
export function schemaOf(footer: Footer, name: string, { int96, leavesOut = () => false }: HowToRead = {}): FileSchema {
  const hints = arrowHints(footer.metadata.get('ARROW:schema'));
  const cursor = { at: 1, leaf: 0 };
  const columns: FileColumn[] = [];
  const count = integerAt(footer.elements[0] ?? new Map(), 5) ?? 0;
  for (let i = 0; i < count; i++) columns.push(topColumn(footer.elements, cursor, { hints, name, int96: int96 ?? 'ns', leavesOut }));
  checkNames(columns, name);
  checkCounts(footer, columns);
  return { columns };
}

/** The home’s keys that decide how files are read. */
export interface HowToRead {
  readonly int96?: TimeUnit;
  /** Whether the home does not read the column. Such a column may have an unsupported type. */
  readonly leavesOut?: (column: string) => boolean;
}

interface Cursor {
  at: number;
  leaf: number;
}
interface About {
  readonly hints: ReadonlyMap<string, ArrowHint>;
  readonly name: string;
  readonly int96: TimeUnit;
  readonly leavesOut: (column: string) => boolean;
}

function topColumn(elements: readonly ThriftStruct[], cursor: Cursor, about: About): FileColumn {
  const first = cursor.leaf;
  const at = cursor.at;
  const element = elementAt(elements, cursor.at);
  const name = textAt(element, 4) ?? '';
  const hint = about.hints.get(name) ?? noHint;
  const flat = element.has(1) && (integerAt(element, 5) ?? 0) === 0 && integerAt(element, 3) !== repetition.repeated;
  const field = readField(elements, cursor, { hint, file: about.name, path: name, int96: about.int96, leftOut: about.leavesOut(name) });
  const leaves = elements.slice(at, cursor.at);
  return {
    name,
    type: field.type,
    nullable: field.nullable,
    sourceType: describeElement(element),
    ...(leaves.some((leaf, i) => isRestated(leaf, { isNested: i > 0 })) ? { restated: true } : {}),
    leaf: first,
    leaves: cursor.leaf - first,
    flat,
    physical: flat ? integerAt(element, 1) : undefined,
    reading: leaves.some((leaf) => integerAt(leaf, 1) === physical.int96) ? 'INT96' : flat ? readingOf(field.type, hint) : 'as is',
    plain: field.plain,
  };
}

/** Whether the file says more about an element than hygge’s types do. Inside lists and structs, a UUID is read as its bytes, and JSON as a text. */
function isRestated(element: ThriftStruct, { isNested }: { readonly isNested: boolean }): boolean {
  const logical = structAt(element, 10) ?? new Map();
  const converted = integerAt(element, 6) ?? -1;
  const isMap = logical.has(2) || converted === 1;
  const time = structAt(logical, 7);
  const isInUtc = time !== undefined && truthAt(time, 1) === true;
  const isOther = [...logical.keys()].some((id) => id === 13 || id > 15) || converted === 20;
  return isMap || isInUtc || isOther || (isNested && (logical.has(12) || logical.has(14) || converted === 19));
}

/** The type of an element with all elements below it, and the form of these elements for Polars. */
interface Field {
  readonly type: DataType;
  readonly nullable: boolean;
  readonly plain: readonly ThriftStruct[];
}

interface TypedElement {
  readonly type: DataType;
  readonly plain: readonly ThriftStruct[];
}

/** Reads one element with all elements below it, and moves the cursor after them. A repeated element outside a LIST is itself a list. */
function readField(elements: readonly ThriftStruct[], cursor: Cursor, place: ElementPlace): Field {
  const element = elementAt(elements, cursor.at);
  const name = textAt(element, 4) ?? '';
  const own = integerAt(element, 3) ?? repetition.required;
  if (own !== repetition.repeated)
    return { ...readType(elements, cursor, { place, as: { name, repetition: own } }), nullable: own === repetition.optional };
  const { type, plain } = readType(elements, cursor, { place: { ...place, path: `${place.path}[]` }, as: item });
  if (plain.length === 0) return { ...nothing, nullable: false };
  return {
    type: { kind: 'list', item: type },
    nullable: false,
    plain: [...plainList({ name, repetition: repetition.required }), ...plain],
  };
}

/** The type of groups without any values, in a column that is left out. */
const nothing: TypedElement = { type: { kind: 'null' }, plain: [] };

/** An item that is always present in its list. */
const item: NamedElement = { name: 'element', repetition: repetition.required };

interface WantedElement {
  readonly place: ElementPlace;
  readonly as: NamedElement;
}

function readType(elements: readonly ThriftStruct[], cursor: Cursor, { place, as }: WantedElement): TypedElement {
  const element = elementAt(elements, cursor.at++);
  const children = childrenOf(element);
  if (children === 0 && !element.has(1)) {
    if (place.leftOut) return nothing;
    throw lossyType(place, 'a GROUP without fields');
  }
  if (children === 0) {
    cursor.leaf++;
    const type = leafType(element, place);
    return { type, plain: [plainLeaf(as, type, element)] };
  }
  const logical = structAt(element, 10);
  if (logical?.has(variantId) && !place.leftOut) throw lossyType(place, describeElement(element));
  const converted = integerAt(element, 6);
  const isList = logical?.has(3) || converted === 3;
  const isMap = logical?.has(2) || converted === 1 || converted === 2;
  if ((isList || isMap) && children === 1 && integerAt(elementAt(elements, cursor.at), 3) === repetition.repeated)
    return listType(elements, cursor, { place, as, name: textAt(element, 4) ?? '', isMap });
  const fields = Array.from({ length: children }, (_, index) => {
    const name = textAt(elementAt(elements, cursor.at), 4) ?? '';
    const hint = place.hint.children[index] ?? noHint;
    return { name, ...readField(elements, cursor, { ...place, hint, path: `${place.path}.${name}` }) };
  });
  checkFields(fields, place);
  const held = fields.filter(({ plain }) => plain.length > 0);
  if (held.length === 0) return nothing;
  return {
    type: { kind: 'struct', fields: held.map(({ name, type, nullable }) => ({ name, type, nullable })) },
    plain: [plainGroup(as, held.length), ...held.flatMap(({ plain }) => plain)],
  };
}

/** A negative number of fields is refused, because such a group would be a column of nulls. */
function childrenOf(element: ThriftStruct): number {
  const children = integerAt(element, 5) ?? 0;
  if (children < 0) throw new ThriftDamaged(`an element of its schema has ${children} fields`);
  return children;
}

interface List {
  readonly place: ElementPlace;
  readonly as: NamedElement;
  readonly name: string;
  readonly isMap: boolean;
}

/** The type of a list, by the format’s rules for old writers. The middle group is the item itself if this group has several fields, is named `array` or `<list>_tuple`, or has no fields. */
function listType(elements: readonly ThriftStruct[], cursor: Cursor, list: List): TypedElement {
  const middle = elementAt(elements, cursor.at);
  const children = childrenOf(middle);
  const middleName = textAt(middle, 4) ?? '';
  const hint = list.place.hint.children[0] ?? noHint;
  const place = { ...list.place, hint, path: `${list.place.path}[]` };
  const only = children === 1 ? integerAt(elementAt(elements, cursor.at + 1), 3) : undefined;
  const itemIsMiddle =
    children !== 1 || only === repetition.repeated || (!list.isMap && (middleName === 'array' || middleName === `${list.name}_tuple`));
  if (!itemIsMiddle) cursor.at++;
  const { type, plain } = itemIsMiddle ? readType(elements, cursor, { place, as: item }) : readField(elements, cursor, { ...place });
  return plain.length === 0 ? nothing : { type: { kind: 'list', item: type }, plain: [...plainList(list.as), ...plain] };
}

function readingOf(type: DataType, hint: ArrowHint): FileColumn['reading'] {
  if (type.kind === 'uuid') return 'uuid from bytes';
  if (type.kind === 'string' && hint.dictionary) return 'text from categories';
  const isOther =
    (type.kind === 'timestamp' && hint.unit !== undefined && hint.unit !== type.unit) ||
    (hint.bits !== undefined && !type.kind.endsWith(`int${hint.bits}`));
  return isOther ? 'restated' : 'as is';
}

/** Checks the number of values of each column. Outside lists, a leaf has one value for each row. */
function checkCounts({ groups }: Footer, columns: readonly FileColumn[]): void {
  const flat = columns.filter(({ type }) => !holdsList(type));
  for (const { rows, chunks } of groups)
    for (const { leaf, leaves } of flat)
      for (const { values } of chunks.slice(leaf, leaf + leaves))
        if (values !== rows) throw new ThriftDamaged(`a column of ${values} values in a row group of ${rows} rows`);
}

/** Whether a type is or contains a list. If so, the number of rows does not determine the number of values in its leaves. */
export function holdsList(type: DataType): boolean {
  return type.kind === 'list' || (type.kind === 'struct' && type.fields.some((field) => holdsList(field.type)));
}

/** Checks the names of a struct’s fields. Polars treats two fields of one name as one field, and Arrow’s bytes have no field without a name. */
function checkFields(fields: readonly { readonly name: string }[], { path, file }: ElementPlace): void {
  const names = new Set(fields.map(({ name }) => name));
  if (names.size < fields.length) throw parquetError('HYG-3109', `Column ${path} of ${file} has two fields of one name.`);
  if (names.has('')) throw parquetError('HYG-3109', `Column ${path} of ${file} has a field without a name.`);
}

/** Checks the names of columns. Polars treats `*` and `^…$` as patterns, and can’t hold two columns of one name. */
function checkNames(columns: readonly Column[], file: string): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw parquetError('HYG-3109', `${file} has two columns named ${JSON.stringify(name)}.`);
    if (isNamePattern(name))
      throw parquetError('HYG-3109', `${file} has a column named ${JSON.stringify(name)}, which reads like a pattern.`);
    seen.add(name);
  }
}

function elementAt(elements: readonly ThriftStruct[], at: number): ThriftStruct {
  const element = elements[at];
  if (element === undefined) throw new ThriftDamaged('the schema ends too early');
  return element;
}
