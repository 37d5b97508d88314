/** Few ranges of the watermark that have all rows that differ: what a repair reads again. */
import { type Fineness, floored, stepAt } from '../../frames/floor.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, parsedKey, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { DifferingRange, DifferingRanges } from '../../ports/answers/comparison.ts';

/** So many ranges are repaired, each in a commit of its own. */
const mostRanges = 32;
/** So many are kept while rows are read. */
const mostKept = 4096;

export interface ReplaceableRange {
  /** The watermark's column in the source, for people. */
  readonly column: string;
  readonly type: DataType;
  /** How finely the destination keeps the watermark. Rows of one value there are replaced together. */
  readonly precision: Fineness;
  /** A row that is read again takes the place of the settled row of its key, whatever watermark that one has. */
  readonly mergesByKey: boolean;
  /** Only rows below it can be replaced, and those at it where it is included. */
  readonly edge: { readonly text: string; readonly inclusive: boolean };
}

/** Both values are in it. */
interface KeyRange {
  readonly from: WatermarkKey;
  readonly to: WatermarkKey;
}

export class DifferingRangesGatherer {
  readonly #of: ReplaceableRange;
  #kept: readonly KeyRange[] = [];
  readonly #fresh = new Set<WatermarkKey>();
  #beyond = 0;
  #unmarked = 0;

  constructor(of: ReplaceableRange) {
    this.#of = of;
  }

  /** Adds the rows of one key that differ, by their watermarks in canonical text; null: a row has none. */
  addKey({ source, destination }: { readonly source: readonly (string | null)[]; readonly destination: readonly (string | null)[] }): void {
    const isReplaced = this.#of.mergesByKey && source.length > 0 && source.every((written) => this.#isInReach(written));
    for (const written of source) this.add(written);
    for (const written of destination) if (!isReplaced || this.#isInReach(written)) this.add(written);
  }

  #isInReach(written: string | null): boolean {
    const key = written === null ? undefined : parsedKey(this.#of.type, written);
    return key !== undefined && this.#isBelowEdge(key);
  }

  /** Adds a row that differs. @param written its watermark in canonical text; null: it has none. */
  add(written: string | null): void {
    const { type, precision } = this.#of;
    const key = written === null ? undefined : parsedKey(type, written);
    if (key === undefined) this.#unmarked++;
    else if (!this.#isBelowEdge(key)) this.#beyond++;
    else this.#fresh.add(watermarkKey(type, floored(type, watermarkText(type, key), precision)));
    if (this.#fresh.size >= mostKept) this.#gather(mostKept);
  }

  /** As few ranges as there are gaps between the rows. */
  found(): DifferingRanges {
    this.#gather(mostRanges);
    return { column: this.#of.column, ranges: this.#kept.map((one) => this.#told(one)), beyond: this.#beyond, unmarked: this.#unmarked };
  }

  #isBelowEdge(key: WatermarkKey): boolean {
    const { type, precision, edge } = this.#of;
    if (edge.inclusive) return compareWatermarkKeys(key, watermarkKey(type, edge.text)) <= 0;
    const kept = (text: string) => watermarkKey(type, floored(type, text, precision));
    return compareWatermarkKeys(kept(watermarkText(type, key)), kept(edge.text)) < 0;
  }

  /** The widest gaps stay open. */
  #gather(most: number): void {
    const sorted = [...this.#kept, ...[...this.#fresh].map((key) => ({ from: key, to: key }))].sort((a, b) =>
      compareWatermarkKeys(a.from, b.from),
    );
    this.#fresh.clear();
    const gaps = sorted.slice(1).map((next, at) => gapBetween((sorted[at] as KeyRange).to, next.from));
    const step = stepAt(this.#of.type, this.#of.precision);
    const open = gaps
      .map((gap, at) => ({ gap, at }))
      .filter(({ gap }) => gap > step)
      .sort((a, b) => (a.gap < b.gap ? 1 : a.gap > b.gap ? -1 : a.at - b.at))
      .slice(0, most - 1)
      .map(({ at }) => at)
      .sort((a, b) => a - b);
    const starts = sorted.length === 0 ? [] : [0, ...open.map((at) => at + 1)];
    this.#kept = starts.map((start, at) => {
      const end = (starts[at + 1] ?? sorted.length) - 1;
      return { from: (sorted[start] as KeyRange).from, to: (sorted[end] as KeyRange).to };
    });
  }

  #told({ from, to }: KeyRange): DifferingRange {
    const { type, precision } = this.#of;
    const start = watermarkText(type, from);
    const last = watermarkText(type, to);
    if (typeof to === 'string') return { from: start, to: last, to_included: true };
    const next = watermarkText(type, to + stepAt(type, precision));
    return parsedKey(type, next) === undefined
      ? { from: start, to: last, to_included: true }
      : { from: start, to: next, to_included: false };
  }
}

/** How far two values lie apart; of texts by their first bytes that differ. */
function gapBetween(a: WatermarkKey, b: WatermarkKey): bigint {
  if (typeof a === 'bigint' && typeof b === 'bigint') return b - a;
  const [low, high] = [Buffer.from(String(a)), Buffer.from(String(b))];
  const of = (bytes: Buffer) =>
    BigInt(`0x${Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(Math.max(0, 24 - bytes.length))]).toString('hex')}`);
  const gap = of(high) - of(low);
  return gap > 1n ? gap : 2n;
}
