import type { Frame } from '../../engine/contracts/frame.ts';
import { DefectError } from '../../errors/hygge-error.ts';
import { sameType } from '../describe-type.ts';
import { type DataFrame, type LazyDataFrame, polars } from '../native.ts';
import type { Schema } from '../schema.ts';
import type { Fingerprint, Watermark } from '../watermark.ts';
import { compareWatermarks } from '../watermark-text.ts';
import { type ConformsTo, conformedPlan } from './conform.ts';
import { atMostExpression, comparable, isWithin } from './exact-literal.ts';
import { extremesOf } from './extremes.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readCounts } from './from-polars.ts';

/** Canonical texts of bounds that contain all values of a column. */
interface Bounds {
  readonly min: string;
  readonly max: string;
  /** Both bounds are values of the column. Absent: the column may have no value that is so small, or so large. */
  readonly areValues?: true;
}

export type ExactBounds = Bounds & { readonly areValues: true };

/** Facts that a reader knows without reading the rows. */
export interface KnownFacts {
  /** Nulls per column, in the schema's order. */
  readonly nulls?: readonly number[];
  /** Turns a failure of the plan into an error that a person can act on. */
  explain?(cause: unknown): Error | Promise<Error>;
  /** Undefined: unknown. */
  bounds?(column: string): Bounds | undefined;
  /** The exact location of these rows and columns in encoded form, as the format or the database that read them describes it: a writer may copy them from there. */
  readonly stored?: object;
  /** Columns whose values differ from the encoded ones. `columns` returns them. */
  readonly changed?: readonly string[];
  /** Decodes the rows in these columns only, in their order, again at each call: for encoded rows, of which decoding all columns would cost more. */
  columns?(names: readonly string[]): Promise<DataFrame>;
}

type Plan = LazyDataFrame | (() => Promise<LazyDataFrame>);

async function planned(plan: Plan): Promise<LazyDataFrame> {
  return typeof plan === 'function' ? plan() : plan;
}

/**
 * A frame over Polars, with hygge’s schema. Rows are in memory, or still a plan over a source that can run again (`lazy`): rows that do not
 * change are then decoded and encoded in one pass, without ever being completely in memory.
 */
export class PolarsFrame implements Frame {
  readonly schema: Schema;
  readonly rows: number;
  readonly bytes: number;
  readonly origin?: string;
  readonly columnsOfFile?: readonly string[];
  readonly shown?: ReadonlySet<string>;
  readonly #plan: Plan;
  readonly #facts: KnownFacts;
  #data: Promise<DataFrame> | undefined;

  private constructor(of: {
    readonly schema: Schema;
    readonly rows: number;
    readonly bytes: number;
    readonly plan: Plan;
    readonly data: Promise<DataFrame> | undefined;
    readonly facts: KnownFacts;
    readonly origin?: string | undefined;
    readonly own?: readonly string[] | undefined;
    readonly shown?: ReadonlySet<string> | undefined;
  }) {
    if (of.shown !== undefined) this.shown = of.shown;
    if (of.origin !== undefined) this.origin = of.origin;
    if (of.own !== undefined) this.columnsOfFile = of.own;
    this.schema = of.schema;
    this.rows = of.rows;
    this.bytes = of.bytes;
    this.#plan = of.plan;
    this.#facts = of.facts;
    this.#data = of.data;
  }

  /** @param of.bytes estimated bytes in memory. The columns of `data` are those of `schema`, in order. */
  static of(of: { readonly schema: Schema; readonly data: DataFrame; readonly bytes: number }): PolarsFrame {
    return new PolarsFrame({ ...of, rows: of.data.height, plan: of.data.lazy(), data: Promise.resolve(of.data), facts: {} });
  }

  /** @param of.rows exactly as many as the plan yields. @param of.plan the plan, or a function that makes it, if that is expensive. */
  static lazy(of: {
    readonly schema: Schema;
    readonly plan: Plan;
    readonly rows: number;
    readonly bytes: number;
    readonly facts: KnownFacts;
  }): PolarsFrame {
    return new PolarsFrame({ ...of, data: undefined });
  }

