import type { Arrow } from '../../frames/native.ts';
import type { Schema } from '../../frames/schema.ts';
import { arrowSchema } from '../../frames/values/arrow-type.ts';
import { BadRecord, type Lexer, words } from '../bytes/json-lexer.ts';
import { isRoundedWhole, valueOfText } from '../bytes/json-texts.ts';
import { namingColumn, scalarOf, twice, unfit, unknownName, type ValueReader, valueReader } from '../bytes/json-values.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { accepts } from '../kernels/lines.ts';
import { Column } from './column.ts';
import { endOfPlain, isAt, type WrittenName, written } from './member-name.ts';
import { type PinnedColumn, readableType, schemaOf } from './pinned.ts';
import type { PlainLines } from './plain-lines.ts';
import { valuePath } from './value-path.ts';

export interface DecodedColumn extends PinnedColumn {
  /** Whether the values of the column are skipped, because the column was not requested. */
  readonly skipped: boolean;
  /** See `valueReader`. */
  readonly loose: boolean;
  /** If set, a whole number that is written with a fraction or an exponent (`1.0`, `1e3`) does not fit, because more such numbers may follow. */
  readonly asWritten: boolean;
}

/** The schema of the requested columns. */
export function decodedSchema(columns: readonly DecodedColumn[]): Schema {
  return schemaOf(columns.filter(({ skipped }) => !skipped));
}

/** A member of a record: a column, or with `flatten` an object whose members are columns. */
interface Slot {
  readonly written: WrittenName;
  readonly name: string;
  readonly column: Column | null;
  readonly read: ValueReader | null;
  readonly loose: boolean;
  readonly asWritten: boolean;
  readonly members: Members | null;
  /** The number of the last record that had the member. */
  record: number;
  /** The member that usually follows this one. */
  next: Slot | undefined;
}

interface Members {
  readonly byName: Map<string, Slot>;
  first: Slot | undefined;
}

/** Decodes records into columns. All values of a good record are added, and no value of a bad record. */
export class Decoder {
  /** The number of complete records since the last `take`. */
  rows = 0;
  readonly schema: Schema;
  readonly #A: typeof Arrow;
  readonly #lexer: Lexer;
  readonly #columns: readonly Column[];
  readonly #wanted: readonly Column[];
  readonly #root: Members = { byName: new Map(), first: undefined };
  #record = 0;
  /** How many columns the present record has. */
  #met = 0;
  /** For each column, a spare column that decodes single values. */
  readonly #spares = new Map<Column, Column>();
  /** Whether some column has cells that wait for `keep`. */
  readonly #hasCells: boolean;

  constructor(A: typeof Arrow, lexer: Lexer, columns: readonly DecodedColumn[]) {
    this.#A = A;
    this.#lexer = lexer;
    const made = columns.map((column) => new Column(A, readableType(column.type), column.skipped ? valuePath.skip : undefined));
    this.#columns = made;
    this.#hasCells = made.some((column) => column.valuePath === valuePath.cells);
    this.#wanted = made.filter((column) => column.valuePath !== valuePath.skip);
    this.schema = decodedSchema(columns);
    for (const [i, column] of columns.entries()) this.#place(column, made[i]);
  }

  get bytes(): number {
    return this.#wanted.reduce((sum, column) => sum + column.bytes, 0);
  }

  /** Decodes one record, whose first byte is at the lexer’s position. Throws BadRecord for a bad record, of which no value stays. */
  record(): void {
    const lexer = this.#lexer;
    this.#record++;
    this.#met = 0;
    try {
      if (lexer.src[lexer.p] !== 0x7b) throw lexer.fail('a record is not an object');
      this.#object(this.#root, 0);
    } catch (error) {
      this.undo();
      throw error;
    }
  }

