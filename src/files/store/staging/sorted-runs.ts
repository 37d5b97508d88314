/**
 * Returns rows partition by partition, in bounded memory. Each frame is sorted by the partition columns and written to a file in scratch.
 * At the end, these files are merged. So every partition gets few and large row groups, for any order of incoming rows. The rows are
 * never all in memory, because native memory of JavaScript objects is freed only when the garbage collector runs.
 */
import type { Frame } from '../../../engine/contracts/frame.ts';
import { DefectError } from '../../../errors/hygge-error.ts';
import { scratchErrorOf } from '../../../formats/bytes/scratch-errors.ts';
import { type LazyDataFrame, polars } from '../../../frames/native.ts';
import type { Column, Schema } from '../../../frames/schema.ts';
import { asPolars, PolarsFrame } from '../../../frames/values/polars-frame.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import { checkPartitionCount, type MakePartitionSorter, type PartitionRows, type PartitionSorter, withoutColumns } from './partition-by.ts';
import { compareRanges, type KeyRange, keyRanges } from './partition-keys.ts';

const frameBytes = 32 * 1024 * 1024;
const frameRows = 122_880;
/** The number of rows in a row group of a run. Row groups are small, because often only the few rows of a partition are read. */
const groupRows = 8_192;

/** A file of sorted rows in scratch. */
interface Run {
  readonly path: string;
  readonly plan: LazyDataFrame;
  /** The plan of the run without the partition columns. Created once for all partitions, because each plan has some hundred functions. */
  readonly rest: LazyDataFrame;
  readonly ranges: readonly KeyRange[];
  readonly rows: number;
  readonly bytes: number;
}

/** Some rows of a run. */
interface Piece {
  readonly run: Run;
  readonly start: number;
  readonly rows: number;
}

interface Rows {
  readonly plan: LazyDataFrame;
  readonly rows: number;
  readonly bytes: number;
  explain?(cause: unknown): Promise<unknown>;
}

/** Makes sorters. @param most the maximum bytes of a frame. */
export function sortedRuns(most = frameBytes): MakePartitionSorter {
  return ({ columns, scratch }) => new SortedRuns({ columns, scratch, most });
}

class SortedRuns implements PartitionSorter {
  bytes = 0;
  readonly #of: { readonly columns: readonly Column[]; readonly scratch: Scratch; readonly most: number };
  readonly #names: readonly string[];
  readonly #folders = new Set<string>();
  /** The paths of files in scratch. A file is deleted after it was read, or after an error. */
  readonly #paths = new Set<string>();
  #schema: Schema | undefined;
  #runs: Run[] = [];

  constructor(of: { readonly columns: readonly Column[]; readonly scratch: Scratch; readonly most: number }) {
    this.#of = of;
    this.#names = of.columns.map(({ name }) => name);
  }

  async add(frame: Frame): Promise<void> {
    if (frame.rows === 0) return;
    const source = asPolars(frame);
    this.#schema ??= source.schema;
    const names = this.#schema.columns.map(({ name }) => name);
    const isInOrder = source.schema.columns.every(({ name }, i) => name === names[i]);
    const plan = isInOrder ? await source.lazy() : (await source.lazy()).select(...names);
    this.#runs.push(await this.#sorted({ plan, rows: source.rows, bytes: source.bytes, explain: (cause) => source.explain(cause) }));
    this.bytes += source.bytes;
  }

