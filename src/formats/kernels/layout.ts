/** Where everything is in the memory that kernels work in. It never grows: views of it stay good. */
import type { Area } from './wasm.ts';

/** Fields of one go: few enough for their places to stay near the processor, enough to make nothing of what a go costs. */
export const mostFields = 64 * 1024;
/** Longer stretches of text are not for kernels. */
export const mostText = 8 * 1024 * 1024;
/** Literals between the values of a line, and their bytes together. */
export const mostLiterals = 4096;
export const mostLiteralBytes = 48 * 1024;
/** Kernels look at whole words and vectors, and so behind the end of what they are about. */
const slack = 64;

let end = 64;
const area = (bytes: number): number => {
  const start = end;
  end += Math.ceil((bytes + slack) / 64) * 64;
  return start;
};

export const areas = {
  /** What a kernel answers beside its result, 32 bits each. */
  answers: area(64),
  /** 10^0 … 10^18 as 64-bit whole numbers, and 10^0 … 10^22 as float64. */
  powers: area(19 * 8),
  floatPowers: area(23 * 8),
  /** 5^-27 … 5^0, 128 bits each, the high half first. */
  fifths: area(28 * 16),
  /** Days before each month, and in it; of a year without a leap day. */
  monthStarts: area(13 * 4),
  monthLengths: area(13 * 4),
  /** Each begins at a multiple of eight bytes. */
  literals: area(mostLiteralBytes + mostLiterals * 8),
  /** See `literal` in `lines.ts`. */
  literalPlaces: area(mostLiterals * 40),
  /** Per field, row by row. */
  starts: area(mostFields * 4),
  ends: area(mostFields * 4),
  marks: area(mostFields),
  /** Per row. */
  rowStarts: area(mostFields * 4),
  rowEnds: area(mostFields * 4),
  /** The rows of the present column that are null, and the rows that JavaScript has to look at. */
  nulls: area(mostFields * 4),
  odd: area(mostFields * 4),
  /** Values of the column at hand, up to 128 bits each. */
  values: area((mostFields + 1) * 16),
  texts: area(mostText),
  text: area(mostText),
} as const;

const writableFrom = (start: number, bytes: number): Area => ({ start, bytes });

/** The areas that kernels write to; never to a text, a table or a literal. */
export const writable = {
  answers: writableFrom(areas.answers, 64),
  starts: writableFrom(areas.starts, mostFields * 4),
  ends: writableFrom(areas.ends, mostFields * 4),
  marks: writableFrom(areas.marks, mostFields),
  rowStarts: writableFrom(areas.rowStarts, mostFields * 4),
  rowEnds: writableFrom(areas.rowEnds, mostFields * 4),
  nulls: writableFrom(areas.nulls, mostFields * 4),
  odd: writableFrom(areas.odd, mostFields * 4),
  values: writableFrom(areas.values, (mostFields + 1) * 16),
  // The last text is written in whole vectors too.
  texts: writableFrom(areas.texts, mostText + 16),
} as const;

/** The memory's size in pages of 64 kB, the unit of WebAssembly. */
export const pages = Math.ceil(end / 65_536);

/** In `answers`. */
export const answers = { rows: 0, odd: 4, used: 8 } as const;
