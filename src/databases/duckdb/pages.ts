/** Pages of parquet that DuckDB reads directly, so they are not decoded and encoded again. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { isParquetPages, type PageEdges, type ParquetPages } from '../../formats/contract/pages.ts';
import { sameType } from '../../frames/describe-type.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { type SpoolFile, scratchColumn } from '../../frames/values/scratch-parquet.ts';
import type { Row } from '../engine.ts';
import { answerIn, type ColumnTotals, type Edge, hasEdges, isFloat } from '../totals.ts';
import { declared as declaredFor } from './columns.ts';
import type { DuckdbSession } from './connect.ts';
import { quoteText, totals } from './dialect.ts';

/** A file whose values DuckDB reads as its writer meant them, and the totals that DuckDB finds in the file. */
export interface PagesRead {
  readonly file: SpoolFile;
  /** The totals of each column, in the frame’s order. */
  readonly totals: readonly ColumnTotals[];
}

/** The unchanged pages of a frame, in a file that DuckDB reads with the declared column types. Undefined: the rows of the frame must be decoded. */
export async function pagesFor(session: DuckdbSession, frame: Frame, declared: readonly string[]): Promise<PagesRead | undefined> {
  const { stored } = asPolars(frame);
  if (!isParquetPages(stored) || !isAlike(stored, frame.schema, declared)) return undefined;
  const { schema, rows } = frame;
  const [nulls, { edges }] = [await frame.nullCounts(), stored];
  const columns = schema.columns.map(({ type }, at) => ({ type, values: rows - (nulls[at] ?? 0), noted: edges[at] ?? null }));
  if (!columns.every(isProvable)) return undefined;
  const file = await stored.spooled(session.scratch);
  if (file === undefined) return undefined;
  const found = await readBy(session, file, { columns, declared, rows });
  if (found !== undefined) return { file, totals: found };
  await file[Symbol.asyncDispose]();
  return undefined;
}

/** The frame has the columns of the file, and each column goes to a table column of its own type. */
function isAlike({ columns: own }: ParquetPages, { columns }: Schema, declared: readonly string[]): boolean {
  return (
    own.length === columns.length &&
    own.every(({ name, type }, at) => {
      const other = columns[at];
      return other !== undefined && other.name === name && sameType(other.type, type) && declared[at] === declaredFor(type);
    })
  );
}

interface NotedColumn {
  readonly type: DataType;
  /** The number of values that are not null. */
  readonly values: number;
  readonly noted: PageEdges | null;
}

/** Whether the totals prove that DuckDB reads a column as it was written. DuckDB reads decimals even if they have more digits than their column. */
function isProvable({ type, values, noted }: NotedColumn): boolean {
  if (!isNoted(type) || values === 0) return true;
  if (noted === null || type.kind !== 'decimal') return noted !== null;
  const end = 10n ** BigInt(type.precision);
  return -end < noted.min && noted.max < end;
}

/** Whether a column’s extremes can be compared. Extremes of floats can’t be compared, because writers record them in different ways. */
const isNoted = (type: DataType): boolean => hasEdges(type) && !isFloat(type);

interface Wanted {
  readonly columns: readonly NotedColumn[];
  readonly declared: readonly string[];
  readonly rows: number;
}

const measures = ['sum', 'min', 'max'] as const;

/**
 * The totals that DuckDB finds in the file. Undefined: the column types, or the rows, nulls and extremes, differ from those that the source’s writer recorded.
 * DuckDB reads the whole file here, because a failed INSERT would also undo earlier rows. The query runs outside of the session, whose own queries would wait
 * for earlier rows.
 */
async function readBy(session: DuckdbSession, { path }: SpoolFile, wanted: Wanted): Promise<readonly ColumnTotals[] | undefined> {
  const { columns, declared, rows } = wanted;
  const from = `from read_parquet([${quoteText(path)}])`;
  try {
    const described = await session.beside(`describe ${from}`);
    if (described.length !== declared.length || !described.every(({ column_type: type }, at) => type === declared[at])) return undefined;
    const asked = columns.flatMap(({ type }, at) => {
      const own = scratchColumn(at);
      const sums = totals(own, type);
      const each = measures.flatMap((measure) => (sums[measure] === undefined ? [] : [`${sums[measure]} as ${measure}${at}`]));
      return [`count(${own}) as ${own}`, ...each];
    });
    const [found] = await session.betweenInserts(`select count(*) as n, ${asked.join(', ')} ${from}`);
    if (found === undefined || Number(found.n) !== rows) return undefined;
    const all = columns.map((column, at) => totalIn(found, at, column));
    return all.every((one) => one !== undefined) ? all : undefined;
  } catch {
    // hygge decodes the file instead, and the decoder reports the fault.
    return undefined;
  }
}

/** The total of a column. Undefined: DuckDB finds other nulls or extremes than the writer recorded, or no complete sum. */
function totalIn(found: Row, at: number, { type, values, noted }: NotedColumn): ColumnTotals | undefined {
  const answer = (measure: (typeof measures)[number]): Edge | undefined => {
    const text = found[`${measure}${at}`];
    return text == null ? undefined : answerIn(type, measure, text);
  };
  const [sum = 0n, min, max] = measures.map(answer);
  if (typeof sum !== 'bigint' || Number(found[scratchColumn(at)]) !== values) return undefined;
  const isAsNoted = !isNoted(type) || values === 0 || (min === noted?.min && max === noted?.max);
  return isAsNoted ? { sum, days: 0n, min, max } : undefined;
}
