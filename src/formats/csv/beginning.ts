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
  /** The position in the text at which the first row begins. */
  readonly firstRow: number;
  /** The columns of the file, in the order of the file. */
  readonly columns: readonly CsvColumn[];
  /** Whether rows end with a delimiter (row-ends.ts). */
  readonly trailing: boolean;
  /** See `namesToFind`. */
  readonly namesToFind: readonly string[];
}

/** How a file is written, as its beginning shows. Throws if the file is written in another way than earlier files. */
export function beginningOf(
  source: FileSource,
  { head, pinned, reading }: { readonly head: FileStart; readonly pinned: PinnedCsv; readonly reading: CsvReading },
): CsvBeginning {
  // The line ends are detected again for each file, because files may end their lines in different ways.
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
