import type { Watermark } from '../../frames/watermark.ts';
import type { WatermarkPrecision } from './catalog.ts';

/** The settled open boundary group. The next commit that finds the group changed deletes exactly these rows. */
export interface Boundary {
  /** The settled name of the watermark's column. */
  readonly column: string;
  readonly type: Watermark['type'];
  /** The value of the group's rows in the destination: the watermark, floored to the destination's precision, as canonical text of `type`. */
  readonly text: string;
  readonly precision: WatermarkPrecision;
  /** Whether rows without a watermark belong to the group. */
  readonly nulls: boolean;
  /** How many rows settled as the group. If the destination has more or fewer, other writers changed the group, so nothing is deleted. */
  readonly rows: number;
}
