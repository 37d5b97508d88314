/** Skips lines of JSON that have the same form as earlier lines and contain nothing new. */
import { isPadded, minus, point, zero } from './digits.ts';
import { emitLineLoop, endsBare, following, type LineOf, literal, passText, quote, wordNull } from './lines.ts';
import { type Code, code, i32, type Label, type Local, select, v128, type WasmBuilder, when } from './wasm.ts';

/** The bits for the kinds of values. A value with `long` has `whole` as well. */
export const kindBits = { null: 1, bool: 2, whole: 4, long: 8, fraction: 32, text: 64 } as const;

const [wordTrue, wordFals] = [Buffer.from('true').readInt32LE(0), Buffer.from('fals').readInt32LE(0)];
const [letterE, nine] = [0x65, 0x39];

/**
 * `familiar(from, to, values)`: skips lines as `lines` does, as long as the kind of each value is among the `kinds` of its literal. Returns
 * where the first other line begins. A whole number of a length that a double may round is `long` as well, even if a double would hold this
 * number. A line is not familiar if the kernel can’t classify one of its values: a value with escapes, an exponent or more than 31 bytes.
 */
export function defineFamiliar(module: WasmBuilder): void {
  module.define({ name: 'familiar', parameters: ['i32', 'i32', 'i32'], result: 'i32' }, ([from, to, values], local) => {
    const of: LineOf = { p: local(), place: local(), left: local(), i: local(), mask: local(), vector: local('v128') };
    const { p, place, i } = of;
    const [row, rowStart] = [local(), local()];
    const bare: BareOf = { ...of, more: local('v128'), kind: local(), negative: local(), count: local(), other: local(), whole: local() };
    return emitLineLoop(of, {
      range: { from, to, values, row, rowStart },
      goesOn: code(1),
      value: (stop) => [
        when(
          i32.eq(i32.load8(p), quote),
          [stop.leave(i32.eqz(i32.and(i32.load(place, literal.kinds), kindBits.text))), ...passText(of, stop), p.set(i32.add(i, 1))],
          [
            ...findEnd(bare, stop),
            ...numberKind(bare),
            when(i32.eqz(bare.kind), [bare.kind.set(wordKind(bare))]),
            stop.leave(i32.eqz(bare.kind)),
            stop.leave(i32.ne(i32.and(bare.kind, i32.load(place, literal.kinds)), bare.kind)),
            p.set(i.get),
          ],
        ),
      ],
      done: [],
    });
  });
}

interface BareOf extends LineOf {
  /** The sixteen bytes after `vector`. */
  readonly more: Local;
  /** The kind of the value. Zero: the value can’t be classified. */
  readonly kind: Local;
  readonly negative: Local;
  /** The number of bytes of the value without its sign. */
  readonly count: Local;
  /** A bit for each byte of the value that is not a digit. */
  readonly other: Local;
  /** The number of digits before the point. */
  readonly whole: Local;
}

/** Moves `i` to the first byte after the value at `p`. */
function findEnd(of: BareOf, stop: Label): readonly Code[] {
  const { p, i, mask, vector, more, place } = of;
  return [
    vector.set(v128.load(p)),
    mask.set(v128.bitmask(endsBare(vector, place))),
    when(i32.eqz(mask), [more.set(v128.load(p, 16)), mask.set(i32.shl(v128.bitmask(endsBare(more, place)), 16))]),
    stop.leave(i32.eqz(mask)),
    i.set(i32.add(p, i32.ctz(mask))),
    stop.leave(i32.ne(i32.load8(i), following(place))),
  ];
}

function numberKind(of: BareOf): readonly Code[] {
  const { p, i, mask, kind, negative, count, other, whole } = of;
  const first = i32.add(p, negative);
  return [
    kind.set(code(0)),
    negative.set(i32.eq(i32.load8(p), minus)),
    count.set(i32.sub(i32.sub(i, p), negative)),
    ...notDigits(of),
    when(
      i32.eqz(other),
      [
        when(i32.and(isInt64(first, count), i32.eqz(isPadded(first, count))), [
          kind.set(select(isExact(first, count), kindBits.whole, kindBits.whole | kindBits.long)),
        ]),
      ],
      [
        mask.set(i32.ctz(other)),
        whole.set(i32.sub(mask, negative)),
        // A point is the only byte that is not a digit, and digits are on both sides of the point.
        when(
          i32.and(
            i32.and(i32.eq(i32.load8(i32.add(p, mask)), point), i32.eqz(i32.and(other, i32.sub(other, 1)))),
            i32.and(i32.and(i32.ne(whole, 0), i32.ltU(i32.add(whole, 1), count)), i32.eqz(isPadded(first, whole))),
          ),
          [kind.set(code(kindBits.fraction))],
        ),
      ],
    ),
  ];
}

const areDigits = (vector: Local): Code => v128.bitmask(v128.ltU(v128.sub(vector, v128.splat(zero)), v128.splat(10)));

/** Sets `other` for the bytes of the value itself, without the sign. */
function notDigits({ p, i, mask, vector, more, negative, other }: BareOf): readonly Code[] {
  const length = i32.sub(i, p);
  return [
    mask.set(areDigits(vector)),
    when(i32.gtU(length, 16), [mask.set(i32.or(mask, i32.shl(areDigits(more), 16)))]),
    other.set(i32.and(i32.xor(i32.sub(i32.shl(1, length), 1), negative), i32.xor(mask, -1))),
  ];
}

/** Whether a whole number is an int64. The number has up to 18 digits, or has 19 digits of which the first is below nine. */
const isInt64 = (first: Code, count: Local): Code => fits(first, count, 19);

/** Whether a double holds the whole number without rounding. The number has up to 15 digits, or has 16 digits of which the first is below nine. */
const isExact = (first: Code, count: Local): Code => fits(first, count, 16);

const fits = (first: Code, count: Local, most: number): Code =>
  i32.ltU(i32.sub(count, 1), select(i32.ltU(i32.load8(first), nine), most, most - 1));

function wordKind({ p, i }: BareOf): Code {
  const isWord = (length: number, word: number): Code => i32.and(i32.eq(i32.sub(i, p), length), i32.eq(i32.load(p), word));
  const isTruth = i32.or(isWord(4, wordTrue), i32.and(isWord(5, wordFals), i32.eq(i32.load8(p, 4), letterE)));
  return select(isWord(4, wordNull), kindBits.null, select(isTruth, kindBits.bool, 0));
}
