import { type DataFrame, type Expr, type LazyDataFrame, polars } from '../../frames/native.ts';
import { extremesOf } from '../../frames/values/extremes.ts';
import { readCounts } from '../../frames/values/from-polars.ts';
import { compareWatermarkKeys, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { EncodeOptions, FileEncoder } from './format.ts';

/** Counts the content of a file while the file is written: rows, nulls of each column, and the smallest and the largest watermark. */
export class Tally {
  rows = 0;
  readonly #of: Pick<EncodeOptions, 'schema' | 'watermark'>;
  readonly #nulls: number[];
  /** The expressions are made once, because each `Expr` needs a quarter of a megabyte for its functions. */
  #counting: Promise<readonly Expr[]> | undefined;
  #min: WatermarkKey | undefined;
  #max: WatermarkKey | undefined;

  constructor(of: Pick<EncodeOptions, 'schema' | 'watermark'>) {
    this.#of = of;
    this.#nulls = of.schema.columns.map(() => 0);
  }

  /** @param data rows with the schema’s columns, in the schema’s order. */
  async add(data: DataFrame): Promise<void> {
    this.rows += data.height;
    for (const [index, count] of readCounts(data.nullCount()).entries()) this.addNulls(index, count);
    await this.#stretchOver(() => data.lazy());
  }

  /** Counts the rows of a plan. All values are decoded, but they are never all in memory together. Returns the number of rows. */
  async addPlan(plan: LazyDataFrame): Promise<number> {
    this.#counting ??= this.#counts();
    // `collectSync` is called because `collect` ends the process if Polars panics, and Polars panics over damaged rows.
    const counts = plan.select(...(await this.#counting)).collectSync();
    const nulls = [...readCounts(counts)];
    const rows = nulls.pop() ?? 0;
    this.rows += rows;
    for (const [index, count] of nulls.entries()) this.addNulls(index, count);
    await this.#stretchOver((column) => plan.select(column).collectSync().lazy());
    return rows;
  }

  async #counts(): Promise<readonly Expr[]> {
    const pl = await polars();
    return [pl.all().nullCount(), pl.len().alias(this.#freeName())];
  }

  async #stretchOver(plan: (column: string) => LazyDataFrame): Promise<void> {
    const { schema, watermark } = this.#of;
    // If rows settle in folders that are named by this column, the rows do not contain the column.
    if (watermark === null || !schema.columns.some(({ name }) => name === watermark.column)) return;
    const found = await extremesOf(plan(watermark.column), watermark);
    if (found) this.stretch(watermarkKey(watermark.type, found.min), watermarkKey(watermark.type, found.max));
  }

  /** A name for a column that differs from the names of all columns. */
  #freeName(): string {
    const names = new Set(this.#of.schema.columns.map(({ name }) => name));
    let name = 'rows';
    while (names.has(name)) name += '_';
    return name;
  }

  addNulls(column: number, count: number): void {
    this.#nulls[column] = (this.#nulls[column] ?? 0) + count;
  }

  stretch(min: WatermarkKey, max: WatermarkKey): void {
    if (this.#min === undefined || compareWatermarkKeys(min, this.#min) < 0) this.#min = min;
    if (this.#max === undefined || compareWatermarkKeys(max, this.#max) > 0) this.#max = max;
  }

  summary(): ReturnType<FileEncoder['summary']> {
    const type = this.#of.watermark?.type;
    const min = type && this.#min !== undefined ? { min: watermarkText(type, this.#min) } : {};
    const max = type && this.#max !== undefined ? { max: watermarkText(type, this.#max) } : {};
    return { rows: this.rows, nulls: [...this.#nulls], ...min, ...max };
  }
}
