/** `where` of files: a condition over one row, in the SQL of Polars. The home leaves out the rows that do not meet it. */
import { hash } from 'node:crypto';
import type { Frame } from '../../engine/contracts/frame.ts';
import {
  type BoundRequest,
  type Checkpoint,
  everything,
  type FilesBelow,
  type Home,
  isFrame,
  type PassedFiles,
  type Reading,
  type SliceRef,
  type SourceFiles,
  type SourcePast,
  usualSliceBytes,
  type Window,
} from '../../engine/contracts/home.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { type DataFrame, type LazyDataFrame, type Polars, polars } from '../../frames/native.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { queried } from '../../frames/sql.ts';
import { extremesOf } from '../../frames/values/extremes.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import { emptyFrame } from '../../frames/values/to-polars.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import { projection } from './projection.ts';

export interface RowFilterConfig {
  readonly where: string;
  /** The columns of the filtered rows that are kept. The home itself reads all columns, because the condition may name any column. */
  readonly columns: readonly string[] | null;
  readonly exclude: readonly string[] | null;
}

export function filtered(home: Home, filtering: RowFilterConfig): Home {
  return new FilteredHome(home, filtering);
}

class FilteredHome implements Home {
  readonly reading: Reading;
  readonly place: string;
  readonly rowCondition: string;
  readonly files?: SourceFiles;
  readonly past?: SourcePast;
  readonly #home: Home;
  readonly #of: RowFilterConfig;
  /** Whether only a few files are opened, so that results are estimates. */
  #isBrief = false;
  #schema: Schema | undefined;

  constructor(home: Home, of: RowFilterConfig) {
    this.#home = home;
    this.#of = of;
    this.reading = home.reading;
    this.place = home.place;
    // Only a hash of the condition is shown, because the condition may contain personal values.
    this.rowCondition = `where ${hash('sha256', of.where.trim()).slice(0, 12)}`;
    if (home.files !== undefined) this.files = home.files;
    if (home.past !== undefined) this.past = home.past;
  }

