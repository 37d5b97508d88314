import type { Column, DataType, Schema } from '../../../frames/schema.ts';
import { type ArrowHint, arrowHints, noHint } from './arrow-hints.ts';
import { describeElement } from './element-names.ts';
import { parquetError } from './errors.ts';
import { integerAt, structAt, textAt } from './fields.ts';
import type { Footer } from './footer.ts';
import { leafType, type Place, physical } from './leaf-type.ts';
import { ThriftDamaged, type ThriftStruct } from './thrift.ts';

const repeated = 2;

/** A column of the file: our type, and what is known about how its values lie in it. */
export interface FileColumn extends Column {
  /** Its first leaf and how many there are, in the order of the row groups' chunks. A flat column has one. */
  readonly leaf: number;
  readonly leaves: number;
  readonly flat: boolean;
  /** Physical type of a flat column. */
  readonly physical: number | undefined;
  /** What the reader must do to get the values of `type`. */
  readonly reading: 'as is' | 'uuid from bytes' | 'text from bytes' | 'text from categories' | 'check range';
}

export interface FileSchema extends Schema {
  readonly columns: readonly FileColumn[];
}

/** Our schema of a parquet file. Throws a HomeError for types that would lose data and for names that can't be told apart. */
export function schemaOf(footer: Footer, name: string): FileSchema {
  const hints = arrowHints(footer.metadata.get('ARROW:schema'));
  const cursor = { at: 1, leaf: 0 };
  const columns: FileColumn[] = [];
  const count = integerAt(footer.elements[0] ?? new Map(), 5) ?? 0;
  for (let i = 0; i < count; i++) columns.push(topColumn(footer.elements, cursor, { hints, name }));
  checkNames(columns, name);
  return { columns };
}

interface Cursor {
  at: number;
  leaf: number;
}
interface About {
  readonly hints: ReadonlyMap<string, ArrowHint>;
  readonly name: string;
}

function topColumn(elements: readonly ThriftStruct[], cursor: Cursor, about: About): FileColumn {
  const first = cursor.leaf;
  const element = elementAt(elements, cursor.at);
  const name = textAt(element, 4) ?? '';
  const hint = about.hints.get(name) ?? noHint;
  const flat = (integerAt(element, 5) ?? 0) === 0 && integerAt(element, 3) !== repeated;
  const field = readField(elements, cursor, { hint, file: about.name, path: name });
  return {
    name,
    type: field.type,
    nullable: field.nullable,
    sourceType: describeElement(element),
    leaf: first,
    leaves: cursor.leaf - first,
    flat,
    physical: flat ? integerAt(element, 1) : undefined,
    reading: flat ? readingOf(element, field.type, hint) : 'as is',
  };
}

/** One element with all below it; moves the cursor past them. A repeated element outside a LIST is itself a list. */
function readField(
  elements: readonly ThriftStruct[],
  cursor: Cursor,
  place: Place,
): { readonly type: DataType; readonly nullable: boolean } {
  const element = elementAt(elements, cursor.at);
  const repetition = integerAt(element, 3) ?? 0;
  const type = readType(elements, cursor, place);
  return repetition === repeated ? { type: { kind: 'list', item: type }, nullable: false } : { type, nullable: repetition === 1 };
}

function readType(elements: readonly ThriftStruct[], cursor: Cursor, place: Place): DataType {
  const element = elementAt(elements, cursor.at++);
  const children = integerAt(element, 5) ?? 0;
  if (children === 0) {
    cursor.leaf++;
    return leafType(element, place);
  }
  const logical = structAt(element, 10);
  const converted = integerAt(element, 6);
  const isList = logical?.has(3) || converted === 3;
  const isMap = logical?.has(2) || converted === 1 || converted === 2;
  if ((isList || isMap) && children === 1) return listType(elements, cursor, { place, name: textAt(element, 4) ?? '', isMap });
  return { kind: 'struct', fields: readFields(elements, cursor, { count: children, place }) };
}

/** The format's rules for old writers: a middle group with several fields, named `array` or `<list>_tuple`, is the item itself. */
function listType(
  elements: readonly ThriftStruct[],
  cursor: Cursor,
  list: { readonly place: Place; readonly name: string; readonly isMap: boolean },
): DataType {
  const middle = elementAt(elements, cursor.at);
  const children = integerAt(middle, 5) ?? 0;
  const middleName = textAt(middle, 4) ?? '';
  const hint = list.place.hint.children[0] ?? noHint;
  const place = { ...list.place, hint, path: `${list.place.path}[]` };
  if (integerAt(middle, 3) !== repeated) throw new ThriftDamaged('a list without a repeated item');
  const itemIsMiddle = children !== 1 || (!list.isMap && (middleName === 'array' || middleName === `${list.name}_tuple`));
  if (itemIsMiddle) return { kind: 'list', item: readType(elements, cursor, place) };
  cursor.at++;
  return { kind: 'list', item: readField(elements, cursor, place).type };
}

function readFields(
  elements: readonly ThriftStruct[],
  cursor: Cursor,
  group: { readonly count: number; readonly place: Place },
): readonly Column[] {
  return Array.from({ length: group.count }, (_, index) => {
    const name = textAt(elementAt(elements, cursor.at), 4) ?? '';
    const hint = group.place.hint.children[index] ?? noHint;
    return { name, ...readField(elements, cursor, { ...group.place, hint, path: `${group.place.path}.${name}` }) };
  });
}

function readingOf(element: ThriftStruct, type: DataType, hint: ArrowHint): FileColumn['reading'] {
  if (type.kind === 'uuid') return 'uuid from bytes';
  if (type.kind === 'json') return 'text from bytes';
  if (type.kind === 'string' && hint.dictionary) return 'text from categories';
  return integerAt(element, 1) === physical.int96 ? 'check range' : 'as is';
}

/** Polars takes `*` and `^…$` for patterns, and cannot hold two columns of one name. */
function checkNames(columns: readonly Column[], file: string): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw parquetError('HYG-3109', `${file} has two columns named ${JSON.stringify(name)}.`);
    if (name === '*' || (name.startsWith('^') && name.endsWith('$')))
      throw parquetError('HYG-3109', `${file} has a column named ${JSON.stringify(name)}, which reads like a pattern.`);
    seen.add(name);
  }
}

function elementAt(elements: readonly ThriftStruct[], at: number): ThriftStruct {
  const element = elements[at];
  if (element === undefined) throw new ThriftDamaged('the schema ends too early');
  return element;
}
