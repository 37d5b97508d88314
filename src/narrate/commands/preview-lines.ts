import { count, counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { visible } from '../text/visible.ts';
import { columns as columnsOf, pad, padStart, shorten, wrap } from '../text/width.ts';

export interface PreviewColumn {
  readonly name: string;
  /** The type in one line: `timestamp[us, UTC]`. */
  readonly type: string;
  readonly align: 'left' | 'right';
  /** Whether the column keeps its full width, even if later columns then have no room. */
  readonly isWhole?: boolean;
}

export interface PreviewCell {
  /** One line with printable text only. */
  readonly text: string;
  readonly isNull: boolean;
}

export interface Preview {
  readonly name: string;
  readonly from: string;
  readonly columns: readonly PreviewColumn[];
  readonly rows: readonly (readonly PreviewCell[])[];
  readonly total: { readonly n: number; readonly exact: boolean } | undefined;
  /** How many rows were requested. */
  readonly limit: number;
  readonly rejected: number;
}

export interface PreviewFit {
  readonly palette: Palette;
  /** The width of the terminal in columns; null: unlimited, because the output is a pipe. */
  readonly width: number | null;
  /** True: columns that do not fit are shown in further tables. False: only their names are listed. */
  readonly all: boolean;
}

const widestCell = 40;
const narrowestCell = 12;
const gap = 2;

/** Rows as a table, with types under the names. Values that do not fit end in `…`; columns without room are listed below. */
export function previewLines(preview: Preview, fit: PreviewFit): readonly string[] {
  const { palette } = fit;
  const title = `${palette.strong(preview.name)} ${palette.quiet('from')} ${visible(preview.from)}`;
  const prose = (lines: readonly string[]): readonly string[] =>
    fit.width === null ? lines : lines.flatMap((line) => wrap(line, fit.width ?? 0));
  if (preview.columns.length === 0)
    return [...prose([title, '', 'There is nothing to read, and without rows this home does not show its columns.'])];
  const widths = preview.columns.map((column, at) => wanted(column, preview.rows, at));
  const wholes = preview.columns.map(({ isWhole = false }) => isWhole);
  const groups = grouped(widths, wholes, fit.width);
  const shown = fit.all ? groups : groups.slice(0, 1);
  const tables = shown.flatMap((group) => ['', ...tableLines(preview, group, palette)]);
  const hidden = preview.columns.slice(shown.reduce((sum, group) => sum + group.length, 0));
  return [...prose([title]), ...tables, ...prose([...hiddenLines(hidden, palette), '', closing(preview)])];
}

/** One column of a table, with its width. */
interface Slot {
  readonly at: number;
  readonly width: number;
  readonly isWhole: boolean;
}

function wanted(column: PreviewColumn, rows: Preview['rows'], at: number): number {
  const texts = [visible(column.name), visible(column.type), ...rows.map((row) => row[at]?.text ?? '')];
  return Math.min(widestCell, Math.max(1, ...texts.map(columnsOf)));
}

/** The columns that fit side by side. Wide columns are narrowed before a column is left out. */
function grouped(widths: readonly number[], wholes: readonly boolean[], room: number | null): readonly (readonly Slot[])[] {
  const isWhole = (at: number): boolean => wholes[at] === true;
  if (room === null) return [widths.map((width, at) => ({ at, width, isWhole: isWhole(at) }))];
  const groups: Slot[][] = [];
  let group: Slot[] = [];
  let least = 0;
  for (const [at, width] of widths.entries()) {
    const floor = Math.min(width, isWhole(at) ? room : narrowestCell);
    if (group.length > 0 && least + gap + floor > room) {
      groups.push(squeezed(group, room));
      group = [];
      least = 0;
    }
    least += floor + (group.length > 0 ? gap : 0);
    group.push({ at, width: Math.min(width, room), isWhole: isWhole(at) });
  }
  return [...groups, squeezed(group, room)];
}

/** The widest columns are narrowed first, to equal widths. */
function squeezed(group: readonly Slot[], room: number): Slot[] {
  const available = room - gap * (group.length - 1);
  let cap = widestCell;
  const narrowed = (slot: Slot): number => (slot.isWhole ? slot.width : Math.min(slot.width, cap));
  const total = (): number => group.reduce((sum, slot) => sum + narrowed(slot), 0);
  while (cap > 1 && total() > available) cap -= 1;
  return group.map((slot) => ({ ...slot, width: narrowed(slot) }));
}

function tableLines(preview: Preview, slots: readonly Slot[], palette: Palette): readonly string[] {
  const line = (text: (slot: Slot, column: PreviewColumn) => string): string =>
    slots
      .map((slot) => text(slot, preview.columns[slot.at] ?? missing))
      .join(' '.repeat(gap))
      .trimEnd();
  return [
    line((slot, column) => palette.strong(aligned(visible(column.name), slot, column))),
    line((slot, column) => palette.quiet(aligned(visible(column.type), slot, column))),
    ...preview.rows.map((row) =>
      line((slot, column) => {
        const cell = row[slot.at];
        const text = aligned(cell?.text ?? '', slot, column);
        return cell?.isNull ? palette.quiet(text) : text;
      }),
    ),
  ];
}

const missing: PreviewColumn = { name: '', type: '', align: 'left' };

function aligned(text: string, { width }: Slot, { align }: PreviewColumn): string {
  return align === 'right' ? padStart(shorten(text, width), width) : pad(text, width);
}

const namedAtMost = 20;

function hiddenLines(hidden: readonly PreviewColumn[], palette: Palette): readonly string[] {
  if (hidden.length === 0) return [];
  const named = hidden.slice(0, namedAtMost).map((column) => `${visible(column.name)} ${palette.quiet(visible(column.type))}`);
  const more = hidden.length - named.length;
  return [
    '',
    `and ${counted(hidden.length, 'column')} more (-v shows all): ${named.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`,
  ];
}

function closing({ rows, total, limit, rejected }: Preview): string {
  const isAll = total?.exact === true && total.n === rows.length;
  const amount =
    rows.length < limit || isAll
      ? rows.length === 0
        ? 'No rows.'
        : rows.length === 1
          ? 'One row.'
          : `All ${counted(rows.length, 'row')}.`
      : total === undefined || total.n < rows.length
        ? `The first ${counted(rows.length, 'row')}.`
        : `${count(rows.length)} of ${total.exact ? '' : '~'}${counted(total.n, 'row')}.`;
  const bad = rejected === 0 ? '' : ` ${counted(rejected, 'row')} on the way cannot be read.`;
  return `${amount}${bad} The preview only read rows: nothing was moved.`;
}
