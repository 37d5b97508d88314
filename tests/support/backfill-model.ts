/** What a backfilled destination must hold, for tests. */

/** A row of source and model: `at` in steps of the watermark; `p` may be what rows are partitioned by. */
export interface Row {
  readonly id: number;
  readonly at: number | null;
  readonly p: number;
  readonly v: number;
}

/** What a destination must hold, by the rules of docs/backfill.md and docs/incremental.md, and by nothing of src. */
export class Model {
  rows: readonly Row[] = [];
  mark: number | null = null;
  readonly #of: Pick<Case, 'nulls' | 'overlap'>;

  constructor(of: Pick<Case, 'nulls' | 'overlap'>) {
    this.#of = of;
  }

  live(source: readonly Row[]): void {
    const { nulls, overlap } = this.#of;
    const mark = this.mark;
    const newest = Math.max(...source.flatMap(({ at }) => (at === null ? [] : [at])), mark ?? Number.NEGATIVE_INFINITY);
    const takes =
      (from: number) =>
      ({ at }: Row) =>
        at === null ? nulls === 'include' : at >= from && at <= newest;
    if (mark === null) this.rows = source.filter(takes(Number.NEGATIVE_INFINITY));
    else if (overlap > 0) this.#replace(takes(mark - overlap), source);
    else {
      const group = ({ at }: Row) => (at === null ? nulls === 'include' : at === mark);
      // A group that the source has forgotten altogether stays.
      if (source.some(group)) this.#replace(takes(mark), source);
      else this.rows = [...this.rows, ...source.filter(({ at }) => at !== null && at > mark)];
    }
    this.mark = newest;
  }

  backfill(from: number, to: number, source: readonly Row[]): void {
    const end = Math.min(to, this.mark ?? 0);
    this.#replace(({ at }) => at !== null && at >= from && at < end, source);
  }

  #replace(isIn: (row: Row) => boolean, source: readonly Row[]): void {
    this.rows = [...this.rows.filter((row) => !isIn(row)), ...source.filter(isIn)];
  }
}

export interface Case {
  readonly format: 'parquet' | 'csv' | 'ndjson' | 'delta';
  readonly type: 'date' | 'timestamp' | 'bigint';
  readonly nulls: 'include' | 'exclude';
  readonly partitionBy: 'p' | 'at' | null;
  /** In steps. */
  readonly overlap: number;
}

export const textOf = (rows: readonly Row[]): readonly string[] => rows.map(({ id, at, p, v }) => `${id} ${at} ${p} ${v}`).sort();
