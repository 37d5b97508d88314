import type { Palette } from '../narrate/palette.ts';
import { fitting } from './fitting.ts';
import { paletteFor } from './output.ts';
import type { CommonFlags, Stream, Surroundings } from './surroundings.ts';

/** Answers of commands that look something up: lines for people, or one JSON object a line. */
export function printAnswer<T extends object>(
  surroundings: Surroundings,
  flags: CommonFlags,
  answer: { readonly rows: readonly T[]; readonly lines: (palette: Palette) => readonly string[] },
): void {
  if (flags.output === 'json') {
    for (const row of answer.rows) surroundings.out.write(`${JSON.stringify(row)}\n`);
    return;
  }
  printTo(surroundings.out, surroundings, flags, answer.lines);
}

export function printLines(surroundings: Surroundings, flags: CommonFlags, lines: (palette: Palette) => readonly string[]): void {
  const stream = flags.output === 'json' ? surroundings.err : surroundings.out;
  printTo(stream, surroundings, flags, lines);
}

function printTo(stream: Stream, surroundings: Surroundings, flags: CommonFlags, lines: (palette: Palette) => readonly string[]): void {
  const fitted = fitting(stream, surroundings, flags)(lines(paletteFor(stream, surroundings, flags)));
  if (fitted.length > 0) stream.write(`${fitted.join('\n')}\n`);
}
