import { BadRecord, type Lexer, words } from '../bytes/json-lexer.ts';
import { isDoubleText } from '../bytes/json-texts.ts';
import { endOfPlain, isAt, type WrittenName, written } from './member-name.ts';
import type { PlainLines } from './plain-lines.ts';
import { emptyShape, note, noteSize, type Shape, seen } from './shape.ts';

/** With more different names than this in one source, the names are data. */
export const mostNames = 20_000;

/** A member of records, and the member that followed it in the last record. Most records have the same members in the same order. */
interface Member {
  readonly written: WrittenName;
  readonly place: Place;
  next: Member | undefined;
}

/** The values that were seen at one path in the records, and the members and items inside them. */
interface Place {
  readonly shape: Shape;
  /** The members of the objects at this path. */
  readonly byName: Map<string, Member>;
  first: Member | undefined;
  /** The items of the arrays at this path. */
  items: Place | undefined;
}

function placeOf(shape: Shape): Place {
  return { shape, byName: new Map(), first: undefined, items: undefined };
}

/**
 * Scans records, and notes which values occur at which path. Only the shape is stored, so whole files can be scanned before they are read.
 */
export class ShapeScan {
  readonly root: Shape = emptyShape();
  records = 0;
  readonly #file: string;
  readonly #lexer: Lexer;
  readonly #top: Place;
  #names = 0;
  #offset = 0;

  constructor(file: string, lexer: Lexer) {
    this.#file = file;
    this.#lexer = lexer;
    this.#top = placeOf(this.root);
  }

  /** Scans one record, whose first byte is at the lexer’s position. Throws BadRecord. The values before the fault stay noted. */
  record(offset: number): void {
    const lexer = this.#lexer;
    if (lexer.src[lexer.p] !== 0x7b) throw lexer.fail('a record is not an object');
    this.#offset = offset;
    this.#object(this.#top, 0);
    this.records++;
  }

  /** Skips lines without new kinds of values. Returns the number of skipped lines. */
  passFamiliar(lines: PlainLines): number {
    const { fields } = this.root;
    const passed = lines.passFamiliar(this.#lexer, (name) => fields?.get(name)?.kinds ?? 0);
    this.records += passed;
    return passed;
  }

  #value(place: Place, depth: number): void {
    const lexer = this.#lexer;
    const { shape } = place;
    const b = lexer.src[lexer.p] ?? 0;
    if (b === 0x22) {
      lexer.skipString();
      this.#note(shape, seen.text);
    } else if (b === 0x7b) {
      this.#note(shape, seen.object);
      this.#object(place, depth);
    } else if (b === 0x5b) {
      this.#note(shape, seen.array);
      this.#array(place, depth);
    } else if (b === 0x6e) {
      lexer.skipWord(words.null);
      this.#note(shape, seen.null);
    } else if (b === 0x74 || b === 0x66) {
      lexer.skipWord(b === 0x74 ? words.true : words.false);
      this.#note(shape, seen.bool);
    } else this.#number(shape);
  }

  #note(shape: Shape, kind: number): void {
    if ((shape.kinds & kind) === 0) note(shape, kind, { file: this.#file, offset: this.#offset });
  }

  #number(shape: Shape): void {
    const lexer = this.#lexer;
    const from = lexer.p;
    lexer.skipNumber();
    const length = lexer.p - from;
    if (!lexer.isWhole) this.#note(shape, seen.fraction);
    else if (length <= 15) this.#note(shape, seen.whole);
    else {
      const text = lexer.src.toString('latin1', from, lexer.p);
      const value = BigInt(text);
      const isBeyond = BigInt.asIntN(64, value) !== value;
      if (isBeyond) shape.digits = Math.max(shape.digits, text.replace('-', '').length);
      this.#note(shape, isBeyond ? seen.beyond : seen.whole);
      if (!isDoubleText(text)) this.#note(shape, seen.long);
    }
  }

  #array(place: Place, depth: number): void {
    const lexer = this.#lexer;
    const inside = lexer.deeper(depth);
    lexer.p++;
    place.shape.items ??= emptyShape();
    place.items ??= placeOf(place.shape.items);
    if (lexer.space() === 0x5d) {
      lexer.p++;
      return;
    }
    do {
      lexer.space();
      this.#value(place.items, inside);
    } while (lexer.more(0x5d));
  }

  #object(place: Place, depth: number): void {
    const lexer = this.#lexer;
    const inside = lexer.deeper(depth);
    const { src } = lexer;
    place.shape.fields ??= new Map();
    lexer.p++;
    if (lexer.space() === 0x7d) {
      lexer.p++;
      noteSize(place.shape, 0);
      return;
    }
    let guess = place.first;
    let before: Member | undefined;
    for (let members = 1; ; members++) {
      const member = this.#member(place, guess);
      if (before === undefined) place.first = member;
      else if (before.next !== member) before.next = member;
      if (src[lexer.p] === 0x3a) lexer.p++;
      else lexer.take(0x3a, 'a colon');
      const end = passPlain(member.place.shape, lexer);
      if (end > 0) lexer.p = end;
      else {
        lexer.space();
        this.#value(member.place, inside);
      }
      before = member;
      guess = member.next;
      const b = src[lexer.p];
      if (b === 0x2c) lexer.p++;
      else if (b === 0x7d || !lexer.more(0x7d)) {
        if (b === 0x7d) lexer.p++;
        noteSize(place.shape, members);
        return;
      }
    }
  }

  #member(place: Place, guess: Member | undefined): Member {
    const lexer = this.#lexer;
    if (lexer.src[lexer.p] !== 0x22 && lexer.space() !== 0x22) throw lexer.unexpected('a name in quotes');
    if (guess && isAt(lexer, guess.written)) {
      lexer.p += guess.written.length;
      return guess;
    }
    const name = lexer.text();
    const known = place.byName.get(name);
    if (known) return known;
    if (++this.#names > mostNames) throw new TooManyNames(name, lexer.p);
    const shape = emptyShape();
    place.shape.fields?.set(name, shape);
    const member: Member = { written: written(name), place: placeOf(shape), next: undefined };
    place.byName.set(name, member);
    return member;
  }
}

/** Skips a text without escapes or a short number, if a value of the same kind was seen at this path before. Returns the end of the value. 0: the value is another one. */
function passPlain({ kinds }: Shape, lexer: Lexer): number {
  const { src } = lexer;
  let { p } = lexer;
  let b = src[p] as number;
  if (b === 0x22) {
    if ((kinds & seen.text) === 0) return 0;
    p = endOfPlain(lexer, p + 1);
    return src[p] === 0x22 ? p + 1 : 0;
  }
  if (b === 0x2d) b = src[++p] as number;
  const first = p;
  if (b === 0x30) b = src[++p] as number;
  else while (b >= 0x30 && b <= 0x39) b = src[++p] as number;
  const whole = p - first;
  if (whole === 0 || whole > 15) return 0;
  if (b !== 0x2e) return (b === 0x2c || b === 0x7d) && (kinds & seen.whole) !== 0 ? p : 0;
  const point = p;
  do b = src[++p] as number;
  while (b >= 0x30 && b <= 0x39);
  return p > point + 1 && (b === 0x2c || b === 0x7d) && (kinds & seen.fraction) !== 0 ? p : 0;
}

/** Thrown if the names of members are data, such as in `{"by_user": {"4711": …}}`. Such members would become an unlimited number of columns. */
export class TooManyNames extends BadRecord {
  constructor(name: string, at: number) {
    super(`there are more than ${mostNames} different names; one of them is ${JSON.stringify(name.slice(0, 40))}`, at);
  }
}
