/** The names of a file's columns. */
import { emptyFile, sameNames } from './errors.ts';
import type { CsvHomeOptions } from './options.ts';
import type { Pinned } from './pinned.ts';
import type { LooseRecord } from './records.ts';

/** From its header, from the config, or by their number. Throws HYG-3304 when two are the same. */
export function namesOf(file: string, first: LooseRecord | undefined, { header }: Pinned, options: CsvHomeOptions): readonly string[] {
  if (Array.isArray(options.header)) return distinct(file, options.header as readonly string[], options);
  if (first === undefined) throw emptyFile(file);
  // A column without a name, as tables with a row number have it, is called by its place.
  const names = first.fields.map(({ text }, place) => (header && text !== '' ? text : `column_${place + 1}`));
  return distinct(file, names, options);
}

function distinct(file: string, names: readonly string[], options: CsvHomeOptions): readonly string[] {
  if (new Set(names).size !== names.length) throw sameNames(file, names, options.skip_rows ?? 0);
  return names;
}
