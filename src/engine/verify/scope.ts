/** Which rows of source and destination are compared: the rows up to the settled watermark, or the rows of a range. */
import { sameType } from '../../frames/describe-type.ts';
import type { UpperEnd } from '../../frames/row-sum/some-rows.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, parsedKey, parseWatermark, watermarkText } from '../../frames/watermark-text.ts';
import type { DifferingRange, VerifyRequest } from '../../ports/answers/comparison.ts';
import type { Settled } from '../../ports/state.ts';
import { type Edge, everything, type Home, type Window } from '../contracts/home.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { noValueInRange, noWatermarkForRange, rangeNotRead, verifyRangeIsEmpty } from '../errors/verify.ts';

export interface VerifyScope {
  /** The rows of the source that are read. The window has no upper end, because a row above the compared rows may be the newer version of a settled row. */
  readonly source: Window;
  readonly destination: Window;
  /** Ranges that are compared exactly, and read in place of `source` and `destination`. Null: no such ranges. */
  readonly ranges: { readonly source: readonly Window[]; readonly destination: readonly Window[] } | null;
  /** The end of the source’s rows that are due. Null: all rows are due. */
  readonly end: UpperEnd | null;
  /** The range for people: the settled name of the watermark, and the ends in canonical text. Null: the rows have no range. */
  readonly column: string | null;
  readonly from: string | null;
  readonly to: Edge | null;
}

export interface ScopeSides {
  readonly spec: EntitySpec;
  readonly settled: Settled;
  readonly home: Pick<Home, 'reading'>;
  readonly destination: Pick<Home, 'reading'>;
  /** The watermark’s column as it settled. Undefined: the column did not settle. */
  readonly settledColumn: { readonly name: string; readonly type: DataType } | undefined;
}

/** Throws if the rows of a requested range can’t be told from others, or can’t be read. */
export function scopeOf(request: Pick<VerifyRequest, 'range' | 'ranges'>, sides: ScopeSides): VerifyScope {
  const { spec, settled } = sides;
  const mark = spec.watermark?.changes === undefined ? settled.watermark : null;
  if (request.ranges !== undefined) return exactScope(request.ranges, mark, sides);
  if (request.range !== null) return rangeScope(request.range, mark, sides);
  // A full load settles all rows, so all rows are compared.
  if (mark === null || spec.watermark === null || spec.runType !== 'incremental')
    return { source: everything, destination: everything, end: null, ...noEnds };
  const { column, type } = mark;
  const nulls = spec.watermark.nulls === 'include' ? 'include' : 'exclude';
  const initial = initialOf(spec, mark);
  const lower = initial === null ? null : { text: initial, inclusive: true };
  return {
    source: { ...everything, column: { column, type }, lower, nulls },
    // The destination has no lower end, because a backfill may have loaded older rows.
    destination:
      lower === null || sides.settledColumn === undefined ? everything : settledWindow(sides, { lower, upper: null, nulls }, type),
    end: { at: mark, inclusive: true, nulls: 'within' },
    column: sides.settledColumn?.name ?? column,
    from: initial,
    to: { text: mark.text, inclusive: true },
    ranges: null,
  };
}

function initialOf({ watermark }: EntitySpec, mark: Watermark): string | null {
  return watermark?.initial == null ? null : parseWatermark(watermark.initial, mark).text;
}

const noEnds = { column: null, from: null, to: null, ranges: null } as const;

function rangeScope(range: NonNullable<VerifyRequest['range']>, mark: Watermark | null, sides: ScopeSides): VerifyScope {
  const { spec, home, destination } = sides;
  if (mark === null || sides.settledColumn === undefined) throw noWatermarkForRange(spec);
  if (home.reading.filter !== 'range' || destination.reading.filter !== 'range') throw rangeNotRead(spec);
  const { column, type } = mark;
  const text = (written: string): string => {
    const key = parsedKey(type, written);
    if (key === undefined) throw noValueInRange(spec, { written, column, type });
    return watermarkText(type, key);
  };
  const [written, to] = [text(range.from), text(range.to)];
  if (compareWatermarks({ type, text: written }, { type, text: to }) >= 0) throw verifyRangeIsEmpty(spec, range);
  // Rows below the initial value never settle, so they are left out.
  const initial = initialOf(spec, mark);
  const from = initial !== null && compareWatermarks({ type, text: initial }, { type, text: written }) > 0 ? initial : written;
  const below = compareWatermarks({ type, text: to }, mark) <= 0;
  const ends = { lower: { text: from, inclusive: true }, upper: below ? { text: to, inclusive: false } : null, nulls: 'exclude' } as const;
  const window = { ...everything, column: { column, type }, ...ends };
  return {
    source: { ...window, upper: null },
    destination: settledWindow(sides, ends, type),
    end: below ? { at: { column, type, text: to }, inclusive: false, nulls: 'within' } : { at: mark, inclusive: true, nulls: 'within' },
    column: sides.settledColumn.name,
    from,
    to: below ? { text: to, inclusive: false } : { text: mark.text, inclusive: true },
    ranges: null,
  };
}

/** The scope of ranges that were just replaced. Neither side is read beyond the ends of the ranges. */
function exactScope(ranges: readonly DifferingRange[], mark: Watermark | null, sides: ScopeSides): VerifyScope {
  const { spec, home, destination } = sides;
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (mark === null || sides.settledColumn === undefined || first === undefined || last === undefined) throw noWatermarkForRange(spec);
  if (home.reading.filter !== 'range' || destination.reading.filter !== 'range') throw rangeNotRead(spec);
  const { column, type } = mark;
  const endOf = ({ to, to_included: inclusive }: DifferingRange): Edge =>
    compareWatermarks({ type, text: to }, mark) > 0 ? { text: mark.text, inclusive: true } : { text: to, inclusive };
  const windows = ranges.map((range): Window => {
    const lower = { text: range.from, inclusive: true };
    return { ...everything, column: { column, type }, lower, upper: endOf(range), nulls: 'exclude' };
  });
  const hull = { ...everything, column: { column, type }, nulls: 'exclude' as const };
  return {
    source: hull,
    destination: hull,
    ranges: { source: windows, destination: windows.map((window) => settledWindow(sides, window, type)) },
    end: null,
    column: sides.settledColumn.name,
    from: first.from,
    to: endOf(last),
  };
}

/** The same ends, as the destination writes values. */
export function settledWindow(
  { spec, destination, settledColumn }: ScopeSides,
  ends: Pick<Window, 'lower' | 'upper' | 'nulls'>,
  type: DataType,
): Window {
  if (settledColumn === undefined || destination.reading.filter !== 'range') throw rangeNotRead(spec);
  const column = { column: settledColumn.name, type: settledColumn.type };
  const edge = (one: Edge | null): Edge | null => {
    if (one === null || sameType(type, settledColumn.type)) return one;
    return { ...one, text: parseWatermark(one.text, column).text };
  };
  return { ...everything, column, lower: edge(ends.lower), upper: edge(ends.upper), nulls: ends.nulls };
}
