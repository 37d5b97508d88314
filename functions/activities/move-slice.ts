import { moveSlice } from '../../src/engine/move/move.ts';
import type { EntityInput } from '../run-input.ts';
import { type Body, idsOf, mustNotBeCancelled, type StepInput } from './activity.ts';
import { whenBorne } from './connection-turn.ts';

/** Reading stops at the first checkpoint after this time, which is less than a third of the platform's limit. */
export const sliceBudgetMs = 3 * 60_000;

/** The time limit for one read of a comparison of keys, because a step must end within ten minutes. */
const comparesWithinMs = 8 * 60_000;

export interface MoveSliceInput extends StepInput, EntityInput {
  readonly plan: string;
  readonly slice: number;
}

/** hygge-move-slice: reads one slice and stages it. */
export const body: Body<MoveSliceInput> = async (input, room) => {
  await mustNotBeCancelled(input.of, room);
  const { plan, slice, attempt = 1, cursor } = input;
  const request = { ...idsOf(input, room), plan, slice, attempt, budgetMs: sliceBudgetMs, comparesWithinMs };
  const watching = { signal: new AbortController().signal, onRows: () => room.hear?.() };
  const work = () => moveSlice(request, room.ports, watching, cursor);
  return whenBorne(input, room, { does: { reads: true, writes: true }, from: cursor, work });
};
