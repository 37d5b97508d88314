import type { Palette } from '../narrate/text/palette.ts';
import { columns, filled, hanging, pad } from '../narrate/text/width.ts';
import { cellsOf, inlineText, type Section } from './sections.ts';

/** A section for a terminal of `room` columns. Code stays unchanged, so that it can be copied. */
export function readableSection({ heading, level, body }: Section, palette: Palette, room: number): readonly string[] {
  const title = hanging(heading, `${'#'.repeat(level)} `, room).map(palette.strong);
  return [...title, '', ...blocksOf(body).flatMap((block) => withBlank(blockLines(block, palette, room)))];
}

function withBlank(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}

/** A code fence, which may also be inside a list item. */
const fence = /^\s*```/;

/** Blocks of lines between blank lines. A code fence is one block, including its blank lines. */
function blocksOf(body: string): readonly (readonly string[])[] {
  const blocks: string[][] = [];
  let begins = true;
  let fenced = false;
  for (const line of body.split('\n')) {
    const isFence = fence.test(line);
    if (!fenced && (begins || isFence)) blocks.push([]);
    if (fenced || line.trim() !== '') blocks.at(-1)?.push(line);
    begins = !fenced && line.trim() === '';
    if (isFence) {
      begins = fenced;
      fenced = !fenced;
    }
  }
  return blocks.filter(({ length }) => length > 0);
}

/** Pictures are left out with their captions, because a terminal shows no pictures. */
export const picture = /^!\[[^\]]*\]\([^)]*\)$/;

const itemStart = /^(\s*)(- |\d+\. )/;

function blockLines(block: readonly string[], palette: Palette, room: number): readonly string[] {
  const first = block[0] ?? '';
  if (fence.test(first)) return block.slice(1, -1).map((line) => `    ${line}`.trimEnd());
  if (block.every((line) => picture.test(line))) return [];
  if (first.startsWith('|')) return tableLines(block, palette, room);
  const texts: string[] = [];
  for (const line of block) {
    if (texts.length === 0 || itemStart.test(line)) texts.push(line);
    else texts.push(`${texts.pop()} ${line.trim()}`);
  }
  return texts.flatMap((text) => {
    const [start = ''] = itemStart.exec(text) ?? [];
    return hanging(inlineText(text.slice(start.length)), start, room);
  });
}

const gap = 2;

/** A table whose text wraps inside the cells. If a word is too long for its cell, each row becomes a list. */
function tableLines(block: readonly string[], palette: Palette, room: number): readonly string[] {
  const [head = [], ...rows] = block.filter((line) => !/^\|[\s:|-]+\|$/.test(line)).map((line) => cellsOf(line).map(inlineText));
  const widths = widthsOf([head, ...rows], room);
  if (widths === undefined) return rows.flatMap((row) => [...recordLines(head, row, room), '']).slice(0, -1);
  const line = (row: readonly string[]): readonly string[] => {
    const cells = widths.map((width, at) => filled(row[at] ?? '', width));
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, nth) =>
      cells
        .map((cell, at) => pad(cell[nth] ?? '', widths[at] ?? 0))
        .join(' '.repeat(gap))
        .trimEnd(),
    );
  };
  const body = rows.map(line);
  const isTall = body.some(({ length }) => length > 1);
  const titles = head.every((cell) => cell === '') ? [] : line(head).map(palette.quiet);
  return [...titles, ...body.flatMap((lines, nth) => (isTall && nth > 0 ? ['', ...lines] : lines))];
}

/** Column widths that fit, after the widest columns are narrowed; undefined: a word would be broken. */
function widthsOf(rows: readonly (readonly string[])[], room: number): readonly number[] | undefined {
  const count = Math.max(...rows.map(({ length }) => length));
  const cellsAt = (at: number) => rows.map((row) => row[at] ?? '');
  const least = Array.from({ length: count }, (_, at) => Math.max(...cellsAt(at).flatMap((cell) => cell.split(/\s+/).map(columns))));
  const widths = Array.from({ length: count }, (_, at) => Math.max(...cellsAt(at).map(columns)));
  const total = () => widths.reduce((sum, width) => sum + width, gap * (count - 1));
  while (total() > room) {
    const able = widths.map((width, at) => (width > (least[at] ?? 0) ? width : 0));
    const widest = able.indexOf(Math.max(...able));
    if ((able[widest] ?? 0) === 0) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function recordLines(head: readonly string[], row: readonly string[], room: number): readonly string[] {
  const [name = '', ...values] = row;
  const labelled = values.map((value, at) => (value === '' || !head[at + 1] ? value : `${head[at + 1]}: ${value}`));
  return [...filled(name, room), ...labelled.flatMap((text) => hanging(text, '  ', room))];
}

/** Plain text on at most `most` lines. Each line begins with two blanks. */
export function excerptLines(text: string, room: number, most = 2): readonly string[] {
  const lines = filled(text, room - 2);
  if (lines.length <= most) return lines.map((line) => `  ${line}`);
  const last = filled(`${lines[most - 1]}`, room - 3).at(0) ?? '';
  return [...lines.slice(0, most - 1), `${last}…`].map((line) => `  ${line}`);
}
