/** The watermarks of many rows, by the number of the row. The list needs little memory while all watermarks are whole numbers of 64 bits. */
import { compareWatermarkKeys, type WatermarkKey } from '../frames/watermark-text.ts';

/** The number that represents a missing watermark. A missing watermark is smaller than all others. */
const none = -(2n ** 63n);

export class WatermarkList {
  #numbers = new BigInt64Array(1024);
  /** All watermarks, if one of them is not a whole number of 64 bits. Undefined: all watermarks are in `#numbers`. */
  #all: (WatermarkKey | null)[] | undefined;
  #size = 0;

  add(watermark: WatermarkKey | null): void {
    this.set(this.#size, watermark);
  }

  set(at: number, watermark: WatermarkKey | null): void {
    this.#size = Math.max(this.#size, at + 1);
    if (this.#all === undefined && !fits(watermark)) this.#all = Array.from(this.#numbers.subarray(0, this.#size), orNull);
    if (this.#all !== undefined) {
      this.#all[at] = watermark;
      return;
    }
    if (at >= this.#numbers.length) {
      const more = new BigInt64Array(Math.ceil(this.#numbers.length * 1.5));
      more.set(this.#numbers);
      this.#numbers = more;
    }
    this.#numbers[at] = (watermark ?? none) as bigint;
  }

  get(at: number): WatermarkKey | null {
    return this.#all === undefined ? orNull(this.#numbers[at] as bigint) : (this.#all[at] ?? null);
  }
}

const orNull = (number: bigint): bigint | null => (number === none ? null : number);

const fits = (watermark: WatermarkKey | null): boolean =>
  watermark === null || (typeof watermark === 'bigint' && watermark > none && watermark < 2n ** 63n);

/** Compares two watermarks. A row without a watermark is older than all others. */
export function compareOrNull(one: WatermarkKey | null, other: WatermarkKey | null): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  return compareWatermarkKeys(one, other);
}
