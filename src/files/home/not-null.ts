/** `not_null` for files, because most formats can’t declare that a column has no nulls. Each frame is checked, and a null stops the run. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { aroundHome, everything, type Home, isFrame, usualSliceBytes } from '../../engine/contracts/home.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { polars } from '../../frames/native.ts';
import type { Schema } from '../../frames/schema.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { mustHave } from './projection.ts';

/** @param columns that have a value in each row that passes the home's condition. */
export function withoutNulls(home: Home, columns: readonly string[]): Home {
  const filled = new FilledColumns(home, columns);
  return {
    ...aroundHome(home),
    async describe(...of) {
      const step = await home.describe(...of);
      if (!('done' in step)) return step;
      const { schema } = step.done;
      return { done: { ...step.done, schema: schema && filled.strict(schema) } };
    },
    async *read(slice, window, from, signal) {
      for await (const item of home.read(slice, window, from, signal)) yield isFrame(item) ? await filled.checked(item, signal) : item;
    },
  };
}

class FilledColumns {
  readonly #home: Home;
  readonly #columns: readonly string[];

  constructor(home: Home, columns: readonly string[]) {
    this.#home = home;
    this.#columns = columns;
  }

  strict(schema: Schema): Schema {
    mustHave(schema, this.#columns, 'not_null of the home');
    const columns = schema.columns.map((column) => (this.#columns.includes(column.name) ? { ...column, nullable: false } : column));
    return { ...schema, columns };
  }

  /** The frame with these columns marked as never null. Throws HomeError HYG-3215 if a row has a null in such a column. */
  async checked(frame: Frame, signal: AbortSignal): Promise<Frame> {
    const counts = await frame.nullCounts();
    const at = frame.schema.columns.findIndex(({ name }, i) => this.#columns.includes(name) && (counts[i] ?? 0) > 0);
    const column = frame.schema.columns[at]?.name;
    if (column !== undefined) throw await this.#nullIn(column, frame.origin, signal);
    return asPolars(frame).told(this.strict(frame.schema));
  }

  /** The position of a null, for the message. Because a frame does not contain its position in the file, the file is read again. */
  async #nullIn(column: string, origin: string | undefined, signal: AbortSignal): Promise<HomeError> {
    const row = await this.#firstNull(column, origin, signal);
    const file = origin ?? this.#home.place;
    return new HomeError({
      code: 'HYG-3215',
      what: `Column ${column} is null in ${row === undefined ? 'a row' : `row ${row}`} of ${file}, but home.not_null does not allow nulls there.`,
      why:
        row === undefined
          ? []
          : [`Rows are counted from 1, without a header${this.#home.rowCondition === '' ? '' : ', and only rows that meet home.where'}.`],
      tryThis: [
        'Correct the file',
        `Or leave rows with a null out: home: { where: '"${column}" is not null' }`,
        `Or remove ${column} from not_null of the home`,
      ],
    });
  }

  /** The first row with a null; undefined: the file no longer has a null in the column. */
  async #firstNull(column: string, origin: string | undefined, signal: AbortSignal): Promise<number | undefined> {
    const pl = await polars();
    const step = await this.#home.plan(everything, { sliceBytes: usualSliceBytes });
    if (!('done' in step)) return undefined;
    let before = 0;
    for (const slice of step.done.slices) {
      const { source, sources = source === undefined ? [] : [source] } = slice;
      // A slice names files by their paths in the folder, and `origin` also has the path of the folder.
      if (!sources.some((path) => origin?.endsWith(path) ?? true)) continue;
      for await (const item of this.#home.read(slice, everything, undefined, signal)) {
        if (!isFrame(item) || item.origin !== origin) continue;
        const data = await asPolars(item).collect();
        const nulls = data.select(pl.col(column).isNull()).getColumn(column);
        const at = nulls.toArray().indexOf(true);
        if (at >= 0) return before + at + 1;
        before += item.rows;
      }
    }
    return undefined;
  }
}
