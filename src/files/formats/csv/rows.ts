/** Text → columns, a go at a time; what does not fit is told apart, row by row. */
import { setImmediate } from 'node:timers/promises';
import type { RejectedRow } from '../../../frames/rejected.ts';
import type { FileSource } from '../../format.ts';
import type { ColumnDecoder, CsvColumn } from './columns/decoder.ts';
import { decoderOf } from './columns/decoders.ts';
import { unescaped } from './columns/texts.ts';
import { badRow, brokenReason, misfit, misfitReason, neverClosed } from './errors.ts';
import { Fields } from './fields.ts';
import type { Opened } from './opened.ts';
import { splitRecords, Unterminated } from './split.ts';
import type { Text } from './text.ts';

/** A column that is read, and its place in the file. */
export interface WantedColumn {
  readonly column: CsvColumn;
  readonly place: number;
  readonly decoder: ColumnDecoder;
}

export function wantedColumns({ columns, reading, dialect }: Opened, names: readonly string[] | null): readonly WantedColumn[] {
  const places =
    names === null ? columns.map((_, place) => place) : names.map((name) => columns.findIndex((column) => column.name === name));
  return places.flatMap((place) => {
    const column = columns[place];
    return column ? [{ column, place, decoder: decoderOf(column, reading.forms, dialect.escapeByte) }] : [];
  });
}

export interface RowsOptions {
  readonly source: FileSource;
  readonly opened: Opened;
  readonly text: Text;
  readonly wanted: readonly WantedColumn[];
  readonly signal: AbortSignal;
  /** Enough for a frame. */
  readonly isFull: (rows: number, bytes: number) => boolean;
  /** Bad rows in other ways than the wanted columns have are nobody's business here: only counted on. */
  readonly badRows: 'fail' | 'skip' | 'quarantine';
}

/** Rows that lie in the decoders until they are cleared, and those left out on the way. */
export interface Filled {
  readonly rows: number;
  readonly rejected: readonly RejectedRow[];
}

const mostText = 64 * 1024;

/** Fills the decoders again and again; whoever takes from them clears them before asking on. */
export async function* filledRows(options: RowsOptions): AsyncGenerator<Filled> {
  const { opened, text, wanted, signal, source, isFull } = options;
  const fields = new Fields(opened.columns.length);
  let rows = 0;
  let rejected: RejectedRow[] = [];
  while (await text.more()) {
    signal.throwIfAborted();
    const quotes = opened.dialect.quote >= 0 && text.bytes.subarray(text.from, text.to).includes(opened.dialect.quote);
    for (;;) {
      const next = await split(fields, { text, quotes, opened, source });
      if (next === text.from) break;
      const taken = await takeRows(fields, rows, options);
      rows += taken.rows;
      rejected.push(...taken.rejected);
      text.from = next;
      if (!isFull(rows, bytesOf(wanted)) && rejected.length < 1000) continue;
      yield { rows, rejected };
      rows = 0;
      rejected = [];
    }
    // Long files must not keep others from their turn; and buffers go back only when the event loop turns.
    await setImmediate();
  }
  if (rows > 0 || rejected.length > 0) yield { rows, rejected };
}

function bytesOf(wanted: readonly WantedColumn[]): number {
  let bytes = 0;
  for (const { decoder } of wanted) bytes += decoder.values.bytes;
  return bytes;
}

interface Splitting {
  readonly text: Text;
  readonly quotes: boolean;
  readonly opened: Opened;
  readonly source: FileSource;
}

async function split(fields: Fields, { text, quotes, opened, source }: Splitting): Promise<number> {
  const { bytes, from, to, last } = text;
  try {
    return splitRecords(fields, { bytes, from, to, last, quotes }, opened.dialect);
  } catch (error) {
    if (error instanceof Unterminated) throw neverClosed(source.name, (await text.linesBefore(error.at)) + 1);
    throw error;
  }
}

/** Decodes the rows that were split. Where some don't fit, all are decoded again without them. */
async function takeRows(fields: Fields, before: number, options: RowsOptions): Promise<Filled> {
  const misfits = decodeAll(fields, options.wanted);
  if (misfits.size === 0 && fields.broken.length === 0) return { rows: fields.rows, rejected: [] };
  const rejected = await Promise.all([
    ...fields.broken.map(({ start, end, fields: found }) => reject(start, end, brokenReason(found, fields.columns), options)),
    ...[...misfits].map(([row, wanted]) => rejectMisfit(fields, row, wanted, options)),
  ]);
  if (misfits.size > 0) {
    for (const { decoder } of options.wanted) decoder.values.keep(before);
    fields.remove([...misfits.keys()]);
    decodeAll(fields, options.wanted);
  }
  return { rows: fields.rows, rejected };
}

/** Rows that don't fit, with the first column that says so. */
function decodeAll(fields: Fields, wanted: readonly WantedColumn[]): ReadonlyMap<number, WantedColumn> {
  const misfits = new Map<number, WantedColumn>();
  for (const one of wanted) one.decoder.decode(fields, one.place, (row) => void (misfits.has(row) || misfits.set(row, one)));
  return misfits;
}

async function rejectMisfit(fields: Fields, row: number, { column, place }: WantedColumn, options: RowsOptions): Promise<RejectedRow> {
  const start = fields.rowStarts[row] ?? 0;
  const end = fields.rowEnds[row] ?? 0;
  const shown = { name: column.name, type: column.type, nullable: true };
  if (options.badRows === 'fail') {
    const line = (await options.text.linesBefore(start)) + 1;
    const value = unescaped(fields, row * fields.columns + place, options.opened.dialect.escapeByte);
    throw misfit({ name: options.source.name, line }, shown, value);
  }
  return reject(start, end, misfitReason(shown), options);
}

async function reject(start: number, end: number, reason: string, { source, text, badRows }: RowsOptions): Promise<RejectedRow> {
  const written = () => Buffer.from(text.bytes.subarray(start, Math.min(end, start + mostText))).toString('utf8');
  if (badRows === 'fail') throw badRow({ name: source.name, line: (await text.linesBefore(start)) + 1 }, reason, written());
  // Who only counts them is not made to wait until they are found again.
  if (badRows === 'skip') return { source: source.name, line: null, reason, text: '' };
  return { source: source.name, line: (await text.linesBefore(start)) + 1, reason, text: written() };
}
