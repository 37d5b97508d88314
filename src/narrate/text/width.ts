/** Columns that text takes in a terminal, colours aside. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

export function columns(text: string): number {
  return stringWidth(text);
}

/** `text` in at most `limit` columns; what does not fit ends in `…`. */
export function shorten(text: string, limit: number): string {
  if (columns(text) <= limit) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = columns(segment);
    if (used + next > limit - 1) break;
    kept += segment;
    used += next;
  }
  return limit > 0 ? `${kept}…` : '';
}

/** `text` in exactly `size` columns. */
export function pad(text: string, size: number): string {
  const fitted = shorten(text, size);
  return fitted + ' '.repeat(Math.max(0, size - columns(fitted)));
}

export function padStart(text: string, size: number): string {
  return ' '.repeat(Math.max(0, size - columns(text))) + text;
}

/**
 * A line broken between words so that each piece fits. The later ones hang below the text that follows a name or a label
 * (`    try  Give …`), where there is one. A word that is too long stays whole, and beside its label.
 */
export function wrap(line: string, limit: number): readonly string[] {
  if (columns(line) <= limit) return [line];
  const hanging = hangingIndent(stripVTControlCharacters(line), limit);
  const indent = ' '.repeat(hanging);
  const pieces: string[] = [];
  let piece = '';
  for (const word of line.split(/(?<=\S)(?= )/)) {
    const isAfterLabel = columns(piece) < hanging && hanging + columns(word.trimStart()) > limit;
    if (piece !== '' && !isAfterLabel && columns(piece + word) > limit) {
      pieces.push(piece);
      piece = indent + word.trimStart();
    } else piece += word;
  }
  return [...pieces, piece];
}

/** Spaces outside of `code`. */
const proseSpace = /\s+(?=(?:[^`]*`[^`]*`)*[^`]*$)/;

/** Text in lines of at most `limit` columns, broken between words: not in `code` that fits on a line. A longer word stays whole. */
export function filled(text: string, limit: number): readonly string[] {
  const words = text.split(proseSpace).flatMap((word) => (columns(word) > limit ? word.split(/\s+/) : [word]));
  const lines: string[] = [];
  let line = '';
  for (const word of words.filter((one) => one !== '')) {
    if (line !== '' && columns(line) + 1 + columns(word) > limit) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** `text` behind `start`, its later lines below where it began. */
export function hanging(text: string, start: string, limit: number): readonly string[] {
  const indent = ' '.repeat(columns(start));
  return filled(text, limit - columns(start)).map((line, nth) => `${nth === 0 ? start : indent}${line}`);
}

function hangingIndent(line: string, limit: number): number {
  const label = columns(/^ *\S+(?: \S+)* {2,}/.exec(line)?.[0] ?? '');
  return label > 0 && label <= limit / 2 ? label : (/^ */.exec(line)?.[0].length ?? 0) + 2;
}
