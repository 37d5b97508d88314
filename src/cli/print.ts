import type { Palette } from '../narrate/palette.ts';
import { paletteFor } from './output.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

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
  const lines = answer.lines(paletteFor(surroundings.out, surroundings, flags));
  if (lines.length > 0) surroundings.out.write(`${lines.join('\n')}\n`);
}

export function printLines(surroundings: Surroundings, flags: CommonFlags, lines: (palette: Palette) => readonly string[]): void {
  const stream = flags.output === 'json' ? surroundings.err : surroundings.out;
  stream.write(`${lines(paletteFor(stream, surroundings, flags)).join('\n')}\n`);
}
