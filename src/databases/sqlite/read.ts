/** Rows from the reading thread as frames. */
import type { DataType } from '../../frames/schema.ts';
import { PolarsFrame } from '../../frames/values/polars-frame.ts';
import { memberText, type Rejected, type RejectedRow } from '../../frames/values/rejected-rows.ts';
import { dataFrameFromArrow } from '../../frames/values/to-polars.ts';
import { canBeWatermark, parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { ReadOptions, SourceColumn } from '../engine.ts';
import { readingOf } from './catalog.ts';
import type { SqliteSession } from './connect.ts';
import type { BadRow } from './decode.ts';
import { badValue } from './errors.ts';

export async function* rows(
  session: SqliteSession,
  sql: string,
  columns: readonly SourceColumn[],
  { schema, watermark, batchRows, badRows = 'fail', place, signal }: ReadOptions,
): AsyncGenerator<PolarsFrame | Rejected> {
  signal.throwIfAborted();
  const marked = schema.columns.findIndex(({ name }) => name === watermark);
  const type = schema.columns[marked]?.type;
  const nameOf = ({ column }: BadRow) => columns[column]?.name ?? '';
  for await (const { ipc, standIn, rows: count, bytes, bad } of session.pieces({
    ...{ sql, schema, batchRows, bad: badRows, watermark: marked < 0 ? null : marked },
    ...readingOf(columns),
  })) {
    signal.throwIfAborted();
    const [first] = bad;
    if (first !== undefined && badRows === 'fail') throw badValue(place, nameOf(first), first);
    if (bad.length > 0)
      yield {
        rejected: bad.map((row) => ({
          source: place,
          line: null,
          reason: `${nameOf(row)}${row.rowid === null ? '' : ` of the row with rowid ${row.rowid}`}: ${row.reason}.`,
          text: row.text,
          ...watermarkOf(row, type),
        })),
        keep: badRows === 'quarantine',
        textOf: memberText,
        ...(type && canBeWatermark(type) ? { isMarked: true } : {}),
      };
    if (ipc !== null) {
      const data = await dataFrameFromArrow({ bytes: ipc, standIn });
      if (data.height !== count) throw new Error(`${data.height} of ${count} rows came out of the thread`);
      yield PolarsFrame.of({ schema, data, bytes });
    }
  }
}

function watermarkOf({ watermark }: BadRow, type: DataType | undefined): Pick<RejectedRow, 'watermark'> {
  if (watermark === null) return { watermark };
  const key = type && watermark !== undefined ? parsedKey(type, watermark) : undefined;
  return type && key !== undefined ? { watermark: watermarkText(type, key) } : {};
}
