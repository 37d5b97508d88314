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
  /** Not wanted: only passed by. */
  readonly skipped: boolean;
  /** See `valueReader`. */
  readonly loose: boolean;
  /** A whole number written with a fraction or an exponent (1.0) is none: it may be the first of others. */
  readonly asWritten: boolean;
}

/** The schema of the wanted columns. */
export function decodedSchema(columns: readonly DecodedColumn[]): Schema {
  return schemaOf(columns.filter(({ skipped }) => !skipped));
}

/** A member of a record: a column, or an object whose members are columns (`flatten`). */
interface Slot {
  readonly written: WrittenName;
  readonly name: string;
  readonly column: Column | null;
  readonly read: ValueReader | null;
  readonly loose: boolean;
  readonly asWritten: boolean;
  readonly members: Members | null;
  /** The record it was last met in. */
  record: number;
  /** What mostly comes after it. */
  next: Slot | undefined;
}

interface Members {
  readonly byName: Map<string, Slot>;
  first: Slot | undefined;
}

/** Records → columns. A record is in all of them or, when it is bad, in none. */
export class Decoder {
  /** Whole records since the last `take`. */
  rows = 0;
  readonly schema: Schema;
  readonly #A: typeof Arrow;
  readonly #lexer: Lexer;
  readonly #columns: readonly Column[];
  readonly #wanted: readonly Column[];
  readonly #root: Members = { byName: new Map(), first: undefined };
  #record = 0;
  /** Columns that the record has. */
  #met = 0;
  /** For single values. */
  readonly #spares = new Map<Column, Column>();
  /** Some wait for `keep`. */
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

  /** One record, whose first byte is at the lexer's place. Throws BadRecord, and then is as it was before. */
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

  /** What kernels may take for values of these names; undefined: there are columns that are not for them. */
  accepting(names: readonly string[]): readonly number[] | undefined {
    const slots = names.map((name) => this.#root.byName.get(name));
    if (!this.#columns.every(isForKernels) || slots.some((slot) => !slot?.column)) return undefined;
    return slots.map((slot) => (slot?.column?.valuePath === valuePath.text ? accepts.text : accepts.bare));
  }

  /** All of the lines that were found, or none of them: then they are to be taken one by one. */
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

  /** A value in a form that kernels leave to others. Throws BadRecord. */
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

  /** After `record`: keeps it. */
  keep(): void {
    this.rows++;
    if (this.#met === this.#columns.length && !this.#hasCells) return;
    const { rows } = this;
    for (const column of this.#columns) {
      if (column.length < rows) column.addNull();
      if (column.valuePath === valuePath.cells) column.keep();
    }
  }

  /** After `record`: leaves it out. */
  undo(): void {
    for (const column of this.#columns) column.cutTo(this.rows);
  }

  /** The records so far, over buffers that the next record writes into: to be copied at once. */
  take(): Arrow.Table {
    const A = this.#A;
    const schema = arrowSchema(A, this.schema);
    const children = this.#wanted.map((column) => column.take());
    for (const column of this.#columns) if (column.valuePath === valuePath.skip) column.cutTo(0);
    const data = A.makeData({ type: new A.Struct(schema.fields), length: this.rows, nullCount: 0, children });
    this.rows = 0;
    return new A.Table(schema, new A.RecordBatch(schema, data));
  }

  /** After `take`, once its answer is copied. */
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
      // Mostly it is as it was: a read is cheaper than a write that the garbage collector has to hear of.
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

/** False: it is not of those that most data is. */
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

/** The values that most data is made of, from their bytes straight into a column. Each function answers nothing: the lexer is behind the value. */

const powersOfTen = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** So many digits any double holds. */
const safeDigits = 15;

/** What a value is read for. */
interface ReadContext {
  readonly name: string;
  /** See `valueReader`. */
  readonly loose: boolean;
  /** See `DecodedColumn`. */
  readonly asWritten: boolean;
}

/** @param b the byte at the lexer's place. */
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
  // Long ones, fractions, texts, and what is not a number at all.
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
  // Both are doubles exactly, so that the one division rounds once, as the nearest double is defined.
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

/** More digits than fit the way above. */
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

/** A value off the beaten track: exactly as every other reader of its type takes it, or a BadRecord that names the column. */
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
