/** Reads lines that are written like the line before them, with the same names and blanks. Kernels find the values of many such lines at a time. */

import type { Lexer } from '../bytes/json-lexer.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { areas, mostFields, mostLiteralBytes, mostLiterals } from '../kernels/layout.ts';
import { literal } from '../kernels/lines.ts';

/** The fewest equal lines for which the search pays. If lines differ from each other, the search costs more time than it saves, so more and more lines are skipped before the next search. */
const fewLines = 16;
const leastWait = 8;
const mostWait = 4096;

/** The kinds of values that may follow each name, from `accepts`. Undefined: kernels can’t read these values. */
export type NameAcceptor = (names: readonly string[]) => readonly number[] | undefined;

export class PlainLines {
  readonly kernels: Kernels;
  /** The names of the values in a line, in order. Empty: no line was read yet. */
  names: readonly string[] = [];
  readonly #accepting: NameAcceptor;
  #literals: readonly Buffer[] = [];
  #accepts: readonly number[] = [];
  /** Where the found lines end. `#isCut`: a line in another form follows them. */
  #end = 0;
  #isCut = false;
  /** How many lines are skipped before the next search. */
  #wait = 0;
  #longer = leastWait;

  constructor(kernels: Kernels, accepting: NameAcceptor) {
    this.kernels = kernels;
    this.#accepting = accepting;
  }

  /** Prepares the kernels’ memory again, because other code may have used it. */
  begin(): void {
    this.#wait = 0;
    this.#write();
  }

  /** How many lines from the lexer’s position on are written alike, up to `most`. The values of these lines are in the kernels’ areas. */
  find(lexer: Lexer, most: number): number {
    const { length } = this.names;
    if (this.#isWaiting() || length === 0) return 0;
    const capacity = Math.min(most, Math.floor(mostFields / length));
    this.#end = this.kernels.call.lines(lexer.p, lexer.end, length, capacity);
    const found = this.kernels.answer('rows');
    this.#isCut = found < capacity;
    return this.#isWorthIt(found, capacity) ? found : 0;
  }

  /** Skips lines that are written alike and have only values of these kinds. Returns the number of these lines. */
  passFamiliar(lexer: Lexer, kindsOf: (name: string) => number): number {
    const { length } = this.names;
    if (this.#isWaiting() || length === 0) return 0;
    for (const [index, name] of this.names.entries())
      this.kernels.bytes.writeUInt32LE(kindsOf(name), areas.literalPlaces + index * literal.bytes + literal.kinds);
    this.#end = this.kernels.call.familiar(lexer.p, lexer.end, length);
    const found = this.kernels.answer('rows');
    this.#isCut = this.#end < lexer.end;
    if (!this.#isWorthIt(found, this.#isCut ? fewLines : 0)) return 0;
    this.taken(lexer);
    return found;
  }

  #isWaiting(): boolean {
    if (this.#wait > 0) this.#wait--;
    return this.#wait > 0;
  }

  #isWorthIt(found: number, capacity: number): boolean {
    const isFew = found < Math.min(fewLines, capacity);
    if (isFew) this.#forget();
    else this.#longer = leastWait;
    return !isFew;
  }

  /** Called after the found lines were read. */
  taken(lexer: Lexer): void {
    lexer.p = this.#end;
    // A line that is written differently ended the found lines.
    if (this.#isCut) this.#wait = 2;
  }

  /** Called if the found lines must be read one by one. */
  pass(found: number): void {
    this.#wait = found + 1;
  }

  /** Learns the form of a line that is a record and begins at `start`, because the next lines may be written like it. */
  learn(lexer: Lexer, start: number): void {
    if (this.#wait > 1 || this.names.length > 0) return;
    const { p } = lexer;
    lexer.p = start;
    const names: string[] = [];
    const literals = literalsOf(lexer, names);
    lexer.p = p;
    const accepted = literals && this.#accepting(names);
    const bytes = literals?.reduce((sum, one) => sum + one.length, 0) ?? 0;
    if (!literals || !accepted || literals.length > mostLiterals || bytes > mostLiteralBytes) {
      this.#forget();
      return;
    }
    this.names = names;
    this.#literals = literals;
    this.#accepts = accepted;
    this.#write();
  }

  #forget(): void {
    this.names = [];
    this.#literals = [];
    this.#wait = this.#longer;
    this.#longer = Math.min(mostWait, this.#longer * 2);
  }

  #write(): void {
    const { bytes } = this.kernels;
    let at: number = areas.literals;
    for (const [index, one] of this.#literals.entries()) {
      const place = areas.literalPlaces + index * literal.bytes;
      const rest = one.length % 8;
      bytes.fill(0, at, at + one.length + 8);
      bytes.set(one, at);
      bytes.writeUInt32LE(at, place + literal.at);
      bytes.writeUInt32LE((one.length - rest) / 8, place + literal.words);
      bytes.writeBigUInt64LE((1n << BigInt(8 * rest)) - 1n, place + literal.mask);
      bytes.writeUInt32LE(rest, place + literal.rest);
      bytes.writeUInt32LE(one[0] ?? 0, place + literal.first);
      bytes.writeUInt32LE(this.#accepts[index] ?? 0, place + literal.accepts);
      at += one.length - rest + 8;
    }
  }
}

/** The bytes before each value of a record, and after the last value. Undefined: the record has nested values, or no values. */
function literalsOf(lexer: Lexer, names: string[]): readonly Buffer[] | undefined {
  const literals: Buffer[] = [];
  let from = lexer.p++;
  const cut = (): number => literals.push(Buffer.from(lexer.src.subarray(from, lexer.p)));
  if (lexer.space() === 0x7d) return undefined;
  do {
    lexer.space();
    names.push(lexer.text());
    lexer.take(0x3a, 'a colon');
    const b = lexer.space();
    if (b === 0x7b || b === 0x5b) return undefined;
    cut();
    lexer.skipValue();
    from = lexer.p;
  } while (lexer.more(0x7d));
  cut();
  return literals;
}
