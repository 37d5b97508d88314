/** Divides a window into slices of time or of ids, each of which is read by its own walk. */
import type { Edge, SliceRef, Window } from '../../engine/contracts/home.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import { stepFrom, strideOf } from '../times/time-forms.ts';
import type { WindowParams } from './config.ts';

/** The maximum number of slices in a plan: a plan with more slices would be too large for the service that runs them. */
const mostSlices = 400;

interface SliceBounds {
  readonly lower?: Edge;
  readonly upper?: Edge;
}

/** Divides the window. The result is one slice if the window has an open end, or is not longer than `slice`. @param slice the length of a slice, such as `30d`, or `10000` for ids. */
export function slicesOf(
  { column, lower, upper }: Pick<Window, 'column' | 'lower' | 'upper'>,
  { slice: every, format }: Partial<Pick<WindowParams, 'slice' | 'format'>> = {},
): readonly SliceRef[] {
  const whole = [sliceRef({})];
  if (every === undefined || column === null || lower === null || upper === null) return whole;
  const { type } = column;
  const stride = strideOf(every, type, format);
  if (stride === undefined) return whole;
  const after = (steps: bigint) => stepFrom({ type, text: lower.text, format }, stride, steps);
  const isInside = (text: string) => compareWatermarks({ type, text }, { type, text: upper.text }) < 0;
  // The smallest number of steps per slice that keeps the number of slices within the maximum.
  let steps = 1n;
  while (isInside(after(steps * BigInt(mostSlices)))) steps *= 2n;
  const slices: SliceRef[] = [];
  for (let at = lower, count = 1n; ; count++) {
    const end = after(steps * count);
    const isLast = !isInside(end);
    slices.push(sliceRef({ lower: at, upper: isLast ? upper : { text: end, inclusive: true } }));
    if (isLast) return slices;
    at = { text: end, inclusive: false };
  }
}

function sliceRef(bounds: SliceBounds): SliceRef {
  return { ref: bounds as unknown as Json, rows: null, bytes: null };
}

/** The part of the window that a slice reads. The first slice also reads rows without a watermark. */
export function windowOfSlice(window: Window, { ref }: Pick<SliceRef, 'ref'>): Window {
  const { lower, upper } = (ref ?? {}) as SliceBounds;
  if (lower === undefined || upper === undefined) return window;
  const isFirst = lower.text === window.lower?.text && lower.inclusive === window.lower.inclusive;
  return { ...window, lower, upper, nulls: isFirst ? window.nulls : 'exclude' };
}
