/** Turns text into batches of rows. A thread decodes each stretch of the text, but the text of small files is decoded in this thread. */
import { setImmediate } from 'node:timers/promises';
import { type DataFrame, polars } from '../../frames/native.ts';
import type { RejectedRow, RejectedText } from '../../frames/values/rejected-rows.ts';
import type { FileSource } from '../contract/format.ts';
import { Threads } from '../threads/threads.ts';
import type { BadRow, HowToDecode } from './csv-decoder.ts';
import { badRowError, invalidText, neverClosed } from './errors.ts';
import type { DecodedBatches, DecodeJobInput, UnreadableText } from './jobs.ts';
import type { OpenedCsv } from './opened-file.ts';
import { looseRecords, type WrittenField } from './records.ts';
import { UnterminatedQuote } from './split.ts';
import type { Text } from './text.ts';

const here = new Threads(0);

/** The positions of the columns with these names. */
export function indexesOfColumns({ columns }: OpenedCsv, names: readonly string[]): readonly number[] {
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  return names.flatMap((name) => places.get(name) ?? []);
}

export interface RowsOptions {
  readonly source: FileSource;
  readonly opened: OpenedCsv;
  readonly text: Text;
  /** The positions of the columns to read. */
  readonly wanted: readonly number[];
  readonly signal: AbortSignal;
  /** The approximate number of rows of a batch. */
  readonly frameRows: number;
  /** If a row is bad only in columns that were not requested, the row is skipped here. Its lines are still counted. */
  readonly badRows: 'fail' | 'skip' | 'quarantine';
}

/** Rows of the requested columns. Values of float32 columns are still texts. */
export interface Batch {
  readonly data: DataFrame;
  readonly rows: number;
  /** The number of bytes in memory. */
  readonly bytes: number;
  /** The number of nulls in each column. */
  readonly nulls: readonly number[];
}

/** The rows of a batch, and the rows that were left out. */
export interface FilledBatches {
  readonly batches: readonly Batch[];
  readonly rejected: readonly RejectedRow[];
}

export async function* filledRows(options: RowsOptions): AsyncGenerator<FilledBatches> {
  const { opened, text, signal, wanted } = options;
  const { reading, dialect, columns, namesToFind, trailing } = opened;
  const how = JSON.stringify({ options: reading.options, dialect, columns, wanted, namesToFind, trailing } satisfies HowToDecode);
  while (await text.more()) {
    for (let isThrough = false; !isThrough; ) {
      signal.throwIfAborted();
      const found = await decoded(how, options);
      isThrough = found.isThrough;
      yield found;
    }
    // Other work can run between the stretches of a long file. Buffers are released only when the event loop turns.
    await setImmediate();
  }
}

/** Decodes the complete rows of the text, or some rows from its beginning. */
async function decoded(how: string, options: RowsOptions): Promise<FilledBatches & { readonly isThrough: boolean }> {
  const { text, badRows, frameRows, opened, source } = options;
  const { these, from: threadsFrom } = opened.reading.threads;
  const [jobs, pl] = await Promise.all([import('./jobs.ts'), polars()]);
  const given: DecodeJobInput = { how, last: text.last, isText: text.isText, badRows, frameRows };
  using lease = await (source.bytes < threadsFrom ? here : these).lease();
  const { answer, output } = await lease.run<DecodedBatches | UnreadableText>(jobs, 'decode', {
    given,
    bytes: text.bytes.subarray(text.from, text.to),
  });
  if (!('next' in answer)) throw await unreadable(answer, options);
  let from = 0;
  const batches = answer.batches.map(({ to, rows, bytes, nulls }): Batch => {
    const data = pl.readIPCStream(output.subarray(from, to));
    from = to;
    return { data, rows, bytes, nulls };
  });
  const rejected: RejectedRow[] = [];
  for (const bad of answer.bad) rejected.push(await rejectedRow(bad, rejected.length >= fewLines, options));
  text.from += answer.next;
  return { batches, rejected, isThrough: answer.isThrough };
}

async function unreadable(why: UnreadableText, { source, text }: RowsOptions): Promise<Error> {
  return 'invalidAt' in why
    ? invalidText(source.name, 'utf-8', `byte ${text.offset + text.from + why.invalidAt} is not valid UTF-8`)
    : neverClosed(source.name, (await text.linesBefore(text.from + why.unterminatedAt)) + 1);
}

const nearBytes = 16 * 1024 * 1024;
const fewLines = 3;

async function rejectedRow(bad: BadRow, isMore: boolean, { source, text, badRows, opened }: RowsOptions): Promise<RejectedRow> {
  const { reason, text: written } = bad;
  // If the caller only counts bad rows, the code does not search for the texts of bad rows, except near the beginning of the file.
  if (!bad.stops && badRows === 'skip' && (isMore || text.offset + text.from > nearBytes))
    return { source: source.name, line: null, reason, text: '' };
  const line = (await text.linesBefore(text.from + bad.start)) + 1;
  if (badRows !== 'fail' && !bad.stops) return { source: source.name, line, reason, text: badRows === 'quarantine' ? written : '' };
  throw badRowError({ name: source.name, line }, bad, opened);
}

/** Returns a function that finds the texts of the fields in a row that can’t be read. */
export function fieldTextsOf({ columns, dialect, trailing }: OpenedCsv): RejectedText {
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  return ({ text }) => {
    const fields = fieldsOf(text, dialect);
    const isWhole = fields.length === columns.length || (trailing && fields.length === columns.length + 1);
    return (column) => {
      const field = isWhole ? fields[places.get(column) ?? -1] : undefined;
      return field === undefined ? undefined : field.text === '' && !field.isQuoted ? null : field.text;
    };
  };
}

function fieldsOf(written: string, dialect: OpenedCsv['dialect']): readonly WrittenField[] {
  try {
    const [record] = looseRecords(Buffer.from(written), 0, dialect, true);
    return record === undefined || record.malformed ? [] : record.fields;
  } catch (error) {
    if (error instanceof UnterminatedQuote) return [];
    throw error;
  }
}
