/** The layout of the memory that kernels work in. The memory never grows, so views of the memory stay valid. */
import type { Area } from './wasm.ts';

/** The most fields of one batch. Their positions stay in the processor’s cache, and the cost of a batch is negligible. */
export const mostFields = 64 * 1024;
/** The most bytes of text that kernels process at a time. */
export const mostText = 8 * 1024 * 1024;
/** The most literals between the values of a line. The next constant: the most bytes of all literals together. */
export const mostLiterals = 4096;
export const mostLiteralBytes = 48 * 1024;
/** Extra bytes after each area, because kernels read whole words and vectors, and so read beyond the end of their data. */
const slack = 64;

let end = 64;
const area = (bytes: number): number => {
  const start = end;
  end += Math.ceil((bytes + slack) / 64) * 64;
  return start;
};

export const areas = {
  /** The results of a kernel besides its return value, 32 bits each. */
  answers: area(64),
  /** 10^0 … 10^18 as whole numbers of 64 bits. The next area: 10^0 … 10^22 as float64. */
  powers: area(19 * 8),
  floatPowers: area(23 * 8),
  /** 5^-27 … 5^0, 128 bits each, with the high half first. */
  fifths: area(28 * 16),
  /** For each month of a year without a leap day, the number of days before the month. The next area: the number of days in the month. */
  monthStarts: area(13 * 4),
  monthLengths: area(13 * 4),
  /** The bytes of all literals. Each literal begins at a multiple of eight bytes. */
  literals: area(mostLiteralBytes + mostLiterals * 8),
  /** For each literal, the fields that `literal` in `lines.ts` describes. */
  literalPlaces: area(mostLiterals * 40),
  /** The positions at which fields begin, row by row. The next areas also have an item for each field. */
  starts: area(mostFields * 4),
  ends: area(mostFields * 4),
  marks: area(mostFields),
  /** The positions at which rows begin, one for each row. */
  rowStarts: area(mostFields * 4),
  rowEnds: area(mostFields * 4),
  /** The rows of the present column that are null. The next area: the rows that are left to JavaScript. */
  nulls: area(mostFields * 4),
  odd: area(mostFields * 4),
  /** The values of the present column, up to 128 bits each. */
  values: area((mostFields + 1) * 16),
  texts: area(mostText),
  text: area(mostText),
} as const;

const writableFrom = (start: number, bytes: number): Area => ({ start, bytes });

/** The areas that kernels write to. Texts, tables and literals are in other areas. */
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
  // The texts are written in whole vectors, and the last vector may exceed the text, so this area has 16 bytes more.
  texts: writableFrom(areas.texts, mostText + 16),
} as const;

/** The memory’s size in pages of 64 kB, because WebAssembly counts memory in such pages. */
export const pages = Math.ceil(end / 65_536);

/** The positions of the results in `areas.answers`. */
export const answers = { rows: 0, odd: 4, used: 8 } as const;
