/** Where the values of JSON lie in lines that are all written alike, and what kinds they are. */
import { type Digits, isPadded, minus, point } from './digits.ts';
import { answers, areas } from './layout.ts';
import { marks } from './texts.ts';
import { type Code, code, i32, i64, Label, type Local, run, select, v128, type WasmModule, when, whilst } from './wasm.ts';

/** A literal as the kernel wants it, in `areas.literalPlaces`: so many bytes each. */
export const literal = {
  bytes: 40,
  /** Where it lies, in whole words of eight bytes and a rest of which `mask` tells the bytes. */
  at: 0,
  words: 4,
  mask: 8,
  rest: 16,
  /** Its first byte. */
  first: 20,
  /** What the value behind it may be, of `accepts`. */
  accepts: 24,
} as const;

export const accepts = { bare: 1, text: 2 } as const;

const [quote, backslash, newline, carriageReturn] = [0x22, 0x5c, 0x0a, 0x0d];
const wordNull = Buffer.from('null').readInt32LE(0);
const wordTrue = Buffer.from('true').readInt32LE(0);
const wordFals = Buffer.from('fals').readInt32LE(0);

/**
 * `lines(from, to, values, capacity)`: places of the values in lines that consist of the literals with a value behind each but the last. A text is
 * marked as quoted and has no escapes; null is an empty plain field. Stops before a line that is written otherwise; answers where it begins.
 */
export function defineLines(module: WasmModule): void {
  module.define({ name: 'lines', parameters: ['i32', 'i32', 'i32', 'i32'], result: 'i32' }, ([from, to, values, capacity], local) => {
    const of: LineOf = { p: local(), at: local(), place: local(), left: local(), i: local(), mask: local(), vector: local('v128') };
    const { p, at, place, left } = of;
    const [row, rowStart] = [local(), local()];
    const [stop, whole, next] = [new Label(), new Label(), new Label()];
    return [
      p.set(from.get),
      rowStart.set(from.get),
      stop.around(
        whilst(
          i32.and(i32.ltU(row, capacity), i32.ltU(p, to)),
          place.set(code(areas.literalPlaces)),
          left.set(values.get),
          whole.around(
            next.again(
              ...passLiteral(of, stop),
              whole.leave(i32.eqz(left)),
              ...passValue(of, stop),
              at.set(i32.add(at, 4)),
              place.set(i32.add(place, literal.bytes)),
              left.set(i32.sub(left, 1)),
              next.leave(),
            ),
          ),
          p.set(i32.add(p, i32.eq(i32.load8(p), carriageReturn))),
          stop.leave(i32.ne(i32.load8(p), newline)),
          p.set(i32.add(p, 1)),
          i32.store(i32.mul(row, 4), rowStart, areas.rowStarts),
          rowStart.set(p.get),
          row.set(i32.add(row, 1)),
        ),
      ),
      i32.store(areas.answers, row, answers.rows),
      rowStart.get,
    ];
  });
}

