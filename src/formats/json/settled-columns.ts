import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { JsonReading, PinnedColumn } from './pinned.ts';
import { anyNumber, kindNames, type Shape, type Spot, seen } from './shape.ts';

/** Values of several kinds in one column or field, while the config does not say how to settle them. */
export interface Conflict {
  readonly path: readonly string[];
  /** The name of the column. */
  readonly column: string;
  readonly reason: string;
  readonly spots: readonly { readonly what: string; readonly spot: Spot }[];
}

export interface SettledColumns {
  readonly columns: readonly PinnedColumn[];
  readonly conflicts: readonly Conflict[];
  readonly notes: readonly OwnNote[];
}

/** The largest number of digits of a decimal. */
const mostDigits = 38;

/** The columns for all values that were seen. A pinned column keeps its type, but a pinned struct gets the new fields. */
export function settle(root: Shape, pinned: readonly PinnedColumn[], reading: JsonReading): SettledColumns {
  const settling = new ColumnSettler(reading, pinned);
  settling.members(root, [], 0);
  return settling.result();
}

class ColumnSettler {
  readonly #reading: JsonReading;
  readonly #pinned: readonly PinnedColumn[];
  readonly #columns: Map<string, PinnedColumn>;
  readonly #conflicts: Conflict[] = [];
  readonly #notes: OwnNote[] = [];

  constructor(reading: JsonReading, pinned: readonly PinnedColumn[]) {
    this.#reading = reading;
    this.#pinned = pinned;
    this.#columns = new Map(pinned.map((column) => [keyOf(column.path), column]));
  }

  result(): SettledColumns {
    const columns = [...this.#columns.values()];
    const names = new Set(columns.map(({ name }) => name));
    const missing = [...this.#reading.declared].filter(([name]) => !names.has(name));
    for (const [name, type] of missing) {
      columns.push({ name, type, path: [name] });
      const text = `types names ${name}, which no record has so far: it settles as nulls of ${describeType(type)}`;
      this.#notes.push({ code: 'json.only_declared', params: { column: name, type: describeType(type) }, text });
    }
    return { columns, conflicts: this.#conflicts, notes: this.#notes };
  }

  members(shape: Shape, path: readonly string[], level: number): void {
    for (const [name, field] of shape.fields ?? []) {
      const own = [...path, name];
      if (this.#isFlattened(field, own, level)) this.members(field, own, level + 1);
      else this.#column(field, own);
    }
  }

  #isFlattened(field: Shape, path: readonly string[], level: number): boolean {
    if (level >= this.#reading.flatten || this.#reading.declared.has(this.#nameOf(path))) return false;
    if (this.#columns.has(keyOf(path))) return false;
    if (this.#pinned.some((column) => column.path.length > path.length && path.every((name, i) => column.path[i] === name))) return true;
    return (field.kinds & ~seen.null) === seen.object && field.fields !== undefined && field.fields.size > 0;
  }

  #nameOf(path: readonly string[]): string {
    return path.join(this.#reading.separator);
  }

  #column(field: Shape, path: readonly string[]): void {
    const name = this.#nameOf(path);
    const known = this.#columns.get(keyOf(path));
    const declared = this.#reading.declared.get(name);
    const conflicts = this.#conflicts.length;
    const type = declared ?? this.#type(field, known?.type, { path, column: name });
    // One sentence for each column is enough, because sentences about the fields of the column would repeat it.
    this.#conflicts.length = Math.min(this.#conflicts.length, conflicts + 1);
    const sourceType = known?.sourceType ?? kindNames(field.kinds).join(' and ');
    this.#columns.set(keyOf(path), { name, type, path, ...(sourceType === '' ? {} : { sourceType }), ...configuredAs(known) });
  }

  #type(shape: Shape, pinned: DataType | undefined, at: { path: readonly string[]; column: string }): DataType {
    if (pinned && pinned.kind !== 'null') return this.#extended(shape, pinned, at);
    const kinds = shape.kinds & ~seen.null;
    if (kinds === 0) return { kind: 'null' };
    if (kinds === seen.bool) return { kind: 'bool' };
    if (kinds === seen.text) return { kind: 'string' };
    if (kinds === seen.array) return { kind: 'list', item: shape.items ? this.#type(shape.items, undefined, at) : { kind: 'null' } };
    if (kinds === seen.object) return this.#struct(shape, [], at);
    if ((kinds & ~anyNumber) === 0) return this.#number(shape, at);
    return this.#mixed(shape, at, `it holds ${kindNames(kinds).join(' and ')}`);
  }

  /** A pinned type. Only new members are added to it. */
  #extended(shape: Shape, pinned: DataType, at: { path: readonly string[]; column: string }): DataType {
    if (pinned.kind === 'list' && shape.items) return { kind: 'list', item: this.#type(shape.items, pinned.item, at) };
    if (pinned.kind === 'struct' && shape.fields) return this.#struct(shape, pinned.fields, at);
    return pinned;
  }

  #struct(
    shape: Shape,
    pinned: (DataType & { readonly kind: 'struct' })['fields'],
    at: { path: readonly string[]; column: string },
  ): DataType {
    const known = new Map(pinned.map((field) => [field.name, field.type]));
    for (const [name, field] of shape.fields ?? []) {
      known.set(name, this.#type(field, known.get(name), { path: [...at.path, name], column: at.column }));
    }
    return { kind: 'struct', fields: [...known].map(([name, type]) => ({ name, type, nullable: true })) };
  }

  #number(shape: Shape, at: { path: readonly string[]; column: string }): DataType {
    const { kinds } = shape;
    if ((kinds & seen.fraction) !== 0)
      return (kinds & seen.long) === 0
        ? { kind: 'float64' }
        : this.#mixed(shape, at, 'it holds fractions, and whole numbers that a float64 would round');
    if ((kinds & seen.beyond) === 0) return { kind: 'int64' };
    if (shape.digits > mostDigits) return this.#mixed(shape, at, `it holds whole numbers of more than ${mostDigits} digits`);
    return { kind: 'decimal', precision: mostDigits, scale: 0 };
  }

  #mixed(shape: Shape, at: { path: readonly string[]; column: string }, reason: string): DataType {
    if (this.#reading.mixed === 'fail') this.#conflicts.push({ ...at, reason, spots: spotsOf(shape) });
    return { kind: this.#reading.mixed === 'string' ? 'string' : 'json' };
  }
}

const kindsAt: readonly (readonly [number, string])[] = [
  [seen.bool, 'true or false'],
  [seen.whole, 'a whole number'],
  [seen.long, 'a whole number with more digits than a float64 has'],
  [seen.beyond, 'a whole number beyond int64'],
  [seen.fraction, 'a fraction'],
  [seen.text, 'a text'],
  [seen.object, 'an object'],
  [seen.array, 'an array'],
];

function spotsOf(shape: Shape): Conflict['spots'] {
  return kindsAt.flatMap(([bit, what]) => {
    const spot = shape.first[31 - Math.clz32(bit)];
    return spot ? [{ what, spot }] : [];
  });
}

const configuredAs = (known: PinnedColumn | undefined) => (known?.configured ? { configured: known.configured } : {});

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
