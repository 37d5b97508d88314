import type { Palette } from './palette.ts';
import { columns, pad, padStart } from './width.ts';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A table in plain text: a quiet head, cells in columns as wide as they need. Empty columns are left out. */
export function table(head: readonly TableColumn[], body: readonly (readonly string[])[], palette: Palette): readonly string[] {
  const used = head.map((_, at) => body.some((row) => (row[at] ?? '') !== ''));
  const widths = head.map((column, at) => Math.max(columns(column.title), ...body.map((row) => columns(row[at] ?? ''))));
  const line = (cells: readonly string[]): string =>
    head
      .flatMap((column, at) => {
        if (!used[at]) return [];
        const text = cells[at] ?? '';
        return [column.align === 'right' ? padStart(text, widths[at] ?? 0) : pad(text, widths[at] ?? 0)];
      })
      .join('  ')
      .trimEnd();
  return [palette.quiet(line(head.map((column) => column.title))), ...body.map(line)];
}
