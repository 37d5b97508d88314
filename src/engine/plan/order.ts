/** Whether the order of a watermark's values is the order in which rows come: throws where it can be seen that it is not. */
import type { Watermark } from '../../frames/watermark.ts';
import { isWordAbove, unorderedAs } from '../../frames/watermark-text.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { daysAsText, randomAsWatermark, wordAsWatermark } from '../errors/watermark.ts';

/** @returns `numbers` where texts are numbers whose order may still be that of their texts. */
export function checkOrder(spec: EntitySpec, upper: Watermark, lower: Watermark | null): 'numbers' | undefined {
  const unordered = unorderedAs(upper);
  if (unordered === 'random') throw randomAsWatermark(spec, upper);
  if (unordered === 'days') throw daysAsText(spec, upper);
  if (lower && isWordAbove(upper, lower.text)) throw wordAsWatermark(spec, upper, lower.text);
  return unordered;
}
