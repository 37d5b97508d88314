import { kindBits } from '../kernels/familiar.ts';

/** The kinds of the JSON values at one path, in all scanned records. */
export interface Shape {
  /** The kinds of values, as bits of `seen`. */
  kinds: number;
  /** The position of the first value of each kind, in the order of the kinds’ bits. Only for messages. */
  readonly first: (Spot | undefined)[];
  /** The number of digits of the longest whole number beyond int64. */
  digits: number;
  /** The members of the objects, in the order in which they were first seen. */
  fields: Map<string, Shape> | undefined;
  /** How many objects have no members, one member, two or three, four to seven, and so on. */
  readonly sizes: number[];
  /** The shape of all items of the arrays together. */
  items: Shape | undefined;
}

export interface Spot {
  readonly file: string;
  /** The position of the record’s first byte. The number of its line is counted from this position. */
  readonly offset: number;
}

export const seen = {
  null: kindBits.null,
  bool: kindBits.bool,
  /** A whole number that fits into int64. */
  whole: kindBits.whole,
  /** A whole number that would lose digits as a double. Set in addition to `whole` or `beyond`. */
  long: kindBits.long,
  /** A whole number that is too large or too small for int64. */
  beyond: 16,
  fraction: kindBits.fraction,
  text: kindBits.text,
  object: 128,
  array: 256,
} as const;

export const anyNumber = seen.whole | seen.long | seen.beyond | seen.fraction;

export function emptyShape(): Shape {
  return { kinds: 0, first: [], digits: 0, fields: undefined, sizes: [], items: undefined };
}

/** Notes one value. The position of the value is stored only if the value is the first of its kind. */
export function note(shape: Shape, kind: number, spot: Spot): void {
  if ((shape.kinds & kind) !== 0) return;
  shape.kinds |= kind;
  shape.first[31 - Math.clz32(kind)] = spot;
}

/** Adds everything that was seen in `more` to `shape`. The members of `shape` come first, and then those of `more`. */
export function addShape(shape: Shape, more: Shape): void {
  for (const [bit, spot] of more.first.entries()) if (spot) note(shape, 1 << bit, spot);
  shape.digits = Math.max(shape.digits, more.digits);
  for (const [at, objects] of more.sizes.entries()) if (objects) shape.sizes[at] = (shape.sizes[at] ?? 0) + objects;
  if (more.items) {
    shape.items ??= emptyShape();
    addShape(shape.items, more.items);
  }
  if (!more.fields) return;
  shape.fields ??= new Map();
  for (const [name, field] of more.fields) {
    const own = shape.fields.get(name);
    if (own) addShape(own, field);
    else shape.fields.set(name, field);
  }
}

/** Notes one object with this many members. */
export function noteSize({ sizes }: Shape, members: number): void {
  const at = 32 - Math.clz32(members);
  sizes[at] = (sizes[at] ?? 0) + 1;
}

const fewNames = 500;

/** Whether the names of the members are data, such as ids or days. If there are many names and nine of ten objects lack most of them, the names are data. */
export function hasDataAsNames({ fields, sizes }: Shape): boolean {
  const names = fields?.size ?? 0;
  if (names <= fewNames) return false;
  const all = sizes.reduce((sum, objects) => sum + (objects ?? 0), 0);
  const sparse = sizes.reduce((sum, objects, at) => sum + (2 ** at - 1 < names / 2 ? (objects ?? 0) : 0), 0);
  return sparse >= 0.9 * all;
}

/** The kinds of values, except null, in common words. */
export function kindNames(kinds: number): readonly string[] {
  const names: readonly (readonly [number, string])[] = [
    [seen.bool, 'true or false'],
    [anyNumber, 'numbers'],
    [seen.text, 'texts'],
    [seen.object, 'objects'],
    [seen.array, 'arrays'],
  ];
  return names.filter(([bits]) => (kinds & bits) !== 0).map(([, name]) => name);
}
