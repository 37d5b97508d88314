/** How many columns text needs in a terminal, ignoring colours. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/**
 * Text whose characters each need one column: the Latin, Greek and Cyrillic scripts, punctuation, arrows, lines and marks. Other text needs the Unicode
 * data on emoji, whose loading takes a tenth of a short run.
 */
const oneColumnEach =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0373\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u203b\u2190-\u2193\u2500-\u257f\u2713\u2717]*$/;

function graphemesOf(text: string): readonly string[] {
  if (oneColumnEach.test(text)) return text.split('');
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

export function columns(text: string): number {
  const shown = text.includes('\x1b') ? stripVTControlCharacters(text) : text;
  return oneColumnEach.test(shown) ? shown.length : stringWidth(text);
}

/** `text` in at most `limit` columns; longer text is cut and ends in `…`. */
export function shorten(text: string, limit: number): string {
  if (columns(text) <= limit) return text;
  let kept = '';
  let used = 0;
  for (const grapheme of graphemesOf(text)) {
    const next = columns(grapheme);
    if (used + next > limit - 1) break;
    kept += grapheme;
    used += next;
  }
  return limit > 0 ? `${kept}…` : '';
}

/** A name or a path in at most `limit` columns. Its beginning and end are kept, because they distinguish names. */
export function shortenName(text: string, limit: number): string {
  if (columns(text) <= limit) return text;
  if (limit < 3) return shorten(text, limit);
  const [before, after] = [Math.ceil((limit - 1) / 2), Math.floor((limit - 1) / 2)];
  const backwards = graphemesOf(text).toReversed();
  let end = '';
  for (const segment of backwards) {
    if (columns(segment + end) > after) break;
    end = segment + end;
  }
  return shorten(text, before + 1) + end;
}

/** `text` in exactly `size` columns. */
export function pad(text: string, size: number): string {
  const fitted = shorten(text, size);
  return fitted + ' '.repeat(Math.max(0, size - columns(fitted)));
}

export function padStart(text: string, size: number): string {
  return ' '.repeat(Math.max(0, size - columns(text))) + text;
}

/** Spaces where a line may end. A line does not end between a number and its unit. */
const breaks = /(?<=\S)(?= )(?<!\d(?= (?:ms|s|m|h|bytes?|[kMG]B)\b))/;

/**
 * A line broken between words so that each piece fits. Later lines are indented to the text after a name or a label, such as `    try  Give …`. A word that
 * is longer than the line stays whole, next to its label. Each text of `whole`, such as a command, stays whole and begins a new line. If a command is
 * longer than a line, its lines end in a backslash, so that a shell joins them.
 */
export function wrap(line: string, limit: number, whole: RegExp | null = null): readonly string[] {
  if (columns(line) <= limit) return [line];
  const hanging = hangingIndent(stripVTControlCharacters(line), limit);
  const indent = ' '.repeat(hanging);
  const pieces: string[] = [];
  let piece = '';
  for (const { text, begins } of wordsOf(line, whole, limit - hanging)) {
    const isAfterLabel = columns(piece) < hanging && hanging + columns(text.trimStart()) > limit;
    if (piece !== '' && (begins || (!isAfterLabel && columns(piece + text) > limit))) {
      pieces.push(piece);
      piece = indent + text.trimStart();
    } else piece += text;
  }
  return [...pieces, piece];
}

/** Words that stay together on a line, with the spaces before them. */
interface Word {
  readonly text: string;
  /** Whether the words must begin a line. */
  readonly begins: boolean;
}

function wordsOf(line: string, whole: RegExp | null, room: number): readonly Word[] {
  const words: Word[] = [];
  const split = (text: string) => {
    if (text !== '') words.push(...text.split(breaks).map((word) => ({ text: word, begins: false })));
  };
  let from = 0;
  for (const { index, 0: found } of whole === null ? [] : line.matchAll(whole)) {
    // A whole text with its quotes and the punctuation after it.
    const start = index - (/\s*[^\s]*$/.exec(line.slice(from, index))?.[0].length ?? 0);
    const end = index + found.length + (/^\S*/.exec(line.slice(index + found.length))?.[0].length ?? 0);
    split(line.slice(from, start));
    words.push(...joinable(line.slice(start, end), room).map((text, nth) => ({ text, begins: nth > 0 })));
    from = end;
  }
  split(line.slice(from));
  return words;
}

/** A command in lines of at most `room` columns, which a shell joins; a longer word stays whole. */
function joinable(command: string, room: number): readonly string[] {
  if (columns(command.trimStart()) <= room) return [command];
  const lines: string[] = [];
  // An option stays on a line with its value.
  for (const [word] of command.matchAll(/\s*(?:--?[\w-]+ (?!-))?(?:'[^']*'|"[^"]*"|[^\s'"]|['"])+/g)) {
    const last = lines.at(-1);
    if (last !== undefined && columns(last.trimStart() + word) <= room - 2) lines[lines.length - 1] = last + word;
    else lines.push(last === undefined ? word : word.trimStart());
  }
  return lines.map((line, nth) => (nth < lines.length - 1 ? `${line} \\` : line));
}

/** Spaces outside of `code`. */
const proseSpace = /\s+(?=(?:[^`]*`[^`]*`)*[^`]*$)/;

/** Text in lines of at most `limit` columns, broken between words, but not inside `code` that fits on a line. A longer word stays whole. */
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

/** `text` after `start`. Later lines of `text` are indented to the column of its first line. */
export function hanging(text: string, start: string, limit: number): readonly string[] {
  const indent = ' '.repeat(columns(start));
  return filled(text, limit - columns(start)).map((line, nth) => `${nth === 0 ? start : indent}${line}`);
}

function hangingIndent(line: string, limit: number): number {
  const label = columns(/^ *\S+(?: \S+)* {2,}/.exec(line)?.[0] ?? '');
  return label > 0 && label <= limit / 2 ? label : (/^ */.exec(line)?.[0].length ?? 0) + 2;
}
