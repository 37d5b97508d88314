/** The records of pages as a source with lines of JSON. */
import type { FileSource } from '../../formats/contract/format.ts';
import { type CutList, cutListIn, mayBeCut } from '../answers/cut-lists.ts';
import type { Span } from '../answers/envelope.ts';
import { listCut } from '../answers/errors.ts';
import { linesOf, type PageLines, rowLines, sourceOfLines, sourceOfPages } from '../answers/record-lines.ts';
import type { ReadPage } from '../lists/page-batches.ts';
import { type Member, needsRows, type RowRules, rowsOf } from '../parents/rows.ts';

export const emptySource = (name: string): FileSource => sourceOfLines(name, []);

/** The records of a page that were not read before. */
export interface Batch extends Pick<ReadPage, 'page' | 'from'> {
  /** The columns that are added to each row. */
  readonly members: readonly Member[];
}

/** Throws HomeError HYG-3633 if the API returned only the first items of a list inside a record. */
function mustHaveWholeLists({ body, name }: ReadPage['page'], records: readonly Span[]): void {
  if (!mayBeCut(body)) return;
  let first: CutList | undefined;
  let cut = 0;
  for (const record of records) {
    const found = cutListIn(body, record);
    if (found === undefined) continue;
    first ??= found;
    cut++;
  }
  if (first !== undefined) throw listCut(name, first, cut);
}

/** The rows of pages as lines. Undefined: the pages have no rows. Throws HomeError HYG-3633 if the API returned only the first items of a list inside a record. */
export function sourceOf(rules: RowRules, batch: readonly Batch[]): FileSource | undefined {
  const all: PageLines[] = [];
  for (const { page, from, members } of batch) {
    const records = page.records.slice(from);
    if (rules.cut_lists === undefined) mustHaveWholeLists(page, records);
    const isPlain = members.length === 0 && !needsRows(rules);
    const rows = isPlain ? [] : records.flatMap((record) => rowsOf(page.body, record, rules, members));
    const lines = isPlain ? linesOf(page.body, records) : rowLines(rows);
    all.push({ name: page.name, lines, rows: isPlain ? records.length : rows.length, before: from });
  }
  return sourceOfPages(all);
}
