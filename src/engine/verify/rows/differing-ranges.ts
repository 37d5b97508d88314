/** A few ranges of the watermark that together contain all rows that differ. A repair reads these ranges again. */
import type { DataType } from '../../../frames/schema.ts';
import { type Fineness, floored, stepAt } from '../../../frames/times/floor.ts';
import { compareWatermarkKeys, parsedKey, type WatermarkKey, watermarkKey, watermarkText } from '../../../frames/watermark-text.ts';
import type { DifferingRange, DifferingRanges, DifferingRows } from '../../../ports/answers/comparison.ts';

/** How many ranges a repair may have. */
const mostRanges = 32;
/** How many ranges are kept while rows are read. */
const mostKept = 4096;

export interface ReplaceableRange {
  /** The name of the watermark’s column in the source, for people. */
  readonly column: string;
  readonly type: DataType;
  /** How finely the destination keeps the watermark. Rows with the same value in the destination are replaced together. */
  readonly precision: Fineness;
  /** Whether a row that is read again replaces the settled row with its key, whatever watermark the settled row has. */
  readonly mergesByKey: boolean;
  /** Where the replaceable rows end: rows below this value can be replaced, and rows with this value if it is included. */
  readonly edge: { readonly text: string; readonly inclusive: boolean };
}

/** A range that includes both of its values. */
interface KeyRange {
  readonly from: WatermarkKey;
  readonly to: WatermarkKey;
  readonly rows: DifferingRows;
}

/** The differing rows of one key, each with its watermarks in canonical text. Rows with equal hashes may have several watermarks. Null: a row has no watermark. */
export interface DifferingRowsOfKey {
  readonly source: readonly Marks[];
  readonly destination: readonly Marks[];
}

type Marks = readonly (string | null)[];

const noRows: DifferingRows = { adds: 0, changes: 0, removes: 0, source: 0, destination: 0 };

function sumOf(one: DifferingRows, other: Partial<DifferingRows>): DifferingRows {
  return {
    adds: one.adds + (other.adds ?? 0),
    changes: one.changes + (other.changes ?? 0),
    removes: one.removes + (other.removes ?? 0),
    source: one.source + (other.source ?? 0),
    destination: one.destination + (other.destination ?? 0),
  };
}

/** The gathered ranges as JSON, with watermarks as canonical texts. */
export interface RangesAsJson {
  readonly kept: readonly (readonly [from: string, to: string, rows: DifferingRows])[];
  readonly fresh: readonly (readonly [mark: string, rows: DifferingRows])[];
  readonly beyond: number;
  readonly unmarked: number;
  readonly held: readonly string[] | null;
}

export class DifferingRangesGatherer {
  readonly #of: ReplaceableRange;
  #kept: readonly KeyRange[] = [];
  readonly #fresh = new Map<WatermarkKey, DifferingRows>();
  #beyond = 0;
  #unmarked = 0;
  /** The watermarks of rows that must not be removed, in ascending order. Null: any range may contain such a row. */
  #held: Set<WatermarkKey> | null = new Set();
  #sortedHeld: readonly WatermarkKey[] = [];

  constructor(of: ReplaceableRange) {
    this.#of = of;
  }

