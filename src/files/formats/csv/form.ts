/** Whether a file is written as the others are. What it is read as is decided once: a file that is written otherwise would settle as something else. */
import type { FileSource } from '../../format.ts';
import { candidates, dialectOf, fieldsOfMost, firstRecords, hasLoneReturns, looksLikeHeader } from './detect.ts';
import { anotherDelimiter, beginsWithComment, mixedLineEnds, noHeader, notCsv } from './errors.ts';
import type { Head } from './head.ts';
import type { Reading } from './options.ts';
import type { Pinned } from './pinned.ts';
import type { LooseRecord } from './records.ts';

interface FormOf {
  readonly head: Head;
  readonly pinned: Pinned;
  readonly reading: Reading;
  /** Names of the columns of the files before, and of what settled; none: this is the first file. */
  readonly known: readonly string[];
}

const mostLooked = 50;

/** Throws HYG-3309 to HYG-3312, each with the question that the file gives rise to. */
export function mustHaveForm(source: FileSource, of: FormOf): void {
  const { head, pinned, reading, known } = of;
  const records = recordsBy(pinned.delimiter, of);
  const [first] = records;
  if (first === undefined) return;
  if (!Array.isArray(reading.options.header) && (pinned.header || known.length === 0)) mustBeOneLine(source, first);
  const names = first.fields.map(({ text }) => text);
  const there = new Set(known);
  const isNamed = pinned.header && names.some((name) => there.has(name));
  if (isNamed || (known.length > 0 && !pinned.header && names.length === known.length)) return;
  if (pinned.header && isPage(head, known.length > 0)) throw notCsv(source.name);
  if (known.length > 0 && names.length < known.length) {
    const delimiter = otherDelimiter(of);
    if (delimiter !== undefined) throw anotherDelimiter(source.name, { pinned: pinned.delimiter, found: delimiter });
  }
  if (!pinned.header || Array.isArray(reading.options.header)) return;
  if (names[0]?.startsWith('#') && names.length !== fieldsOfMost(records.slice(1))) throw beginsWithComment(source.name, names[0]);
  if (known.length > 0 && !looksLikeHeader(records, reading.forms)) throw noHeader(source.name, names, known);
}

/** Lines of the other kind would be part of its names, and rows of theirs none. */
function mustBeOneLine(source: FileSource, { fields }: LooseRecord): void {
  const odd = fields.find(({ text, isQuoted }) => !isQuoted && /[\r\n]/.test(text));
  if (odd !== undefined) throw mixedLineEnds(source.name, odd.text);
}

function recordsBy(delimiter: string, { head, reading }: FormOf): readonly LooseRecord[] {
  const { delimiter: _, ...options } = reading.options;
  return firstRecords(head, dialectOf(options, { delimiter, loneReturns: hasLoneReturns(head, reading.options) }), mostLooked);
}

/** Another delimiter that makes of the first record what the others begin with. */
function otherDelimiter(of: FormOf): string | undefined {
  const known = new Set(of.known);
  return candidates.find((delimiter) => {
    if (delimiter === of.pinned.delimiter) return false;
    const [first] = recordsBy(delimiter, of);
    if (first === undefined || first.malformed || first.fields.length < 2) return false;
    return first.fields.length === known.size || first.fields.some(({ text }) => known.has(text));
  });
}

/** A page or a document that a server gave instead of the file. JSON could be an odd name of a column, where no other is known. */
function isPage({ bytes, from }: Head, isKnown: boolean): boolean {
  const beginning = Buffer.from(bytes.subarray(from, from + 200)).toString('utf8');
  return /^\s*<(?:!doctype|html|head|body|\?xml|!--)/i.test(beginning) || (isKnown && /^\s*(?:\{\s*["}]|\[\s*[{"\]])/.test(beginning));
}
