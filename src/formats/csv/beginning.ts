import type { FileSource } from '../contract/format.ts';
import type { CsvColumn } from './columns/decoder.ts';
import { dialectOf, firstRecords, hasLoneReturns } from './detect.ts';
import type { Dialect } from './dialect.ts';
import type { FileStart } from './file-start.ts';
import { mustMatchEarlierFiles } from './form.ts';
import { namesOf } from './names.ts';
import type { CsvReading } from './options.ts';
import type { PinnedCsv } from './pinned.ts';
import { namesToFind } from './repeats.ts';
import { rowsEndIn } from './row-ends.ts';

export interface CsvBeginning {
  readonly dialect: Dialect;
  /** Where the first row begins in the text. */
  readonly firstRow: number;
  /** The columns, in the order of the file. */
  readonly columns: readonly CsvColumn[];
  /** Rows end with a delimiter (row-ends.ts). */
  readonly trailing: boolean;
  /** See `namesToFind`. */
  readonly namesToFind: readonly string[];
}

/** How a whole file is written, according to its beginning. Throws if it differs from earlier files. */
export function beginningOf(
  source: FileSource,
  { head, pinned, reading }: { readonly head: FileStart; readonly pinned: PinnedCsv; readonly reading: CsvReading },
): CsvBeginning {
  // Each file may end its lines in its own way.
  const dialect = dialectOf(reading.options, { ...pinned, loneReturns: hasLoneReturns(head, reading.options) });
  mustMatchEarlierFiles(source, { head, pinned, reading, known: pinned.columns.map(({ name }) => name) });
  const [first] = firstRecords(head, dialect, 1);
  const names = namesOf(source.name, { head, first }, pinned, reading.options);
  const types = new Map(pinned.columns.map(({ name, type }) => [name, type]));
  const columns = names.map((name): CsvColumn => {
    const told = reading.types.get(name);
    return { name, type: told ?? types.get(name) ?? { kind: 'string' }, told: told !== undefined };
  });
  return {
    dialect,
    columns,
    firstRow: pinned.header && first ? first.next : head.from,
    trailing: rowsEndIn(head, names.length, { pinned, reading }),
    namesToFind: namesToFind(first, pinned.header, reading.options),
  };
}