  toJson(): RangesAsJson {
    const text = (key: WatermarkKey) => watermarkText(this.#of.type, key);
    return {
      kept: this.#kept.map(({ from, to, rows }) => [text(from), text(to), rows]),
      fresh: [...this.#fresh].map(([key, rows]) => [text(key), rows]),
      ...{ beyond: this.#beyond, unmarked: this.#unmarked },
      held: this.#held === null ? null : [...this.#held].map(text),
    };
  }

  /** Continues from the result of `toJson`. It is called before any row is added. */
  goOnFrom({ kept, fresh, beyond, unmarked, held }: RangesAsJson): void {
    const key = (text: string) => watermarkKey(this.#of.type, text);
    this.#kept = kept.map(([from, to, rows]) => ({ from: key(from), to: key(to), rows }));
    for (const [mark, rows] of fresh) this.#fresh.set(key(mark), rows);
    this.#beyond = beyond;
    this.#unmarked = unmarked;
    this.#held = held === null ? null : new Set(held.map(key));
  }

  /** Another gatherer, still empty, for another comparison of the same rows. */
  anew(): DifferingRangesGatherer {
    return new DifferingRangesGatherer(this.#of);
  }

  /** Adds the rows of a key. @param counted how many rows of the key only the source has, and how many both sides have with other values. All other rows of the key in the destination are removed. */
  addKey(
    { source, destination }: DifferingRowsOfKey,
    counted: { readonly only_in_source: number; readonly changed: number; readonly only_in_destination: number },
  ): void {
    const marks = source.flat();
    source.forEach(([first = null, ...others], at) => {
      this.add(first, { source: 1, ...(at < counted.only_in_source ? { adds: 1 } : { changes: 1 }) });
      for (const written of others) this.add(written);
    });
    // If a row of the source is out of reach, no range contains it. Then the settled row stays until a run reads the source’s row.
    if (marks.some((written) => !this.#isInReach(written))) {
      this.hold(destination.flat());
      return;
    }
    const isReplaced = this.#of.mergesByKey && marks.length > 0;
    const gone = destination.length - counted.only_in_destination;
    destination.forEach((all, at) => {
      const [first, ...others] = all.filter((written) => !isReplaced || this.#isInReach(written));
      if (first === undefined) return;
      this.add(first, { destination: 1, ...(at < gone ? {} : { removes: 1 }) });
      for (const written of others) this.add(written);
    });
  }

  #isInReach(written: string | null): boolean {
    const key = written === null ? undefined : parsedKey(this.#of.type, written);
    return key !== undefined && this.#isBelowEdge(key);
  }

  /** Adds a row that differs. @param written the watermark of the row in canonical text; null: the row has no watermark. @param rows how many rows it counts as in its range. */
  add(written: string | null, rows: Partial<DifferingRows> = {}): void {
    const { type, precision } = this.#of;
    const key = written === null ? undefined : parsedKey(type, written);
    if (key === undefined) this.#unmarked++;
    else if (!this.#isBelowEdge(key)) this.#beyond++;
    else {
      const kept = watermarkKey(type, floored(type, watermarkText(type, key), precision));
      this.#fresh.set(kept, sumOf(this.#fresh.get(kept) ?? noRows, rows));
    }
    if (this.#fresh.size >= mostKept) this.#gather(mostKept);
  }

  /** Notes rows that stay. @param marks the watermarks of these rows, in canonical text; null: there are so many that any range may contain one. */
  hold(marks: readonly (string | null)[] | null): void {
    const { type, precision } = this.#of;
    if (marks === null || this.#held === null) {
      this.#held = null;
      return;
    }
    for (const written of marks) {
      const key = written === null ? undefined : parsedKey(type, written);
      if (key !== undefined) this.#held.add(watermarkKey(type, floored(type, watermarkText(type, key), precision)));
    }
  }

  /** The ranges, divided at the widest gaps between the rows. A range never contains the value of a row that stays. */
  found(): DifferingRanges {
    this.#gather(mostRanges);
    const free = this.#kept.filter(({ from, to }) => !this.#isHeldWithin(from, to));
    const ranges = free.slice(0, mostRanges);
    const rowsOf = (all: readonly KeyRange[]) => all.reduce((sum, { rows }) => sum + rows.adds + rows.changes + rows.removes, 0);
    return {
      column: this.#of.column,
      ranges: ranges.map((one) => this.#told(one)),
      beyond: this.#beyond,
      unmarked: this.#unmarked,
      held: rowsOf(this.#kept) - rowsOf(free),
      later: rowsOf(free) - rowsOf(ranges),
    };
  }

  /** Whether a row that stays has a value from `from` to `to`, both included. */
  #isHeldWithin(from: WatermarkKey, to: WatermarkKey): boolean {
    if (this.#held === null) return true;
    let [low, high] = [0, this.#sortedHeld.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareWatermarkKeys(this.#sortedHeld[middle] as WatermarkKey, from) < 0) low = middle + 1;
      else high = middle;
    }
    const next = this.#sortedHeld[low];
    return next !== undefined && compareWatermarkKeys(next, to) <= 0;
  }

  #isBelowEdge(key: WatermarkKey): boolean {
    const { type, precision, edge } = this.#of;
    if (edge.inclusive) return compareWatermarkKeys(key, watermarkKey(type, edge.text)) <= 0;
    const kept = (text: string) => watermarkKey(type, floored(type, text, precision));
    return compareWatermarkKeys(kept(watermarkText(type, key)), kept(edge.text)) < 0;
  }

  /** Joins ranges until at most `most` remain. The widest gaps, and the gaps next to rows that stay, remain between ranges. */
  #gather(most: number): void {
    const sorted = withoutOverlaps([...this.#kept, ...[...this.#fresh].map(([key, rows]) => ({ from: key, to: key, rows }))]);
    this.#fresh.clear();
    if (this.#held !== null && this.#held.size !== this.#sortedHeld.length) this.#sortedHeld = [...this.#held].sort(compareWatermarkKeys);
    const gaps = sorted.slice(1).map((next, at) => gapBetween((sorted[at] as KeyRange).to, next.from));
    const step = stepAt(this.#of.type, this.#of.precision);
    const hasHeld = (at: number) => this.#isHeldWithin((sorted[at] as KeyRange).from, (sorted[at + 1] as KeyRange).to);
    const [apart, others] = [new Set<number>(), [] as { readonly gap: bigint; readonly at: number }[]];
    for (const [at, gap] of gaps.entries()) {
      if (hasHeld(at)) apart.add(at);
      else if (gap > step) others.push({ gap, at });
    }
    const widest = others
      .sort((a, b) => (a.gap < b.gap ? 1 : a.gap > b.gap ? -1 : a.at - b.at))
      .slice(0, Math.max(0, most - 1 - apart.size))
      .map(({ at }) => at);
    const open = [...apart, ...widest].sort((a, b) => a - b);
    const starts = sorted.length === 0 ? [] : [0, ...open.map((at) => at + 1)];
    this.#kept = starts.map((start, at) => {
      const end = (starts[at + 1] ?? sorted.length) - 1;
      const rows = sorted.slice(start, end + 1).reduce((sum, one) => sumOf(sum, one.rows), noRows);
      return { from: (sorted[start] as KeyRange).from, to: (sorted[end] as KeyRange).to, rows };
    });
  }

  #told({ from, to, rows }: KeyRange): DifferingRange & { readonly rows: DifferingRows } {
    const { type, precision } = this.#of;
    const start = watermarkText(type, from);
    const last = watermarkText(type, to);
    if (typeof to === 'string') return { from: start, to: last, to_included: true, rows };
    const next = watermarkText(type, to + stepAt(type, precision));
    return parsedKey(type, next) === undefined
      ? { from: start, to: last, to_included: true, rows }
      : { from: start, to: next, to_included: false, rows };
  }
}

/** The ranges in ascending order. A range that lies within another one is merged into it. */
function withoutOverlaps(ranges: readonly KeyRange[]): readonly KeyRange[] {
  const apart: KeyRange[] = [];
  for (const one of ranges.toSorted((a, b) => compareWatermarkKeys(a.from, b.from))) {
    const last = apart.at(-1);
    if (last === undefined || compareWatermarkKeys(one.from, last.to) > 0) apart.push(one);
    else {
      const to = compareWatermarkKeys(one.to, last.to) > 0 ? one.to : last.to;
      apart[apart.length - 1] = { from: last.from, to, rows: sumOf(last.rows, one.rows) };
    }
  }
  return apart;
}

/** The distance between two values. For texts, it is measured by the first bytes that differ. */
function gapBetween(a: WatermarkKey, b: WatermarkKey): bigint {
  if (typeof a === 'bigint' && typeof b === 'bigint') return b - a;
  const [low, high] = [Buffer.from(String(a)), Buffer.from(String(b))];
  const of = (bytes: Buffer) =>
    BigInt(`0x${Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(Math.max(0, 24 - bytes.length))]).toString('hex')}`);
  const gap = of(high) - of(low);
  return gap > 1n ? gap : 2n;
}
