/** The values that most data is made of, from their bytes straight into a column. Each function answers nothing: the lexer is behind the value. */
import type { Column } from './column.ts';
import type { Lexer } from './lexer.ts';
import { words } from './lexer.ts';
import { isDoubleText, valueOfText } from './text-values.ts';
import { scalarOf, unfit } from './values.ts';
import { endOfPlain } from './written.ts';

const powersOfTen = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** So many digits any double holds. */
const safeDigits = 15;

/** What a value is read for. */
export interface Reading {
  readonly name: string;
  /** See `valueReader`. */
  readonly loose: boolean;
  /** See `DecodedColumn`. */
  readonly asWritten: boolean;
}

/** @param b the byte at the lexer's place. */
export function readInt64(lexer: Lexer, column: Column, of: Reading, b: number): void {
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
  // Long ones, fractions, texts, and what is no number at all.
  const exact = slow(lexer, column, of);
  if (typeof exact === 'bigint') column.addLong(exact);
}

export function readFloat64(lexer: Lexer, column: Column, of: Reading, b: number): void {
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
function longFloat(lexer: Lexer, column: Column, of: Reading): void {
  const from = lexer.p;
  lexer.skipNumber();
  const text = lexer.src.toString('latin1', from, lexer.p);
  const value = Number(text);
  if (Number.isFinite(value) && (!lexer.isWhole || text.length <= safeDigits || isDoubleText(text))) {
    column.addFloat(value);
    return;
  }
  lexer.p = from;
  throw unfit(lexer, column.type, of.name);
}

export function readBool(lexer: Lexer, column: Column, of: Reading, b: number): void {
  if (b === 0x74 || b === 0x66) {
    lexer.skipWord(b === 0x74 ? words.true : words.false);
    column.addBool(b === 0x74);
  } else column.addBool(slow(lexer, column, of) === true);
}

export function readText(lexer: Lexer, column: Column, of: Reading, b: number): void {
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
function slow(lexer: Lexer, column: Column, of: Reading): unknown {
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
