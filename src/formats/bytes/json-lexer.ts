/** Thrown for a record that is not JSON, or whose value does not fit its type. No user sees this error itself: the reader turns it into another error or into a rejected row. */
export class BadRecord extends Error {
  /** The reason, as one sentence without a full stop. */
  readonly reason: string;
  /** The position of the fault in the bytes. */
  readonly at: number;
  /** Set if the record is JSON, but has a name or a kind of value that the plan does not know. */
  readonly unfit: 'name' | 'kind' | undefined;

  constructor(reason: string, at: number, unfit?: 'name' | 'kind') {
    super(reason);
    this.reason = reason;
    this.at = at;
    this.unfit = unfit;
  }
}

const deepest = 256;

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const point = 0x2e;
const newline = 0x0a;

/**
 * Reads JSON tokens from bytes. The byte at `end` must be 0, which no token contains. A token that is cut off therefore ends at the 0, so
 * loops need not check where the bytes end. The lexer checks each skipped byte once.
 */
export class Lexer {
  src: Buffer = Buffer.alloc(1);
  /** A view of the loaded bytes. */
  view: DataView = new DataView(new ArrayBuffer(1));
  /** The position of the next byte. */
  p = 0;
  end = 0;
  /** After `skipNumber`: whether the number has neither a fraction nor an exponent. */
  isWhole = true;
  /** Whether each line is one record, so that a record ends with its line. */
  readonly #lines: boolean;

  constructor(lines: boolean) {
    this.#lines = lines;
  }

  /** `bytes[end]` must be 0. */
  load(bytes: Buffer, from: number, end: number): void {
    this.src = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.p = from;
    this.end = end;
  }

  /** Skips white space, and returns the first byte after the white space. */
  space(): number {
    const { src } = this;
    let { p } = this;
    let b = src[p] ?? 0;
    while (b === 0x20 || b === 0x09 || b === 0x0d || (b === newline && !this.#lines)) b = src[++p] ?? 0;
    this.p = p;
    return b;
  }

  fail(reason: string): BadRecord {
    return new BadRecord(reason, this.p);
  }

  unexpected(wanted: string): BadRecord {
    const b = this.src[this.p] ?? 0;
    if (this.p >= this.end || (b === newline && this.#lines)) return this.fail(`it ends where ${wanted} should be`);
    const found = b > 0x20 && b < 0x7f ? `“${String.fromCharCode(b)}”` : `byte ${b}`;
    return this.fail(`${found} where ${wanted} should be`);
  }

  /** Skips white space and then the byte `byte`, which must follow. */
  take(byte: number, wanted: string): void {
    if (this.space() !== byte) throw this.unexpected(wanted);
    this.p++;
  }

  /** Skips a string. Returns whether the string is free of escapes. */
  skipString(): boolean {
    const { src } = this;
    let p = this.p + 1;
    let plain = true;
    for (;;) {
      const b = src[p] as number;
      if (b === quote) break;
      if (b === backslash) {
        plain = false;
        p = this.#skipEscape(p);
      } else if (!(b >= 0x20)) {
        this.p = p;
        throw this.unexpected('the end of a string');
      } else p++;
    }
    this.p = p + 1;
    return plain;
  }

  /** `p` is at the backslash. Returns where the escape ends. Half of a surrogate pair is refused, because it is not text. */
  #skipEscape(p: number): number {
    const b = this.src[p + 1] ?? 0;
    this.p = p;
    if (b !== 0x75) {
      if (isEscape(b)) return p + 2;
      this.p = p + 1;
      throw this.unexpected('the rest of an escape');
    }
    const unit = this.#hex(p + 2);
    if (unit >= 0xdc00 && unit <= 0xdfff) throw this.fail('half a surrogate pair (\\ud800 to \\udfff) is not a character');
    if (unit < 0xd800 || unit > 0xdbff) return p + 6;
    this.p = p + 6;
    const low = this.src[p + 6] === backslash && this.src[p + 7] === 0x75 ? this.#hex(p + 8) : 0;
    this.p = Math.min(p + 8, this.end);
    if (low < 0xdc00 || low > 0xdfff) throw this.fail('half a surrogate pair (\\ud800 to \\udfff) is not a character');
    return p + 12;
  }

  #hex(from: number): number {
    let value = 0;
    for (let i = from; i < from + 4; i++) {
      const digit = hexDigit(this.src[i] ?? 0);
      if (digit < 0) {
        this.p = i;
        throw this.unexpected('a hexadecimal digit');
      }
      value = value * 16 + digit;
    }
    return value;
  }

  /** The text of the string at `p`. */
  text(): string {
    const from = this.p;
    const plain = this.skipString();
    return plain ? this.src.toString('utf8', from + 1, this.p - 1) : (JSON.parse(this.src.toString('utf8', from, this.p)) as string);
  }

  /** Skips a number. Afterwards, `isWhole` says whether the number is whole. */
  skipNumber(): void {
    const { src } = this;
    let { p } = this;
    let b = src[p] ?? 0;
    if (b === minus) b = src[++p] ?? 0;
    const first = p;
    while (b >= 0x30 && b <= 0x39) b = src[++p] as number;
    this.p = p;
    if (p === first) throw this.#noNumber();
    if (src[first] === 0x30 && p > first + 1) throw this.fail('a number begins with 0');
    this.isWhole = b !== point && b !== 0x65 && b !== 0x45;
    if (!this.isWhole) this.#skipFraction(b);
    // More digits of the number may follow in bytes that are not loaded yet.
    if (this.p >= this.end) throw this.unexpected('the rest of a number');
  }

  #skipFraction(first: number): void {
    let b = first;
    if (b === point) {
      this.p++;
      b = this.#digits();
    }
    if (b !== 0x65 && b !== 0x45) return;
    this.p++;
    b = this.src[this.p] ?? 0;
    if (b === minus || b === 0x2b) this.p++;
    this.#digits();
  }

  #digits(): number {
    const { src } = this;
    let { p } = this;
    const from = p;
    let b = src[p] ?? 0;
    while (b >= 0x30 && b <= 0x39) b = src[++p] as number;
    this.p = p;
    if (p === from) throw this.unexpected('a digit');
    return b;
  }

