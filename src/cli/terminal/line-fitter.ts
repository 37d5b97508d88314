import { asTyped, commandText } from '../../narrate/text/as-typed.ts';
import { visible } from '../../narrate/text/visible.ts';
import { wrap } from '../../narrate/text/width.ts';
import type { CommonFlags, Stream } from './surroundings.ts';

/** Lines that must not be wrapped. Below a quoted line of a file, a caret marks a position. Editors recognize the location of an error only in a whole line. */
const unbroken = /^ *\d* │ |^\S.*:\d+:\d+ {2}HYG-\d{4}$/;

export type Fit = (lines: readonly string[]) => readonly string[];

/** Fits lines to the terminal, and changes commands in them to the form that works in this folder. Lines are wrapped between words, but not inside a command. */
export function lineFitter(stream: Stream, flags: Pick<CommonFlags, 'directory' | 'target' | 'writesTarget'>): Fit {
  const { directory, target, writesTarget } = flags;
  const shown = (text: string | undefined) => (text === undefined ? null : visible(text));
  const typing = { directory: shown(directory), target: writesTarget ? null : shown(target) };
  return (lines) =>
    lines.flatMap((line) => {
      const typed = asTyped(line, typing);
      return stream.terminal && !unbroken.test(typed) ? wrap(typed, stream.size().columns, commandText) : [typed];
    });
}
