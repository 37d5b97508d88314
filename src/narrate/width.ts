/** Columns that text takes in a terminal. Approximate where terminals differ among themselves (emoji with joiners). */

const nothing = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Those that are pictures without being asked: ✅, ⏳, ⭐; ✓ and ✗ are signs. */
const emoji = /\p{Emoji_Presentation}/u;

const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (nothing.test(character)) return 0;
  return emoji.test(character) || wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

export function columns(text: string): number {
  let total = 0;
  for (const character of text) total += columnsOf(character);
  return total;
}

/** `text` in at most `limit` columns; what does not fit ends in `…`. */
export function shorten(text: string, limit: number): string {
  if (columns(text) <= limit) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    const next = columnsOf(character);
    if (used + next > limit - 1) break;
    kept += character;
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no columns
const colourCode = /\u001b\[\d+m/g;

/** Columns of text that may hold colours. */
export function columnsColoured(text: string): number {
  return columns(text.replace(colourCode, ''));
}

/**
 * A line broken between words so that each piece fits. The later ones hang below the text that follows a name or a label
 * (`    try  Give …`), where there is one. A word that is too long stays whole.
 */
export function wrap(line: string, limit: number): readonly string[] {
  if (columnsColoured(line) <= limit) return [line];
  const indent = ' '.repeat(hang(line.replace(colourCode, ''), limit));
  const pieces: string[] = [];
  let piece = '';
  for (const word of line.split(/(?<=\S)(?= )/)) {
    if (piece !== '' && columnsColoured(piece + word) > limit) {
      pieces.push(piece);
      piece = indent + word.trimStart();
    } else piece += word;
  }
  return [...pieces, piece];
}

function hang(line: string, limit: number): number {
  const label = columns(/^ *\S+(?: \S+)* {2,}/.exec(line)?.[0] ?? '');
  return label > 0 && label <= limit / 2 ? label : (/^ */.exec(line)?.[0].length ?? 0) + 2;
}
