import type { Cell, ColumnBuilder } from '../cell.ts';
import { type Arrow, arrow } from '../native.ts';
import type { Schema } from '../schema.ts';
import { arrowSchema } from './arrow-type.ts';
import { columnBuilder } from './column-builders.ts';
import { PolarsFrame } from './polars-frame.ts';
import { toPolars } from './to-polars.ts';

/**
 * Makes frames from the rows of a row-wise home. Raw values go into typed columns, the columns become Arrow data, and Polars reads Arrow’s
 * bytes. The schema comes from the source’s metadata, so a type is never guessed from values.
 *
 * @example
 * const builder = await frameBuilder(schema);
 * for (const row of rows) {
 *   builder.append(row);
 *   if (builder.bytes >= frameBytes) yield await builder.take();
 * }
 * if (builder.rows > 0) yield await builder.take();
 */
export interface FrameBuilder {
  readonly rows: number;
  /** The number of bytes that were collected since the last `take`. */
  readonly bytes: number;
  /** Appends one value for each column, in the schema’s order. Throws if a column can’t hold a value exactly. */
  append(row: readonly Cell[]): void;
  /** The columns themselves, for decoders that write column by column. Such a decoder must call `rowDone` after each row. */
  readonly columns: readonly ColumnBuilder[];
  rowDone(): void;
  /** Takes the rows so far as a frame. The builder then starts again. */
  take(): Promise<PolarsFrame>;
}

export async function frameBuilder(schema: Schema): Promise<FrameBuilder> {
  return new TypedFrameBuilder(await arrow(), schema);
}

class TypedFrameBuilder implements FrameBuilder {
  rows = 0;
  readonly #A: typeof Arrow;
  readonly #schema: Schema;
  #columns: readonly ColumnBuilder[];

  constructor(A: typeof Arrow, schema: Schema) {
    this.#A = A;
    this.#schema = schema;
    this.#columns = this.#fresh();
  }

  get columns(): readonly ColumnBuilder[] {
    return this.#columns;
  }

  get bytes(): number {
    return this.#columns.reduce((sum, column) => sum + column.bytes, 0);
  }

  append(row: readonly Cell[]): void {
    for (const [index, column] of this.#columns.entries()) column.append(row[index] ?? null);
    this.rows++;
  }

  rowDone(): void {
    this.rows++;
  }

  async take(): Promise<PolarsFrame> {
    const A = this.#A;
    const bytes = this.bytes;
    const schema = arrowSchema(A, this.#schema);
    const children = this.#columns.map((column) => column.finish());
    const data = A.makeData({ type: new A.Struct(schema.fields), length: this.rows, nullCount: 0, children });
    this.rows = 0;
    this.#columns = this.#fresh();
    return PolarsFrame.of({ schema: this.#schema, data: await toPolars(new A.Table(schema, new A.RecordBatch(schema, data))), bytes });
  }

  #fresh(): readonly ColumnBuilder[] {
    return this.#schema.columns.map((column) => columnBuilder(this.#A, column.type));
  }
}