  #noNumber(): BadRecord {
    const word = /^(?:NaN|Infinity|undefined|None|nan|inf)\b/.exec(
      this.src.toString('latin1', this.p, Math.min(this.p + 10, this.end)),
    )?.[0];
    return word === undefined ? this.unexpected('a value') : this.fail(`${word} is not JSON`);
  }

  /** Skips `true`, `false` or `null`, whose first byte is at `p`. */
  skipWord(word: Buffer): void {
    const { src, p } = this;
    for (let i = 1; i < word.length; i++) {
      if (src[p + i] === word[i]) continue;
      this.p = p + i;
      throw this.unexpected(`the rest of ${word.toString('latin1')}`);
    }
    this.p = p + word.length;
  }

  /** Skips any value, whose first byte is at `p`. An object may repeat a name. */
  skipValue(depth = 0): void {
    const b = this.src[this.p] ?? 0;
    if (b === quote) this.skipString();
    else if (b === 0x7b) this.#skipObject(depth);
    else if (b === 0x5b) this.#skipArray(depth);
    else if (b === 0x6e) this.skipWord(words.null);
    else if (b === 0x74) this.skipWord(words.true);
    else if (b === 0x66) this.skipWord(words.false);
    else this.skipNumber();
  }

  /** Limits how deep values are nested, because each level needs a part of the stack. */
  deeper(depth: number): number {
    if (depth >= deepest) throw this.fail(`values are nested deeper than ${deepest} levels`);
    return depth + 1;
  }

  #skipObject(depth: number): void {
    const inside = this.deeper(depth);
    this.p++;
    if (this.space() === 0x7d) {
      this.p++;
      return;
    }
    for (;;) {
      if (this.space() !== quote) throw this.unexpected('a name in quotes');
      this.skipString();
      this.take(0x3a, 'a colon');
      this.space();
      this.skipValue(inside);
      if (!this.more(0x7d)) return;
    }
  }

  #skipArray(depth: number): void {
    const inside = this.deeper(depth);
    this.p++;
    if (this.space() === 0x5d) {
      this.p++;
      return;
    }
    do {
      this.space();
      this.skipValue(inside);
    } while (this.more(0x5d));
  }

  /** Skips a comma or the closing byte. Returns true for a comma. */
  more(closing: number): boolean {
    const b = this.space();
    if (b !== 0x2c && b !== closing) throw this.unexpected(closing === 0x7d ? 'a comma or “}”' : 'a comma or “]”');
    this.p++;
    return b === 0x2c;
  }
}

export const words = { null: Buffer.from('null'), true: Buffer.from('true'), false: Buffer.from('false') } as const;

function isEscape(b: number): boolean {
  return b === quote || b === backslash || b === 0x2f || b === 0x62 || b === 0x66 || b === 0x6e || b === 0x72 || b === 0x74;
}

function hexDigit(b: number): number {
  if (b >= 0x30 && b <= 0x39) return b - 0x30;
  const letter = b | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
