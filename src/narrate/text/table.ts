import type { Palette } from './palette.ts';
import { columns, pad, padStart, shorten, shortenName } from './width.ts';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The width to which the column may be cut in a narrow table. Absent: the column stays whole. */
  readonly least?: number;
  /** Whether the cells are sentences, which are cut at their end. Other cells are names, which are cut in the middle. */
  readonly isProse?: boolean;
  /** The order in which columns are left out of a narrow table, the lowest number first. Absent: the column is never left out. */
  readonly leave?: number;
}

const gap = 2;

interface Laid {
  readonly at: number;
  readonly column: TableColumn;
  readonly width: number;
}

/**
 * A plain-text table with a quiet head and columns as wide as their cells. Empty columns are left out. To fit into `room` (columns of a terminal; null: no
 * limit), columns are first cut and then left out, where allowed.
 */
export function table(
  head: readonly TableColumn[],
  body: readonly (readonly string[])[],
  palette: Palette,
  room: number | null = null,
): readonly string[] {
  const natural = head.flatMap((column, at): Laid[] => {
    const cells = body.map((row) => row[at] ?? '');
    if (cells.every((cell) => cell === '')) return [];
    return [{ at, column, width: Math.max(columns(column.title), ...cells.map(columns)) }];
  });
  const laid = room === null ? natural : fitted(natural, room);
  const line = (cells: readonly string[]): string =>
    laid
      .map(({ at, column, width }) => {
        const text = (column.isProse ? shorten : shortenName)(cells[at] ?? '', width);
        return column.align === 'right' ? padStart(text, width) : pad(text, width);
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [palette.quiet(line(head.map((column) => column.title))), ...body.map(line)];
}

function fitted(laid: readonly Laid[], room: number): readonly Laid[] {
  const cut = narrowed(laid, room);
  if (total(cut) <= room) return cut;
  const next = laid.reduce<Laid | undefined>(
    (first, one) => (one.column.leave !== undefined && one.column.leave < (first?.column.leave ?? Number.POSITIVE_INFINITY) ? one : first),
    undefined,
  );
  return next === undefined
    ? cut
    : fitted(
        laid.filter((one) => one !== next),
        room,
      );
}

/** The widest columns that may be cut are narrowed first, to equal widths. */
function narrowed(laid: readonly Laid[], room: number): readonly Laid[] {
  const at = (cap: number): readonly Laid[] =>
    laid.map((one) => (one.column.least === undefined ? one : { ...one, width: Math.min(one.width, Math.max(one.column.least, cap)) }));
  let cap = Math.max(0, ...laid.map(({ width }) => width));
  while (cap > 1 && total(at(cap)) > room) cap -= 1;
  return at(cap);
}

function total(laid: readonly Laid[]): number {
  return laid.reduce((sum, { width }) => sum + width, gap * Math.max(0, laid.length - 1));
}
