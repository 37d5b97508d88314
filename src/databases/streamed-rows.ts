/** Decodes rows that a client delivers one at a time into frames. Each value goes directly into its column. */
import { type ColumnWriter, frameWriter } from '../frames/values/column-writers.ts';
import type { PolarsFrame } from '../frames/values/polars-frame.ts';
import { NulledValues, type Rejected } from '../frames/values/rejected-rows.ts';
import { type ReadOptions, SourceChangedSincePlan, type SourceColumn, SpecialValue, UnheldValue } from './engine.ts';
import { unheldValue } from './errors.ts';

/** The number of bytes of a frame, which Polars gets at once. */
const frameBytes = 8 * 1024 * 1024;

export interface StreamedSelect<R extends { readonly length: number }, V> {
  readonly columns: readonly SourceColumn[];
  /** Makes a function that writes a value into its column. The function throws `UnheldValue` and `SpecialValue`. */
  decoder(column: SourceColumn, into: ColumnWriter): (value: V) => void;
  /** Throws if the arriving columns differ from the planned columns. Called with the first row. */
  checkFirstRow?(first: R): void;
  /** The value of a column in a row. Null and undefined: the row has no value in the column. */
  valueAt(row: R, at: number): V | null | undefined;
  /** Delivers the rows. Whenever `take` returns true, no row is delivered until the next step is requested. */
  stream(take: (row: R) => boolean): AsyncIterable<void>;
  /** Advice for a person about a column with a value that hygge’s type can’t store. */
  columnAdvice(name: string, isSpecial: boolean): { readonly asText: string; readonly more?: readonly string[] };
}

export async function* streamedRows<R extends { readonly length: number }, V>(
  of: StreamedSelect<R, V>,
  { schema, specialValues, batchRows, place, signal }: ReadOptions,
): AsyncGenerator<PolarsFrame | Rejected> {
  const nulled = new NulledValues(of.columns);
  const writer = await frameWriter(schema);
  const { writers } = writer;
  const decoders = of.columns.map((column, i) => of.decoder(column, writers[i] as ColumnWriter));
  let at = 0;
  let isChecked = false;
  const take = (row: R): boolean => {
    if (row.length !== decoders.length)
      throw new SourceChangedSincePlan(`A row of ${row.length} columns arrived where ${decoders.length} were expected.`);
    if (!isChecked) of.checkFirstRow?.(row);
    isChecked = true;
    for (at = 0; at < decoders.length; at++) {
      const value = of.valueAt(row, at);
      const into = writers[at] as { null(): void };
      if (value === null || value === undefined) into.null();
      else {
        try {
          (decoders[at] as (value: V) => void)(value);
        } catch (error) {
          if (!(error instanceof SpecialValue) || specialValues === 'fail') throw error;
          into.null();
          nulled.add(at);
        }
      }
    }
    const full = writer.rows;
    // The size is checked only for some rows, but often enough that wide rows do not make a frame too large.
    return full >= batchRows || ((full & 255) === 0 && writer.bytes >= frameBytes);
  };
  try {
    for await (const _ of of.stream(take)) yield await writer.take();
    signal.throwIfAborted();
    if (writer.rows > 0) yield await writer.take();
    yield* nulled.told();
  } catch (error) {
    if (!(error instanceof UnheldValue)) throw error;
    const { name = '' } = of.columns[at] ?? {};
    const isSpecial = error instanceof SpecialValue;
    throw unheldValue({ place, column: name, said: error.message, isSpecial, ...of.columnAdvice(name, isSpecial) });
  }
}
