import { isUtf8 } from 'node:buffer';
import { BadRecord, Lexer } from '../bytes/json-lexer.ts';
import { jsonError, notUtf8, recordTooLarge } from './errors.ts';
import { mostBadText, mostRecordBytes, type RecordSink } from './record-sink.ts';

const firstBytes = 1024 * 1024;
const [comma, opening, closing, brace, braceEnd] = [0x2c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Reads one JSON document from its beginning, in bounded memory. The document is an array of records, or a single record, or contains
 * records somewhere inside. Everything around the records is skipped.
 */
export class Document implements AsyncDisposable {
  readonly lexer = new Lexer(false);
  readonly #file: string;
  readonly #stream: AsyncGenerator<Uint8Array>;
  readonly #most: number;
  #bytes: Buffer = Buffer.alloc(firstBytes + 1);
  #taken = 0;
  #isEnd = false;
  #isText = true;
  /** The position in the file of the first byte in memory. */
  #offset = 0;
  /** Whether the sample ended before the document did. */
  isCut = false;

  /** @param most how many bytes of the document are read, for a sample. */
  constructor(file: string, stream: AsyncGenerator<Uint8Array>, most = Number.POSITIVE_INFINITY) {
    this.#file = file;
    this.#stream = stream;
    this.#most = most;
    this.lexer.load(this.#bytes, 0, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream.return(undefined);
  }

  /** Passes each record to the sink. Yields when the sink is full. */
  async *records(path: readonly string[], sink: RecordSink): AsyncGenerator<void> {
    try {
      await this.#begin();
      for (const name of path) await this.#enter(name, path);
      const b = await this.#byte();
      if (b !== opening && b !== brace) throw this.#nothingThere(path, this.lexer.unexpected('an array or an object').reason);
      if (b === opening) this.lexer.p++;
      yield* this.#items(sink, b === opening);
      for (const name of path.toReversed()) await this.#leave(name);
      if ((await this.#byte()) !== 0 || this.lexer.p < this.lexer.end) throw this.lexer.fail('more data follows the document');
    } catch (error) {
      if (error instanceof SampleIsFull) this.isCut = true;
      else throw error instanceof BadRecord ? this.#broken(error) : error;
    }
  }

  async #begin(): Promise<void> {
    await this.#more();
    const [a, b, c] = this.#bytes;
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
      throw notUtf8(this.#file, 'The file begins with the byte order mark of UTF-16.');
    if (a === 0xef && b === 0xbb && c === 0xbf) this.lexer.p = 3;
  }

  async *#items(sink: RecordSink, isArray: boolean): AsyncGenerator<void> {
    const { lexer } = this;
    if (isArray && (await this.#byte()) === closing) {
      lexer.p++;
      return;
    }
    for (let state = this.#inMemory(sink, isArray); state !== 'done'; state = this.#inMemory(sink, isArray)) {
      if (state === 'full') yield;
      else await this.#more();
    }
  }

  /** Reads all records that are in memory as a whole. */
  #inMemory(sink: RecordSink, isArray: boolean): 'full' | 'short' | 'done' {
    const { lexer } = this;
    for (;;) {
      lexer.space();
      const start = lexer.p;
      const bad = this.#record(sink);
      if (bad === 'short') return this.#again(start);
      let goesOn = false;
      try {
        if (isArray) goesOn = lexer.more(closing);
      } catch (error) {
        if (!bad) sink.undo();
        if (this.#isShort(error)) return this.#again(start);
        throw error;
      }
      const isFull = bad
        ? sink.bad({ reason: bad.reason, unfit: bad.unfit, offset: this.#offset + start, text: this.#textAt(start) })
        : sink.keep();
      if (!goesOn) return 'done';
      if (isFull) return 'full';
    }
  }

  /** Reads or skips one record. Returns the fault of a bad record. Throws if the end of the record can’t be found. */
  #record(sink: RecordSink): 'short' | BadRecord | undefined {
    const { lexer } = this;
    const start = lexer.p;
    let bad: BadRecord | undefined;
    try {
      if (!this.#isText) this.#mustBeText(start);
      sink.record(this.#offset + start);
      return undefined;
    } catch (error) {
      if (this.#isShort(error)) return 'short';
      if (!(error instanceof BadRecord)) throw error;
      bad = error;
    }
    try {
      lexer.p = start;
      lexer.skipValue();
      return bad;
    } catch (error) {
      if (this.#isShort(error)) return 'short';
      throw error;
    }
  }

  #mustBeText(start: number): void {
    const { lexer } = this;
    lexer.skipValue();
    if (!isUtf8(lexer.src.subarray(start, lexer.p))) throw new BadRecord('it is not UTF-8 text', start);
    lexer.p = start;
  }

  #textAt(start: number): string {
    return this.lexer.src.toString('utf8', start, Math.min(this.lexer.p, start + mostBadText)).replace(/\s*[,\]]\s*$/, '');
  }

  #again(start: number): 'short' {
    this.lexer.p = start;
    return 'short';
  }

  /** Whether the only fault is that more bytes of the document must be loaded. */
  #isShort(error: unknown): boolean {
    return error instanceof BadRecord && error.at >= this.lexer.end && !this.#isEnd;
  }

  /** Enters the member of this name, and skips the members before it. */
  async #enter(name: string, path: readonly string[]): Promise<void> {
    if ((await this.#byte()) !== brace) throw this.#nothingThere(path, `There is no object that ${JSON.stringify(name)} could be in.`);
    const met: string[] = [];
    for (let b = comma; b === comma; b = await this.#byte()) {
      this.lexer.p++;
      if (met.length === 0 && (await this.#byte()) === braceEnd) break;
      const found = await this.#name();
      if (found === name) return;
      if (met.length < 20) met.push(found);
      await this.#pass();
    }
    const names = met.length === 0 ? 'none' : met.map((one) => JSON.stringify(one.slice(0, 40))).join(', ');
    throw this.#nothingThere(path, `There is no ${JSON.stringify(name)}. There are: ${names}.`);
  }

  /** Skips the rest of the object that `#enter` entered. */
  async #leave(name: string): Promise<void> {
    for (;;) {
      await this.#byte();
      if (!(await this.#whole(() => this.lexer.more(braceEnd)))) return;
      // If the name occurs twice, no rule says which of the two members is meant.
      if ((await this.#name()) === name) throw this.lexer.fail(`the name ${JSON.stringify(name)} occurs twice`);
      await this.#pass();
    }
  }

  async #name(): Promise<string> {
    await this.#byte();
    const name = await this.#whole(() => {
      if (this.lexer.src[this.lexer.p] !== 0x22) throw this.lexer.unexpected('a name in quotes');
      return this.lexer.text();
    });
    await this.#byte();
    await this.#whole(() => this.lexer.take(0x3a, 'a colon'));
    return name;
  }

  /** Skips one value of any size. */
  async #pass(): Promise<void> {
    const { lexer } = this;
    const first = await this.#byte();
    if (first !== opening && first !== brace) return this.#whole(() => lexer.skipValue());
    let depth = 0;
    do {
      let b = lexer.space();
      if (lexer.p >= lexer.end) b = await this.#byte();
      if (b === 0x22) await this.#whole(() => lexer.skipString());
      else {
        if (lexer.p >= lexer.end) throw lexer.unexpected('the end of an object or array');
        if (b === opening || b === brace) depth++;
        if (b === closing || b === braceEnd) depth--;
        lexer.p++;
      }
    } while (depth > 0);
  }

  /** Reads one token. If bytes were missing, more bytes are loaded and the token is read again. */
  async #whole<T>(read: () => T): Promise<T> {
    for (;;) {
      const start = this.lexer.p;
      try {
        return read();
      } catch (error) {
        if (!this.#isShort(error)) throw error;
        this.lexer.p = start;
        await this.#more();
      }
    }
  }

  /** The next byte that is not white space. 0: the document ends here. */
  async #byte(): Promise<number> {
    for (;;) {
      const b = this.lexer.space();
      if (this.lexer.p < this.lexer.end || this.#isEnd) return b;
      await this.#more();
    }
  }

  /** Loads more bytes into memory. The bytes from the lexer’s position on stay before them. */
  async #more(): Promise<void> {
    const { lexer } = this;
    if (this.#taken >= this.#most) throw new SampleIsFull();
    const kept = lexer.end - lexer.p;
    if (kept > mostRecordBytes) throw recordTooLarge(this.#file, `the record at byte ${this.#offset + lexer.p}`);
    const next = await this.#stream.next();
    const piece = next.done ? Buffer.alloc(0) : next.value;
    if (next.done) this.#isEnd = true;
    const needed = kept + piece.length + 1;
    const bytes = needed <= this.#bytes.length ? this.#bytes : Buffer.alloc(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, lexer.p, lexer.end);
    bytes.set(piece, kept);
    bytes[kept + piece.length] = 0;
    this.#bytes = bytes;
    this.#offset += lexer.p;
    this.#taken += piece.length;
    lexer.load(bytes, 0, kept + piece.length);
    this.#isText = isUtf8(bytes.subarray(0, wholeCharacters(bytes, lexer.end)));
  }

  #nothingThere(path: readonly string[], why: string): Error {
    const name = this.#file;
    if (path.length > 0) return jsonError('HYG-3403', `${name} has no records at ${path.join('.')}.`, { why: [why] });
    return jsonError('HYG-3401', `${name} is not a JSON document of records.`, { why: [why] });
  }

  #broken(error: BadRecord): Error {
    const isMore = /^more data follows/.test(error.reason);
    return jsonError('HYG-3401', `${this.#file} is not one JSON document: ${error.reason}.`, {
      why: [`The problem is at byte ${this.#offset + error.at}.`],
      ...(isMore ? { tryThis: ['If each line is one object, say format: ndjson', 'Have the file written as one array'] } : {}),
    });
  }
}

/** Thrown to end the reading of a sample. */
class SampleIsFull extends Error {}

/** The position in `bytes` after the last whole character before `end`. */
function wholeCharacters(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const b = bytes[end - back] ?? 0;
    if (b >= 0xc0) return end - back;
    if (b < 0x80) break;
  }
  return end;
}
