/** Finds the values of JSON in lines that are all written alike. */
import { answers, areas, writable } from './layout.ts';
import { marks } from './texts.ts';
import { type Code, code, i32, i64, Label, type Local, run, v128, type WasmBuilder, when, whilst } from './wasm.ts';

/** The offsets of a literal’s fields in `areas.literalPlaces`, and the size of a literal there in bytes. */
export const literal = {
  bytes: 40,
  /** The position of the literal’s bytes. The bytes are compared in words of eight bytes, and then in a last word of which `mask` selects some bytes. */
  at: 0,
  words: 4,
  mask: 8,
  rest: 16,
  /** The first byte of the literal. */
  first: 20,
  /** The kinds that the value after the literal may have, as bits of `accepts`. */
  accepts: 24,
  /** The kinds of values that were seen after the literal, as bits of `kindBits`. */
  kinds: 28,
} as const;

export const accepts = { bare: 1, text: 2 } as const;

export const quote = 0x22;
const [backslash, newline, carriageReturn] = [0x5c, 0x0a, 0x0d];
export const wordNull = Buffer.from('null').readInt32LE(0);

/**
 * `lines(from, to, values, capacity)`: finds the values in lines that consist of the literals, with a value between each two literals. A
 * text is marked as quoted, and has no escapes. A null is an empty plain field. Stops before the first line in another form, and returns
 * where that line begins.
 */
export function defineLines(module: WasmBuilder): void {
  module.define({ name: 'lines', parameters: ['i32', 'i32', 'i32', 'i32'], result: 'i32' }, ([from, to, values, capacity], local) => {
    const of: LineOf = { p: local(), place: local(), left: local(), i: local(), mask: local(), vector: local('v128') };
    const [row, rowStart, at] = [local(), local(), local()];
    return emitLineLoop(of, {
      range: { from, to, values, row, rowStart },
      goesOn: i32.ltU(row, capacity),
      value: (stop) => [...passValue(of, at, stop), at.set(i32.add(at, 4))],
      done: [i32.store(writable.rowStarts, i32.mul(row, 4), rowStart)],
    });
  });
}

export interface LineOf {
  readonly p: Local;
  /** The address of the present literal in `areas.literalPlaces`. */
  readonly place: Local;
  /** The number of values that are still missing in the present line. */
  readonly left: Local;
  readonly i: Local;
  readonly mask: Local;
  readonly vector: Local;
}

interface LinesTo {
  readonly range: { readonly [K in 'from' | 'to' | 'values' | 'row' | 'rowStart']: Local };
  readonly goesOn: Code;
  /** Skips the value at `p`. Jumps to `stop` if the value has another form. */
  value(stop: Label): readonly Code[];
  /** The codes that run after each complete line, before the line is counted. */
  readonly done: readonly Code[];
}

/** Processes lines that match the literals. The result is where the first other line begins. The number of matching lines is in `answers.rows`. */
export function emitLineLoop(of: LineOf, { range: { from, to, values, row, rowStart }, goesOn, value, done }: LinesTo): readonly Code[] {
  const { p, place, left } = of;
  const [stop, whole, next] = [new Label(), new Label(), new Label()];
  return [
    p.set(from.get),
    rowStart.set(from.get),
    stop.around(
      whilst(
        i32.and(goesOn, i32.ltU(p, to)),
        place.set(code(areas.literalPlaces)),
        left.set(values.get),
        whole.around(
          next.again(
            ...passLiteral(of, stop),
            whole.leave(i32.eqz(left)),
            ...value(stop),
            place.set(i32.add(place, literal.bytes)),
            left.set(i32.sub(left, 1)),
            next.leave(),
          ),
        ),
        p.set(i32.add(p, i32.eq(i32.load8(p), carriageReturn))),
        stop.leave(i32.ne(i32.load8(p), newline)),
        p.set(i32.add(p, 1)),
        // The bytes after the text may look like a part of the text, so the position must not exceed `to`.
        stop.leave(i32.gtU(p, to)),
        ...done,
        rowStart.set(p.get),
        row.set(i32.add(row, 1)),
      ),
    ),
    i32.store(writable.answers, answers.rows, row),
    rowStart.get,
  ];
}

function passLiteral({ p, place, i, mask: words }: LineOf, stop: Label): readonly Code[] {
  return [
    i.set(i32.load(place, literal.at)),
    words.set(i32.load(place, literal.words)),
    whilst(words, stop.leave(i64.ne(i64.load(p), i64.load(i))), p.set(i32.add(p, 8)), i.set(i32.add(i, 8)), words.set(i32.sub(words, 1))),
    stop.leave(i64.ne(i64.and(i64.xor(i64.load(p), i64.load(i)), i64.load(place, literal.mask)), i64.const(0n))),
    p.set(i32.add(p, i32.load(place, literal.rest))),
  ];
}

function passValue(of: LineOf, at: Local, stop: Label): readonly Code[] {
  const { p, place, i, vector } = of;
  const may = (kind: number): Code => i32.and(i32.load(place, literal.accepts), kind);
  const field = (start: Code, end: Code, mark: number): Code =>
    run(i32.store(writable.starts, at, start), i32.store(writable.ends, at, end), i32.store8(writable.marks, i32.shrU(at, 2), mark));
  return [
    when(
      i32.eq(i32.load8(p), quote),
      [stop.leave(i32.eqz(may(accepts.text))), ...passText(of, stop), field(i32.add(p, 1), i.get, marks.quoted), p.set(i32.add(i, 1))],
      [
        i.set(p.get),
        ...findFirst(of, endsBare(vector, place)),
        stop.leave(i32.or(i32.eq(i, p), i32.ne(i32.load8(i), following(place)))),
        when(
          i32.and(i32.eq(i32.sub(i, p), 4), i32.eq(i32.load(p), wordNull)),
          [field(p.get, p.get, marks.plain)],
          [stop.leave(i32.eqz(may(accepts.bare))), field(p.get, i.get, marks.plain)],
        ),
        p.set(i.get),
      ],
    ),
  ];
}

/** The first byte after the value whose literal is at `place`. */
export const following = (place: Local): Code => i32.load(place, literal.bytes + literal.first);

/** A mask of the bytes of `vector` at which a value can end, if the value is not a text. */
export const endsBare = (vector: Local, place: Local): Code =>
  v128.or(v128.eq(vector, v128.splat(following(place))), v128.ltU(vector, v128.splat(0x21)));

/** Moves `i` from the quote at `p` to the quote that ends the text. Jumps to `stop` if the text has escapes, which other code reads. */
export function passText(of: LineOf, stop: Label): readonly Code[] {
  const { p, i, vector } = of;
  const isByte = (byte: number): Code => v128.eq(vector, v128.splat(byte));
  return [
    i.set(i32.add(p, 1)),
    ...findFirst(of, v128.or(v128.or(isByte(quote), isByte(backslash)), v128.ltU(vector, v128.splat(0x20)))),
    stop.leave(i32.ne(i32.load8(i), quote)),
  ];
}

/** Moves `i` to the first byte that `found` selects. Each line has such a byte, because its line feed is selected. */
function findFirst({ i, mask, vector }: LineOf, found: Code): readonly Code[] {
  const look = run(vector.set(v128.load(i)), mask.set(v128.bitmask(found)));
  return [look, whilst(i32.eqz(mask), i.set(i32.add(i, 16)), look), i.set(i32.add(i, i32.ctz(mask)))];
}