interface LineOf {
  readonly p: Local;
  readonly at: Local;
  readonly place: Local;
  readonly left: Local;
  readonly i: Local;
  readonly mask: Local;
  readonly vector: Local;
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

function passValue(of: LineOf, stop: Label): readonly Code[] {
  const { p, at, place, i, vector } = of;
  const may = (kind: number): Code => i32.and(i32.load(place, literal.accepts), kind);
  const isByte = (byte: Code | number): Code => v128.eq(vector, v128.splat(byte));
  const field = (start: Code, end: Code, mark: number): Code =>
    run(i32.store(at, start, areas.starts), i32.store(at, end, areas.ends), i32.store8(i32.shrU(at, 2), mark, areas.marks));
  const following = i32.load(place, literal.bytes + literal.first);
  return [
    when(
      i32.eq(i32.load8(p), quote),
      [
        stop.leave(i32.eqz(may(accepts.text))),
        i.set(i32.add(p, 1)),
        ...findFirst(of, v128.or(v128.or(isByte(quote), isByte(backslash)), v128.ltU(vector, v128.splat(0x20)))),
        stop.leave(i32.ne(i32.load8(i), quote)),
        field(i32.add(p, 1), i.get, marks.quoted),
        p.set(i32.add(i, 1)),
      ],
      [
        i.set(p.get),
        ...findFirst(of, v128.or(isByte(following), v128.ltU(vector, v128.splat(0x21)))),
        stop.leave(i32.or(i32.eq(i, p), i32.ne(i32.load8(i), following))),
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

/** Moves `i` on to the first byte that `found` tells; every line has one, its end. */
function findFirst({ i, mask, vector }: LineOf, found: Code): readonly Code[] {
  const look = run(vector.set(v128.load(i)), mask.set(v128.bitmask(found)));
  return [look, whilst(i32.eqz(mask), i.set(i32.add(i, 16)), look), i.set(i32.add(i, i32.ctz(mask)))];
}

/** What `kinds` answers. */
export const kindBits = { null: 1, bool: 2, whole: 4, long: 8, fraction: 32, text: 64, /** Anything else. */ other: 512 } as const;

/**
 * `kinds(first, stride, rows)`: the kinds of values in a column, all of them together. A whole number of 16 to 18 digits is told as `long` as
 * well, whether a double would lose some of them or not.
 */
export function defineKinds(module: WasmModule, digits: Digits): void {
  module.define({ name: 'kinds', parameters: ['i32', 'i32', 'i32'], result: 'i32' }, ([first, stride, rows], local) => {
    const [row, at, start, end, all] = [local(), local(), local(), local(), local()];
    const number = numberKind(digits, { start, end }, local);
    const isWord = (length: number, word: number): Code => i32.and(i32.eq(i32.sub(end, start), length), i32.eq(i32.load(start), word));
    const isTruth = i32.or(isWord(4, wordTrue), i32.and(isWord(5, wordFals), i32.eq(i32.load8(start, 4), 0x65)));
    const add = (kind: Code): Code => all.set(i32.or(all, kind));
    return [
      at.set(first.get),
      whilst(
        i32.ltU(row, rows),
        start.set(i32.load(i32.mul(at, 4), areas.starts)),
        end.set(i32.load(i32.mul(at, 4), areas.ends)),
        when(
          i32.eq(i32.load8(at, areas.marks), marks.quoted),
          [add(code(kindBits.text))],
          [
            when(
              i32.eq(start, end),
              [add(code(kindBits.null))],
              [when(isTruth, [add(code(kindBits.bool))], [...number.codes, add(number.kind.get)])],
            ),
          ],
        ),
        row.set(i32.add(row, 1)),
        at.set(i32.add(at, stride)),
      ),
      all.get,
    ];
  });
}

type Place = { readonly start: Local; readonly end: Local };

function numberKind(digits: Digits, { start, end }: Place, local: () => Local): { readonly kind: Local; readonly codes: readonly Code[] } {
  const [kind, begin, count, whole, fraction, mask] = [local(), local(), local(), local(), local(), local()];
  const few = (length: Local): Code => i32.leU(i32.sub(length, 1), 17);
  const areNumbers = (behind: Code, length: Local): Code => i64.geS(digits(behind, length), i64.const(0n));
  const codes = [
    kind.set(code(kindBits.other)),
    begin.set(i32.add(start, i32.eq(i32.load8(start), minus))),
    count.set(i32.sub(end, begin)),
    mask.set(v128.bitmask(v128.eq(v128.load(begin), v128.splat(point)))),
    whole.set(select(mask, i32.ctz(mask), count)),
    when(
      i32.geU(whole, count),
      [
        when(i32.and(few(count), i32.eqz(isPadded(begin, count))), [
          when(areNumbers(end.get, count), [kind.set(select(i32.gtU(count, 15), i32.or(kindBits.whole, kindBits.long), kindBits.whole))]),
        ]),
      ],
      [
        fraction.set(i32.sub(i32.sub(count, whole), 1)),
        when(i32.and(i32.and(few(whole), few(fraction)), i32.eqz(isPadded(begin, whole))), [
          when(i32.and(areNumbers(i32.add(begin, whole), whole), areNumbers(end.get, fraction)), [kind.set(code(kindBits.fraction))]),
        ]),
      ],
    ),
  ];
  return { kind, codes };
}
