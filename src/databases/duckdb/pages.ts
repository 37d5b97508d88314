/** Pages of parquet that DuckDB reads as they lie: nothing decodes, encodes and decodes them on the way. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { isParquetPages, type ParquetPages, type SpooledPages } from '../../formats/contract/pages.ts';
import { sameType } from '../../frames/describe-type.ts';
import type { Schema } from '../../frames/schema.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { scratchColumn } from '../../frames/values/scratch-parquet.ts';
import { declared as declaredFor } from './columns.ts';
import type { DuckdbSession } from './connect.ts';
import { quoteText } from './dialect.ts';

/** The pages of a frame that nothing changed, in a file that DuckDB reads as the columns are declared. Undefined: its rows have to be decoded. */
export async function pagesFor(session: DuckdbSession, frame: Frame, declared: readonly string[]): Promise<SpooledPages | undefined> {
  const { stored } = asPolars(frame);
  if (!isParquetPages(stored) || !isAlike(stored, frame.schema, declared)) return undefined;
  const file = await stored.spooled(session.scratch);
  if (file === undefined) return undefined;
  if (await isReadAs(session, file, { declared, rows: frame.rows, nulls: await frame.nullCounts() })) return file;
  await file[Symbol.asyncDispose]();
  return undefined;
}

/** The frame has the columns of the file, and each goes into a column of its own type. */
function isAlike({ columns: own }: ParquetPages, { columns }: Schema, declared: readonly string[]): boolean {
  return (
    own.length === columns.length &&
    own.every(({ name, type }, at) => {
      const other = columns[at];
      return other !== undefined && other.name === name && sameType(other.type, type) && declared[at] === declaredFor(type);
    })
  );
}

interface Wanted {
  readonly declared: readonly string[];
  readonly rows: number;
  readonly nulls: readonly number[];
}

/**
 * Whether DuckDB finds columns of these types in the file, and can read all that is in it: an INSERT that fails would take the rows before these with it. Asked
 * beside the session, whose own question would wait for those rows.
 */
async function isReadAs(session: DuckdbSession, { path }: SpooledPages, { declared, rows, nulls }: Wanted): Promise<boolean> {
  const from = `from read_parquet([${quoteText(path)}])`;
  try {
    const columns = await session.beside(`describe ${from}`);
    if (columns.length !== declared.length || !columns.every(({ column_type: type }, at) => type === declared[at])) return false;
    const counts = declared.map((_, at) => `count(${scratchColumn(at)}) as ${scratchColumn(at)}`);
    const [found] = await session.beside(`select count(*) as n, ${counts.join(', ')} ${from}`);
    return Number(found?.n) === rows && nulls.every((count, at) => Number(found?.[scratchColumn(at)]) === rows - count);
  } catch {
    // The decoder reports what is wrong with it.
    return false;
  }
}