  async describe(...of: Parameters<Home['describe']>): ReturnType<Home['describe']> {
    const step = await this.#home.describe(...of);
    if (!('done' in step)) return step;
    const { schema, rows, ...rest } = step.done;
    this.#isBrief = step.done.looked !== undefined;
    this.#schema = schema;
    if (schema) await this.#kept(await emptyFrame(schema));
    return { done: { ...rest, schema: schema && this.#projected(schema), rows: rows && { n: rows.n, exact: false } } };
  }

  /** The newest value of a row that meets the condition. Usually this is the newest value of all rows; otherwise rows are read to find it. */
  async bound(request: BoundRequest, cursor?: Json): ReturnType<Home['bound']> {
    const step = await this.#home.bound(request, cursor);
    if (this.#isBrief || !('done' in step) || step.done === undefined || step.done === 'observed') return step;
    const { column, type, text } = step.done;
    const edge = { text, inclusive: true };
    const at = { ...everything, column: { column, type }, upper: edge, nulls: 'exclude' } as const;
    const found = (await this.#newest({ ...at, lower: edge }, { column, type })) ?? (await this.#newest(at, { column, type }));
    return { ...step, done: found };
  }

  async future(column: string, cursor?: Json): ReturnType<Home['future']> {
    const step = await this.#home.future(column, cursor);
    if (this.#isBrief || !('done' in step) || step.done.rows === 0 || step.done.until === null) return step;
    const type = (await this.#typeOf(column)) ?? { kind: 'null' };
    const beyond: Window = {
      ...everything,
      column: { column, type },
      lower: { text: step.done.until, inclusive: false },
      nulls: 'exclude',
    };
    const rows = await this.#count(beyond, (pl) => pl.lit(true));
    return { done: { ...step.done, rows, latest: rows === 0 ? null : ((await this.#newest(beyond, { column, type }))?.text ?? null) } };
  }

  async nulls(column: string, cursor?: Json): ReturnType<Home['nulls']> {
    const step = await this.#home.nulls(column, cursor);
    if (this.#isBrief || !('done' in step) || step.done === 0 || step.done === 'while reading') return step;
    return { done: await this.#count(everything, (pl) => pl.col(column).isNull()) };
  }

  async plan(...of: Parameters<Home['plan']>): ReturnType<Home['plan']> {
    const step = await this.#home.plan(...of);
    if (!('done' in step) || step.done.passed === undefined) return step;
    return { done: { ...step.done, passed: await this.#passed(step.done.passed) } };
  }

  /** The new files with rows that no run reads, if these rows meet the condition. */
  async #passed({ whole, partly, ...beside }: PassedFiles): Promise<PassedFiles> {
    const [all, some] = [whole && (await this.#letThrough(whole)), partly && (await this.#letThrough(partly))];
    return {
      whole: all,
      partly: some && partly && { ...some, rows: Math.min(some.rows, partly.rows), repeats: partly.repeats },
      ...beside,
    };
  }

  async #letThrough(below: FilesBelow): Promise<(FilesBelow & { readonly rows: number }) | null> {
    const { column, type } = below.from;
    const edges = { lower: { text: below.from.text, inclusive: true }, upper: { text: below.to.text, inclusive: true } };
    const found = new Map<string, { readonly min: string; readonly max: string }[]>();
    let rows = 0;
    for await (const { plan, origin } of this.#rows({ ...everything, column: { column, type }, ...edges, nulls: 'exclude' })) {
      if (origin === undefined || !below.names.includes(origin)) continue;
      const range = await extremesOf(plan, { column, type });
      if (range === undefined) continue;
      found.set(origin, [...(found.get(origin) ?? []), range]);
      rows += (await plan.collect()).height;
    }
    const ranges = [...found.values()].flat();
    const texts = ranges.flatMap(({ min, max }) => [min, max]).map((text) => ({ column, type, text }));
    const [from, to] = [texts.toSorted(compareWatermarks).at(0), texts.toSorted(compareWatermarks).at(-1)];
    return from && to ? { names: [...found.keys()], from, to, rows } : null;
  }

  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint | Rejected> {
    for await (const item of this.#home.read(slice, window, from, signal)) {
      if (!isFrame(item)) yield item;
      else {
        const frame = await this.#through(asPolars(item));
        if (frame.rows > 0) yield frame;
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#home[Symbol.asyncDispose]());
  }

  #projected(schema: Schema): Schema {
    const names = projection(schema, this.#of.columns, this.#of.exclude);
    return names === null ? schema : { ...schema, columns: schema.columns.filter(({ name }) => names.includes(name)) };
  }

  async #through(frame: PolarsFrame): Promise<PolarsFrame> {
    const kept = await (await this.#kept(frame)).collect();
    const schema = this.#projected(frame.schema);
    const isWhole = schema.columns.length === frame.schema.columns.length;
    if (isWhole && kept.height === frame.rows) return frame;
    const data = isWhole ? kept : kept.select(...schema.columns.map(({ name }) => name));
    const share = frame.rows === 0 ? 0 : (kept.height * schema.columns.length) / (frame.rows * Math.max(1, frame.schema.columns.length));
    const part = PolarsFrame.of({ schema, data: data as DataFrame, bytes: Math.ceil(frame.bytes * share) });
    return frame.origin === undefined ? part : part.readFrom(frame.origin, frame.columnsOfFile);
  }

  /** The rows of a frame that meet the condition, as a plan. Throws HYG-3213 if Polars can't parse the condition. */
  async #kept(frame: PolarsFrame): Promise<LazyDataFrame> {
    const rows = await frame.lazy();
    try {
      // The condition is on separate lines, so that a comment at its end does not hide the bracket.
      const plan = await queried(rows, `SELECT * FROM home WHERE (\n${this.#of.where}\n)`);
      if (frame.rows === 0) await plan.collect();
      return plan;
    } catch (error) {
      throw noCondition(this.place, frame.schema, error);
    }
  }

  async #newest(window: Window, { column, type }: { readonly column: string; readonly type: DataType }): Promise<Watermark | undefined> {
    let newest: Watermark | undefined;
    const of = { column, type };
    for await (const { plan } of this.#rows(window)) {
      const text = (await extremesOf(plan, of))?.max;
      const found = text === undefined ? undefined : { column, type, text };
      if (found && (!newest || compareWatermarks(found, newest) > 0)) newest = found;
    }
    return newest;
  }

  async #count(window: Window, which: (pl: typeof Polars) => Polars.Expr): Promise<number> {
    const pl = await polars();
    let rows = 0;
    for await (const { plan } of this.#rows(window)) rows += (await plan.filter(which(pl)).collect()).height;
    return rows;
  }

  async *#rows(window: Window): AsyncGenerator<{ readonly plan: LazyDataFrame; readonly origin: string | undefined }> {
    const { signal } = new AbortController();
    const step = await this.#home.plan(window, { sliceBytes: usualSliceBytes });
    if (!('done' in step)) return;
    for (const slice of step.done.slices)
      for await (const item of this.#home.read(slice, window, undefined, signal))
        if (isFrame(item)) yield { plan: await this.#kept(asPolars(item)), origin: item.origin };
  }

  async #typeOf(column: string): Promise<DataType | undefined> {
    if (this.#schema === undefined) await this.describe();
    return this.#schema?.columns.find(({ name }) => name === column)?.type;
  }
}

function noCondition(place: string, { columns }: Schema, cause: unknown): HomeError {
  const names = columns.map(({ name }) => name);
  const [said = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new HomeError({
    code: 'HYG-3213',
    what: `home.where is not a condition for the rows of ${place}.`,
    why: [`Polars says: ${said}`, `There is: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`],
    tryThis: ["Correct the condition: where: amount > 0 and region = 'EU'; put names with other characters into double quotes"],
    cause,
  });
}
