/** The names of a file's columns. */
import { isUtf8 } from 'node:buffer';
import { emptyFile, invalidText, sameNames } from './errors.ts';
import { type FileStart, isRanged } from './file-start.ts';
import { firstInvalid } from './jobs.ts';
import type { CsvHomeOptions } from './options.ts';
import type { PinnedCsv } from './pinned.ts';
import type { LooseRecord } from './records.ts';

/** From its header, from the config, or by their number. Throws HYG-3304 if two are the same, HYG-3302 if the header is not text. */
export function namesOf(
  file: string,
  { head, first }: { readonly head: FileStart; readonly first: LooseRecord | undefined },
  { header }: PinnedCsv,
  options: CsvHomeOptions,
): readonly string[] {
  if (Array.isArray(options.header)) return distinct(file, options.header as readonly string[], options);
  if (first === undefined) throw emptyFile(file);
  // UTF-8 of rows is checked while they are read. Other encodings are checked by the conversion to UTF-8.
  if (header && isRanged(head)) mustBeText(file, head, first);
  return distinct(file, namesIn(first, header), options);
}

/** A column without a name, as in tables with a row number, is named by its position. */
export function namesIn({ fields }: LooseRecord, header: boolean): readonly string[] {
  return fields.map(({ text }, place) => (header && text !== '' ? text : `column_${place + 1}`));
}

function mustBeText(file: string, { bytes, from }: FileStart, { next }: LooseRecord): void {
  const text = bytes.subarray(from, next);
  if (!isUtf8(text)) throw invalidText(file, 'utf-8', `byte ${from + firstInvalid(text)} is not valid UTF-8`);
}

function distinct(file: string, names: readonly string[], options: CsvHomeOptions): readonly string[] {
  if (new Set(names).size !== names.length) throw sameNames(file, names, options.skip_rows ?? 0);
  return names;
}
