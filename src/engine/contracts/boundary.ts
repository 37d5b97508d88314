import type { Watermark } from '../../frames/watermark.ts';
import type { WatermarkPrecision } from './catalog.ts';

/** The open boundary group, as it settled: what the next commit that finds it changed deletes, and nothing else. */
export interface Boundary {
  /** As it settles. */
  readonly column: string;
  readonly type: Watermark['type'];
  /** The value that its rows have in the destination: the watermark, floored to the destination's precision. Canonical text of `type`. */
  readonly text: string;
  readonly precision: WatermarkPrecision;
  /** Rows without a watermark belong to it. */
  readonly nulls: boolean;
  /** How many rows settled as the group. Where there are more or fewer, others had a hand in it, and nothing is deleted. */
  readonly rows: number;
}
