/** Frames of rows that a database wrote into a scratch file, and frames in a scratch file for a database. */
import { open } from 'node:fs/promises';
import type { Frame } from '../../engine/contracts/frame.ts';
import { DefectError } from '../../errors/hygge-error.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { describeType, sameType } from '../describe-type.ts';
import { asWritten } from '../fidelity.ts';
import { arrow, type LazyDataFrame, polars } from '../native.ts';
import type { Schema } from '../schema.ts';
import { typeFromArrow } from './from-arrow-type.ts';
import { toArrow } from './from-polars.ts';
import { asPolars, PolarsFrame } from './polars-frame.ts';

/** The name of a column in the file: its position. No name of a source can therefore have a special meaning on the way. */
export const scratchColumn = (place: number): string => `c${place}`;

export class ScratchParquet {
  readonly #schema: Schema;
  readonly #plan: LazyDataFrame;

  private constructor(schema: Schema, plan: LazyDataFrame) {
    this.#schema = schema;
    this.#plan = plan;
  }

  /** Opens the file. Throws a DefectError if Polars sees other types in the file than the schema says, because values would be misread. */
  static async opened(path: string, schema: Schema): Promise<ScratchParquet> {
    const pl = await polars();
    const scan = pl.scanParquet(path, { glob: false, hivePartitioning: false });
    const plan = scan.select(...schema.columns.map(({ name }, place) => pl.col(scratchColumn(place)).alias(name)));
    const [A, none] = await Promise.all([arrow(), plan.limit(0).collect()]);
    const { fields } = (await toArrow(none)).schema;
    for (const [place, { name, type }] of schema.columns.entries()) {
      const field = fields[place];
      const seen = field && typeFromArrow(A, field.type);
      if (seen === undefined || !sameType(seen, asWritten(type)))
        throw new DefectError({
          code: 'HYG-9001',
          what: `Column ${name} was written as ${describeType(asWritten(type))} and is read as ${field ? String(field.type) : 'nothing'}.`,
          tryThis: ['Report it with the type of the column: this should not be possible'],
        });
    }
    return new ScratchParquet(schema, plan);
  }

  /** Some rows of the file, in memory. @param of.bytes the estimated size. */
  async frame(of: { readonly from: number; readonly rows: number; readonly bytes: number }): Promise<PolarsFrame> {
    const data = await this.#plan.slice(of.from, of.rows).collect();
    if (data.height !== of.rows)
      throw new DefectError({
        code: 'HYG-9001',
        what: `A scratch file promised ${of.rows} rows, but has ${data.height}.`,
        tryThis: ['Check that no one else clears the scratch folder (HYGGE_SCRATCH), and run again'],
      });
    return PolarsFrame.of({ schema: this.#schema, data, bytes: of.bytes });
  }
}

/** A frame in a scratch file, which a database reads. Disposing of the object removes the file. */
export interface SpoolFile extends AsyncDisposable {
  readonly path: string;
  /** The bytes of the file. A piece is valid until the next piece is requested. */
  pieces(): AsyncIterable<Uint8Array>;
}

export async function spooled(frame: Frame, scratch: Scratch): Promise<SpoolFile> {
  const path = await scratch.path('.parquet');
  const own = asPolars(frame);
  try {
    const data = (await own.collect()).clone();
    // The columns are renamed in memory, because a plan treats some names as patterns. All columns are renamed at once, because a column’s name may equal the new name of another column.
    data.columns = frame.schema.columns.map((_, place) => scratchColumn(place));
    // DuckDB makes one row group from each row group of the file, and two processors share two row groups.
    await data.lazy().sinkParquet(path, { compression: 'uncompressed', statistics: false, rowGroupSize: 122_880 }).collect();
  } catch (error) {
    await scratch.free(path);
    throw error;
  }
  return spoolFile(path, scratch);
}

/** A scratch file that was already written. */
export const spoolFile = (path: string, scratch: Scratch): SpoolFile => ({
  path,
  pieces: () => piecesOf(path),
  [Symbol.asyncDispose]: () => scratch.free(path),
});

/** The pieces of a file, always in the same buffer. With a new buffer for each piece, the garbage would be as large as the table. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  await using file = await open(path);
  const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
