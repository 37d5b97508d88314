/** Checks whether a file is written like the others. How files are read is decided once, so the values of a file that is written differently would settle wrongly. */
import type { FileSource } from '../contract/format.ts';
import { candidates, dialectOf, firstRecords, hasLoneReturns } from './detect.ts';
import { anotherDelimiter, hasHeader, mixedLineEnds, noHeader, notCsv } from './errors.ts';
import type { FileStart } from './file-start.ts';
import { firstRowOf, mostCompared } from './header.ts';
import type { CsvReading } from './options.ts';
import type { PinnedCsv } from './pinned.ts';
import { mustBeginWithTable } from './preamble.ts';
import type { LooseRecord } from './records.ts';
import { tableOf } from './row-ends.ts';

interface FormCheck {
  readonly head: FileStart;
  readonly pinned: PinnedCsv;
  readonly reading: CsvReading;
  /** The column names of earlier files and of the settled columns. Empty: this file is the first. */
  readonly known: readonly string[];
}

const mostLooked = 200;

/** Throws HYG-3309 to HYG-3312, HYG-3319 or HYG-3320, depending on how the file differs. */
export function mustMatchEarlierFiles(source: FileSource, of: FormCheck): void {
  const { head, pinned, reading, known } = of;
  const records = recordsBy(pinned.delimiter, of);
  const [first] = records;
  if (first === undefined) return;
  if (!Array.isArray(reading.options.header) && (pinned.header || known.length === 0)) mustBeOneLine(source, first);
  const names = first.fields.map(({ text }) => text);
  const there = new Set(known);
  const isNamed = pinned.header && names.some((name) => there.has(name));
  const isListed = Array.isArray(reading.options.header);
  if (isNamed) return;
  if (known.length > 0 && !pinned.header && names.length === known.length) {
    mustHaveNoHeader(source, of, names);
    return;
  }
  if (pinned.header && isPage(head, known.length > 0)) throw notCsv(source.name);
  if (known.length > 0 && names.length < known.length) {
    const delimiter = otherDelimiter(of);
    if (delimiter !== undefined) throw anotherDelimiter(source.name, { pinned: pinned.delimiter, found: delimiter });
  }
  if (isListed) return;
  mustBeginWithTable(source, { head, records, delimiter: pinned.delimiter, reading });
  if (pinned.header && known.length > 0) mustHaveHeader(source, of, names);
}

/** Checks the first row of a file that should have a header. If the row has other names, the source has changed. If the row has the known number of fields and nothing shows that they are names, the row is a row of values. */
function mustHaveHeader(source: FileSource, of: FormCheck, names: readonly string[]): void {
  const { header, sure } = firstRowOf(recordsBy(of.pinned.delimiter, of, mostCompared), of.reading.forms);
  if (!header || (!sure && names.length === of.known.length)) throw noHeader(source.name, names, of.known);
}

function mustHaveNoHeader(source: FileSource, of: FormCheck, names: readonly string[]): void {
  if ((of.reading.options.header ?? 'auto') !== 'auto') return;
  const { header, sure, share } = firstRowOf(recordsBy(of.pinned.delimiter, of, mostCompared), of.reading.forms);
  if (header && sure && share > 0.5) throw hasHeader(source.name, names);
}

/** Checks whether the lines of a file also end in another way. Such lines would become part of the names, and their rows would be lost. */
function mustBeOneLine(source: FileSource, { fields }: LooseRecord): void {
  const odd = fields.find(({ text, isQuoted }) => !isQuoted && /[\r\n]/.test(text));
  if (odd !== undefined) throw mixedLineEnds(source.name, odd.text);
}

function recordsBy(delimiter: string, { head, reading }: FormCheck, most = mostLooked): readonly LooseRecord[] {
  const { delimiter: _, ...options } = reading.options;
  return tableOf(firstRecords(head, dialectOf(options, { delimiter, loneReturns: hasLoneReturns(head, reading.options) }), most));
}

/** Another delimiter that splits the first record as the first records of other files are split. */
function otherDelimiter(of: FormCheck): string | undefined {
  const known = new Set(of.known);
  return candidates.find((delimiter) => {
    if (delimiter === of.pinned.delimiter) return false;
    const [first] = recordsBy(delimiter, of);
    if (first === undefined || first.malformed || first.fields.length < 2) return false;
    return first.fields.length === known.size || first.fields.some(({ text }) => known.has(text));
  });
}

/** Whether the file is a page or a document that a server returned instead of the file. Text that looks like JSON may be an odd column name as long as no other name is known. */
function isPage({ bytes, from }: FileStart, isKnown: boolean): boolean {
  const beginning = Buffer.from(bytes.subarray(from, from + 200)).toString('utf8');
  return /^\s*<(?:!doctype|html|head|body|\?xml|!--)/i.test(beginning) || (isKnown && /^\s*(?:\{\s*["}]|\[\s*[{"\]])/.test(beginning));
}
