import type { Palette } from '../../narrate/text/palette.ts';
import { lineFitter } from './line-fitter.ts';
import { paletteFor } from './output.ts';
import type { CommonFlags, Stream, Surroundings } from './surroundings.ts';

/** Makes lines for a stream. `room`: the number of columns of the terminal. Null: a pipe, whose width is unlimited. */
export type Lines = (palette: Palette, room: number | null) => readonly string[];

/** Prints the answer of a command that shows facts: lines for people, or one JSON object per line. */
export function printAnswer<T extends object>(
  surroundings: Surroundings,
  flags: CommonFlags,
  answer: {
    readonly rows: readonly T[];
    readonly lines: Lines;
    /** Whether the lines are data of other people, so that words in them are not treated as commands of hygge. */
    readonly verbatim?: true;
  },
): void {
  if (flags.output === 'json') {
    for (const row of answer.rows) surroundings.out.write(`${JSON.stringify(row)}\n`);
    return;
  }
  if (answer.verbatim) printAsIs(surroundings, flags, answer.lines);
  else printTo(surroundings.out, surroundings, flags, answer.lines);
}

export function printLines(surroundings: Surroundings, flags: CommonFlags, lines: Lines): void {
  const stream = flags.output === 'json' ? surroundings.err : surroundings.out;
  printTo(stream, surroundings, flags, lines);
}

function printAsIs(surroundings: Surroundings, flags: CommonFlags, lines: Lines): void {
  const { out } = surroundings;
  out.write(`${lines(paletteFor(out, surroundings, flags), roomOf(out)).join('\n')}\n`);
}

function roomOf(stream: Stream): number | null {
  return stream.terminal ? stream.size().columns : null;
}

function printTo(stream: Stream, surroundings: Surroundings, flags: CommonFlags, lines: Lines): void {
  const fitted = lineFitter(stream, flags)(lines(paletteFor(stream, surroundings, flags), roomOf(stream)));
  if (fitted.length > 0) stream.write(`${fitted.join('\n')}\n`);
}
