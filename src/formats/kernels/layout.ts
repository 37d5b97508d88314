/** The layout of the memory that kernels work in. The memory never grows, so views of it stay valid. */
import type { Area } from './wasm.ts';

/** The fields of one batch: few enough for their positions to stay in the processor’s cache, enough to make the cost of a batch negligible. */
export const mostFields = 64 * 1024;
/** Kernels don’t process longer stretches of text. */
export const mostText = 8 * 1024 * 1024;
/** The most literals between the values of a line, and the most bytes of all of them. */
export const mostLiterals = 4096;
export const mostLiteralBytes = 48 * 1024;
/** Kernels read whole words and vectors, and so beyond the end of their data. */
const slack = 64;

let end = 64;
const area = (bytes: number): number => {
  const start = end;
  end += Math.ceil((bytes + slack) / 64) * 64;
  return start;
};

export const areas = {
  /** Results of a kernel in addition to its return value, 32 bits each. */
  answers: area(64),
  /** 10^0 … 10^18 as 64-bit whole numbers, and 10^0 … 10^22 as float64. */
  powers: area(19 * 8),
  floatPowers: area(23 * 8),
  /** 5^-27 … 5^0, 128 bits each, the high half first. */
  fifths: area(28 * 16),
  /** The days before each month, and in each month, of a year without a leap day. */
  monthStarts: area(13 * 4),
  monthLengths: area(13 * 4),
  /** Each literal begins at a multiple of eight bytes. */
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
  /** The rows of the present column that are null, and the rows that are left to JavaScript. */
  nulls: area(mostFields * 4),
  odd: area(mostFields * 4),
  /** Values of the present column, up to 128 bits each. */
  values: area((mostFields + 1) * 16),
  texts: area(mostText),
  text: area(mostText),
} as const;

const writableFrom = (start: number, bytes: number): Area => ({ start, bytes });

/** The areas that kernels write to; never a text, a table or a literal. */
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
  // The last text is written in whole vectors too, so its area is larger.
  texts: writableFrom(areas.texts, mostText + 16),
} as const;

/** The memory's size in pages of 64 kB, the unit of WebAssembly. */
export const pages = Math.ceil(end / 65_536);

/** The positions in `answers`. */
export const answers = { rows: 0, odd: 4, used: 8 } as const;
