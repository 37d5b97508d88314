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

/** A lower and an upper bound, as canonical texts. All values of the column are between them. */
interface Bounds {
  readonly min: string;
  readonly max: string;
  /** Set if both bounds are values of the column. Absent: the smallest value may be above the lower bound, and the largest value below the upper bound. */
  readonly areValues?: true;
}

export type ExactBounds = Bounds & { readonly areValues: true };

/** Facts that the reader of the rows knows without decoding the rows. */
export interface KnownFacts {
  /** The number of nulls of each column, in the schema’s order. */
  readonly nulls?: readonly number[];
  /** Turns an error of the plan into an error on which a person can act. */
  explain?(cause: unknown): Error | Promise<Error>;
  /** The bounds of a column. Undefined: the bounds are unknown. */
  bounds?(column: string): Bounds | undefined;
  /** Where exactly these rows and columns are in encoded form. The format or the database that read the rows describes this, and a writer may copy the rows from there. */
  readonly stored?: object;
  /** The columns whose values differ from the encoded values. `columns` returns these columns. */
  readonly changed?: readonly string[];
  /** Decodes the rows in these columns only, in the order of `names`, again at each call. For encoded rows, because decoding all columns would take longer. */
  columns?(names: readonly string[]): Promise<DataFrame>;
}

type Plan = LazyDataFrame | (() => Promise<LazyDataFrame>);

async function planned(plan: Plan): Promise<LazyDataFrame> {
  return typeof plan === 'function' ? plan() : plan;
}

/**
 * A frame over Polars, with hygge’s schema. The rows are in memory, or are still a plan over a source that can run again (`lazy`). The rows
 * of a plan that do not change are decoded and encoded in one pass, and never are all in memory together.
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

  /** @param of.bytes the estimated bytes in memory. The columns of `data` are the columns of `schema`, in the same order. */
  static of(of: { readonly schema: Schema; readonly data: DataFrame; readonly bytes: number }): PolarsFrame {
    return new PolarsFrame({ ...of, rows: of.data.height, plan: of.data.lazy(), data: Promise.resolve(of.data), facts: {} });
  }

  /** @param of.rows exactly as many as the plan yields. @param of.plan the plan. If it takes long to make the plan, a function that makes it. */
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
   * @param of.plan yields as many rows as this frame has, in the same order.
   * @param of.nulls for each new column, the number of its nulls, or the position of the column of this frame that has as many nulls.
   * @param of.sourceName the name of a new column in this frame.
   * @param of.inPlace set if each column keeps its position and new columns come last, so that the location of the encoded rows stays
   * known. `changed` names the columns with other values.
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

  /** The plan for a sink. After the rows were collected, this is a plan over the rows in memory. */
  async lazy(): Promise<LazyDataFrame> {
    return this.#data === undefined ? planned(this.#plan) : (await this.#data).lazy();
  }

  /** The rows in memory, which are collected once. Throws if the number of rows is not the stated number. */
  collect(): Promise<DataFrame> {
    this.#data ??= this.#collected().then(
      (data) => this.#checked(data),
      async (cause: unknown) => {
        throw await this.explain(cause);
      },
    );
    return this.#data;
  }

  /** The rows in these columns. Encoded rows are decoded only in these columns, and are not kept in memory. Throws if the number of rows is not the stated number. */
  async columns(names: readonly string[]): Promise<DataFrame> {
    const { columns } = this.#facts;
    if (this.#data !== undefined || columns === undefined) return (await this.collect()).select(...names);
    return this.#checked(await columns(names));
  }

  /** The rows for one use, after which they are released. At the next call, this frame makes the rows again. */
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

  /** The rows of this frame, followed by the rows of the other frames. The encoded location of the rows is no longer known. */
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

  /** An error of the plan, explained by the reader that made the plan. */
  async explain(cause: unknown): Promise<unknown> {
    return (await this.#facts.explain?.(cause)) ?? cause;
  }

  /** `KnownFacts.stored`, if it describes all columns under their own names. */
  get stored(): object | undefined {
    return this.#facts.changed === undefined ? this.#facts.stored : undefined;
  }

  /** `KnownFacts.stored`, by the positions of columns. Some columns may have new names or values, or come after the stored columns. */
  get storedInPart(): { readonly stored: object; readonly changed: readonly string[] } | undefined {
    const { stored, changed = [] } = this.#facts;
    return stored && { stored, changed };
  }

  /** The known bounds of a column, without reading the rows. */
  bounds(column: string): Bounds | undefined {
    return this.#facts.bounds?.(column);
  }

  #cannotHold(at: Watermark, from: string): boolean {
    const bounds = this.#facts.bounds?.(at.column);
    if (bounds === undefined) return false;
    const { type } = at;
    return compareWatermarks(at, { type, text: bounds.min }) < 0 || compareWatermarks({ type, text: from }, { type, text: bounds.max }) > 0;
  }

  /** A frame of some rows of this frame. @param schema the schema of `data`, if `data` has other columns. */
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
    const explained = await this.#facts.explain?.(new Error(`${this.rows} rows were promised, but there are ${data.height}.`));
    if (explained) throw explained;
    throw new DefectError({
      code: 'HYG-9001',
      what: `A frame of ${this.rows} rows turned out to have ${data.height}.`,
      tryThis: ['Check whether the source file was changed while it was read, and run again'],
    });
  }
}

/** A name that no column of a source has. */
const keptColumn = '_hygge kept';

const noneBeyond = { rows: 0, latest: null } as const;

function notInFrame(at: Watermark): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `A frame was split at ${at.column}, a column that it does not have with that type.`,
    tryThis: ['Run again. If the error stays, report it: this should not be possible'],
  });
}

/** The Polars frame behind a frame. Frames of another kind can’t be encoded. */
export function asPolars(frame: Frame): PolarsFrame {
  if (frame instanceof PolarsFrame) return frame;
  throw new DefectError({
    code: 'HYG-9001',
    what: 'A frame that is not made of Polars data reached a format.',
    tryThis: ['Report it: a home returned frames that no file format can write'],
  });
}