  /** The kinds of values that kernels may read after these names. Undefined: kernels can’t fill some of the columns. */
  accepting(names: readonly string[]): readonly number[] | undefined {
    const slots = names.map((name) => this.#root.byName.get(name));
    if (!this.#columns.every(isForKernels) || slots.some((slot) => !slot?.column)) return undefined;
    return slots.map((slot) => (slot?.column?.valuePath === valuePath.text ? accepts.text : accepts.bare));
  }

  /** Adds all of the found lines. False: no line was added, so the lines must be read one by one. */
  takeLines({ kernels, names }: PlainLines, lines: number): boolean {
    const places = new Map(names.map((name, place) => [this.#root.byName.get(name)?.column, place]));
    try {
      for (const column of this.#columns) {
        const place = places.get(column);
        if (place === undefined) column.addNulls(lines);
        else for (const row of column.addLines(kernels, { place, stride: names.length, lines })) this.#odd(kernels, names, { place, row });
      }
    } catch (error) {
      this.undo();
      if (error instanceof BadRecord) return false;
      throw error;
    }
    this.rows += lines;
    return true;
  }

  /** Reads a value in a form that kernels leave to other code. Throws BadRecord. */
  #odd(kernels: Kernels, names: readonly string[], { place, row }: { readonly place: number; readonly row: number }): void {
    const lexer = this.#lexer;
    const slot = this.#root.byName.get(names[place] ?? '');
    if (!slot?.column) return;
    const spare = this.#spares.get(slot.column) ?? new Column(this.#A, slot.column.type);
    this.#spares.set(slot.column, spare);
    spare.cutTo(0);
    const field = row * names.length + place;
    const before = lexer.p;
    lexer.p = kernels.start(field);
    try {
      readInto(lexer, spare, slot);
      if (lexer.p !== kernels.end(field)) throw unfit(lexer, spare.type, slot.name);
    } finally {
      lexer.p = before;
    }
    slot.column.replace(this.rows + row, spare);
  }

  /** Called after `record`. Keeps the record. */
  keep(): void {
    this.rows++;
    if (this.#met === this.#columns.length && !this.#hasCells) return;
    const { rows } = this;
    for (const column of this.#columns) {
      if (column.length < rows) column.addNull();
      if (column.valuePath === valuePath.cells) column.keep();
    }
  }

  /** Called after `record`. Drops the record. */
  undo(): void {
    for (const column of this.#columns) column.cutTo(this.rows);
  }

  /** The records so far. The next record overwrites their buffers, so the caller must copy them at once. */
  take(): Arrow.Table {
    const A = this.#A;
    const schema = arrowSchema(A, this.schema);
    const children = this.#wanted.map((column) => column.take());
    for (const column of this.#columns) if (column.valuePath === valuePath.skip) column.cutTo(0);
    const data = A.makeData({ type: new A.Struct(schema.fields), length: this.rows, nullCount: 0, children });
    this.rows = 0;
    return new A.Table(schema, new A.RecordBatch(schema, data));
  }

  /** Called after the result of `take` was copied. */
  clear(): void {
    for (const column of this.#wanted) column.clear();
  }

  #place(of: DecodedColumn, column: Column | undefined): void {
    let members = this.#root;
    for (const [i, name] of of.path.entries()) {
      const isLast = i === of.path.length - 1;
      const known = members.byName.get(name);
      const slot = known ?? {
        written: written(name),
        name,
        column: isLast ? (column ?? null) : null,
        read: isLast && column?.valuePath === valuePath.cells ? valueReader(column.type, of.loose) : null,
        loose: of.loose,
        asWritten: of.asWritten,
        members: isLast ? null : { byName: new Map(), first: undefined },
        record: 0,
        next: undefined,
      };
      members.byName.set(name, slot);
      if (slot.members) members = slot.members;
    }
  }

  #object(members: Members, depth: number): void {
    const lexer = this.#lexer;
    lexer.p++;
    if (lexer.space() === 0x7d) {
      lexer.p++;
      return;
    }
    const { src } = lexer;
    let guess = members.first;
    let before: Slot | undefined;
    for (;;) {
      const slot = this.#slot(members, guess);
      if (slot.record === this.#record) throw twice(lexer, slot.name);
      slot.record = this.#record;
      // The value is compared first, because the value rarely changes. A read costs less time than a write that the garbage collector has to track.
      if (before === undefined) members.first = slot;
      else if (before.next !== slot) before.next = slot;
      if (src[lexer.p] === 0x3a) lexer.p++;
      else lexer.take(0x3a, 'a colon');
      let b = src[lexer.p] as number;
      if (b <= 0x20) b = lexer.space();
      this.#value(slot, b, depth);
      before = slot;
      guess = slot.next;
      const end = src[lexer.p];
      if (end === 0x2c) lexer.p++;
      else if (end === 0x7d || !lexer.more(0x7d)) {
        if (end === 0x7d) lexer.p++;
        return;
      }
    }
  }

  #slot(members: Members, guess: Slot | undefined): Slot {
    const lexer = this.#lexer;
    if (lexer.src[lexer.p] !== 0x22 && lexer.space() !== 0x22) throw lexer.unexpected('a name in quotes');
    if (guess && isAt(lexer, guess.written)) {
      lexer.p += guess.written.length;
      return guess;
    }
    const from = lexer.p;
    const name = lexer.text();
    const slot = members.byName.get(name);
    if (slot) return slot;
    lexer.p = from;
    throw unknownName(lexer, name);
  }

  #value(slot: Slot, b: number, depth: number): void {
    const lexer = this.#lexer;
    const { column } = slot;
    if (column === null) {
      if (b === 0x6e) lexer.skipWord(words.null);
      else if (b === 0x7b && slot.members) this.#object(slot.members, lexer.deeper(depth));
      else throw unfit(lexer, { kind: 'struct', fields: [] }, slot.name);
      return;
    }
    this.#met++;
    if (b === 0x6e) {
      lexer.skipWord(words.null);
      column.addNull();
      return;
    }
    if (!readInto(lexer, column, slot)) this.#rest(slot, column, depth);
  }

  #rest(slot: Slot, column: Column, depth: number): void {
    const lexer = this.#lexer;
    const from = lexer.p;
    if (slot.read) column.addCell(namingColumn(slot.name, () => slot.read?.(lexer, depth) ?? null));
    else {
      lexer.skipValue(depth);
      if (column.valuePath === valuePath.raw) column.addBytes(lexer.src, from, lexer.p);
      else column.addNothing();
    }
  }
}

/** Reads a value of a common kind into the column. False: the value is of another kind. */
function readInto(lexer: Lexer, column: Column, slot: Slot): boolean {
  const b = lexer.src[lexer.p] as number;
  const { valuePath: by } = column;
  if (by === valuePath.text) readText(lexer, column, slot, b);
  else if (by === valuePath.int64) readInt64(lexer, column, slot, b);
  else if (by === valuePath.float64) readFloat64(lexer, column, slot, b);
  else if (by === valuePath.bool) readBool(lexer, column, slot, b);
  else return false;
  return true;
}

function isForKernels({ valuePath: by }: Column): boolean {
  return by === valuePath.int64 || by === valuePath.float64 || by === valuePath.bool || by === valuePath.text;
}

/** Functions that write the most common values from their bytes into a column. Each function leaves the lexer after the value. */

const powersOfTen = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Each double keeps a number of up to this many digits. */
const safeDigits = 15;

/** What is needed to read a value for a column. */
interface ReadContext {
  readonly name: string;
  /** See `valueReader`. */
  readonly loose: boolean;
  /** See `DecodedColumn`. */
  readonly asWritten: boolean;
}

/** @param b the byte at the lexer’s position. */
function readInt64(lexer: Lexer, column: Column, of: ReadContext, b: number): void {
  const { src } = lexer;
  const from = lexer.p;
  let p = from;
  let digit = b;
  if (b === 0x2d) digit = src[++p] as number;
  const first = p;
  let value = 0;
  while (digit >= 0x30 && digit <= 0x39) {
    value = value * 10 + (digit - 0x30);
    digit = src[++p] as number;
  }
  const digits = p - first;
  const isPlain = digit === 0x2c || digit === 0x7d || digit <= 0x20;
  if (isPlain && digits > 0 && digits <= safeDigits && (digits === 1 || src[first] !== 0x30)) {
    column.addSmall(b === 0x2d ? -value : value);
    lexer.p = p;
    return;
  }
  // Reads what is left: long numbers, fractions, texts, and values that are not numbers.
  const exact = slow(lexer, column, of);
  if (typeof exact === 'bigint') column.addLong(exact);
}

function readFloat64(lexer: Lexer, column: Column, of: ReadContext, b: number): void {
  const { src } = lexer;
  let p = lexer.p;
  let digit = b;
  if (b === 0x2d) digit = src[++p] as number;
  const first = p;
  let value = 0;
  while (digit >= 0x30 && digit <= 0x39) {
    value = value * 10 + (digit - 0x30);
    digit = src[++p] as number;
  }
  const whole = p - first;
  let places = 0;
  if (digit === 0x2e) {
    const point = p;
    digit = src[++p] as number;
    while (digit >= 0x30 && digit <= 0x39) {
      value = value * 10 + (digit - 0x30);
      digit = src[++p] as number;
    }
    places = p - point - 1;
    if (places === 0) places = Number.NaN;
  }
  const isPlain = digit === 0x2c || digit === 0x7d || digit <= 0x20;
  // Both numbers are exact doubles, so the single division rounds once, to the nearest double.
  if (isPlain && whole > 0 && value <= Number.MAX_SAFE_INTEGER && places <= 22 && (whole === 1 || src[first] !== 0x30)) {
    if (places > 0) value /= powersOfTen[places] ?? Number.NaN;
    column.addFloat(b === 0x2d ? -value : value);
    lexer.p = p;
    return;
  }
  if (b === 0x2d || (b >= 0x30 && b <= 0x39)) longFloat(lexer, column, of);
  else {
    const exact = slow(lexer, column, of);
    if (typeof exact === 'number') column.addFloat(exact);
  }
}

/** Reads a float with more digits than the code above can handle. */
function longFloat(lexer: Lexer, column: Column, of: ReadContext): void {
  const from = lexer.p;
  lexer.skipNumber();
  const text = lexer.src.toString('latin1', from, lexer.p);
  const value = Number(text);
  if (Number.isFinite(value) && !isRoundedWhole('float64', text)) {
    column.addFloat(value);
    return;
  }
  lexer.p = from;
  throw unfit(lexer, column.type, of.name);
}

function readBool(lexer: Lexer, column: Column, of: ReadContext, b: number): void {
  if (b === 0x74 || b === 0x66) {
    lexer.skipWord(b === 0x74 ? words.true : words.false);
    column.addBool(b === 0x74);
  } else column.addBool(slow(lexer, column, of) === true);
}

function readText(lexer: Lexer, column: Column, of: ReadContext, b: number): void {
  const from = lexer.p;
  if (b === 0x22) {
    const { src } = lexer;
    const p = endOfPlain(lexer, from + 1);
    if (src[p] === 0x22) {
      column.addPlain(lexer, from + 1, p);
      lexer.p = p + 1;
    } else column.addText(lexer.text());
    return;
  }
  if (!of.loose) throw unfit(lexer, column.type, of.name);
  lexer.skipValue();
  column.addBytes(lexer.src, from, lexer.p);
}

/** Reads an uncommon value exactly as other readers of its type read the value. Throws a BadRecord that names the column. */
function slow(lexer: Lexer, column: Column, of: ReadContext): unknown {
  const b = lexer.src[lexer.p] ?? 0;
  if (b === 0x2d || (b >= 0x30 && b <= 0x39)) {
    const from = lexer.p;
    lexer.skipNumber();
    const isNone = column.type.kind === 'bool' || (of.asWritten && !lexer.isWhole);
    const value = isNone ? undefined : valueOfText(column.type, lexer.src.toString('latin1', from, lexer.p));
    if (value !== undefined) return value;
    lexer.p = from;
    throw unfit(lexer, column.type, of.name);
  }
  if (b !== 0x22 && b !== 0x7b && b !== 0x5b && b !== 0x74 && b !== 0x66) lexer.skipValue();
  if (b === 0x22 && of.loose) return scalarOf(lexer, column.type, true);
  throw unfit(lexer, column.type, of.name);
}
