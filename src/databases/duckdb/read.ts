/** Reads rows through a parquet file in scratch. DuckDB writes the file and Polars reads it, so no value passes through JavaScript. */

import type { PolarsFrame } from '../../frames/values/polars-frame.ts';
import { NulledValues, type Rejected } from '../../frames/values/rejected-rows.ts';
import { ScratchParquet, scratchColumn } from '../../frames/values/scratch-parquet.ts';
import { DatabaseError, type ReadOptions, type SourceColumn } from '../engine.ts';
import { unheldValue } from '../errors.ts';
import type { DuckdbSession } from './connect.ts';
import { quoteText } from './dialect.ts';
import { refusal } from './types.ts';

const groupRows = 122_880;
const frameBytes = 16 * 1024 * 1024;

export async function* rows(
  session: DuckdbSession,
  sql: string,
  columns: readonly SourceColumn[],
  { schema, batchRows, place, signal, scratch, fitsOneSlice, releaseSession }: ReadOptions,
): AsyncGenerator<PolarsFrame | Rejected> {
  const path = await scratch.path('.parquet');
  const stop = () => session.interrupt();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const counted = columns.flatMap(({ specialCount }, at) => (specialCount === undefined ? [] : [at]));
    const names = [...columns, ...counted].map((_, place) => scratchColumn(place)).join(', ');
    // Files of unknown size are compressed to save space. Rows of one slice are read at once, so compressing their file would only take time.
    const packing = fitsOneSlice ? 'COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1' : 'COMPRESSION lz4_raw';
    if (fitsOneSlice) await session.takeLittle();
    await session.run(
      `COPY (SELECT * FROM (\n${sql}\n) AS hygge_rows(${names})) TO ${quoteText(path)} (FORMAT parquet, ${packing}, ROW_GROUP_SIZE ${groupRows}, ROW_GROUP_SIZE_BYTES '16MiB')`,
    );
    const groups = await session.query(
      `SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata(${quoteText(path)}) GROUP BY row_group_id ORDER BY row_group_id`,
    );
    const nulled = new NulledValues(columns);
    if (counted.length > 0) await count(session, path, { columns, counted, nulled });
    // DuckDB writes the next slice while Polars reads this slice.
    signal.removeEventListener('abort', stop);
    await releaseSession();
    if (groups.length === 0) return;
    const file = await ScratchParquet.opened(path, schema);
    for (const piece of piecesOf(
      groups.map(({ rows, bytes }) => ({ rows: Number(rows), bytes: Number(bytes) })),
      batchRows,
    )) {
      signal.throwIfAborted();
      yield await file.frame(piece);
    }
    yield* nulled.told();
  } catch (error) {
    const [, at, why, said] = (error instanceof DatabaseError && refusal.exec(error.message)) || [];
    if (at === undefined) throw error;
    const column = columns[Number(at)]?.name ?? '';
    throw unheldValue({ place, column, said: said ?? '', isSpecial: why === 'special', asText: `${column}::VARCHAR` });
  } finally {
    signal.removeEventListener('abort', stop);
    await scratch.free(path);
  }
}

interface Counting {
  readonly columns: readonly SourceColumn[];
  /** The columns with counts of special values, which come after all other columns, in this order. */
  readonly counted: readonly number[];
  readonly nulled: NulledValues;
}

async function count(session: DuckdbSession, path: string, { columns, counted, nulled }: Counting): Promise<void> {
  const sums = counted.map((_, i) => `sum(${scratchColumn(columns.length + i)}) AS n${i}`);
  const [found] = await session.query(`SELECT ${sums.join(', ')} FROM read_parquet(${quoteText(path)}, hive_partitioning = false)`);
  for (const [i, at] of counted.entries()) nulled.add(at, Number(found?.[`n${i}`] ?? 0));
}

interface Group {
  readonly rows: number;
  readonly bytes: number;
}

/** Combines small row groups into one frame, and divides a large row group. */
function* piecesOf(groups: readonly Group[], most: number): Generator<Group & { readonly from: number }> {
  let open = { from: 0, rows: 0, bytes: 0 };
  for (const { rows, bytes } of groups) {
    if (open.rows > 0 && (open.rows + rows > most || open.bytes + bytes > frameBytes)) {
      yield open;
      open = { from: open.from + open.rows, rows: 0, bytes: 0 };
    }
    open = { ...open, rows: open.rows + rows, bytes: open.bytes + bytes };
    for (
      ;
      open.rows > most;
      open = { from: open.from + most, rows: open.rows - most, bytes: Math.ceil(open.bytes * (1 - most / open.rows)) }
    )
      yield { from: open.from, rows: most, bytes: Math.ceil((open.bytes * most) / open.rows) };
  }
  if (open.rows > 0) yield open;
}
