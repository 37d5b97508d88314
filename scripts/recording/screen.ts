/** A stretch of a line in one style. */
export interface Stretch {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  /** The name of one of the terminal's own colours; undefined: that of plain text. */
  readonly colour: Colour | undefined;
}

export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

type Style = Omit<Stretch, 'text'>;
type Cell = Style & { readonly character: string };

const plain: Style = { bold: false, dim: false, colour: undefined };
const colours: Readonly<Record<number, Colour>> = { 31: 'red', 32: 'green', 33: 'yellow', 34: 'blue', 35: 'magenta', 36: 'cyan' };

/**
 * What is on a terminal after a program has written `output` into it, line by line: redrawn lines are there once. Knows what hygge uses:
 * new line, carriage return, cursor up, erase below, and styles. Throws an `Error` on any other control sequence.
 */
export function screenAfter(output: string): readonly (readonly Stretch[])[] {
  const rows: Cell[][] = [[]];
  let [row, column] = [0, 0];
  let style = plain;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal reads them
  for (const [token, codes, kind] of output.matchAll(/\u001b\[([\d;]*)([A-Za-z])|[\s\S]/gu)) {
    if (kind === 'A') row = Math.max(0, row - Number(codes || 1));
    else if (kind === 'J') {
      rows.length = row + 1;
      rows[row] = rows[row]?.slice(0, column) ?? [];
    } else if (kind === 'm') style = (codes || '0').split(';').map(Number).reduce(styled, style);
    else if (kind !== undefined || token === '\u001b') throw new Error(`The screen knows no ${JSON.stringify(token)}.`);
    else if (token === '\r') column = 0;
    else if (token === '\n') {
      row += 1;
      rows[row] ??= [];
    } else {
      const line = rows[row] ?? [];
      rows[row] = line;
      while (line.length < column) line.push({ ...plain, character: ' ' });
      line[column] = { ...style, character: token };
      column += 1;
    }
  }
  return rows.map(stretches);
}

function styled(style: Style, code: number): Style {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  const colour = colours[code];
  if (colour === undefined) throw new Error(`The screen knows no style ${code}.`);
  return { ...style, colour };
}

function stretches(cells: readonly Cell[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const { character, ...style } of cells) {
    const last = found.at(-1);
    if (last !== undefined && last.bold === style.bold && last.dim === style.dim && last.colour === style.colour)
      found[found.length - 1] = { ...last, text: last.text + character };
    else found.push({ ...style, text: character });
  }
  return found;
}
