import type { Cell } from '../../frames/cell.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { BadRecord, type Lexer, words } from './json-lexer.ts';
import { valueOfText } from './json-texts.ts';

/** Reads one value that is not null. The first byte of the value is at the lexer’s position. Throws BadRecord for values that the type can’t hold exactly. */
export type ValueReader = (lexer: Lexer, depth: number) => Cell;

/** @param loose accepts numbers that are written as texts, and texts that are written as numbers. Set if the type was declared, or mixed values settle as text. */
export function valueReader(type: DataType, loose: boolean): ValueReader {
  if (type.kind === 'list') return listReader(type.item, loose);
  if (type.kind === 'struct') return structReader(type.fields, loose);
  if (type.kind === 'json') return rawText;
  if (type.kind === 'string') return loose ? looseText : strictText;
  if (type.kind === 'bool') return (lexer) => boolOf(lexer, type, loose);
  return (lexer) => scalarOf(lexer, type, loose || writtenAsText(type));
}

/** Whether JSON has no number or word for values of the type, so that every writer writes them as texts. */
function writtenAsText({ kind }: DataType): boolean {
  return /^(date|time|timestamp|duration|uuid|binary|decimal)$/.test(kind);
}

function rawText(lexer: Lexer): string {
  const from = lexer.p;
  lexer.skipValue();
  return lexer.src.toString('utf8', from, lexer.p);
}

function strictText(lexer: Lexer): string {
  if (lexer.src[lexer.p] !== 0x22) throw unfit(lexer, { kind: 'string' });
  return lexer.text();
}

function looseText(lexer: Lexer): string {
  return lexer.src[lexer.p] === 0x22 ? lexer.text() : rawText(lexer);
}

function boolOf(lexer: Lexer, type: DataType, loose: boolean): Cell {
  const b = lexer.src[lexer.p];
  if (b === 0x74 || b === 0x66) {
    lexer.skipWord(b === 0x74 ? words.true : words.false);
    return b === 0x74;
  }
  return scalarOf(lexer, type, loose);
}

/** Reads a number, or with `textToo` the text of a number. */
export function scalarOf(lexer: Lexer, type: DataType, textToo: boolean): Cell {
  const from = lexer.p;
  const b = lexer.src[from] ?? 0;
  if (b === 0x22) {
    const value = textToo ? valueOfText(type, lexer.text()) : undefined;
    if (value !== undefined) return value;
  } else if (b === 0x2d || (b >= 0x30 && b <= 0x39)) {
    lexer.skipNumber();
    const value = isNumeric(type) ? valueOfText(type, lexer.src.toString('latin1', from, lexer.p)) : undefined;
    if (value !== undefined) return value;
  } else lexer.skipValue();
  lexer.p = from;
  throw unfit(lexer, type);
}

function isNumeric({ kind }: DataType): boolean {
  return /^(u?int\d+|float\d+|decimal)$/.test(kind);
}

function listReader(item: DataType, loose: boolean): ValueReader {
  const read = nullable(valueReader(item, loose));
  return (lexer, depth) => {
    if (lexer.src[lexer.p] !== 0x5b) throw unfit(lexer, { kind: 'list', item });
    const inside = lexer.deeper(depth);
    const items: Cell[] = [];
    lexer.p++;
    if (lexer.space() === 0x5d) {
      lexer.p++;
      return items;
    }
    do {
      lexer.space();
      items.push(read(lexer, inside));
    } while (lexer.more(0x5d));
    return items;
  };
}

function structReader(fields: (DataType & { readonly kind: 'struct' })['fields'], loose: boolean): ValueReader {
  const byName = new Map(fields.map((field, i) => [field.name, { i, read: nullable(valueReader(field.type, loose)) }]));
  return (lexer, depth) => {
    if (lexer.src[lexer.p] !== 0x7b) throw unfit(lexer, { kind: 'struct', fields });
    const inside = lexer.deeper(depth);
    const cells: Cell[] = fields.map(() => null);
    const met = new Set<number>();
    lexer.p++;
    if (lexer.space() === 0x7d) {
      lexer.p++;
      return cells;
    }
    do {
      if (lexer.space() !== 0x22) throw lexer.unexpected('a name in quotes');
      const name = lexer.text();
      const field = byName.get(name);
      if (!field) throw unknownName(lexer, name);
      if (met.has(field.i)) throw twice(lexer, name);
      met.add(field.i);
      lexer.take(0x3a, 'a colon');
      lexer.space();
      cells[field.i] = field.read(lexer, inside);
    } while (lexer.more(0x7d));
    return cells;
  };
}

function nullable(read: ValueReader): ValueReader {
  return (lexer, depth) => {
    if (lexer.src[lexer.p] !== 0x6e) return read(lexer, depth);
    lexer.skipWord(words.null);
    return null;
  };
}

/** The error for a value at the lexer’s position that does not fit the type. The error shows the value’s text, shortened. */
export function unfit(lexer: Lexer, type: DataType, column?: string): BadRecord {
  const where = column === undefined ? '' : `column ${column}: `;
  return new BadRecord(`${where}${shortValue(lexer)} is not ${describeShort(type)}`, lexer.p, 'kind');
}

/** Reads a value of a column. If any part of the value is bad, the error names this column. */
export function namingColumn<T>(column: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadRecord ? new BadRecord(`column ${column}: ${error.reason}`, error.at, error.unfit) : error;
  }
}

function describeShort(type: DataType): string {
  const text = describeType(type);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

function shortValue(lexer: Lexer): string {
  const text = lexer.src.toString('utf8', lexer.p, Math.min(lexer.end, lexer.p + 80)).split(/[\r\n]/)[0] ?? '';
  const value = /^(?:"(?:[^"\\]|\\.)*"|[^\s,\]}]+)/.exec(text)?.[0] ?? text;
  return value.length <= 40 ? value : `${value.slice(0, 39)}…`;
}

export function unknownName(lexer: Lexer, name: string): BadRecord {
  const reason = `the name ${JSON.stringify(name.slice(0, 40))} is not among the names that this entity was planned with`;
  return new BadRecord(reason, lexer.p, 'name');
}

export function twice(lexer: Lexer, name: string): BadRecord {
  return lexer.fail(`the name ${JSON.stringify(name.slice(0, 40))} occurs twice`);
}
