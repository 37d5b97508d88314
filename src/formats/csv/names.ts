/** Finds the names of a file’s columns. */
import { isUtf8 } from 'node:buffer';
import { emptyFile, invalidText, sameNames } from './errors.ts';
import { type FileStart, isRanged } from './file-start.ts';
import { firstInvalid } from './jobs.ts';
import type { CsvHomeOptions } from './options.ts';
import type { PinnedCsv } from './pinned.ts';
import type { LooseRecord } from './records.ts';

/** The names come from the file’s header or from the config, or are made of the columns’ numbers. Throws HYG-3304 if two names are the same, and HYG-3302 if the header is not text. */
export function namesOf(
  file: string,
  { head, first }: { readonly head: FileStart; readonly first: LooseRecord | undefined },
  { header }: PinnedCsv,
  options: CsvHomeOptions,
): readonly string[] {
  if (Array.isArray(options.header)) return distinct(file, options.header as readonly string[], options);
  if (first === undefined) throw emptyFile(file);
  // Only the header must be checked here, because rows are checked while they are read. Other encodings are checked when they are converted to UTF-8.
  if (header && isRanged(head)) mustBeText(file, head, first);
  return distinct(file, namesIn(first, header), options);
}

/** The names in the first record. A column without a name, such as a column of row numbers, is named by its position. */
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