  readFrom(origin: string, own?: readonly string[]): PolarsFrame {
    const { schema, rows, bytes, shown } = this;
    return new PolarsFrame({ schema, rows, bytes, plan: this.#plan, data: this.#data, facts: this.#facts, origin, own, shown });
  }

  showing(shown: ReadonlySet<string>): PolarsFrame {
    const { schema, rows, bytes, origin, columnsOfFile: own } = this;
    return new PolarsFrame({ schema, rows, bytes, plan: this.#plan, data: this.#data, facts: this.#facts, origin, own, shown });
  }

  /** The same rows with a schema that says more about the columns. */
  told(schema: Schema): PolarsFrame {
    const { rows, bytes, origin, columnsOfFile: own, shown } = this;
    return new PolarsFrame({ schema, rows, bytes, plan: this.#plan, data: this.#data, facts: this.#facts, origin, own, shown });
  }

  /**
   * The same rows in other columns.
   * @param of.plan yields as many rows as this frame has, in their order.
   * @param of.nulls for each new column, a number, or the position of the column of this frame with as many nulls.
   * @param of.sourceName the name of a new column in this frame.
   * @param of.inPlace each column keeps its position, and new ones come after them, so encoded rows stay known. `changed` names the columns
   * with other values.
   */
  recast(of: {
    readonly schema: Schema;
    readonly plan: Plan;
    readonly nulls: readonly (number | { readonly as: number })[];
    sourceName(column: string): string | undefined;
    readonly inPlace?: { readonly changed: readonly string[]; columns(names: readonly string[]): Promise<DataFrame> };
  }): PolarsFrame {
    const { stored, changed = [], columns: _renamed, ...known } = this.#facts;
    const { nulls } = known;
    const { inPlace } = of;
    const facts: KnownFacts = {
      ...known,
      ...(nulls === undefined ? {} : { nulls: of.nulls.map((count) => (typeof count === 'number' ? count : (nulls[count.as] ?? 0))) }),
      ...(stored && inPlace
        ? {
            stored,
            changed: of.schema.columns.flatMap(({ name }) =>
              inPlace.changed.includes(name) || changed.includes(of.sourceName(name) ?? '') ? [name] : [],
            ),
            columns: inPlace.columns,
          }
        : {}),
      bounds(column) {
        const source = of.sourceName(column);
        return source === undefined ? undefined : known.bounds?.(source);
      },
    };
    const { rows, bytes, origin, shown } = this;
    return new PolarsFrame({ schema: of.schema, rows, bytes, plan: of.plan, data: undefined, facts, origin, shown });
  }

  /** The plan for a sink; a plan over rows in memory once they were collected. */
  async lazy(): Promise<LazyDataFrame> {
    return this.#data === undefined ? planned(this.#plan) : (await this.#data).lazy();
  }

  /** The rows in memory. Collected once. Throws if there are not as many as stated. */
  collect(): Promise<DataFrame> {
    this.#data ??= this.#collected().then(
      (data) => this.#checked(data),
      async (cause: unknown) => {
        throw await this.explain(cause);
      },
    );
    return this.#data;
  }

  /** The rows in these columns. Encoded rows are decoded only in these, and not kept. Throws if there are not as many as stated. */
  async columns(names: readonly string[]): Promise<DataFrame> {
    const { columns } = this.#facts;
    if (this.#data !== undefined || columns === undefined) return (await this.collect()).select(...names);
    return this.#checked(await columns(names));
  }

  /** The rows for one use, to be released after it: this frame makes them again at the next call. */
  async taken(): Promise<DataFrame> {
    if (this.#data !== undefined) return (await this.#data).clone();
    const data = await this.collect();
    this.#data = undefined;
    return data;
  }

  async nullCounts(): Promise<readonly number[]> {
    if (this.rows === 0) return this.schema.columns.map(() => 0);
    return this.#facts.nulls ?? readCounts((await this.collect()).nullCount());
  }

  conform(to: ConformsTo): Promise<PolarsFrame> {
    return conformedPlan(this, to);
  }

  async split(at: Watermark, nulls: 'with ties' | 'with rest', from = at.text): Promise<{ readonly ties: Frame; readonly rest: Frame }> {
    const index = this.schema.columns.findIndex((column) => column.name === at.column);
    const column = this.schema.columns[index];
    if (column === undefined || !sameType(column.type, at.type)) throw notInFrame(at);
    if (nulls === 'with rest' || this.#facts.nulls?.[index] === 0)
      if (this.#cannotHold(at, from)) return { ties: this.#empty(), rest: this };
    const pl = await polars();
    const data = await this.collect();
    const tie = isWithin(pl, at, from).fillNull(pl.lit(nulls === 'with ties'));
    const ties = await data.lazy().filter(tie).collect();
    if (ties.height === 0) return { ties: this.#empty(), rest: this };
    if (ties.height === this.rows) return { ties: this, rest: this.#empty() };
    const rest = await data.lazy().filter(tie.not()).collect();
    return { ties: this.partOf(ties), rest: this.partOf(rest) };
  }

  async apart(column: string): Promise<{ readonly set: Frame; readonly unset: Frame }> {
    const pl = await polars();
    const schema = { ...this.schema, columns: this.schema.columns.filter(({ name }) => name !== column) };
    const names = schema.columns.map(({ name }) => name);
    const isSet = pl.col(column).fillNull(pl.lit(false));
    const rows = (await this.collect()).lazy();
    const [set, unset] = [rows.filter(isSet).select(...names), rows.filter(isSet.not()).select(...names)];
    return { set: this.partOf(await set.collect(), schema), unset: this.partOf(await unset.collect(), schema) };
  }

  async upTo(
    at: Watermark,
  ): Promise<{ readonly within: Frame; readonly beyond: { readonly rows: number; readonly latest: string | null } }> {
    const column = this.schema.columns.find(({ name }) => name === at.column);
    if (column === undefined || !sameType(column.type, at.type)) throw notInFrame(at);
    const known = this.#facts.bounds?.(at.column);
    if (known !== undefined && compareWatermarks({ type: at.type, text: known.max }, at) <= 0) return { within: this, beyond: noneBeyond };
    const pl = await polars();
    const data = await this.collect();
    const inside = atMostExpression(pl, at).fillNull(pl.lit(true));
    const within = await data.lazy().filter(inside).collect();
    if (within.height === this.rows) return { within: this, beyond: noneBeyond };
    const { max: latest = null } = (await extremesOf(data.lazy().filter(inside.not()), { column: at.column, type: at.type })) ?? {};
    return { within: within.height === 0 ? this.#empty() : this.partOf(within), beyond: { rows: this.rows - within.height, latest } };
  }

  async extremes(of: Pick<Watermark, 'column' | 'type'>): ReturnType<Frame['extremes']> {
    const known = this.#facts.bounds?.(of.column);
    if (known?.areValues) return { min: known.min, max: known.max };
    return extremesOf((await this.columns([of.column])).lazy(), of);
  }

  async isAscending({ column, type }: Pick<Watermark, 'column' | 'type'>): Promise<boolean> {
    if (this.rows === 0) return true;
    const pl = await polars();
    const value = comparable(pl, column, type);
    const isBehind = value.isNull().or(value.ltEq(value.shift(1)).fillNull(pl.lit(false)));
    return (await (await this.collect()).lazy().filter(isBehind).collect()).height === 0;
  }

  async fingerprint(): Promise<Fingerprint> {
    return fingerprintOf(await this.collect());
  }

  /** The encoded location of the rows is no longer known. */
  async followedBy(others: readonly Frame[]): Promise<Frame> {
    const pl = await polars();
    const all = [this, ...others.map(asPolars)];
    const rows: DataFrame[] = [];
    for (const frame of all) rows.push(await frame.taken());
    const data = rows.length === 1 ? (rows[0] as DataFrame) : (pl.concat(rows, { how: 'vertical', rechunk: true }) as DataFrame);
    return PolarsFrame.of({ schema: this.schema, data, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) });
  }

  async pick(keep: Uint8Array): Promise<Frame> {
    const pl = await polars();
    const data = await this.collect();
    const names = data.columns;
    const kept = await data
      .withColumns(pl.Series(keptColumn, Array.from(keep, Boolean), pl.Bool))
      .lazy()
      .filter(pl.col(keptColumn))
      .select(...names)
      .collect();
    return this.partOf(kept);
  }

  /** A failure of the plan, as explained by the reader that made it. */
  async explain(cause: unknown): Promise<unknown> {
    return (await this.#facts.explain?.(cause)) ?? cause;
  }

  /** `KnownFacts.stored`, if it applies to all columns under their own names. */
  get stored(): object | undefined {
    return this.#facts.changed === undefined ? this.#facts.stored : undefined;
  }

  /** `KnownFacts.stored` by the positions of columns. Some may have new names or values, or come after the stored ones. */
  get storedInPart(): { readonly stored: object; readonly changed: readonly string[] } | undefined {
    const { stored, changed = [] } = this.#facts;
    return stored && { stored, changed };
  }

  /** The known facts about a column, without reading the rows. */
  bounds(column: string): Bounds | undefined {
    return this.#facts.bounds?.(column);
  }

  #cannotHold(at: Watermark, from: string): boolean {
    const bounds = this.#facts.bounds?.(at.column);
    if (bounds === undefined) return false;
    const { type } = at;
    return compareWatermarks(at, { type, text: bounds.min }) < 0 || compareWatermarks({ type, text: from }, { type, text: bounds.max }) > 0;
  }

  /** Some of its rows. @param schema the schema of `data`, if that has other columns. */
  partOf(data: DataFrame, schema: Schema = this.schema): PolarsFrame {
    const share = this.rows === 0 ? 0 : data.height / this.rows;
    const part = PolarsFrame.of({ schema, data, bytes: Math.ceil(this.bytes * share) });
    const told = this.shown === undefined ? part : part.showing(this.shown);
    return this.origin === undefined ? told : told.readFrom(this.origin);
  }

  #empty(): PolarsFrame {
    const nulls = this.schema.columns.map(() => 0);
    return PolarsFrame.lazy({ schema: this.schema, plan: async () => (await this.lazy()).limit(0), rows: 0, bytes: 0, facts: { nulls } });
  }

  async #collected(): Promise<DataFrame> {
    return (await planned(this.#plan)).collect();
  }

  async #checked(data: DataFrame): Promise<DataFrame> {
    if (data.height === this.rows) return data;
    const explained = await this.#facts.explain?.(new Error(`${this.rows} rows were promised; there are ${data.height}.`));
    if (explained) throw explained;
    throw new DefectError({
      code: 'HYG-9001',
      what: `A frame of ${this.rows} rows turned out to have ${data.height}.`,
      tryThis: ['Check whether the source file was changed while it was read, and run again'],
    });
  }
}

/** No column of a source has this name. */
const keptColumn = '_hygge kept';

const noneBeyond = { rows: 0, latest: null } as const;

function notInFrame(at: Watermark): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `A frame was split at ${at.column}, which it does not hold with that type.`,
    tryThis: ['Run again; if it stays, report it: this should not be possible'],
  });
}

/** The Polars side of a frame. Frames of other kinds can’t be encoded. */
export function asPolars(frame: Frame): PolarsFrame {
  if (frame instanceof PolarsFrame) return frame;
  throw new DefectError({
    code: 'HYG-9001',
    what: 'A frame that is not made of Polars data reached a format.',
    tryThis: ['Report it: a home gave frames that no file format can write'],
  });
}