  async *drain(taken: () => Promise<unknown>): AsyncGenerator<PartitionRows> {
    const [only, ...others] = this.#runs;
    if (only && others.length === 0) yield* this.#apart(only);
    else for (const batch of this.#batches()) yield* this.#merged(batch, taken);
    await taken();
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#runs = [];
    this.bytes = 0;
    for (const path of this.#paths) await this.#free(path);
  }

  async #sorted({ plan, rows, bytes, explain }: Rows): Promise<Run> {
    const path = await this.#of.scratch.path('.parquet');
    this.#paths.add(path);
    const sorted = plan.sort({ by: [...this.#names], maintainOrder: true });
    const sink = sorted.sinkParquet(path, { compression: 'lz4', statistics: false, rowGroupSize: groupRows, maintainOrder: true });
    await inTurn(() => sink.collect()).catch(async (cause: unknown) => {
      throw scratchErrorOf(cause) ?? (await explain?.(cause)) ?? cause;
    });
    const scan = (await polars()).scanParquet(path, { glob: false, hivePartitioning: false });
    const ranges = await keyRanges(scan, this.#of.columns, rows);
    for (const [i, range] of ranges.entries()) {
      const before = ranges[i - 1];
      if ((before && compareRanges(before, range) >= 0) || range.rows <= 0) throw outOfOrder(this.#names);
      this.#folders.add(range.folder);
    }
    checkPartitionCount(this.#folders.size, this.#names);
    const [first = '', ...others] = this.#names;
    return { path, plan: scan, rest: scan.drop(first, ...others), ranges, rows, bytes };
  }

  async #free(path: string): Promise<void> {
    this.#paths.delete(path);
    await this.#of.scratch.free(path);
  }

  /** The partitions in order. Small neighbours are joined into a batch. */
  *#batches(): Generator<readonly KeyRange[]> {
    const all = new Map<string, { range: KeyRange; bytes: number }>();
    for (const run of this.#runs) {
      for (const range of run.ranges) {
        const bytes = (run.bytes / run.rows) * range.rows;
        const known = all.get(range.folder);
        if (known) known.bytes += bytes;
        else all.set(range.folder, { range, bytes });
      }
    }
    const ordered = [...all.values()].sort((a, b) => compareRanges(a.range, b.range));
    let batch: KeyRange[] = [];
    let size = 0;
    for (const { range, bytes } of ordered) {
      if (batch.length > 0 && size + bytes > this.#of.most) {
        yield batch;
        batch = [];
        size = 0;
      }
      batch.push(range);
      size += bytes;
    }
    if (batch.length > 0) yield batch;
  }

  async *#merged(batch: readonly KeyRange[], taken: () => Promise<unknown>): AsyncGenerator<PartitionRows> {
    const pieces = this.#piecesOf(batch);
    const [first] = batch;
    if (!first) return;
    if (batch.length === 1) {
      for (const group of this.#inFrames(pieces)) {
        const rows = group.reduce((sum, piece) => sum + piece.rows, 0);
        yield this.#partition(first, { plan: await planOf(group, 'rest'), rows, bytes: bytesOf(group) });
      }
      return;
    }
    const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
    const run = await this.#sorted({ plan: await planOf(pieces, 'plan'), rows, bytes: bytesOf(pieces) });
    yield* this.#apart(run);
    await taken();
    await this.#free(run.path);
  }

  /** The rows of some neighbouring partitions in the runs. */
  #piecesOf(batch: readonly KeyRange[]): readonly Piece[] {
    const folders = new Set(batch.map(({ folder }) => folder));
    return this.#runs.flatMap((run): Piece[] => {
      const ranges = run.ranges.filter(({ folder }) => folders.has(folder));
      const [first] = ranges;
      if (!first) return [];
      const rows = ranges.reduce((sum, range) => sum + range.rows, 0);
      const last = ranges.at(-1) ?? first;
      if (last.start + last.rows !== first.start + rows) throw outOfOrder(this.#names);
      return [{ run, start: first.start, rows }];
    });
  }

  *#inFrames(pieces: readonly Piece[]): Generator<readonly Piece[]> {
    let group: Piece[] = [];
    for (const piece of pieces) {
      const rows = group.reduce((sum, one) => sum + one.rows, 0);
      if (group.length > 0 && (bytesOf([...group, piece]) > this.#of.most || rows + piece.rows > frameRows)) {
        yield group;
        group = [];
      }
      group.push(piece);
    }
    if (group.length > 0) yield group;
  }

  async *#apart(run: Run): AsyncGenerator<PartitionRows> {
    for (const range of run.ranges) {
      const piece = { run, start: range.start, rows: range.rows };
      yield this.#partition(range, { plan: await planOf([piece], 'rest'), rows: range.rows, bytes: bytesOf([piece]) });
    }
  }

  #partition({ values }: KeyRange, of: { plan: LazyDataFrame; rows: number; bytes: number }): PartitionRows {
    const schema = withoutColumns(this.#schema ?? { columns: [] }, this.#names);
    return { values, frame: PolarsFrame.lazy({ schema, ...of, facts: {} }) };
  }
}

let turn: Promise<unknown> = Promise.resolve();

/** Runs only one sort at a time in the process, because each sort uses all processors and has its frame in memory twice. */
function inTurn<T>(sort: () => Promise<T>): Promise<T> {
  const mine = turn.then(sort);
  turn = mine.catch(() => undefined);
  return mine;
}

async function planOf(pieces: readonly Piece[], columns: 'plan' | 'rest'): Promise<LazyDataFrame> {
  const pl = await polars();
  const plans = pieces.map(({ run, start, rows }) => run[columns].slice(start, rows));
  const [only, ...others] = plans;
  return only && others.length === 0 ? only : (pl.concat(plans) as LazyDataFrame);
}

function bytesOf(pieces: readonly Piece[]): number {
  return Math.ceil(pieces.reduce((sum, { run, rows }) => sum + (run.bytes / run.rows) * rows, 0));
}

/** The error for rows in another order than `compareRanges`, which would get into the wrong folder. */
function outOfOrder(columns: readonly string[]): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `Rows could not be sorted by ${columns.join(', ')}.`,
    tryThis: ['Run again. If the error stays, leave partition_by out, and report the error with the types of these columns'],
  });
}
